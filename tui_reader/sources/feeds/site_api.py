"""Parses the JSON API of a publisher's site: pages of articles, newest first, and topics.

The first page is ``api/news/index.json`` below the site's address, the others
are ``api/news/page/N/index.json`` or, on older sites, ``api/news/pageN/index.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from tui_reader.errors import ArticleError, SourceError
from tui_reader.model.article import Article
from tui_reader.model.text import clean_line
from tui_reader.model.topic import Topic
from tui_reader.model.urls import safe_url
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.article_fields import Fields, build_article
from tui_reader.sources.html.markdown import html_to_markdown

MAX_PAGES = 10_000
"""Most pages of an API. A larger page number is a mistake."""

_NEWS = re.compile(r"^(.*/api/)news(?:/(?!page/?\d|index\.json)[^/]+)?(?=/|$)")
_PAGE = re.compile(r"/page(/?)(\d{1,9})/index\.json$")
_HTML = re.compile(r"</[a-zA-Z]|<br\b")
_MAX_DEPTH = 3  # folders of an address that are tried as the site


class ApiPage(NamedTuple):
    """A page of an API: its articles, the address of the next page, and notes on what could not be read."""

    articles: tuple[Article, ...] = ()
    next_address: str | None = None
    notes: tuple[str, ...] = ()


def api_addresses(address: str) -> tuple[str, ...]:
    """Return possible addresses of the API for a page of a site, most likely first.

    An address inside an API is returned alone. An address that is not http or
    https has none.
    """
    address = (safe_url(address) or "").partition("#")[0].partition("?")[0]
    if not address:
        return ()
    parts = urlsplit(address)
    if _NEWS.match(parts.path):
        return (address if address.endswith(".json") else f"{address.rstrip('/')}/index.json",)
    folders = [part for part in parts.path.split("/") if part]
    if folders and "." in folders[-1]:
        folders.pop()  # the name of a file
    site = f"{parts.scheme}://{parts.netloc}"
    # A site is at the root of its host, or in a folder where a host has several.
    depths = [1, 0, *range(2, _MAX_DEPTH)] if folders else [0]
    return tuple(
        f"{site}{''.join('/' + folder for folder in folders[:depth])}/api/news/index.json"
        for depth in depths
        if depth <= len(folders)
    )


def topics_address(api_address: str) -> str | None:
    """Return the address of the topics for any page of an API, or ``None``."""
    parts = urlsplit(api_address)
    news = _NEWS.match(parts.path)
    return f"{parts.scheme}://{parts.netloc}{news[1]}topics/index.json" if news else None


def parse_api_page(data: bytes, address: str) -> ApiPage:
    """Parse a page of an API, or a single article, fetched from ``address``.

    Raises :class:`SourceError` where ``data`` is neither.
    """
    page = _json(data)
    items = page.get("value")
    if items is None and page.get("title") and (page.get("webUrl") or page.get("originalUrl")):
        items = [page]
    if not isinstance(items, list):
        raise SourceError("not the API of a site: its JSON has no list of articles; give the address of the site")
    articles: list[Article] = []
    invalid = 0
    for item in items:
        try:
            articles.append(_article(item))
        except ArticleError:
            invalid += 1
    notes = (f"entries left out because they are not articles: {invalid}",) if invalid else ()
    return ApiPage(tuple(articles), _next_address(page.get("nextPage"), address), notes)


def _json(data: bytes) -> Mapping[str, object]:
    try:
        value = json.loads(data.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError) as error:
        raise SourceError("not the API of a site: the response is not JSON; give the address of the site") from error
    if not isinstance(value, Mapping):
        raise SourceError("not the API of a site: its JSON is not an object; give the address of the site")
    return value


def _article(item: object) -> Article:
    if not isinstance(item, Mapping):
        raise ArticleError("not an article")
    fields: Fields = item
    path, content, page = (item.get(name) for name in ("path", "content", "webUrl"))
    name = path.rpartition("/")[2] if isinstance(path, str) else ""
    body = content if isinstance(content, str) else ""
    if _HTML.search(body):
        body = html_to_markdown(body, page if isinstance(page, str) else "")
    return build_article(fields, file_name=name, body=body)


def _next_address(number: object, address: str) -> str | None:
    """Return the address of page ``number``, or ``None`` where there is none or it is not a later page."""
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < 10:
        number = int(number)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= MAX_PAGES:
        return None
    current = _PAGE.search(address)
    if number <= (int(current[2]) if current else 1):
        return None
    if current:
        return f"{address[: current.start()]}/page{current[1]}{number}/index.json"
    folder, _, name = address.rpartition("/")
    return f"{folder}/page/{number}/index.json" if name == "index.json" else None


def parse_api_topics(data: bytes) -> tuple[Topic, ...]:
    """Parse the topics of an API, in their order.

    Raises :class:`SourceError` where there are none: some sites serve the
    source of the template instead of its output.
    """
    items = _json(data).get("value")
    if not isinstance(items, list):
        raise SourceError("no topics: the JSON has no list of topics")
    found: dict[str, Topic] = {}
    for item in items:
        if isinstance(item, Mapping) and (name := _line(item, "name")):
            topic = Topic(
                name=name,
                parent=_line(item, "parent"),
                shortname=_line(item, "shortname"),
                identifier=_line(item, "id") or _line(item, "_id"),
                description=_line(item, "description"),
                keywords=_words(item.get("keywords")),
            )
            found.setdefault(name.casefold(), topic)
    return tuple(found.values())


def _line(item: Mapping[str, object], name: str) -> str:
    value = item.get(name)
    return clean_line(value) if isinstance(value, str) else ""


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(line for word in value if isinstance(word, str) and (line := clean_line(word)))
