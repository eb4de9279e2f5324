"""Parses RSS 0.9x, 1.0 and 2.0 and Atom 0.3 and 1.0, with common extensions, well-formed or not.

All formats are read by one set of rules: the name of an element determines its
meaning, and many feeds mix formats. The XML parser is libxml2, through lxml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from tui_reader.errors import SourceError
from tui_reader.model.text import clean_line
from tui_reader.sources.feeds.raw_feed import MAX_ENTRIES, RawEntry, RawFeed, RawMedia, media_kind
from tui_reader.sources.feeds.xml_repair import remove_invalid_characters, repair_entities, strip_prolog

if TYPE_CHECKING:
    from lxml.etree import _Element

# By a part of the namespace address, because feeds spell these in many ways.
_NAMESPACES = (
    ("purl.org/rss/1.0/modules/content", "content:"),
    ("purl.org/dc/", "dc:"),
    ("search.yahoo.com/mrss", "media:"),
    ("itunes.com/dtds/podcast", "itunes:"),
    ("purl.org/rss/1.0/modules/syndication", "sy:"),
    ("rssnamespace.org/feedburner", "feedburner:"),
    ("www.w3.org/2005/atom", "atom:"),
    ("purl.org/atom/ns", "atom:"),
    ("www.w3.org/1999/02/22-rdf-syntax-ns", "rdf:"),
    ("www.w3.org/1999/xhtml", "xhtml:"),
    ("purl.org/rss/1.0", ""),
    ("my.netscape.com/rdf/simple", ""),
    ("backend.userland.com/rss", ""),
    ("blogs.law.harvard.edu/tech/rss", ""),
)
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}  # minutes
_HTML_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_MAX_BASE = 4096  # characters, as in any address
_CLOSING_TAG = re.compile(r"</[a-zA-Z]")
_DATES = ("pubdate", "published", "issued", "dc:date", "date", "created", "updated", "modified", "atom:updated")
_SUMMARIES = ("description", "summary", "dc:description", "itunes:summary", "itunes:subtitle", "subtitle")
_CONTENTS = ("content:encoded", "content", "xhtml:body", "encoded", "body", "fulltext")


def read_xml_feed(text: str) -> RawFeed:
    """Parse an RSS or Atom feed.

    XML that is not well-formed is read as far as possible and mentioned in
    the feed's ``notes``. Raises :class:`SourceError` where ``text`` is not a feed.
    """
    body = strip_prolog(text)
    if body is None:
        raise SourceError("not a feed: neither RSS nor Atom nor JSON Feed; give the address of a feed")
    root, notes = _parse(remove_invalid_characters(body))
    names = _Names(root)
    bases = _Bases(used="xml:base" in body)
    entries = list(_entries(root, names))
    channel = next((child for child in root.iterchildren("*") if names.of(child) == "channel"), root)
    found = names.children(channel)
    if not entries and channel is root and "title" not in found:
        raise SourceError("not a feed: there is nothing in it; look at its page in a browser")
    return RawFeed(
        title=_title(found),
        page=_page(found),
        base=bases.of(channel),
        ttl_minutes=_ttl(found),
        entries=_read_entries(entries, names, bases),
        omitted=max(0, len(entries) - MAX_ENTRIES),
        notes=notes,
    )


def _parse(text: str) -> tuple[_Element, tuple[str, ...]]:
    from lxml import etree

    # The document type is removed already. These options would disarm it.
    strict = etree.XMLParser(encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True)
    lenient = etree.XMLParser(encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, recover=True)
    try:
        return etree.fromstring(text.encode(), strict), ()
    except etree.XMLSyntaxError as error:
        reason = clean_line(error.msg or "")[:200]
    try:
        root = etree.fromstring(repair_entities(text).encode(), lenient)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise SourceError(f"not a feed: its XML cannot be read ({reason}); report it to the publisher")
    return root, (f"not well-formed XML, read as far as possible: {reason}",)


class _Names:
    """Maps elements to short names in lower case, whatever prefixes the feed uses for namespaces."""

    def __init__(self, root: _Element) -> None:
        self._by_tag: dict[object, str] = {}
        tag = root.tag if isinstance(root.tag, str) else ""
        self._root_namespace = tag[1:].partition("}")[0] if tag.startswith("{") else ""

    def of(self, element: _Element) -> str:
        """Return a name such as ``title`` or ``media:content``, empty for comments and the like."""
        tag = element.tag
        name = self._by_tag.get(tag)
        if name is None:
            name = self._by_tag[tag] = self._name(tag) if isinstance(tag, str) else ""
        return name

    def _name(self, tag: str) -> str:
        if not tag.startswith("{"):
            return tag.lower()  # an undeclared prefix is a part of the tag
        namespace, _, local = tag[1:].partition("}")
        if namespace == self._root_namespace and "rdf-syntax" not in namespace:
            return local.lower()
        for part, prefix in _NAMESPACES:
            if part in namespace.lower():
                return prefix + local.lower()
        return f"?{local.lower()}"

    def children(self, element: _Element) -> dict[str, list[_Element]]:
        """Return the children of ``element`` by name."""
        found: dict[str, list[_Element]] = {}
        for child in element.iterchildren("*"):
            found.setdefault(self.of(child), []).append(child)
        return found


def _entries(root: _Element, names: _Names) -> Iterator[_Element]:
    # At any depth: in RSS 1.0 they are beside the channel, and after a missing
    # end tag one is inside another.
    return (element for element in root.iter("*") if names.of(element) in {"item", "entry"})


def _read_entries(entries: list[_Element], names: _Names, bases: _Bases) -> tuple[RawEntry, ...]:
    """Return the first :data:`MAX_ENTRIES`, each without those inside of it."""
    kept = entries[:MAX_ENTRIES]
    if all(entry.getparent() is entries[0].getparent() for entry in entries):
        return tuple(_entry(entry, names, bases) for entry in kept)
    # Else each would be read again in all those around it.
    found: list[RawEntry] = []
    for at, entry in reversed(list(enumerate(entries))):
        if at < len(kept):
            found.append(_entry(entry, names, bases))
        entry.clear(keep_tail=True)
    return tuple(reversed(found))


def _text(element: _Element) -> str:
    """Return the text in ``element`` and its descendants."""
    return "".join(element.itertext("*")).strip() if len(element) else (element.text or "").strip()


def _first(found: dict[str, list[_Element]], *names: str) -> str:
    for name in names:
        for element in found.get(name, ()):
            if text := _text(element):
                return text
    return ""


def _html(element: _Element) -> str:
    """Return the content of an element as HTML, by its ``type`` (RFC 4287, section 3.1)."""
    kind = (element.get("type") or "").lower()
    if len(element):
        return _inner(element)
    text = (element.text or "").strip()
    if not isinstance(element.tag, str) or not _is_atom(element):
        return text
    if "html" in kind or element.get("mode") == "escaped":
        return text
    if kind not in {"", "text", "text/plain"}:
        return ""  # an embedded file of another type
    # Plain text by default, but many feeds have undeclared HTML.
    return text if _CLOSING_TAG.search(text) else escape(text, quote=False)


def _lines(text: str) -> str:
    """Return text as HTML. Plain text keeps its line breaks."""
    return text if _CLOSING_TAG.search(text) else escape(text, quote=False).replace("\n", "<br>")


def _is_atom(element: _Element) -> bool:
    return "atom" in str(element.tag).partition("}")[0].lower()


def _inner(element: _Element) -> str:
    """Return the contents of ``element`` as HTML, without namespaces."""
    from lxml import etree

    for inner in element.iter("*"):
        name = str(inner.tag).rpartition("}")[2].rpartition(":")[2]
        inner.tag = name if _HTML_NAME.fullmatch(name) else "span"
    etree.cleanup_namespaces(element)
    written = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return written.partition(">")[2].rpartition("<")[0]


class _Bases:
    """The ``xml:base`` of elements, each found once however deep they are nested."""

    def __init__(self, *, used: bool) -> None:
        self._used = used  # most feeds have none
        self._known: dict[_Element, str] = {}

    def of(self, element: _Element) -> str:
        """Return the base of ``element``, empty where none is declared."""
        if not self._used:
            return ""
        unknown: list[_Element] = []
        at: _Element | None = element
        while at is not None and at not in self._known:
            unknown.append(at)
            at = at.getparent()
        base = "" if at is None else self._known[at]
        for inner in reversed(unknown):
            if (declared := inner.get(_XML_BASE)) and len(base) <= _MAX_BASE:
                base = _join(base, declared)
            self._known[inner] = base
        return base


def _join(base: str, more: str) -> str:
    from urllib.parse import urljoin

    try:
        return urljoin(base.strip(), more.strip())
    except ValueError:
        return base


def _title(found: dict[str, list[_Element]]) -> str:
    for name in ("title", "media:title", "dc:title", "itunes:title", "atom:title"):
        for element in found.get(name, ()):
            # Elements in a plain text title mean that its end tag is missing.
            nested = len(element) and "html" not in (element.get("type") or "")
            if title := (element.text or "").strip() if nested else _html(element):
                return title
    return ""


def _page(found: dict[str, list[_Element]]) -> str:
    """Return the address of the web page: Atom's alternate link, or the link of RSS."""
    fallback = ""
    for element in [*found.get("link", ()), *found.get("atom:link", ())]:
        address = (element.get("href") or "").strip()
        relation = (element.get("rel") or "alternate").strip().lower()
        if not address:
            if text := _text(element):
                return text
        elif relation == "alternate":
            if "html" in (element.get("type") or "html"):
                return address
            fallback = fallback or address
    return fallback


def _ttl(found: dict[str, list[_Element]]) -> int | None:
    text = _first(found, "ttl")
    if text.isascii() and text.isdigit() and len(text) < 8:
        return int(text) or None
    period = _PERIODS.get(_first(found, "sy:updateperiod").lower())
    if period is None:
        return None
    frequency = _first(found, "sy:updatefrequency")
    times = int(frequency) if frequency.isascii() and frequency.isdigit() and len(frequency) < 5 else 1
    return max(1, period // max(1, times))


def _entry(element: _Element, names: _Names, bases: _Bases) -> RawEntry:
    found = names.children(element)
    link = _first(found, "feedburner:origlink") or _page(found)
    identifier = _first(found, "guid", "id", "dc:identifier") or element.get(_RDF_ABOUT) or ""
    if not link and "://" in identifier and all(guid.get("isPermaLink") != "false" for guid in found.get("guid", ())):
        link = identifier
    source_name = source_page = ""
    for source in found.get("source", ()):
        inside = names.children(source)
        source_name = _title(inside) or ("" if inside else _text(source))
        source_page = _page(inside) or source.get("url") or ""
    bodies = [_html(item) for name in _CONTENTS for item in found.get(name, ()) if not item.get("src")]
    summaries = [_html(item) for name in _SUMMARIES for item in found.get(name, ())]
    groups = [names.children(group) for group in found.get("media:group", ())]
    summaries += [_lines(_first(group, "media:description")) for group in (found, *groups)]
    base = next((item for name in ("content", "summary", "link") for item in found.get(name, ())), element)
    return RawEntry(
        identifier=identifier,
        title=_title(found) or next((title for group in groups if (title := _title(group))), ""),
        link=link,
        base=bases.of(base),
        dates=tuple(_text(item) for name in _DATES for item in found.get(name, ())),
        summary=next((text for text in summaries if text), ""),
        content=next((text for text in bodies if text), ""),
        source_name=source_name,
        source_page=source_page,
        publisher=_first(found, "dc:publisher"),
        categories=tuple(_categories(found)),
        media=tuple(item for group in (found, *groups) for item in _media(group)),
    )


def _categories(found: dict[str, list[_Element]]) -> Iterator[str]:
    for name in ("category", "dc:subject"):
        for element in found.get(name, ()):
            yield _text(element) or element.get("label") or element.get("term") or ""


def _media(found: dict[str, list[_Element]]) -> Iterator[RawMedia]:
    links = [link for name in ("link", "atom:link") for link in found.get(name, ()) if link.get("rel") == "enclosure"]
    for element in [*found.get("enclosure", ()), *links, *found.get("media:content", ())]:
        address = (element.get("url") or element.get("href") or "").strip()
        if address:
            yield RawMedia(address, media_kind(element.get("type") or "", element.get("medium") or "", address))
    for name in ("media:thumbnail", "itunes:image", "image"):
        for element in found.get(name, ()):
            address = element.get("url") or element.get("href") or ("" if len(element) else _text(element))
            if address:
                yield RawMedia(address, "image")
