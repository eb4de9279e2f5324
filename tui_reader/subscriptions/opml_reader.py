"""Reads OPML 1.0 and 2.0, the format in which feed readers exchange lists of feeds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from xml.parsers import expat

from tui_reader.errors import SourceError
from tui_reader.model.text import clean_line, decode_entities, visible
from tui_reader.model.topic import Topic
from tui_reader.model.urls import safe_url, without_feed_scheme
from tui_reader.model.weights import Weight
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.feeds.encoding import decode_feed
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

_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,32};)")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(#?\w{1,32};)")

# What lists that are not well-formed XML are read by.
_TAG = re.compile(r"<(/?)(?:[A-Za-z_][\w.-]*:)?outline\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w.:-])([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_TITLE = re.compile(r"<title\b[^<>]*>([^<]*)", re.IGNORECASE)
_MAX_OUTLINE = 100_000  # characters of an outline's attributes

# Attributes with the address of a feed, besides xmlUrl. “url” is one if the type says so.
_ADDRESSES = ("xmlurl", "feedurl", "rssurl", "rssfeedurl")
_FEED_TYPES = frozenset({"rss", "atom", "rss1", "rss2", "feed", "rdf", "podcast"})
# A host without a scheme. A name of a file is none.
_BARE_HOST = re.compile(
    r"(?://)?(?![\w.-]+\.(?:xml|rss|rdf|atom|json|opml)\Z)[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?::\d+)?(?:[/?]|\Z)",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"[\t\r\n]+")
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
    """The contents of a list. ``repeated`` counts feeds that are in it again; ``notes`` tell what is wrong with it."""

    title: str
    description: str
    subscriptions: tuple[Subscription, ...]
    topics: tuple[Topic, ...]
    skipped: tuple[SkippedOutline, ...]
    repeated: int
    notes: tuple[str, ...] = ()


def read_opml(data: bytes, name: str) -> Opml:
    """Parse a list of feeds; error messages call it ``name``.

    Outlines around others are folders, and so is the ``category`` of a feed
    that is in none. Only feeds with http or https addresses are imported. A
    list with mistakes is read as far as possible. Raises :class:`SourceError`
    for anything that is not OPML, has a DOCTYPE or is too large.
    """
    name = visible(name)
    if len(data) > MAX_BYTES:
        raise SourceError(f"{name} is larger than {MAX_BYTES // 1024**2} MB: split it into smaller lists")
    text = _repair(decode_feed(data))
    notes = ("some characters are not valid in its encoding and were replaced by \ufffd",) if "\ufffd" in text else ()
    reader = _Reader(name)
    # This encoding overrides the one that the XML declares.
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    try:
        parser.Parse(text.encode(errors="replace"), True)
    except expat.ExpatError as error:
        what = f"line {error.lineno}: {expat.ErrorString(error.code)}"
        found = _read_damaged(text, name)
        if found is None:
            raise SourceError(f"{name} is not valid OPML: {what}") from error
        return found._replace(notes=(f"not well-formed XML, read as far as possible ({what})", *notes))
    return reader.result()._replace(notes=notes)


def _read_damaged(text: str, name: str) -> Opml | None:
    """Read a list that is not well-formed XML by its tags alone; return ``None`` where it has no outline of a feed.

    An outline goes on to the next one, whatever is in between, so a mistake
    spoils no more than its own attributes.
    """
    reader = _Reader(name)
    text = _without_comments(text)
    tags = list(_TAG.finditer(text))
    reader.start("opml", {})
    is_feed = False  # the outline before this tag, which may be its end tag
    for at, tag in enumerate(tags):
        until = tags[at + 1].start() if at + 1 < len(tags) else len(text)
        if tag[1]:
            if not is_feed:
                reader.end_damaged()
            is_feed = False
            continue
        inside = text[tag.end() : min(until, tag.end() + _MAX_OUTLINE)]
        attributes: dict[str, str] = {}
        for attribute, *values in _ATTRIBUTE.findall(inside):
            attributes.setdefault(attribute, decode_entities("".join(values)))
        reader.start("outline", attributes)
        # Only folders stay open: the end tags of feeds are often missing.
        closed = inside[: inside.rfind(">")].endswith("/")
        is_feed = not closed and _address(attributes) is not None
        if closed or is_feed:
            reader.end("outline")
    if not reader.subscriptions and not reader.skipped:
        return None
    title = _TITLE.search(text, 0, tags[0].start())
    reader.head["title"] = decode_entities(title[1]) if title else ""
    return reader.result()


def _without_comments(text: str) -> str:
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return " ".join([*kept, text[at:]])


def _address(attributes: Mapping[str, str]) -> str | None:
    """Return what an outline gives as the address of a feed, or ``None`` if it gives none."""
    plain = {name.lower(): value for name, value in attributes.items()}
    for name in _ADDRESSES:
        if name in plain:
            return plain[name]
    return plain.get("url") if plain.get("type", "").strip().lower() in _FEED_TYPES else None


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
        local = tag.rpartition(":")[2].lower()
        if first and local != "opml":
            raise self._wrong_root(tag)
        if local == "outline":
            self._outline(attributes)
        elif element in self.head:
            self._head_element = element
        elif element == f"{_PREFIX}topic":
            self._topic(attributes)

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2].lower() == "outline":
            self._folders.pop()
        self._head_element = None
        self._namespaces.pop()

    def end_damaged(self) -> None:
        """End an outline, if one is open."""
        if self._folders:
            self.end("outline")

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
        address = _address(attributes)
        if address is not None:
            self._feed(title, address.strip(), attributes)
        elif "url" in plain or plain.get("type", "").strip().lower() == "rss":
            self._skip(title, "", "it has no xmlUrl with the address of a feed")
        self._folders.append(title)

    def _feed(self, title: str, address: str, attributes: dict[str, str]) -> None:
        if _COMMAND.match(address):
            self._skip(title, address, "it is a command, and commands are never run")
            return
        address = _plain_address(address)
        if safe_url(address) is None:
            self._skip(title, address, "only http and https addresses are imported")
            return
        location, auth = split_credentials(address)
        key = source_key(location)
        folder = tuple(name for name in self._folders if name) or _category(attributes)
        if (known := self.subscriptions.get(key)) is not None:
            self.repeated += 1
            if folder and not known.folder:
                # Some readers list every feed at the top, and again in its folder.
                self.subscriptions[key] = known._replace(folder=folder)
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
            folder=folder,
            paused=ours.get(f"{_PREFIX}paused") == "true",
            topics=_list(ours.get(f"{_PREFIX}topics", "")),
            auth=auth,
            every=_seconds(ours.get(f"{_PREFIX}every", "")),
            attributes=tuple(others.items()),
            weight=_weight(ours.get(f"{_PREFIX}weight", "")),
            apart=ours.get(f"{_PREFIX}apart") == "true",
            full_text=ours.get(f"{_PREFIX}fullText") == "true",
            selector=_line(ours.get(f"{_PREFIX}selector", "")),
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


def _plain_address(address: str) -> str:
    """Return an address with http or https where it has a scheme for feeds or none, and without spaces."""
    address = _IN_ADDRESS.sub("", address.strip()).replace(" ", "%20")
    address = without_feed_scheme(address)
    if _BARE_HOST.match(address):
        return "http://" + address.removeprefix("//")
    return address


def _category(attributes: Mapping[str, str]) -> tuple[str, ...]:
    """Return the folder that the first category of a feed names, as slashes divide it."""
    text = next((value for name, value in attributes.items() if name.lower() == "category"), "")
    first = next((part for part in text[:_VALUE_LENGTH].split(",") if part.strip(" /")), "")
    return tuple(name for part in first.split("/") if (name := _line(part)))[:MAX_FOLDERS]


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
