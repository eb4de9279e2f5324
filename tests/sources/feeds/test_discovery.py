"""From a page to its feeds, and from the addresses of big sites to theirs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.errors import SourceError
from tui_reader.sources.feeds.discovery import (
    Candidate,
    CandidateKind,
    find_feeds,
    github_archive_url,
    guess_feeds,
    known_feed,
)

PAGE = """<!doctype html><html><head><base href="/blog/">
<link rel="alternate" type="application/rss+xml" title="Cloud &raquo; Comments" href="https://cloud.example/comments/feed/">
<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="atom.xml" title="Cloud &amp; Rain">
<link rel="alternate" type="application/feed+json" href="feed.json">
<link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" href="/feed.css">
<link rel="alternate" type="application/rss+xml" href="javascript:x">
</head><body><a href="/about">About</a> <a href="/news/rss.xml">News <b>feed</b></a> <a href="/feedback">Say it</a>
<a href="https://cloud.example/?feed=rss2">RSS</a></body></html>"""


def test_what_a_page_announces_comes_before_what_it_links_to() -> None:
    assert find_feeds(PAGE.encode(), "https://cloud.example/2024/rain") == (
        Candidate("https://cloud.example/blog/atom.xml", "Cloud & Rain", CandidateKind.ANNOUNCED),
        Candidate("https://cloud.example/blog/feed.json", "JSON Feed", CandidateKind.ANNOUNCED),
        Candidate("https://cloud.example/comments/feed/", "Cloud » Comments", CandidateKind.ANNOUNCED),
        Candidate("https://cloud.example/news/rss.xml", "News feed", CandidateKind.LINKED),
        Candidate("https://cloud.example/?feed=rss2", "RSS", CandidateKind.LINKED),
    )


@given(st.binary(max_size=200))
def test_no_page_breaks_it(data: bytes) -> None:
    assert isinstance(find_feeds(data, "https://cloud.example/"), tuple)
    assert isinstance(find_feeds(b"<link rel=alternate type=text/xml href=" + data, "https://cloud.example/"), tuple)


def test_the_channel_of_a_page_of_youtube() -> None:
    page = b'<html><body><script>var d = {"externalId":"UC0123456789abcdefghij-_"}</script></body></html>'
    (found,) = find_feeds(page, "https://www.youtube.com/@sky")
    assert found.address == "https://www.youtube.com/feeds/videos.xml?channel_id=UC0123456789abcdefghij-_"


def test_where_feeds_often_are() -> None:
    found = [candidate.address for candidate in guess_feeds("https://cloud.example/blog/index.html?x")]
    assert found[0] == "https://cloud.example/blog/feed"
    for path in ("feed", "rss", "atom.xml", "feed.xml", "index.xml", "rss.xml", "feed.json"):
        assert f"https://cloud.example/{path}" in found
    assert len(set(found)) == len(found)
    assert guess_feeds("nonsense") == ()


YOUTUBE = "https://www.youtube.com/feeds/videos.xml"


@pytest.mark.parametrize(
    ("address", "feed", "kind"),
    [
        ("https://www.youtube.com/channel/UCabc/videos", f"{YOUTUBE}?channel_id=UCabc", CandidateKind.ANNOUNCED),
        ("https://youtube.com/user/sky", f"{YOUTUBE}?user=sky", CandidateKind.ANNOUNCED),
        ("https://www.youtube.com/playlist?a=b&list=PL-1_2", f"{YOUTUBE}?playlist_id=PL-1_2", CandidateKind.ANNOUNCED),
        ("https://www.youtube.com/@sky/videos", "https://www.youtube.com/@sky/videos", CandidateKind.PAGE),
        ("https://www.youtube.com/c/sky", "https://www.youtube.com/c/sky", CandidateKind.PAGE),
        ("https://github.com/cloud/rain", "https://github.com/cloud/rain/releases.atom", CandidateKind.ANNOUNCED),
        ("https://github.com/cloud/rain.git", "https://github.com/cloud/rain/releases.atom", CandidateKind.ANNOUNCED),
        ("https://github.com/a/b/commits/main", "https://github.com/a/b/commits/main.atom", CandidateKind.ANNOUNCED),
        ("https://old.reddit.com/r/weather", "https://www.reddit.com/r/weather/.rss", CandidateKind.ANNOUNCED),
        ("https://www.reddit.com/r/weather/new/", "https://www.reddit.com/r/weather/new/.rss", CandidateKind.ANNOUNCED),
        ("https://reddit.com/u/cloud", "https://www.reddit.com/user/cloud/.rss", CandidateKind.ANNOUNCED),
        ("https://social.example/@cloud", "https://social.example/@cloud.rss", CandidateKind.GUESSED),
        ("@cloud@social.example", "https://social.example/@cloud.rss", CandidateKind.ANNOUNCED),
        ("https://medium.com/@cloud", "https://medium.com/feed/@cloud", CandidateKind.ANNOUNCED),
    ],
)  # fmt: skip
def test_known_sites(address: str, feed: str, kind: CandidateKind) -> None:
    found = known_feed(address)
    assert found is not None
    assert (found.address, found.kind) == (feed, kind)


@pytest.mark.parametrize(
    "address",
    [
        "https://cloud.example/",
        "https://www.youtube.com/feeds/videos.xml?channel_id=UC1",
        "https://www.youtube.com/watch?v=1",
        "https://github.com/cloud",
        "https://github.com/topics/rain",
        "https://github.com/cloud/rain/releases.atom",
        "https://www.reddit.com/r/weather/.rss",
        "https://social.example/@cloud.rss",
        "https://www.tiktok.com/@cloud",
        "javascript:x",
        "",
    ],
)
def test_others_are_not_known(address: str) -> None:
    assert known_feed(address) is None


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    for address in (text, f"https://www.youtube.com/{text}", f"https://github.com/{text}"):
        assert known_feed(address) is None or known_feed(address)
        guess_feeds(address)


def test_archives_of_github() -> None:
    assert github_archive_url("github:cloud/rain.md") == "https://codeload.github.com/cloud/rain.md/tar.gz/HEAD"
    assert github_archive_url("github:cloud/rain@v1/ü") == "https://codeload.github.com/cloud/rain/tar.gz/v1/%C3%BC"
    for wrong in ("github:cloud", "github:/rain", "github:a/..", "github:a/b@../../c", "gitlab:a/b", "github:a/b@x@y"):
        with pytest.raises(SourceError, match="OWNER/REPO"):
            github_archive_url(wrong)
