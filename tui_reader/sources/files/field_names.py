"""Knows the fields of front matter by the names that site generators, editors and people give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from tui_reader.model.text import clean_line
from tui_reader.model.urls import safe_url
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.article_fields import OWN_ADDRESSES, written_date

Fields: TypeAlias = Mapping[str, object]

# Tables in which generators have the fields of a site's own.
_TABLES = ("taxonomies", "extra", "params", "metadata")
_DATES = (
    "publisheddatetime", "date", "pubdate", "published", "publishdate", "publishedat", "publishedon", "datepublished",
    "publicationdate", "created", "createdat", "createdon", "datecreated", "creationdate", "posted", "postdate",
    "updated", "lastmod", "modified", "lastmodified", "lastmodifiedat", "updatedat", "lastupdated", "dateupdated",
)  # fmt: skip
_EXCERPTS = ("excerpt", "description", "summary", "subtitle", "lede", "abstract", "standfirst", "intro")
_AUTHORS = ("author", "authors", "by", "byline", "creator")
_CATEGORIES = ("category", "categories")
_IMAGES = (
    "images", "image", "cover", "coverimage", "thumbnail", "banner", "ogimage", "heroimage", "featuredimage",
    "featureimage", "featured", "socialimage", "header",
)  # fmt: skip
_IN_IMAGE = ("url", "src", "image", "path", "href", "relative", "ogimage", "teaser", "overlayimage")
_PAGES = ("canonicalurl", "canonical", "url", "permalink")
_LINKS = ("link", "externalurl", "external", "redirect", "originalurl", "source", "sourceurl", "clippedfrom")
_NO = frozenset({"false", "no", "off", "0"})
_YES = frozenset({"true", "yes", "on", "1", "t"})
_DRAFT_STATES = frozenset({"draft", "hidden", "private", "unpublished"})
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]{0,300}\|)?([^\[\]|]{1,300})\]\]")
_TEMPLATE = re.compile(r"\{\{|\{%|<%")
_PUNCTUATION = re.compile(r"[_\- ]")
_MOST_TAGS = 1000  # looked at
_MOST_IMAGES = 100


class Known(NamedTuple):
    """What is known of the fields of a file.

    ``fields`` are those that :func:`~tui_reader.sources.article_fields.build_article`
    takes. ``about`` is the address that the text is about, if it names one. A
    draft is one that its site does not show. ``own_path`` is where it has the article,
    if the file says so.
    """

    fields: dict[str, object]
    about: str | None
    images: Sequence[str]
    is_draft: bool
    redirects_to: str
    own_path: str
    notes: tuple[str, ...]


@lru_cache(4096)
def _plain_name(name: str) -> str:
    return _PUNCTUATION.sub("", name.casefold())


def known_fields(fields: Fields, *, spaced_tags: bool = True) -> Known:
    """Return what ``fields`` mean, whatever they are called.

    With ``spaced_tags``, spaces separate the tags in a text without commas, as
    Jekyll has them.
    """
    by_name = _by_name(fields)
    notes: list[str] = []
    known = {name: fields[name] for name in (*OWN_ADDRESSES, "featuredContent") if name in fields}
    for name in ("title", "provider", "quality", "heat", "removed", "type"):
        if name in by_name:
            known[name] = by_name[name]
    if (published := by_name.get("published")) is not None and _word(published) in _YES | _NO:
        known["published"] = published
    elif published is not None and _date_of(published) is None:
        known["published"] = published  # it is told what is wrong with it
    known["date"] = _date(by_name, fields, notes)
    if excerpt := next((text for name in _EXCERPTS if (text := _text(by_name.get(name)))), ""):
        known["excerpt"] = excerpt
    known["author"] = _people(next((by_name[name] for name in _AUTHORS if by_name.get(name)), None))
    known["topics"] = _topics(by_name, spaced=spaced_tags)
    known["images"] = images = _images(by_name)
    about = _add_addresses(by_name, known)
    redirect = _text(by_name.get("redirectto")) or ("?" if _word(by_name.get("layout")) == "redirect" else "")
    return Known(
        known,
        about,
        images,
        _is_draft(by_name),
        redirect,
        next((path for name in ("path", "url", "permalink") if (path := _text(by_name.get(name)))), "")[:500],
        tuple(notes),
    )


def _by_name(fields: Fields) -> dict[str, object]:
    """Return the fields by their names in small letters; those in tables come last."""
    found: dict[str, object] = {}
    for name, value in fields.items():
        found.setdefault(_plain_name(name), value)
    for table in _TABLES:
        inner = found.get(table)
        if isinstance(inner, Mapping):
            for name, value in inner.items():
                found.setdefault(_plain_name(str(name)), value)
    return found


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _word(value: object) -> str:
    return str(value).strip().casefold() if isinstance(value, (str, int)) else ""


def _is_draft(by_name: Fields) -> bool:
    if _word(by_name.get("draft")) in _YES or _word(by_name.get("private")) in _YES:
        return True
    return _word(by_name.get("status")) in _DRAFT_STATES or _word(by_name.get("publish")) in _NO


def is_unfilled(title: object) -> bool:
    """Return whether a title is that of a template that is still to be filled in."""
    return isinstance(title, Mapping) or (isinstance(title, str) and _TEMPLATE.search(title) is not None)


def _date_of(value: object) -> int | None:
    text = _text(value)
    return written_date(text) if text else None


def _date(by_name: Fields, fields: Fields, notes: list[str]) -> str | None:
    """Return the first date that can be read; what is no date is noted."""
    for name in _DATES:
        text = _text(by_name.get(name))
        if not text or (name == "published" and text.casefold() in _YES | _NO):
            continue
        if written_date(text) is not None:
            return text
        if name != "published":
            written = next((each for each in fields if _plain_name(each) == name), name)
            notes.append(f"{written} is not a date: {clean_line(text[:200])[:60]}")
    return None


def _people(value: object) -> list[object]:
    people = value if isinstance(value, list) else [value]
    return [_unlinked(person) if isinstance(person, str) else person for person in people]


def _unlinked(text: str) -> str:
    """Return a text with the words of wiki links instead of the links."""
    return _WIKI_LINK.sub(r"\1", text) if "[[" in text else text


def _topics(by_name: Fields, *, spaced: bool) -> list[str]:
    """Return the topics of a file: those of the reader's own field, or else categories and tags, or else keywords."""
    if by_name.get("topics") is not None:
        return list(_names(by_name["topics"], spaced=False))
    found = [
        *(name for field in _CATEGORIES for name in _names(by_name.get(field), spaced=spaced and field[-1] == "s")),
        *_names(by_name.get("tags"), spaced=spaced),
        *_names(by_name.get("tag"), spaced=False),
    ]
    return found or list(_names(by_name.get("keywords"), spaced=False))


def _names(value: object, *, spaced: bool) -> Iterator[str]:
    """Yield the names in a list, in a text with commas or, with ``spaced``, in one with spaces."""
    if isinstance(value, str):
        parts: Iterable[object] = value.split(",") if "," in value or not spaced else value.split()
    else:
        parts = value[:_MOST_TAGS] if isinstance(value, list) else ()
    for part in parts:
        name = _text(_name_in(part) if isinstance(part, Mapping) else part)
        if name := _unlinked(name).strip().removeprefix("#"):
            yield name


def _name_in(item: Fields) -> object:
    return next((item[key] for key in ("name", "label", "title") if key in item), "")


def _images(by_name: Fields) -> list[str]:
    """Return the addresses of the pictures under the first name that has some."""
    for name in _IMAGES:
        value = by_name.get(name)
        found = [_image(item) for item in (value[:_MOST_IMAGES] if isinstance(value, list) else [value])]
        if any(found):
            return [address for address in found if address]
    return []


def _image(value: object) -> str:
    if isinstance(value, Mapping):
        inner = {_plain_name(str(name)): each for name, each in value.items()}
        value = next((inner[name] for name in _IN_IMAGE if isinstance(inner.get(name), str)), None)
    return value.strip() if isinstance(value, str) else ""


def _add_addresses(by_name: Fields, known: dict[str, object]) -> str | None:
    """Add the address of the article's own page, if it is given in full; return the address that it is about."""
    if not any(known.get(name) for name in OWN_ADDRESSES):
        page = next((url for name in _PAGES if (url := safe_url(_text(by_name.get(name))))), None)
        if page:
            known["webUrl"] = page
        return next((url for name in _LINKS if (url := safe_url(_text(by_name.get(name))))), None)
    return None
