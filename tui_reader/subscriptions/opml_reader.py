"""Reads lists of feeds as OPML 1.0 and 2.0, the format in which feed readers hand them over."""

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
from tui_reader.subscriptions.subscription import (
    MAX_FOLDERS,
    MIN_INTERVAL,
    Subscription,
    source_key,
    split_credentials,
)

MAX_BYTES = 8 * 1024 * 1024
"""A longer list is refused; 10,000 feeds take one or two megabytes."""
MAX_OUTLINES = 10_000

NAMESPACE = "urn:x-news-tui"
"""The namespace of what OPML has no word for: topics and their keywords, paused, every."""
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
"""The namespace of the prefix xml, which nobody has to declare."""
# XML allows more in a name; what other readers write is of this form.
QUALIFIED_NAME = re.compile(r"(?:\{([^{}]+)\})?([A-Za-z_][A-Za-z0-9._-]*)")
"""The full name of an attribute: its namespace, where it has one, and its own name."""
INVALID_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML may hold."""

_OWN = f"{{{NAMESPACE}}}"
_TEXT_LENGTH = 500  # characters; a longer title is cut, a longer description left out
_VALUE_LENGTH = 4096
_ATTRIBUTES = 40  # kept of one outline, and prefixes of namespaces declared by one element
_ELEMENTS = 64  # inside one another, whatever they are

_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# What lists were really written in; Python's other codecs are no character sets, or slow on purpose.
_CHARSETS = re.compile(r"(?:iso[-_]?8859|windows|cp|koi8|mac|shift|sjis|euc|gb|big5|latin|utf[-_]?16)", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,32};)")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(#?\w{1,32};)")

# Newsboat runs what follows these, and Liferea and others what follows a "|".
_COMMAND = re.compile(r"\s*(?:\||exec:|filter:)", re.IGNORECASE)
# Attributes that hold a command for the readers that write them (Liferea, RSS
# Guard): handed on, they would be run by whoever gets our list.
_COMMAND_NAMES = frozenset({"filtercmd", "postprocess"})


class SkippedOutline(NamedTuple):
    """Something in a list that was not taken: what it is called, and why."""

    name: str
    reason: str


class Opml(NamedTuple):
    """What a list holds: each feed once. ``repeated`` counts those that it lists again."""

    title: str
    description: str
    subscriptions: tuple[Subscription, ...]
    topics: tuple[Topic, ...]
    refused: tuple[SkippedOutline, ...]
    repeated: int


def read_opml(data: bytes, name: str) -> Opml:
    """Read a list of feeds; ``name`` is what it is called in messages.

    Folders are outlines around others. Only http and https addresses are
    taken. A wrong encoding and bare ampersands are put up with. Raises
    :class:`SourceError` for what is no OPML, is cut off, defines types or
    entities, or is too large.
    """
    name = visible(name)
    if len(data) > MAX_BYTES:
        raise SourceError(f"{name} has more than {MAX_BYTES // 1024**2} MB: split it into smaller lists")
    reader = _Reader(name)
    # The encoding given here counts, whatever the text says of itself.
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = reader.refuse_types
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    try:
        parser.Parse(_sound(_decoded(data)).encode(), True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise SourceError(f"{name} is damaged, or no OPML: line {error.lineno}: {what}") from error
    return reader.result()


def _decoded(data: bytes) -> str:
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(charset, "replace")
    for start, charset in ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be")):
        if data.startswith(start):
            return data.decode(charset, "replace")
    # UTF-8 first: other text hardly ever passes for it, but much of it says to be something else.
    declared = _DECLARED.match(data)
    said = declared[1].decode() if declared else ""
    for charset in ("utf-8", said) if _CHARSETS.match(said) else ("utf-8",):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue  # it is not what it says; the next guess may fit
    return data.decode("cp1252", "replace")


def _sound(text: str) -> str:
    """Mend what keeps many lists from being XML: space in front, controls, ampersands, names that HTML has."""
    text = _BARE_AMPERSAND.sub("&amp;", text.lstrip("\ufeff \t\r\n"))
    return INVALID_XML.sub(" ", _ENTITY.sub(_sound_entity, text))


def _sound_entity(match: re.Match[str]) -> str:
    decoded = decode_entities(match[0])
    return escape(decoded) if decoded != match[0] else "&amp;" + match[1]


class _Reader:
    """Takes what expat finds and makes subscriptions of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.head = {"title": "", f"{_OWN}description": ""}
        self.found: dict[str, Subscription] = {}
        self.topics: list[Topic] = []
        self.refused: list[SkippedOutline] = []
        self.repeated = 0
        self._outlines = 0
        self._spaces = [{"xml": XML_NAMESPACE}]  # the prefixes known in each open element
        self._folders: list[str] = []  # of the open outlines; empty for one without a name
        self._listened: str | None = None  # the element of the head whose text comes

    def result(self) -> Opml:
        title, description = (_line(text) for text in self.head.values())
        found, topics, refused = tuple(self.found.values()), tuple(self.topics), tuple(self.refused)
        return Opml(title, description, found, topics, refused, self.repeated)

    def refuse_types(self, root: str, *_: object) -> None:
        """Refuse every document type: no OPML needs one, and entities are how lists attack their readers."""
        if root.lower() != "opml":
            raise self._other(root)
        raise SourceError(f"{self.name} has a DOCTYPE, which is never read: take the line out if you trust the file")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        first = len(self._spaces) == 1
        if len(self._spaces) > _ELEMENTS:
            raise SourceError(f"{self.name} has more than {_ELEMENTS} elements inside one another")
        declared = [(name[6:], value) for name, value in attributes.items() if name.startswith("xmlns:") and value]
        self._spaces.append(self._spaces[-1] | dict(declared[:_ATTRIBUTES]) if declared else self._spaces[-1])
        element = self._full(tag)
        if first and element.lower() != "opml":
            raise self._other(tag)
        if element.lower() == "outline":
            self._outline(attributes)
        elif element in self.head:
            self._listened = element
        elif element == f"{_OWN}topic":
            self._topic(attributes)

    def end(self, tag: str) -> None:
        if tag.lower() == "outline":
            self._folders.pop()
        self._listened = None
        self._spaces.pop()

    def characters(self, text: str) -> None:
        if self._listened and len(self.head[self._listened]) < _VALUE_LENGTH:
            self.head[self._listened] += text

    def _other(self, tag: str) -> SourceError:
        return SourceError(f"{self.name} is no OPML, a list of feeds: it begins with <{clean_line(tag)[:40]}>")

    def _full(self, name: str) -> str:
        """The name with its namespace in place of a prefix; a prefix that nobody declared stands for itself."""
        prefix, colon, local = name.partition(":")
        return f"{{{self._spaces[-1].get(prefix, prefix)}}}{local}" if colon and prefix else name

    def _outline(self, attributes: dict[str, str]) -> None:
        self._outlines += 1
        if self._outlines > MAX_OUTLINES:
            raise SourceError(f"{self.name} holds more than {MAX_OUTLINES:,} outlines: split it into smaller lists")
        if len(self._folders) > MAX_FOLDERS:
            raise SourceError(f"{self.name} has more than {MAX_FOLDERS + 1} outlines inside one another")
        plain: dict[str, str] = {}
        for name, value in attributes.items():
            plain.setdefault(name.lower(), value)
        title = _line(plain.get("text", "")) or _line(plain.get("title", ""))
        address = plain.get("xmlurl")
        if address is not None:
            self._feed(title, address.strip(), attributes)
        elif "url" in plain or plain.get("type", "").lower() == "rss":
            self._refuse(title, "", "it has no xmlUrl, the address of a feed")
        self._folders.append(title)

    def _feed(self, title: str, address: str, attributes: dict[str, str]) -> None:
        if _COMMAND.match(address):
            self._refuse(title, address, "it would run a command, which is never done")
            return
        if safe_url(address) is None:
            self._refuse(title, address, "only http and https addresses are taken")
            return
        location, auth = split_credentials(address)
        key = source_key(location)
        if key in self.found:
            self.repeated += 1
            return
        own: dict[str, str] = {}
        others: dict[str, str] = {}
        for name, value in attributes.items():
            full = self._full(name)
            if full.startswith(_OWN):
                own[full] = value
            elif full.rpartition("}")[2].lower() in _COMMAND_NAMES:
                self._refuse(title, address, f"its {visible(name)}, a command, is left out and the feed taken")
            elif is_preserved_attribute(full) and _is_sound(full, value) and len(others) < _ATTRIBUTES:
                others[full] = visible(value)
        self.found[key] = Subscription(
            location=location,
            title="" if title == location else title,  # as it is written where there is none
            folder=tuple(name for name in self._folders if name),
            paused=own.get(f"{_OWN}paused") == "true",
            topics=_list(own.get(f"{_OWN}topics", "")),
            auth=auth,
            every=_seconds(own.get(f"{_OWN}every", "")),
            attributes=tuple(others.items()),
        )

    def _topic(self, attributes: dict[str, str]) -> None:
        name = _line(attributes.get("name", ""))
        if name:
            parent, about = _line(attributes.get("parent", "")), _line(attributes.get("description", ""))
            keywords = _list(attributes.get("keywords", ""))
            self.topics.append(Topic(name, parent, description=about, keywords=keywords))

    def _refuse(self, title: str, address: str, reason: str) -> None:
        # Whatever the scheme, a password is not for the screen.
        bare = _line(re.sub(r"//[^/?#]*@", "//", address[:_VALUE_LENGTH]))[:120]
        self.refused.append(SkippedOutline(f"{title} ({bare})" if title and bare else title or bare or "?", reason))


def _line(text: str) -> str:
    # XML has decoded its entities already: what looks like one now is text.
    line = clean_line(text[:_VALUE_LENGTH].replace("&", "&amp;"))
    return line if len(line) <= _TEXT_LENGTH else line[: _TEXT_LENGTH - 1].rstrip() + "…"


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in text[:_VALUE_LENGTH].split(",") if (name := _line(part))))


def _seconds(text: str) -> int | None:
    seconds = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    return seconds if seconds >= MIN_INTERVAL else None


def is_preserved_attribute(name: str) -> bool:
    """Whether an attribute, by its full name, is one to hand on: none of ours, and fit to be written."""
    match = QUALIFIED_NAME.fullmatch(name)
    if match is None or match[1] in {NAMESPACE, "xmlns"}:
        return False
    return bool(match[1]) or not (name.lower() in {"text", "title"} or name.lower().startswith("xml"))


def _is_sound(name: str, value: str) -> bool:
    """Whether the value of an attribute is worth keeping, and harmless wherever it is handed on to."""
    if (name, value) == ("type", "rss") or len(value) > _VALUE_LENGTH:
        return False  # the one is written anyway, the other no text that a person wrote
    return name.lower() != "htmlurl" or safe_url(value) is not None
