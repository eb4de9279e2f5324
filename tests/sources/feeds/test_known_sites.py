"""Feeds and archives derived from the addresses of known sites."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.errors import SourceError
from tui_reader.sources.feeds.candidate import CandidateKind
from tui_reader.sources.feeds.discovery import guess_feeds
from tui_reader.sources.feeds.known_sites import github_archive_url, known_feed

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
def test_a_known_site_has_a_feed(address: str, feed: str, kind: CandidateKind) -> None:
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
def test_other_addresses_have_no_known_feed(address: str) -> None:
    assert known_feed(address) is None


@given(st.text(max_size=60))
def test_random_addresses_raise_nothing(text: str) -> None:
    for address in (text, f"https://www.youtube.com/{text}", f"https://github.com/{text}"):
        assert known_feed(address) is None or known_feed(address)
        guess_feeds(address)


def test_a_github_location_has_an_archive() -> None:
    assert github_archive_url("github:cloud/rain.md") == "https://codeload.github.com/cloud/rain.md/tar.gz/HEAD"
    assert github_archive_url("github:cloud/rain@v1/ü") == "https://codeload.github.com/cloud/rain/tar.gz/v1/%C3%BC"
    for wrong in ("github:cloud", "github:/rain", "github:a/..", "github:a/b@../../c", "gitlab:a/b", "github:a/b@x@y"):
        with pytest.raises(SourceError, match="OWNER/REPO"):
            github_archive_url(wrong)
