"""Reads YAML as plain data: strings, lists and mappings, nothing that acts.

PyYAML's C parser does the reading; its events are put together here, so that
scalars stay the strings they were written as (``NO``, ``12:30`` and ``2020``
keep their spelling) and the two features that make YAML dangerous, aliases
and tags, are refused by name before anything is built from them.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import yaml

from tui_reader.errors import ArticleError
from tui_reader.model.text import visible
from tui_reader.sources.files.layout import MAX_FILE_BYTES

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

MAX_DEPTH = 24
"""Levels of nesting; real files have four."""

_Event: TypeAlias = Any  # the C parser's events have no types of their own
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_CORE_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp")
)
_NO_WORD = "\0"  # stands for a key that is none to look for: an alias, a list
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# YAML allows none of these raw; they are made visible instead of losing the file.
_RAW_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


# Looked up once: a module's attribute costs more than the comparison with it.
_ALIAS, _SCALAR, _LIST = yaml.AliasEvent, yaml.ScalarEvent, yaml.SequenceStartEvent
_LIST_END, _MAPPING_END = yaml.SequenceEndEvent, yaml.MappingEndEvent
# What JSON writes of a character beyond U+FFFF, in two escapes, YAML takes for an error.
_SURROGATE_ESCAPE = re.compile(
    r"\\u(?=[dD][89abAB])([0-9a-fA-F]{4})\\u(?=[dD][c-fC-F])([0-9a-fA-F]{4})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


class _Builder:
    """Turns the events of one document into data."""

    def __init__(self, text: str) -> None:
        self._next = _Loader(text).get_event

    def document(self) -> Value:
        self._next()  # stream start
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        value = self._node(self._next(), 0)
        self._next()  # document end
        self._next()  # an error where anything but another document follows
        return value

    def _node(self, event: _Event, depth: int) -> Value:
        kind = type(event)
        if kind is _ALIAS:
            raise ArticleError("YAML aliases are refused: write the value out", _line(event))
        if event.tag is not None and event.tag not in _CORE_TAGS and event.tag != "!":
            raise ArticleError(f"the YAML tag {event.tag!r} is refused: use plain values", _line(event))
        if kind is _SCALAR:
            value: str = event.value
            return None if value in _NULLS and event.implicit[0] else value
        if depth == MAX_DEPTH:
            raise _too_deep(event)
        if kind is _LIST:
            items: list[Value] = []
            while type(event := self._next()) is not _LIST_END:
                items.append(self._node(event, depth + 1))
            return items
        mapping: dict[str, Value] = {}
        following, node, depth = self._next, self._node, depth + 1
        while type(event := following()) is not _MAPPING_END:
            key = node(event, depth)
            if not isinstance(key, str):
                raise ArticleError("a key that is no plain word", _line(event))
            mapping[key] = node(following(), depth)
        return mapping


def _line(event: _Event) -> int:
    return int(event.start_mark.line) + 1


def decode(data: bytes) -> str:
    """Return the text of ``data``, UTF-8 with or without a byte order mark, fit for YAML.

    Controls become visible, and what YAML 1.1 alone takes for the end of a
    line (the next-line control is Windows' “…”, read wrongly) becomes a space.

    Raises :class:`ArticleError` where there is more than a file may hold.
    """
    if len(data) > MAX_FILE_BYTES:
        raise ArticleError(f"larger than {MAX_FILE_BYTES // 1024**2} MB: refused")
    text = data.decode(errors="replace").removeprefix("\ufeff")
    return _RAW_CONTROLS.sub(_visible, text) if _RAW_CONTROLS.search(text) else text


def _visible(match: re.Match[str]) -> str:
    if match[0].isspace() and match[0] > "\x7f":
        return " "
    shown = visible(match[0])
    return shown if shown != match[0] else "\ufffd"


def _joined(match: re.Match[str]) -> str:
    if match[2] is None:
        return "\ufffd"
    return chr(0x10000 + (int(match[1], 16) - 0xD800) * 0x400 + int(match[2], 16) - 0xDC00)


def parse_yaml(text: str) -> Value:
    """Return the first document of ``text``.

    Raises :class:`ArticleError`, with the 1-based line, where the text is no
    YAML or uses an alias, a tag or deep nesting.
    """
    try:
        try:
            return _Builder(text).document()
        except yaml.MarkedYAMLError:
            repaired = _SURROGATE_ESCAPE.sub(_joined, text)
            if repaired == text:
                raise
            text = repaired
        return _Builder(text).document()
    except yaml.YAMLError as error:
        raise _article_error(error, text) from error


def _article_error(error: yaml.YAMLError, text: str) -> ArticleError:
    """Return the error to report where PyYAML could not read ``text``."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return ArticleError(f"not YAML: {getattr(error, 'reason', '') or 'it cannot be parsed'}")
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return ArticleError(f"not YAML: {error.problem or error.context}")
    # libyaml scans ahead of its events and, from PyYAML 6.0.4 on, limits
    # nesting itself, so it can stop before an event reaches MAX_DEPTH. What
    # comes before the error still parses and shows whether that happened.
    depth = 0
    try:
        for event in yaml.parse(text[: mark.index], Loader=_Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    return _too_deep(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        pass  # the text before the error is incomplete; the error itself is reported
    return ArticleError(f"not YAML: {error.problem or error.context}", mark.line + 1)


def _too_deep(event: _Event) -> ArticleError:
    return ArticleError(f"nested more than {MAX_DEPTH} levels deep", _line(event))


def top_level_scalars(text: str) -> dict[str, str]:
    """Return the plain values at the top level of ``text``, skipping all that is nested.

    For ``_config.yml``, which uses aliases in parts that are of no interest
    here: they are passed over, never followed. Raises :class:`ArticleError`
    where the text is no YAML.
    """
    found: dict[str, str] = {}
    depth = 0
    key: str | None = None
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth == 2:
                    key = None if key is not None else _NO_WORD
                if depth > MAX_DEPTH:
                    raise _too_deep(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif depth == 1 and isinstance(event, yaml.ScalarEvent):
                if key is None:
                    key = event.value
                else:
                    if key != _NO_WORD and not (event.implicit[0] and event.value in _NULLS):
                        found[key] = event.value
                    key = None
            elif depth == 1 and isinstance(event, yaml.AliasEvent):
                key = None if key is not None else _NO_WORD
    except yaml.YAMLError as error:
        raise _article_error(error, text) from error
    return found
