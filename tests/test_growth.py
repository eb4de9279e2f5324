"""Every parser takes time in proportion to what it reads, however that is built."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

import pytest

from tests.support.growth import assert_linear_in
from tui_reader.errors import ArticleError, SourceError
from tui_reader.model.text import clean_block, clean_line
from tui_reader.model.topic import Topic
from tui_reader.sources.article_fields import build_article
from tui_reader.sources.feeds.discovery import find_feeds
from tui_reader.sources.feeds.parser import parse_feed
from tui_reader.sources.feeds.site_api import parse_api_page, parse_api_topics
from tui_reader.sources.files.article_file import parse_article
from tui_reader.sources.files.plain_yaml import parse_yaml
from tui_reader.sources.written_dates import parse_feed_date
from tui_reader.stories.topics import compile_topics
from tui_reader.subscriptions.opml_reader import read_opml
from tui_reader.ui.widgets.cells import clip, clip_middle, wrap

ADDRESS = "https://cloud.example/feed"


def read_feed(text: str) -> None:
    with contextlib.suppress(SourceError):
        parse_feed(text.encode(), "", ADDRESS, now=2_000_000_000)


def nested(open_: str, close: str, size: int, inner: str = "x") -> str:
    # libxml2 refuses XML that is nested deeper than 256.
    return (open_ * 200 + inner + close * 200) * (size // 200)


FEEDS: dict[str, tuple[Callable[[int], str], int]] = {
    "xml:base in each other": (
        lambda size: "<rss><channel>" + nested("<x xml:base='a/'>", "</x>", size, "<item><link>y</link></item>"),
        6000,
    ),
    "xml:base that are never closed": (lambda size: "<rss><channel>" + "<x xml:base='a/'>" * size, 30_000),
    "entries in each other": (lambda size: "<feed>" + "<entry><id>i</id><content>" * size, 10_000),
    "entries in XHTML in each other": (
        lambda size: (
            "<feed xmlns='http://www.w3.org/2005/Atom'>"
            + nested("<entry><content type='xhtml'><div><p>word</p>", "</div></content></entry>", size)
        ),
        3000,
    ),
    "identifiers that are never closed": (lambda size: "<rss><channel>" + "<item><guid>g" * size, 10_000),
    "enclosures": (
        lambda size: (
            "<rss><channel><item><title>t</title>"
            + "".join(f"<enclosure url='https://a.example/{at}' type='image/png'/>" for at in range(size))
            + "</item></channel></rss>"
        ),
        20_000,
    ),
    "attributes": (lambda size: "<rss " + " ".join(f"a{at}='b'" for at in range(size)) + ">", 40_000),
    "namespaces": (lambda size: "<rss " + " ".join(f"xmlns:a{at}='urn:{at}'" for at in range(size)) + ">", 8000),
    "categories": (lambda size: "<rss><channel><item>" + "<category>a b</category>" * size, 30_000),
    "attachments": (
        lambda size: json.dumps({"items": [{"id": "1", "attachments": [{"url": "https://a.example/"}] * size}]}),
        60_000,
    ),
    "JSON": (lambda size: json.dumps({"items": [{"id": str(at), "tags": ["a"] * 9} for at in range(size)]}), 2000),
    "JSON in itself": (lambda size: '{"items": ' + "[" * size, 400_000),
}


@pytest.mark.parametrize("kind", FEEDS)
def test_feeds(kind: str) -> None:
    make, size = FEEDS[kind]
    assert_linear_in(read_feed, make, size)


def read_article(text: str) -> None:
    with contextlib.suppress(ArticleError):
        parse_article(text.encode(), "a.md")


def read_yaml(text: str) -> None:
    with contextlib.suppress(ArticleError):
        parse_yaml(text)


def read_list(text: str) -> None:
    with contextlib.suppress(SourceError):
        read_opml(text.encode(), "list.opml")


def read_page(text: str) -> None:
    with contextlib.suppress(SourceError):
        parse_api_page(text.encode(), "https://cloud.example/api/news/index.json")
    with contextlib.suppress(SourceError):
        parse_api_topics(text.encode())


def find_links(text: str) -> None:
    find_feeds(text.encode(), ADDRESS)


def read_date(text: str) -> None:
    for start in range(0, len(text), 90):
        parse_feed_date(text[start : start + 90])
    parse_feed_date(text)


TOPICS = compile_topics([Topic("Rain", keywords=("rain", "heavy rain", "rain of frogs")), Topic("Snow")])

READERS: dict[str, tuple[Callable[[str], object], Callable[[int], str], int]] = {
    "front matter of keys": (read_article, lambda size: "---\n" + "k: v\n" * size + "---\n", 30_000),
    "front matter of fences": (read_article, lambda size: "---\n" + "--- \n..." * size, 100_000),
    "front matter with images": (
        read_article,
        lambda size: "---\nimages:\n" + "".join(f"- https://a.example/{at}\n" for at in range(size)) + "---\n",
        10_000,
    ),
    "related entries": (read_article, lambda size: "---\ntitle: t\nrelated:\n" + "- title: a\n" * size + "---\n", 5000),
    "YAML in one line": (read_yaml, lambda size: "k: " + "a " * size, 200_000),
    "YAML of lists": (read_yaml, lambda size: "k: [" + "a, " * size, 30_000),
    "OPML of outlines": (read_list, lambda size: "<opml><body>" + "<outline text='a'>" * size, 20_000),
    "OPML with bare ampersands": (read_list, lambda size: "<opml><body>" + "& " * size, 100_000),
    "pages of articles": (
        read_page,
        lambda size: json.dumps({"articles": [{"title": "t", "webUrl": "https://a.example/"}] * size, "x": ["a"]}),
        3000,
    ),
    "body of brackets": (lambda text: build_article({"title": "t"}, body=text), lambda size: "[(" * size, 300_000),
    "dates": (read_date, lambda size: "12.3.4 -5:" * size, 8000),
    "topics": (TOPICS.match, lambda size: "heavy rain of " * size, 30_000),
    "text of tags": (lambda text: clean_line(text, strip_tags=True), lambda size: "<script <!-- " * size, 100_000),
    "text of marks": (clean_block, lambda size: "a\u0301\u0301\u0301\u0301\u0301\u202e\n" * size, 20_000),
    "page of unclosed tags": (find_links, lambda size: "<b>" * size + "</i>" * size, 20_000),
    "page of links": (find_links, lambda size: "<a href='/feed'>a" * size, 10_000),
    "lines of Chinese": (lambda text: wrap(text, 60), lambda size: "漢" * size, 20_000),
    "lines of words": (lambda text: wrap(text, 60), lambda size: "word " * size, 200_000),
    "lines of joined characters": (lambda text: wrap(text, 60), lambda size: "👩\u200d" * size, 4000),
    "a clipped line": (lambda text: (clip(text, 60), clip_middle(text, 60)), lambda size: "漢" * size, 100_000),
}  # fmt: skip


@pytest.mark.parametrize("kind", READERS)
def test_readers(kind: str) -> None:
    read, make, size = READERS[kind]
    assert_linear_in(read, make, size)
