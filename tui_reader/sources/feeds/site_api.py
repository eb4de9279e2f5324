"""Reads the JSON API that a publisher's site serves: pages of articles, newest first, and topics.

It lies at ``api/news/index.json`` below the site's address, and its further
pages at ``api/news/page/N/index.json``; older ones at ``api/news/pageN/index.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from tui_reader.errors import ArticleError, SourceError
from tui_reader.model.article import Article
from tui_reader.model.text import clean_line
from tui_reader.model.topic import Topic
from tui_reader.model.urls import safe_url
from tui_reader.sources.article_fields import Fields, build_article
from tui_reader.sources.html.markdown import html_to_markdown

MAX_PAGES = 10_000
"""Pages of one API; the number of a page beyond is a mistake."""

_NEWS = re.compile(r"^(.*/api/)news(?:/(?!page/?\d|index\.json)[^/]+)?(?=/|$)")
_PAGE = re.compile(r"/page(/?)(\d{1,9})/index\.json$")
_HTML = re.compile(r"</[a-zA-Z]|<br\b")
_TRIED = 3  # folders above a page that may be the site


class ApiPage(NamedTuple):
    """One page of an API: its articles, the address of the next page, and what could not be read."""

    articles: tuple[Article, ...] = ()
    next_address: str | None = None
    notes: tuple[str, ...] = ()


def api_addresses(address: str) -> tuple[str, ...]:
    """Return where the API of the site may be that ``address`` is a page of, the likeliest first.

    An address inside an API stands for itself. Nothing comes of what is no
    address that may be opened.
    """
    address = (safe_url(address) or "").partition("#")[0].partition("?")[0]
    if not address:
        return ()
    parts = urlsplit(address)
    if _NEWS.match(parts.path):
        found = address if address.endswith(".json") else f"{address.rstrip('/')}/index.json"
        return (found,)
    folders = [part for part in parts.path.split("/") if part]
    if folders and "." in folders[-1]:
        folders.pop()  # the name of a file, not of a folder
    site = f"{parts.scheme}://{parts.netloc}"
    # A site lies at the root, or in the first folder where a host has many.
    depths = [1, 0, *range(2, _TRIED)] if folders else [0]
    return tuple(
        f"{site}{''.join('/' + folder for folder in folders[:depth])}/api/news/index.json"
        for depth in depths
        if depth <= len(folders)
    )


def topics_address(api_address: str) -> str | None:
    """Return where the topics of the API are that ``api_address`` is a page of."""
    parts = urlsplit(api_address)
    news = _NEWS.match(parts.path)
    return f"{parts.scheme}://{parts.netloc}{news[1]}topics/index.json" if news else None


def parse_api_page(data: bytes, address: str) -> ApiPage:
    """Return the articles of one page, fetched from ``address``, or the one article that it is.

    Raises :class:`SourceError` where ``data`` is no page of such an API.
    """
    found = _json(data)
    items = found.get("value")
    if items is None and found.get("title") and (found.get("webUrl") or found.get("originalUrl")):
        items = [found]
    if not isinstance(items, list):
        raise SourceError("no API of a site: its JSON has no list of articles; give the address of the site")
    articles: list[Article] = []
    unsound = 0
    for item in items:
        try:
            articles.append(_article(item))
        except ArticleError:
            unsound += 1
    notes = (f"entries that are no articles, left out: {unsound}",) if unsound else ()
    return ApiPage(tuple(articles), _next(found.get("nextPage"), address), notes)


def _json(data: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(data.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError) as error:
        raise SourceError("no API of a site: the answer is no JSON; give the address of the site") from error
    if not isinstance(found, Mapping):
        raise SourceError("no API of a site: JSON of another kind; give the address of the site")
    return found


def _article(item: object) -> Article:
    if not isinstance(item, Mapping):
        raise ArticleError("no article")
    fields: Fields = item
    path, content, page = (item.get(name) for name in ("path", "content", "webUrl"))
    name = path.rpartition("/")[2] if isinstance(path, str) else ""
    body = content if isinstance(content, str) else ""
    if _HTML.search(body):
        body = html_to_markdown(body, page if isinstance(page, str) else "")
    return build_article(fields, file_name=name, body=body)


def _next(number: object, address: str) -> str | None:
    """The address of page ``number``; ``None`` after the last, and for a page that was there before."""
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < 10:
        number = int(number)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= MAX_PAGES:
        return None
    here = _PAGE.search(address)
    if number <= (int(here[2]) if here else 1):
        return None
    if here:
        return f"{address[: here.start()]}/page{here[1]}{number}/index.json"
    folder, _, name = address.rpartition("/")
    return f"{folder}/page/{number}/index.json" if name == "index.json" else None


def parse_api_topics(data: bytes) -> tuple[Topic, ...]:
    """Return the topics of an API in their order.

    Raises :class:`SourceError` where there are none to be read: some sites
    serve the template instead of what it makes.
    """
    items = _json(data).get("value")
    if not isinstance(items, list):
        raise SourceError("no topics: JSON of another kind")
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
