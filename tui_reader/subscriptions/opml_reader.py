"""Reads OPML 1.0 and 2.0, the format in which feed readers exchange lists of feeds."""

from __future__ import annotations

import codecs
import re
from html import escape
from typing import NamedTuple
from xml.parsers import expat

from tui_reader.errors import SourceError
from tui_reader.model.text import clean_line, decode_entities, visible
from tui_reader.model.topic import Topic
from tui_reader.model.urls import safe_url
from tui_reader.model.weights import Weight
from tui_reader.subscriptions.opml_format import INVALID_XML, NAMESPACE, XML_NAMESPACE, is_preserved_attribute
from tui_reader.subscriptions.subscription import (
    MAX_FOLDERS,
    MIN_INTERVAL,
    Subscription,
    source_key,
    split_credentials,
)

MAX_BYTES = 8 * 1024 * 1024
"""Largest list that is read. 10,000 feeds take one or two megabytes."""

MAX_OUTLINES = 10_000

_PREFIX = f"{{{NAMESPACE}}}"
_TEXT_LENGTH = 500  # characters; longer titles are cut
_VALUE_LENGTH = 4096
_MAX_ATTRIBUTES = 40  # preserved per outline, and namespace prefixes declared per element
_MAX_DEPTH = 64  # levels of elements

_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Encodings in use. Others that Python knows are no character sets, or are slow (punycode).
_CHARSETS = re.compile(r"(?:iso[-_]?8859|windows|cp|koi8|mac|shift|sjis|euc|gb|big5|latin|utf[-_]?16)", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,32};)")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(#?\w{1,32};)")

# Newsboat runs the rest of such an address as a command, as Liferea does after "|".
_COMMAND = re.compile(r"\s*(?:\||exec:|filter:)", re.IGNORECASE)
# Attributes in which Liferea and RSS Guard store commands. Exported, they would
# run on the computer of whoever imports the list.
_COMMAND_ATTRIBUTES = frozenset({"filtercmd", "postprocess"})


class SkippedOutline(NamedTuple):
    """A part of a list that was not imported, and the reason."""

    name: str
    reason: str


class Opml(NamedTuple):
    """The contents of a list. ``repeated`` counts feeds that are in it again."""

    title: str
    description: str
    subscriptions: tuple[Subscription, ...]
    topics: tuple[Topic, ...]
    skipped: tuple[SkippedOutline, ...]
    repeated: int


def read_opml(data: bytes, name: str) -> Opml:
    """Parse a list of feeds; error messages call it ``name``.

    Outlines around others are folders. Only feeds with http or https
    addresses are imported. Wrong encodings and bare ampersands are accepted.
    Raises :class:`SourceError` for anything that is not OPML, is damaged,
    has a DOCTYPE or is too large.
    """
    name = visible(name)
    if len(data) > MAX_BYTES:
        raise SourceError(f"{name} is larger than {MAX_BYTES // 1024**2} MB: split it into smaller lists")
    reader = _Reader(name)
    # This encoding overrides the one that the XML declares.
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    try:
        parser.Parse(_repair(_decode(data)).encode(), True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise SourceError(f"{name} is not valid OPML: line {error.lineno}: {what}") from error
    return reader.result()


def _decode(data: bytes) -> str:
    for mark, charset in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(charset, "replace")
    for start, charset in ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be")):
        if data.startswith(start):
            return data.decode(charset, "replace")
    # UTF-8 first: text in another encoding is hardly ever valid UTF-8, and many lists declare a wrong one.
    declared = _DECLARED.match(data)
    name = declared[1].decode() if declared else ""
    for charset in ("utf-8", name) if _CHARSETS.match(name) else ("utf-8",):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue  # the declaration is wrong; try the next
    return data.decode("cp1252", "replace")


def _repair(text: str) -> str:
    """Return ``text`` as XML: no leading space or control characters, ampersands and HTML entities escaped."""
    text = _BARE_AMPERSAND.sub("&amp;", text.lstrip("\ufeff \t\r\n"))
    return INVALID_XML.sub(" ", _ENTITY.sub(_repair_entity, text))


def _repair_entity(match: re.Match[str]) -> str:
    decoded = decode_entities(match[0])
    return escape(decoded) if decoded != match[0] else "&amp;" + match[1]


class _Reader:
    """Handles the events of expat and collects subscriptions."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.head = {"title": "", f"{_PREFIX}description": ""}
        self.subscriptions: dict[str, Subscription] = {}
        self.topics: list[Topic] = []
        self.skipped: list[SkippedOutline] = []
        self.repeated = 0
        self._outlines = 0
        self._namespaces = [{"xml": XML_NAMESPACE}]  # by prefix, for each open element
        self._folders: list[str] = []  # titles of the open outlines, "" for one without
        self._head_element: str | None = None  # the open element of the head whose text is kept

    def result(self) -> Opml:
        title, description = (_line(text) for text in self.head.values())
        return Opml(
            title=title,
            description=description,
            subscriptions=tuple(self.subscriptions.values()),
            topics=tuple(self.topics),
            skipped=tuple(self.skipped),
            repeated=self.repeated,
        )

    def doctype(self, root: str, *_: object) -> None:
        """Refuse a DOCTYPE: OPML needs none, and its entities can be used for attacks."""
        if root.lower() != "opml":
            raise self._wrong_root(root)
        raise SourceError(f"{self.name} has a DOCTYPE, which is not supported: remove that line if you trust the file")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        first = len(self._namespaces) == 1
        if len(self._namespaces) > _MAX_DEPTH:
            raise SourceError(f"{self.name} has more than {_MAX_DEPTH} levels of elements")
        declared = [(name[6:], value) for name, value in attributes.items() if name.startswith("xmlns:") and value]
        outer = self._namespaces[-1]
        self._namespaces.append(outer | dict(declared[:_MAX_ATTRIBUTES]) if declared else outer)
        element = self._qualified(tag)
        if first and element.lower() != "opml":
            raise self._wrong_root(tag)
        if element.lower() == "outline":
            self._outline(attributes)
        elif element in self.head:
            self._head_element = element
        elif element == f"{_PREFIX}topic":
            self._topic(attributes)

    def end(self, tag: str) -> None:
        if tag.lower() == "outline":
            self._folders.pop()
        self._head_element = None
        self._namespaces.pop()

    def characters(self, text: str) -> None:
        if self._head_element and len(self.head[self._head_element]) < _VALUE_LENGTH:
            self.head[self._head_element] += text

    def _wrong_root(self, tag: str) -> SourceError:
        return SourceError(f"{self.name} is not OPML: it begins with <{clean_line(tag)[:40]}>")

    def _qualified(self, name: str) -> str:
        """Return ``{namespace}name`` for a name with a prefix. An undeclared prefix is its own namespace."""
        prefix, colon, local = name.partition(":")
        return f"{{{self._namespaces[-1].get(prefix, prefix)}}}{local}" if colon and prefix else name

    def _outline(self, attributes: dict[str, str]) -> None:
        self._outlines += 1
        if self._outlines > MAX_OUTLINES:
            raise SourceError(f"{self.name} has more than {MAX_OUTLINES:,} outlines: split it into smaller lists")
        if len(self._folders) > MAX_FOLDERS:
            raise SourceError(f"{self.name} has more than {MAX_FOLDERS + 1} levels of outlines")
        plain: dict[str, str] = {}
        for name, value in attributes.items():
            plain.setdefault(name.lower(), value)
        title = _line(plain.get("text", "")) or _line(plain.get("title", ""))
        address = plain.get("xmlurl")
        if address is not None:
            self._feed(title, address.strip(), attributes)
        elif "url" in plain or plain.get("type", "").lower() == "rss":
            self._skip(title, "", "it has no xmlUrl with the address of a feed")
        self._folders.append(title)

    def _feed(self, title: str, address: str, attributes: dict[str, str]) -> None:
        if _COMMAND.match(address):
            self._skip(title, address, "it is a command, and commands are never run")
            return
        if safe_url(address) is None:
            self._skip(title, address, "only http and https addresses are imported")
            return
        location, auth = split_credentials(address)
        key = source_key(location)
        if key in self.subscriptions:
            self.repeated += 1
            return
        ours: dict[str, str] = {}
        others: dict[str, str] = {}
        for name, value in attributes.items():
            full = self._qualified(name)
            if full.startswith(_PREFIX):
                ours[full] = value
            elif full.rpartition("}")[2].lower() in _COMMAND_ATTRIBUTES:
                self._skip(title, address, f"its {visible(name)} is a command: the feed was imported without it")
            elif is_preserved_attribute(full) and _is_safe_attribute(full, value) and len(others) < _MAX_ATTRIBUTES:
                others[full] = visible(value)
        self.subscriptions[key] = Subscription(
            location=location,
            title="" if title == location else title,  # an export writes the location where there is no title
            folder=tuple(name for name in self._folders if name),
            paused=ours.get(f"{_PREFIX}paused") == "true",
            topics=_list(ours.get(f"{_PREFIX}topics", "")),
            auth=auth,
            every=_seconds(ours.get(f"{_PREFIX}every", "")),
            attributes=tuple(others.items()),
            weight=_weight(ours.get(f"{_PREFIX}weight", "")),
            apart=ours.get(f"{_PREFIX}apart") == "true",
        )

    def _topic(self, attributes: dict[str, str]) -> None:
        name = _line(attributes.get("name", ""))
        if name:
            parent, about = _line(attributes.get("parent", "")), _line(attributes.get("description", ""))
            keywords = _list(attributes.get("keywords", ""))
            self.topics.append(Topic(name, parent, description=about, keywords=keywords))

    def _skip(self, title: str, address: str, reason: str) -> None:
        # Hide a password, whatever the scheme.
        bare = _line(re.sub(r"//[^/?#]*@", "//", address[:_VALUE_LENGTH]))[:120]
        self.skipped.append(SkippedOutline(f"{title} ({bare})" if title and bare else title or bare or "?", reason))


def _line(text: str) -> str:
    # Entities are decoded already: what still looks like one is text.
    line = clean_line(text[:_VALUE_LENGTH].replace("&", "&amp;"))
    return line if len(line) <= _TEXT_LENGTH else line[: _TEXT_LENGTH - 1].rstrip() + "…"


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in text[:_VALUE_LENGTH].split(",") if (name := _line(part))))


def _seconds(text: str) -> int | None:
    seconds = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    return seconds if seconds >= MIN_INTERVAL else None


def _weight(text: str) -> Weight:
    return Weight(text) if text in Weight.__members__.values() else Weight.NORMAL


def _is_safe_attribute(name: str, value: str) -> bool:
    """Return whether an attribute is worth preserving and safe to export."""
    if (name, value) == ("type", "rss") or len(value) > _VALUE_LENGTH:
        return False  # always written, or too long to be meant for people
    return name.lower() != "htmlurl" or safe_url(value) is not None
