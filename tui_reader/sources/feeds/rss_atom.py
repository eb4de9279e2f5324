"""Parses RSS 0.9x, 1.0 and 2.0 and Atom 0.3 and 1.0, with common extensions, well-formed or not.

All formats are read by one set of rules: the name of an element determines its
meaning, and many feeds mix formats. The XML parser is libxml2, through lxml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
    ("rssboard.org/media-rss", "media:"),
    ("prismstandard.org/namespaces/", "prism:"),
    ("purl.oclc.org/net/rss_2.0/enc", "enc:"),
    ("www.w3.org/1999/02/22-rdf-syntax-ns", "rdf:"),
    ("www.w3.org/1999/xhtml", "xhtml:"),
    ("purl.org/rss/1.0", ""),
    ("netscape.com/rdf/simple", ""),
    ("backend.userland.com/rss", ""),
    ("blogs.law.harvard.edu/tech/rss", ""),
)
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_RDF_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}  # minutes
_HTML_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_MAX_BASE = 4096  # characters, as in any address
_CLOSING_TAG = re.compile(r"</[a-zA-Z]")
# Best first. The terms of Dublin Core (dcterms:) are named as its elements (dc:).
_DATES = (
    "pubdate", "published", "atom:published", "issued", "atom:issued", "dc:issued", "dc:date", "dc:available", "date",
    "prism:publicationdate", "created", "atom:created", "dc:created", "dc:datesubmitted", "updated", "atom:updated",
    "modified", "atom:modified", "dc:modified", "prism:modificationdate", "prism:coverdate",
)  # fmt: skip
_SUMMARIES = (
    "description", "summary", "atom:summary", "dc:description", "dc:abstract", "itunes:summary", "itunes:subtitle",
    "subtitle",
)  # fmt: skip
_CONTENTS = ("content:encoded", "content", "atom:content", "xhtml:body", "encoded", "body", "fulltext", "fullitem")
_DATE_RANKS, _SUMMARY_RANKS, _CONTENT_RANKS = (
    {name: rank for rank, name in enumerate(names)} for names in (_DATES, _SUMMARIES, _CONTENTS)
)
_LINKS = ("link", "atom:link")
_RELATIONS = frozenset({"alternate", "self", "replies", "enclosure"})
# A name in the first group that has one is the author.
_AUTHORS = (("author", "atom:author"), ("dc:creator",), ("itunes:author",), ("creator",))
_PERSON = re.compile(
    r"(?:mailto:)?[^\s@<>()]+@[^\s@<>()]+(?:\s*\((?P<behind>[^()]+)\))?|(?P<before>[^<>()]+?)\s*[<(][^\s@]+@[^\s@]+[>)]"
)
_PERSON_LENGTH = 500  # characters
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "big", "br", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins", "kbd", "mark",
    "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
})  # fmt: skip
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_IN_ADDRESS = re.compile(r"[\t\r\n]\s*")


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
    authors = _authors(found, names, _AUTHORS[:1])
    if not entries and channel is root and "title" not in found:
        raise SourceError("not a feed: there is nothing in it; look at its page in a browser")
    return RawFeed(
        title=_title(found),
        page=_page(found),
        base=bases.of(channel),
        address=_related(found, "self"),
        ttl_minutes=_ttl(found),
        entries=_read_entries(entries, names, bases, authors),
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


def _read_entries(
    entries: list[_Element], names: _Names, bases: _Bases, authors: tuple[str, ...]
) -> tuple[RawEntry, ...]:
    """Return the first :data:`MAX_ENTRIES`, each without those inside of it."""
    kept = entries[:MAX_ENTRIES]
    if all(entry.getparent() is entries[0].getparent() for entry in entries):
        return tuple(_entry(entry, names, bases, authors) for entry in kept)
    # Else each would be read again in all those around it.
    found: list[RawEntry] = []
    for at, entry in reversed(list(enumerate(entries))):
        if at < len(kept):
            found.append(_entry(entry, names, bases, authors))
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
    """Return the content of an element as HTML, by its ``type`` (RFC 4287, section 3.1) and ``mode`` (Atom 0.3)."""
    if len(element):
        return _inner(element)
    text = (element.text or "").strip()
    kind = element.get("type") or ""
    if kind == "html":
        return text  # nearly all of Atom
    kind, mode = kind.strip().lower(), (element.get("mode") or "").strip().lower()
    if "base64" in (mode, kind, element.get("encoding")):
        text = _from_base64(text)
    if "html" in kind:
        return text
    if kind.startswith("text"):
        return _plain(text)
    if "/" in kind and _is_atom(element):
        return ""  # an embedded file of another type
    # Atom means plain text, but many feeds have undeclared HTML.
    return _plain(text) if _is_atom(element) and mode != "escaped" and not _CLOSING_TAG.search(text) else text


def _plain(text: str) -> str:
    """Return plain text as HTML, with its paragraphs."""
    return _PARAGRAPH.sub("<p>", escape(text, quote=False))


def _from_base64(text: str) -> str:
    from base64 import b64decode

    from tui_reader.sources.feeds.encoding import decode_feed

    try:
        return decode_feed(b64decode("".join(text.split()))).strip()
    except ValueError:
        return text  # it is declared, but not so


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
            if title := _html(element) if _is_whole(element) else (element.text or "").strip():
                return title
    return ""


def _is_whole(title: _Element) -> bool:
    """Return whether a title has only markup in it. Other elements mean that its end tag is missing."""
    if not len(title) or "html" in (title.get("type") or ""):
        return True
    inside = (str(child.tag).lower() for child in title.iterchildren("*"))
    return all(tag in _INLINE or "/xhtml}" in tag for tag in inside)


def _page(found: dict[str, list[_Element]]) -> str:
    """Return the address of the web page: Atom's alternate link, or the link of RSS."""
    fallback = ""
    for element in (link for name in _LINKS for link in found.get(name, ())):
        address = (element.get("href") or "").strip()
        if not address:
            if text := _text(element):
                return _IN_ADDRESS.sub("", text)
        elif _relation(element) == "alternate":
            if "html" in (element.get("type") or "html"):
                return address
            fallback = fallback or address
    return fallback


def _relation(link: _Element) -> str:
    """Return what a link of Atom is for. The registered words may be written as addresses (RFC 4287, 4.2.7.2)."""
    relation = link.get("rel") or "alternate"
    return relation if relation in _RELATIONS else relation.strip().lower().rpartition("/")[2]


def _related(found: dict[str, list[_Element]], relation: str, kind: str = "") -> str:
    """Return the address of the first link with a relation, and with a type that contains ``kind``."""
    for name in _LINKS:
        for element in found.get(name, ()):
            if _relation(element) == relation and kind in (element.get("type") or kind):
                return (element.get("href") or "").strip()
    return ""


def _authors(
    found: dict[str, list[_Element]], names: _Names, groups: tuple[tuple[str, ...], ...] = _AUTHORS
) -> tuple[str, ...]:
    """Return the names of the authors."""
    for group in groups:
        if found.keys().isdisjoint(group):
            continue
        people = [_person(element, names) for name in group for element in found.get(name, ())]
        if authors := tuple(dict.fromkeys(filter(None, people))):
            return authors
    return ()


def _person(element: _Element, names: _Names) -> str:
    """Return the name of a person: of Atom, or of RSS, where it is behind a mail address in brackets."""
    inside = names.children(element) if len(element) else {}
    text = (_first(inside, "name", "atom:name", "?name") if inside else _text(element))[:_PERSON_LENGTH].strip()
    match = _PERSON.fullmatch(text) if "@" in text else None
    return (match["behind"] or match["before"] or "").strip(' "') if match else text


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


def _entry(element: _Element, names: _Names, bases: _Bases, feed_authors: tuple[str, ...]) -> RawEntry:
    found = names.children(element)
    link = _first(found, "feedburner:origlink") or _page(found)
    identifier = _first(found, "guid", "id", "atom:id", "dc:identifier") or element.get(_RDF_ABOUT) or ""
    if not link and "://" in identifier and all(guid.get("isPermaLink") != "false" for guid in found.get("guid", ())):
        link = identifier
    if not link:  # the text is on another page (RFC 4287, section 4.1.3.2)
        link = next((address for content in found.get("content", ()) if (address := content.get("src"))), "")
    source_name = source_page = ""
    authors = _authors(found, names)
    for source in found.get("source", ()):
        inside = names.children(source)
        source_name = _title(inside) or ("" if inside else _text(source))
        source_page = _page(inside) or source.get("url") or ""
        authors = authors or _authors(inside, names)
    bodies = [_html(item) for item in _ranked(found, _CONTENT_RANKS) if not item.get("src")]
    summaries = [_html(item) for item in _ranked(found, _SUMMARY_RANKS)]
    groups = [names.children(group) for group in found.get("media:group", ())]
    summaries += [_lines(_first(group, "media:description")) for group in (found, *groups)]
    base = next(
        (item for name in ("content", "atom:content", "summary", "link") for item in found.get(name, ())), element
    )
    return RawEntry(
        identifier=identifier,
        title=_title(found) or next((title for group in groups if (title := _title(group))), ""),
        link=link,
        base=bases.of(base),
        dates=tuple(map(_text, _ranked(found, _DATE_RANKS))),
        summary=next((text for text in summaries if text), ""),
        content=next((text for text in bodies if text), ""),
        source_name=source_name,
        source_page=source_page,
        publisher=_first(found, "dc:publisher"),
        categories=tuple(_categories(found)),
        media=tuple(item for group in (found, *groups) for item in _media(group, names)),
        authors=authors or (() if source_name else feed_authors),
        comments=_first(found, "comments") or _related(found, "replies", "html"),
    )


def _ranked(found: dict[str, list[_Element]], ranks: Mapping[str, int]) -> list[_Element]:
    """Return the elements whose names are in ``ranks``, the best first."""
    names = [name for name in found if name in ranks]
    if len(names) > 1:
        names.sort(key=ranks.__getitem__)
    return [element for name in names for element in found[name]]


def _categories(found: dict[str, list[_Element]]) -> Iterator[str]:
    for name in ("category", "dc:subject"):
        for element in found.get(name, ()):
            yield _text(element) or element.get("label") or element.get("term") or ""


def _media(found: dict[str, list[_Element]], names: _Names) -> Iterator[RawMedia]:
    links = [link for name in _LINKS for link in found.get(name, ()) if _relation(link) == "enclosure"]
    for element in (*found.get("enclosure", ()), *links, *found.get("enc:enclosure", ())):
        address = element.get("url") or element.get("href") or element.get(_RDF_RESOURCE) or _text(element)
        if address := address.strip():
            yield RawMedia(address, media_kind(element.get("type") or "", address=address) or "file")
    contents = found.get("media:content", ())
    for element in contents:
        address = (element.get("url") or "").strip()
        kind = media_kind(element.get("type") or "", element.get("medium") or "", address)
        if not kind and element.get("width") and not element.get("duration"):
            kind = "image"
        if address:
            yield RawMedia(address, kind)
    inner = [names.children(element) for element in contents if len(element)] if contents else []
    for group in (found, *inner):
        for name in ("media:thumbnail", "itunes:image", "image"):
            for element in group.get(name, ()):
                address = element.get("url") or element.get("href") or ("" if len(element) else _text(element))
                if address:
                    yield RawMedia(address, "image")
