"""Turns the raw fields of one article into an :class:`Article`, keeping what is sound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import nan
from typing import TypeAlias

from tui_reader.errors import ArticleError
from tui_reader.model.article import Article
from tui_reader.model.dates import parse_date
from tui_reader.model.links import Links, Provider
from tui_reader.model.text import clean_block, clean_line, decode_entities
from tui_reader.model.urls import domain_of, safe_url

Fields: TypeAlias = Mapping[str, object]
"""A mapping as YAML or JSON gives it: strings, lists, mappings, numbers, ``None``."""

MAX_IMAGES = 8
"""Images kept of one article; the reader shows their links."""

_LIMIT = 1_000_000  # quality and heat beyond this are typing errors
_SRC = re.compile(r"""\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_FILE_NAME = re.compile(r"^(?:(\d{4}-\d\d-\d\d)-)?(.*?)(?:\.(?:md|markdown))?$", re.IGNORECASE)
_MARKDOWN_SIGNS = re.compile(r"!\[[^\]]*\]\([^)]*\)|\[([^\]]*)\]\([^)]*\)|[*`]{1,3}|(?<![^\W_])_{1,3}|_{1,3}(?![^\W_])")
_EXCERPT_LENGTH = 300  # characters taken from a body where there is no excerpt
_LOOKED_AT = 2000  # characters of a body's paragraphs that are looked at for it
# Beyond these lengths and numbers it is no title, no excerpt, no list of topics.
_TITLE_LENGTH = 1000
_TEXT_LENGTH = 10_000
_TOPICS = 100


def _number(fields: Fields, name: str, notes: list[str]) -> int | None:
    value = fields.get(name)
    if value is None:
        return None
    try:
        number = float(value) if isinstance(value, (str, int, float)) else nan
    except (ValueError, OverflowError):
        number = nan
    if not abs(number) <= _LIMIT:  # nor is "not a number" below it
        notes.append(f"{name} is no number: {_short(value)}")
        return None
    return int(number)


def _flag(fields: Fields, name: str, default: bool, notes: list[str]) -> bool:
    value = fields.get(name)
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    notes.append(f"{name} is neither true nor false: {_short(value)}")
    return default


def _short(value: object) -> str:
    return clean_line(str(value)[:200])[:60]


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return str(value) if isinstance(value, (str, int, float)) else ""


def _line(fields: Fields, name: str, limit: int = _TITLE_LENGTH) -> str:
    return _cut(clean_line(_text(fields, name)), limit)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _url(fields: Fields, name: str, notes: list[str]) -> str | None:
    text = _text(fields, name)
    url = safe_url(text)
    if text.strip() and url is None:
        notes.append(f"{name} is no address that can be opened: {_short(text)}")
    return url


def _links(fields: Fields, notes: list[str]) -> Links:
    return Links(
        original=_url(fields, "originalUrl", notes),
        web=_url(fields, "webUrl", notes),
        amp=_url(fields, "ampWebUrl", notes),
        cdn_amp=_url(fields, "cdnAmpWebUrl", notes),
    )


def _date(fields: Fields, file_date: str | None, notes: list[str]) -> int | None:
    for name in ("publishedDateTime", "date"):
        text = _text(fields, name)
        if text.strip():
            try:
                return parse_date(text)
            except ValueError:
                notes.append(f"{name} is no date: {_short(text)}")
    return _file_date(file_date)


def _file_date(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_date(text)
    except ValueError:
        # Digits in a file name that are no day of the calendar: it has no date.
        return None


def _provider(fields: Fields, links: Links) -> Provider:
    raw = fields.get("provider")
    name = domain = ""
    if isinstance(raw, Mapping):
        name, domain = _line(raw, "name"), _line(raw, "domain").lower()
    elif isinstance(raw, str):
        name = _line(fields, "provider")
    address = links.identity()
    domain = domain or (domain_of(address) if address else "")
    return Provider(name or domain, domain)


def _topics(fields: Fields) -> tuple[str, ...]:
    raw = fields.get("topics")
    if raw is None:
        raw = fields.get("tags")
    if isinstance(raw, str):
        raw = raw.split(",")
    if not isinstance(raw, list):
        return ()
    found: dict[str, str] = {}
    for name in raw:
        if isinstance(name, str) and (line := _cut(clean_line(name), _TITLE_LENGTH)):
            found.setdefault(line.casefold(), line)
    return tuple(found.values())[:_TOPICS]


def _images(fields: Fields) -> tuple[str, ...]:
    raw = fields.get("images")
    items = raw if isinstance(raw, list) else [fields.get("image")]
    found: list[str] = []
    for item in items:
        address = item.get("url") if isinstance(item, Mapping) else item
        url = safe_url(address) if isinstance(address, str) else None
        if url and url not in found:
            found.append(url)
    return tuple(found[:MAX_IMAGES])


def _video(fields: Fields) -> str | None:
    source = _SRC.search(_text(fields, "featuredContent"))
    if source is None:
        return None
    address = decode_entities(source[1])
    return safe_url("https:" + address if address.startswith("//") else address)


def _excerpt_of(body: str) -> str:
    """The first paragraph of a Markdown body as one plain line."""
    for paragraph in body[:_TEXT_LENGTH].split("\n\n"):
        if paragraph.lstrip().startswith(("#", "|", "```", "---", "{%")):
            continue
        signs_out = _MARKDOWN_SIGNS.sub(lambda sign: sign[1] or "", paragraph[:_LOOKED_AT])
        if line := clean_line(signs_out, strip_tags=True):
            return _cut(line, _EXCERPT_LENGTH)
    return ""


def build_article(fields: Fields, *, file_name: str = "", body: str = "", related: tuple[int, ...] = ()) -> Article:
    """Return the article that ``fields`` describe, its text cleaned and its values typed.

    What is unsound is left out and said in ``notes``. ``file_name`` (as Jekyll
    has it, ``YYYY-MM-DD-slug.md``) supplies a missing date and title. Raises
    :class:`ArticleError` where neither a title nor an address is left.
    """
    notes: list[str] = []
    stem = _FILE_NAME.match(file_name)
    file_date, slug = (stem[1], stem[2]) if stem else (None, "")
    links = _links(fields, notes)
    title = _line(fields, "title")
    if not title:
        title = clean_line(slug.replace("-", " ").replace("_", " ")).capitalize() or links.identity() or ""
        if not title:
            raise ArticleError("neither a title nor an address")
        notes.append("no title")
    body = clean_block(body)
    summary = _text(fields, "excerpt") or _text(fields, "description")
    excerpt = _cut(clean_line(summary, strip_tags=True), _TEXT_LENGTH)
    if not excerpt and body:
        excerpt = _excerpt_of(body)
    shown = _flag(fields, "published", True, notes) and not _flag(fields, "removed", False, notes)
    return Article(
        title=title,
        excerpt=excerpt,
        body=body,
        published=_date(fields, file_date, notes),
        links=links,
        kind=_line(fields, "type") or "article",
        quality=_number(fields, "quality", notes),
        heat=_number(fields, "heat", notes),
        shown=shown,
        provider=_provider(fields, links),
        topics=_topics(fields),
        images=_images(fields),
        video=_video(fields),
        related=related,
        notes=tuple(notes),
    )
