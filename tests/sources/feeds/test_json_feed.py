"""JSON Feed, as it is specified and as it is written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tui_reader.model.article import Article
from tui_reader.model.dates import iso_date, parse_date
from tui_reader.model.links import Enclosure
from tui_reader.sources.feeds.parser import parse_feed

NOW = parse_date("2024-11-05T12:00:00Z")


def item(fields: dict[str, Any], **feed: Any) -> Article:
    text = json.dumps({"title": "F", "items": [{"id": "1", "url": "https://a.example/1"} | fields]} | feed)
    return parse_feed(text.encode(), "", "https://a.example/feed.json", now=NOW).entries[0].article


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("It&#8217;s raining", "It’s raining"),
        ("Rain &amp; snow &#x2014; again", "Rain & snow — again"),
        ("R&D, AT&T; 5 < 6 > 4", "R&D, AT&T; 5 < 6 > 4"),
        ("Use <b></b> here", "Use <b></b> here"),
        ("&lt;b&gt;", "<b>"),
        ("?a=1&copy=2", "?a=1&copy=2"),
    ],
)
def test_entities_in_titles(title: str, shown: str) -> None:
    assert item({"title": title}).title == shown


def test_entities_in_summary_tags_and_names() -> None:
    found = item({"title": "t", "summary": "It&#8217;s wet.", "tags": ["R&amp;D"], "author": {"name": "O&#39;Hara"}})
    assert (found.excerpt, found.topics, found.author) == ("It’s wet.", ("R&D",), "O'Hara")


def test_the_feed_has_entities_too() -> None:
    text = '{"title": "Rain &amp; Co", "items": []}'
    assert parse_feed(text.encode(), "", "", now=NOW).title == "Rain & Co"


@pytest.mark.parametrize(
    ("fields", "feed", "author"),
    [
        ({"authors": [{"name": "Ann"}, {"name": "Bob"}, {"url": "https://c.example"}]}, {}, "Ann, Bob"),
        ({"author": {"name": "Ann"}}, {}, "Ann"),
        ({"author": "Ann"}, {}, "Ann"),
        ({}, {"authors": [{"name": "Cat"}]}, "Cat"),
        ({"authors": []}, {"author": {"name": "Cat"}}, "Cat"),
        ({"authors": None, "author": 7}, {}, ""),
    ],
)
def test_authors(fields: dict[str, Any], feed: dict[str, Any], author: str) -> None:
    assert item({"title": "t"} | fields, **feed).author == author


def test_attachments_by_their_kind() -> None:
    files = [
        {"url": "https://a.example/1.mp3", "mime_type": "audio/mpeg"},
        {"url": "https://a.example/2", "mime_type": "application/pdf"},
        {"url": "https://a.example/3"},
    ]
    found = item({"title": "t", "attachments": files})
    assert found.enclosures == tuple(
        Enclosure(kind, file["url"]) for kind, file in zip(("audio", "pdf", "file"), files, strict=True)
    )
    assert (found.kind, found.video) == ("audio", None)


def test_dates_as_numbers_and_line_breaks_in_texts() -> None:
    text = '{"items": [{"id": 1, "title": "a\nb", "date_published": 1714557600.0}]}'
    found = parse_feed(text.encode(), "", "", now=NOW).entries[0].article
    assert (found.title, iso_date(found.published)) == ("a b", "2024-05-01T10:00:00Z")


def test_a_feed_knows_its_own_address() -> None:
    found = item({"url": "1.html", "title": "t"}, feed_url="https://blog.example/notes/feed.json")
    assert found.links.best() == "https://blog.example/notes/1.html"
