"""Finding feeds on web pages and for known sites."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_reader.sources.feeds.candidate import Candidate, CandidateKind
from tui_reader.sources.feeds.discovery import find_feeds, guess_feeds

PAGE = """<!doctype html><html><head><base href="/blog/">
<link rel="alternate" type="application/rss+xml" title="Cloud &raquo; Comments" href="https://cloud.example/comments/feed/">
<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="atom.xml" title="Cloud &amp; Rain">
<link rel="alternate" type="application/feed+json" href="feed.json">
<link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" href="/feed.css">
<link rel="alternate" type="application/rss+xml" href="javascript:x">
</head><body><a href="/about">About</a> <a href="/news/rss.xml">News <b>feed</b></a> <a href="/feedback">Say it</a>
<a href="https://cloud.example/?feed=rss2">RSS</a></body></html>"""


def test_announced_feeds_come_before_linked_ones() -> None:
    assert find_feeds(PAGE.encode(), "https://cloud.example/2024/rain") == (
        Candidate("https://cloud.example/blog/atom.xml", "Cloud & Rain", CandidateKind.ANNOUNCED),
        Candidate("https://cloud.example/blog/feed.json", "JSON Feed", CandidateKind.ANNOUNCED),
        Candidate("https://cloud.example/comments/feed/", "Cloud » Comments", CandidateKind.ANNOUNCED),
        Candidate("https://cloud.example/news/rss.xml", "News feed", CandidateKind.LINKED),
        Candidate("https://cloud.example/?feed=rss2", "RSS", CandidateKind.LINKED),
    )


@given(st.binary(max_size=200))
def test_random_pages_raise_nothing(data: bytes) -> None:
    assert isinstance(find_feeds(data, "https://cloud.example/"), tuple)
    assert isinstance(find_feeds(b"<link rel=alternate type=text/xml href=" + data, "https://cloud.example/"), tuple)


def test_the_channel_of_a_youtube_page_is_found() -> None:
    page = b'<html><body><script>var d = {"externalId":"UC0123456789abcdefghij-_"}</script></body></html>'
    (found,) = find_feeds(page, "https://www.youtube.com/@sky")
    assert found.address == "https://www.youtube.com/feeds/videos.xml?channel_id=UC0123456789abcdefghij-_"


def test_common_paths_are_guessed() -> None:
    found = [candidate.address for candidate in guess_feeds("https://cloud.example/blog/index.html?x")]
    assert found[0] == "https://cloud.example/blog/feed"
    for path in ("feed", "rss", "atom.xml", "feed.xml", "index.xml", "rss.xml", "feed.json"):
        assert f"https://cloud.example/{path}" in found
    assert len(set(found)) == len(found)
    assert guess_feeds("nonsense") == ()


def test_links_with_a_scheme_for_feeds_are_found() -> None:
    page = b'<link rel=alternate type="application/rss+xml" href="feed:https://a.example/f"><a href="feed://b.example/rss">'
    found = find_feeds(page, "https://site.example/")
    assert [each.address for each in found] == ["https://a.example/f", "http://b.example/rss"]
