"""Builds an :class:`Article` from raw fields, dropping invalid values with a note."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import nan
from typing import TypeAlias

from tui_reader.errors import ArticleError
from tui_reader.model.article import Article
from tui_reader.model.dates import parse_date
from tui_reader.model.links import Links, Provider
from tui_reader.model.text import clean_block, clean_line, decode_entities
from tui_reader.model.urls import domain_of, repaired_url, safe_url

Fields: TypeAlias = Mapping[str, object]
"""Fields as parsed from YAML or JSON: strings, lists, mappings, numbers, ``None``."""

OWN_ADDRESSES = ("originalUrl", "webUrl", "ampWebUrl", "cdnAmpWebUrl")
"""The fields for the addresses of an article that only collections for the reader have, in the order of Links."""

MAX_IMAGES = 8
"""Most images of an article."""

TITLE_LENGTH = 1000
"""Most characters of a title, and of any other line."""

TEXT_LENGTH = 10_000
"""Most characters of an excerpt."""

MAX_AUTHORS = 20
"""Most authors of an article."""

_AUTHOR_LENGTH = 300  # characters of all names together
_MAX_NUMBER = 1_000_000  # larger values of quality and heat are mistakes
_SRC = re.compile(r"""\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_FILE_NAME = re.compile(
    r"^(?:(\d{4}-\d\d-\d\d)(?:[-_ ]+|(?=\.)|$))?(.*?)(?:\.(?:md|markdown|mdx|mdown|mkd|qmd|rmd|html?|rst|org|txt))?$",
    re.IGNORECASE,
)
_MARKDOWN_MARKUP = re.compile(
    r"\\([!-/:-@\[-`{-~])|!\[[^\]]*\]\([^)]*\)|\[([^\]]*)\]\([^)]*\)|[*`]{1,3}|(?<![^\W_])_{1,3}|_{1,3}(?![^\W_])"
)
_QUOTE_MARKS = re.compile(r"^(?:[ \t]{0,3}>)+[ \t]?", re.MULTILINE)
_EXCERPT_LENGTH = 300  # characters of an excerpt made from the body
_PARAGRAPH_LENGTH = 2000  # characters of a paragraph examined for it
_MAX_TOPICS = 100
_SENTENCE = re.compile(r"^.{15,}?[.!?…](?=\s)")
_FIRST_WORDS = 100  # characters of a title made from the excerpt
_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*")


def _number(fields: Fields, name: str, notes: list[str]) -> int | None:
    value = fields.get(name)
    if value is None:
        return None
    try:
        number = float(value) if isinstance(value, (str, int, float)) else nan
    except (ValueError, OverflowError):
        number = nan
    if not abs(number) <= _MAX_NUMBER:  # also false for NaN
        notes.append(f"{name} is not a number: {_short(value)}")
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
    notes.append(f"{name} must be true or false: {_short(value)}")
    return default


def _short(value: object) -> str:
    return clean_line(str(value)[:200])[:60]


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return str(value) if isinstance(value, (str, int, float)) else ""


def _line(fields: Fields, name: str, limit: int = TITLE_LENGTH) -> str:
    return cut(clean_line(_text(fields, name)), limit)


def cut(text: str, limit: int = TITLE_LENGTH) -> str:
    """Return ``text``, shortened to ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _url(fields: Fields, name: str, notes: list[str]) -> str | None:
    text = _text(fields, name)
    url = repaired_url(text)
    if url is None and text.strip():
        notes.append(f"{name} is not an http or https address: {_short(text)}")
    return url


def _links(fields: Fields, notes: list[str]) -> Links:
    return Links(*(_url(fields, name, notes) for name in OWN_ADDRESSES))


def _at_first_page(article: Article, fields: Fields) -> Article:
    """Return an article with the page that it had before its addresses were repaired: its marks are kept by that."""
    as_written = Links(*(safe_url(_text(fields, name)) for name in OWN_ADDRESSES))
    return article if as_written == article.links else article.at_page(article._replace(links=as_written).page())


def _date(fields: Fields, file_date: str | None, notes: list[str]) -> int | None:
    for name in ("publishedDateTime", "date"):
        text = _text(fields, name)
        if text.strip():
            if (seconds := written_date(text)) is not None:
                return seconds
            notes.append(f"{name} is not a date: {_short(text)}")
    return _file_date(file_date)


def written_date(text: str) -> int | None:
    """Return the date in ``text`` in seconds since 1970, in any form that people write; ``None`` if there is none."""
    try:
        return parse_date(text)
    except ValueError:
        pass  # not ISO 8601, as nearly all are
    from tui_reader.sources.written_dates import parse_feed_date

    return parse_feed_date(f"{text.strip()}-01-01" if _YEAR.fullmatch(text) else text)


def _file_date(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_date(text)
    except ValueError:
        return None  # the digits are not a day of the calendar


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


def _author(fields: Fields) -> str:
    """Return the names of the authors, of which there may be several, each with more facts than the name."""
    raw = fields.get("author") or fields.get("authors")
    people = raw if isinstance(raw, list) else [raw]
    named = [person if isinstance(person, Mapping) else {"name": person} for person in people[:MAX_AUTHORS]]
    return author_line(_line(person, "name") for person in named)


def author_line(names: Iterable[str]) -> str:
    """Return the names of the authors as one line."""
    return cut(", ".join(dict.fromkeys(filter(None, names))), _AUTHOR_LENGTH)


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
        if isinstance(name, str) and (line := cut(clean_line(name), TITLE_LENGTH)):
            found.setdefault(line.casefold(), line)
    return tuple(found.values())[:_MAX_TOPICS]


def _images(fields: Fields) -> tuple[str, ...]:
    raw = fields.get("images")
    items = raw if isinstance(raw, list) else [fields.get("image")]
    found: dict[str, None] = {}
    for item in items:
        address = item.get("url") if isinstance(item, Mapping) else item
        url = repaired_url(address) if isinstance(address, str) else None
        if url:
            found.setdefault(url)
        if len(found) == MAX_IMAGES:
            break
    return tuple(found)


def _video(fields: Fields) -> str | None:
    source = _SRC.search(_text(fields, "featuredContent"))
    if source is None:
        return None
    address = decode_entities(source[1])
    return repaired_url("https:" + address if address.startswith("//") else address)


def title_instead(text: str | None, notes: list[str]) -> str:
    """Return what an article without a title is called, and note that. Raises :class:`ArticleError` if it is empty."""
    if not text:
        raise ArticleError("neither a title nor an address")
    notes.append("no title")
    return text


def first_words(text: str) -> str:
    """Return a title for a text without one: its first sentence, or as many words as fit a line."""
    sentence = _SENTENCE.match(text)
    text = sentence[0] if sentence else text
    if len(text) <= _FIRST_WORDS:
        return text
    return (text[:_FIRST_WORDS].rpartition(" ")[0] or text[:_FIRST_WORDS]).rstrip(" ,;:–—-") + "…"


def first_paragraph(body: str) -> str:
    """Return the first paragraph of a Markdown body as one plain line."""
    for paragraph in body[:TEXT_LENGTH].split("\n\n"):
        if paragraph.lstrip().startswith(("#", "|", "```", "---", "{%")):
            continue
        if line := plain_words(_QUOTE_MARKS.sub("", paragraph[:_PARAGRAPH_LENGTH])):
            return cut(line, _EXCERPT_LENGTH)
    return ""


def plain_words(text: str) -> str:
    """Return some Markdown as one plain line."""
    return clean_line(_MARKDOWN_MARKUP.sub(_without_markup, text), strip_tags=True)


def _without_markup(match: re.Match[str]) -> str:
    return "&lt;" if match[1] == "<" else match[1] or match[2] or ""


def build_article(fields: Fields, *, file_name: str = "", body: str = "", related: tuple[int, ...] = ()) -> Article:
    """Return the article described by ``fields``, with clean text and typed values.

    Invalid values are dropped and mentioned in ``notes``. A Jekyll
    ``file_name`` (``YYYY-MM-DD-slug.md``) supplies a missing date or title.
    Raises :class:`ArticleError` where there is neither a title nor an address.
    """
    notes: list[str] = []
    stem = _FILE_NAME.match(file_name)
    file_date, slug = (stem[1], stem[2]) if stem else (None, "")
    links = _links(fields, notes)
    title = _line(fields, "title")
    if not title:
        words = clean_line(slug.replace("-", " ").replace("_", " ")).capitalize()
        title = title_instead(words or links.identity(), notes)
    body = clean_block(body)
    summary = _text(fields, "excerpt") or _text(fields, "description")
    excerpt = cut(clean_line(summary, strip_tags=True), TEXT_LENGTH)
    if not excerpt and body:
        excerpt = first_paragraph(body)
    shown = _flag(fields, "published", True, notes) and not _flag(fields, "removed", False, notes)
    article = Article(
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
        author=_author(fields),
        related=related,
        notes=tuple(notes),
    )
    identity = links.identity()
    is_written = identity is None or identity in [fields.get(name) for name in OWN_ADDRESSES]
    return article if is_written else _at_first_page(article, fields)
