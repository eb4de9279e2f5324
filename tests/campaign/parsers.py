"""Every parser that reads what others wrote: samples to change, the errors it documents, and what must always hold."""

from __future__ import annotations

import asyncio
import dataclasses
import gzip
import io
import json
import tarfile
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import brotli  # type: ignore[import-untyped]

from tests.support.collections import TOPICS, article_fields, front_matter
from tests.support.feeds import api_page, api_topics, item, rss
from tui_reader.config import load_open_folders, load_settings, load_view
from tui_reader.errors import ArticleError, NewsError, SourceError, UsageError
from tui_reader.model.dates import parse_date
from tui_reader.model.text import clean_block, clean_line, visible
from tui_reader.model.urls import domain_of, page_key, safe_url
from tui_reader.sources.feeds.discovery import find_feeds, guess_feeds
from tui_reader.sources.feeds.known_sites import known_feed
from tui_reader.sources.feeds.response import parse_response
from tui_reader.sources.feeds.site_api import api_addresses, parse_api_page, parse_api_topics
from tui_reader.sources.files.archive import open_archive
from tui_reader.sources.files.article_file import parse_article
from tui_reader.sources.files.bodies.body import plain_body
from tui_reader.sources.files.plain_yaml import decode, parse_yaml, top_level_scalars
from tui_reader.sources.files.site import parse_site, parse_topic
from tui_reader.sources.html.markdown import convert_html
from tui_reader.sources.http.caching import FetchState, after_failure, after_success, is_due, parse_retry_after
from tui_reader.sources.http.decoding import read_body
from tui_reader.sources.http.errors import AttemptError
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.written_dates import parse_feed_date
from tui_reader.subscriptions.opml_reader import read_opml
from tui_reader.subscriptions.subscription import load_subscriptions, source_key, split_credentials
from tui_reader.subscriptions.topics import load_topics

_PAGE = "https://paper.example/news/"
_NOW = 1_790_000_000
_FEEDS = Path(__file__).parents[1] / "sources" / "feeds" / "samples"
_LIMIT = 1 << 20  # bytes of a decompressed body


class Parser(NamedTuple):
    """A parser; ``read`` gets the input and a folder to write in, and returns all that it read."""

    name: str
    read: Callable[[bytes, Path], object]
    errors: tuple[type[Exception], ...]
    samples: tuple[bytes, ...]

    def check(self, data: bytes, folder: Path) -> None:
        """Read ``data``; raises what the parser must not raise, or AssertionError for what it must not return."""
        try:
            found = self.read(data, folder)
        except self.errors as error:
            if isinstance(error, NewsError):
                assert "\n" not in str(error), f"not one line: {str(error)!r}"
            return
        for text in _texts(found):
            # Lone surrogates cannot be stored, and control characters would reach the terminal.
            text.encode()
            shown = text.replace("\n", "").replace("\t", "")
            assert visible(shown) == shown, f"a control character passes: {text!r}"


def _texts(found: object) -> Iterator[str]:
    """Yield every text in what a parser returned."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, Mapping):
        yield from _texts([*found.keys(), *found.values()])
    elif isinstance(found, Iterable) and not isinstance(found, bytes):
        for each in found:
            yield from _texts(each)
    elif dataclasses.is_dataclass(found):
        yield from _texts([getattr(found, field.name) for field in dataclasses.fields(found)])


# -- feeds, pages and answers --------------------------------------------------------


def _feed(data: bytes, folder: Path) -> object:
    return parse_response(data, "application/xml", _PAGE + "feed", _NOW)


def _html(data: bytes, folder: Path) -> object:
    html = convert_html(data.decode(errors="replace"), _PAGE)
    assert all(map(safe_url, html.images))
    return html.line, html.images  # the Markdown becomes visible when an article is made of it


def _discovery(data: bytes, folder: Path) -> object:
    return find_feeds(data, _PAGE, "text/html"), guess_feeds(data[:200].decode(errors="replace"))


def _api(data: bytes, folder: Path) -> object:
    return parse_api_page(data, _PAGE + "api/news/index.json")


def _api_topics(data: bytes, folder: Path) -> object:
    return parse_api_topics(data)


def _body(data: bytes, folder: Path) -> object:
    """Read a body whose first word names its compression."""
    coding, _, body = data.partition(b"\n")

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 1000):
            yield body[at : at + 1000]

    async def read() -> int:
        declared = coding[:50].decode("latin-1")
        return sum(
            [len(piece) async for piece in read_body(pieces(), declared, _LIMIT, archive=False, keep_gzip=False)]
        )

    assert asyncio.run(read()) <= _LIMIT
    return None


def _headers(data: bytes, folder: Path) -> object:
    names = ("retry-after", "expires", "date", "age", "cache-control", "etag", "last-modified")
    headers = dict(zip(names, data.decode("latin-1").split("\n"), strict=False))
    good = after_success(FetchState(), status=200, headers=headers, now=_NOW)
    wait = parse_retry_after(headers, _NOW)
    bad = after_failure(good, "too busy", status=429, retry_after=wait, now=_NOW)
    assert wait is None or wait >= 0
    for state in (good, bad):
        assert is_due(state, _NOW + 8 * 86_400), f"not asked again within a week: {state}"
        json.dumps(state.as_json(), allow_nan=False)
    return None


# -- files -----------------------------------------------------------------------


def _article(data: bytes, folder: Path) -> object:
    return parse_article(data, "2024-01-02-name.md")


def _bodies(data: bytes, folder: Path) -> object:
    text = data.decode(errors="replace")
    return [clean_block(plain_body(text, ending, _PAGE)) for ending in (".md", ".mdx", ".rst", ".org", ".txt")]


def _yaml(data: bytes, folder: Path) -> object:
    text = decode(data)
    for found in _texts((top_level_scalars(text), parse_yaml(text))):
        found.encode()
    return None  # the texts become visible when an article is made of them


def _site(data: bytes, folder: Path) -> object:
    return parse_site(data), parse_topic(data)


def _archive(suffix: str) -> Callable[[bytes, Path], object]:
    def read(data: bytes, folder: Path) -> object:
        path = folder / f"fuzzed{suffix}"
        path.write_bytes(data)
        return [stamp.path.encode(errors="replace") for stamp, _ in open_archive(path).members()]

    return read


def _packed(mode: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as tar:  # type: ignore[call-overload]
        for name, text in _files().items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
    return file.getvalue()


def _zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _files().items():
            archive.writestr(name, text)
    return file.getvalue()


def _files() -> dict[str, bytes]:
    long = "x" * 120 + ".md"  # tar writes such a name into a header of its own
    articles = {f"site/_news/{name}": _ARTICLE for name in ("a.md", "é.md", long)}
    return {"site/_config.yml": b"title: Packed\n", **articles}


# -- files of the user ---------------------------------------------------------------


def _toml(load: Callable[[Path], object]) -> Callable[[bytes, Path], object]:
    def read(data: bytes, folder: Path) -> object:
        path = folder / "fuzzed.toml"
        path.write_bytes(data)
        load(path)
        return None  # what users write for themselves need not be printable

    return read


def _view(path: Path) -> object:
    return load_view(path), load_open_folders(path)


def _opml(data: bytes, folder: Path) -> object:
    found = read_opml(data, "list.opml")
    assert all(safe_url(each.location) for each in found.subscriptions)
    return found


# -- words -----------------------------------------------------------------------


def _address(data: bytes, folder: Path) -> object:
    text = data.decode(errors="replace")
    split_credentials(text), source_key(text), redact_url(text), known_feed(text), api_addresses(text)
    url = safe_url(text)
    if url is None:
        return None
    key = page_key(url)
    assert page_key(f"https://{key}") == key, f"the key of a key is another: {url!r}, {key!r}"
    return url, key, domain_of(url)


def _line(data: bytes, folder: Path) -> object:
    text = data.decode(errors="replace")
    line = clean_line(text, strip_tags=True)
    assert "\n" not in line
    return line, clean_line(text), clean_block(text)


def _date(data: bytes, folder: Path) -> object:
    text = data.decode(errors="replace")
    seconds = parse_feed_date(text)
    assert seconds is None or abs(seconds) < 1 << 40
    return parse_date(text)


_ARTICLE = front_matter(article_fields(0, 6), "# Heading\n\nSome *text* with [a link](https://a.example/).\n").encode()
_HTML = (
    b'<html><head><base href="/x/"><link rel="alternate" type="application/rss+xml" href="feed.xml" title="News">'
    b'</head><body><p>One <b>bold</b> word &amp; <a href="rss.xml">RSS</a><img src="a.png"></p><ul><li>1<li>2</ul>'
    b"<table><tr><th>a<td>b</table><pre>x\n y</pre><blockquote>q<br>r</blockquote><h2>H</h2><script>x</script>"
    b'<video><source src="v.mp4"></video><sup>2</sup><q>so</q><ol start="5"><li>n</ol></body></html>'
)
_OPML = (
    b'<opml version="2.0"><head><title>Mine</title></head><body><outline text="News"><outline text="A &amp; B" '
    b'type="rss" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/" category="/x,y"/></outline>'
    b'<outline text="C" xmlUrl="feed:https://c.example/f"/></body></opml>'
)
_SOURCES = (
    b'[[source]]\nlocation = "https://a.example/feed"\ntitle = "A"\nfolder = ["News", "World"]\nweight = "high"\n'
    b'user = "me"\npassword = "x"\n[[source]]\nlocation = "/tmp/site"\n'
)
_SETTINGS = (
    b'title = "Mine"\ntheme = "news-dark"\nbrowser = ["lynx", "%s"]\n[keys]\nquit = "Q"\n[refresh]\nevery = 30\n'
    b'[keep]\ndays = 90\n[tiers]\n"a.example" = 5\n[quality]\nimage = 20\n[sidebar]\nread_feeds = "hide"\n'
)
_TOPIC_FILE = b'[[topic]]\nname = "Rain"\nparent = "Weather"\nkeywords = ["rain", "a + b"]\nnot = ["train"]\n'
_VIEW = (
    b'{"sort": "heat", "window": "all", "folded": false, "theme": "news-dark"}',
    b'{"open": [["News", "World"]], "closed": [["Art"]]}',
)
_BODY = rss(item(1), item(2))
_BODIES = (
    b"gzip\n" + gzip.compress(_BODY),
    b"deflate\n" + zlib.compress(_BODY),
    b"br\n" + bytes(brotli.compress(_BODY)),
    b"gzip, br\n" + bytes(brotli.compress(gzip.compress(_BODY))),
    b"\n" + _BODY,
)
_HEADERS = (
    b'120\nThu, 01 Dec 2026 16:00:00 GMT\nThu, 01 Dec 2026 15:00:00 GMT\n10\nmax-age=600, no-cache\nW/"x"\n'
    b"Wed, 21 Oct 2015 07:28:00 GMT",
    b"Thu, 01 Dec 2026 16:00:00 GMT\n0\n\n\nno-store",
)
_ADDRESSES = (
    b"https://www.paper.example:443/a/b/?b=2&utm_source=x&a=1#top",
    b"https://user:pass@paper.example/%7Ex%2f/amp",
    b"https://cdn.ampproject.org/c/s/paper.example/x",
    b"https://www.youtube.com/@someone",
    b"http://[::1]:8080/feed",
    "https://bücher.example/ä".encode(),
)
_BODIES_OF_FILES = (
    b"Cloud\n=====\n\n*Rain* ``x`` `r </r>`_ |n| [#]_\n\n.. |n| replace:: now\n.. [#] So.\n\n.. note:: a\n\n   - b\n",
    b"* TODO Cloud :wet:\n:ID:\n:END:\n- a :: b\n| a | b |\n|---+---|\n[[/r][r]] [fn:: so] *b* /i/\n"
    b"#+begin_src c\nx\n#+end_src\n",
    b"import A from 'a'\n\n<A b={{c: 1}} title=\"T\">\n\n{x} `y` $z$ [[Rain|it]]\n\n</A>\n\n"
    b":::note[So]\na\n:::\n> [!TIP] b\n",
)
_DATES = (
    b"Tue, 14 Nov 2023 10:00:00 +0100", b"2023-11-14T10:00:00Z", b"2023-11-14 10:00:00.123 +01:00",
    b"November 14, 2023", b"14.11.2023", "2023年11月14日".encode(),
    b"Tue Nov 14 10:00:00 2023", b"11/14/2023 10:00 PM", b"1700000000",
)  # fmt: skip
_JSON_FEED = (_FEEDS / "feed.json").read_bytes()
_XML_FEEDS = tuple(path.read_bytes() for path in sorted(_FEEDS.iterdir()) if path.suffix != ".json")

PARSERS = (
    Parser("XML feeds", _feed, (SourceError,), (*_XML_FEEDS, rss(*map(item, range(5))))),
    Parser("JSON feeds", _feed, (SourceError,), (_JSON_FEED,)),
    Parser("HTML", _html, (), (_HTML,)),
    Parser("discovery of feeds", _discovery, (), (_HTML,)),
    Parser("site API", _api, (SourceError,), (api_page(article_fields(0, 3), article_fields(1, 3), following=2),)),
    Parser("topics of a site API", _api_topics, (SourceError,), (api_topics(*TOPICS),)),
    Parser("HTTP bodies", _body, (AttemptError,), _BODIES),
    Parser("HTTP headers", _headers, (), _HEADERS),
    Parser("front matter", _article, (ArticleError,), (_ARTICLE,)),
    Parser("bodies of files", _bodies, (), _BODIES_OF_FILES),
    Parser("YAML", _yaml, (ArticleError,), (_ARTICLE.strip(b"-\n").partition(b"\n---")[0],)),
    Parser("site files", _site, (ArticleError,), (b"title: T\ntopic: Rain\n", b"name: Rain\nkeywords: [rain]\n")),
    Parser("zip archives", _archive(".zip"), (SourceError,), (_zipped(),)),
    Parser("tar archives", _archive(".tar"), (SourceError,), (_packed("w"), _packed("w:gz"), _packed("w:xz"))),
    Parser("OPML", _opml, (SourceError,), (_OPML,)),
    Parser("config.toml", _toml(load_settings), (UsageError,), (_SETTINGS,)),
    Parser("sources.toml", _toml(load_subscriptions), (UsageError,), (_SOURCES,)),
    Parser("topics.toml", _toml(load_topics), (UsageError,), (_TOPIC_FILE,)),
    Parser("view and sidebar", _toml(_view), (), _VIEW),
    Parser("addresses", _address, (), _ADDRESSES),
    Parser("text", _line, (), (_HTML, "“Ünï” &eacute; \u202e\u0007 x".encode())),
    Parser("dates", _date, (ValueError,), _DATES),
)
"""All of them, in the order of the attempts."""
