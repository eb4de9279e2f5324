"""Parses YAML as plain data: strings, lists and mappings only.

PyYAML's C parser produces events, and this module builds the data from them.
Scalars stay strings as written (``NO``, ``12:30`` and ``2020`` keep their
spelling), and the two dangerous features of YAML, aliases and tags, are
refused before anything is built from them.
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
"""Most levels of nesting. Real files have four."""

_Event: TypeAlias = Any  # the C parser's events have no types of their own
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_CORE_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp")
)
_COMPLEX_KEY = "\0"  # replaces a key that is an alias or a collection
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# Control characters that YAML forbids. They are made visible, so that the file can be read.
_RAW_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


# Module attributes are slow to look up in the inner loop.
_ALIAS, _SCALAR, _LIST = yaml.AliasEvent, yaml.ScalarEvent, yaml.SequenceStartEvent
_LIST_END, _MAPPING_END = yaml.SequenceEndEvent, yaml.MappingEndEvent
# JSON escapes characters beyond U+FFFF as surrogate pairs, which YAML rejects.
_SURROGATE_ESCAPE = re.compile(
    r"\\u(?=[dD][89abAB])([0-9a-fA-F]{4})\\u(?=[dD][c-fC-F])([0-9a-fA-F]{4})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


class UnusualError(ArticleError):
    """YAML that has aliases, or keys that are no plain text; ``left_out`` says what can be left out."""

    def __init__(self, reason: str, line: int, left_out: str) -> None:
        super().__init__(reason, line)
        self.left_out = left_out


class _Builder:
    """Builds the data of one document from parser events. Refuses aliases, and keys that are no plain text."""

    def __init__(self, text: str) -> None:
        self._next = _Loader(text).get_event

    def document(self) -> Value:
        self._next()  # stream start
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        value = self._node(self._next(), 0)
        self._next()  # document end
        self._next()  # raises where anything but another document follows
        return value

    def _node(self, event: _Event, depth: int) -> Value:
        kind = type(event)
        if kind is _ALIAS:
            left_out = "a YAML alias (‘*name’) is left out: repeat the value"
            raise UnusualError("YAML aliases are not supported: repeat the value", _line(event), left_out)
        if event.tag is not None and event.tag not in _CORE_TAGS and event.tag != "!":
            raise ArticleError(f"the YAML tag {event.tag!r} is not supported: use plain values", _line(event))
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
                key = self._unusual_key(event)
            mapping[key] = node(following(), depth)
        return mapping

    def _unusual_key(self, event: _Event) -> str:
        left_out = "a value whose name is no plain text is left out: put ‘{{ … }}’ in quotes"
        raise UnusualError("a key must be plain text", _line(event), left_out)


class _WithoutUnusual(_Builder):
    """Builds the data of one document, without aliases, what has some in it, and what has no plain text for a key."""

    aliased: Value = "\0alias"  # compared by identity

    def _node(self, event: _Event, depth: int) -> Value:
        if type(event) is _ALIAS:
            return self.aliased
        value = super()._node(event, depth)
        if isinstance(value, dict):
            left_out = (self.aliased, _COMPLEX_KEY)
            return {key: item for key, item in value.items() if item is not self.aliased and key not in left_out}
        if isinstance(value, list):
            return [item for item in value if item is not self.aliased]
        return value

    def _unusual_key(self, event: _Event) -> str:
        return _COMPLEX_KEY


def _line(event: _Event) -> int:
    return int(event.start_mark.line) + 1


def decode(data: bytes) -> str:
    """Decode UTF-8, with or without a byte order mark, to text that YAML accepts.

    Control characters become visible, and the line breaks that only YAML 1.1
    has become spaces: U+0085 is usually a “…” in a wrong Windows encoding.
    Raises :class:`ArticleError` where ``data`` is larger than
    :data:`MAX_FILE_BYTES`.
    """
    if len(data) > MAX_FILE_BYTES:
        raise ArticleError(f"larger than {MAX_FILE_BYTES // 1024**2} MB")
    text = data.decode(errors="replace").removeprefix("\ufeff")
    return _RAW_CONTROLS.sub(_visible, text) if _RAW_CONTROLS.search(text) else text


def _visible(match: re.Match[str]) -> str:
    if match[0].isspace() and match[0] > "\x7f":
        return " "
    shown = visible(match[0])
    return shown if shown != match[0] else "\ufffd"


def _join_surrogates(match: re.Match[str]) -> str:
    if match[2] is None:
        return "\ufffd"
    return chr(0x10000 + (int(match[1], 16) - 0xD800) * 0x400 + int(match[2], 16) - 0xDC00)


def parse_yaml(text: str, *, plain_only: bool = False) -> Value:
    """Return the data of the first document in ``text``.

    With ``plain_only``, aliases are left out, which are never followed, and
    values whose keys are no plain text. Raises :class:`ArticleError`, with the
    line, where the text is not valid YAML or uses tags or deep nesting;
    :class:`UnusualError` where something would have to be left out.
    """
    builder = _WithoutUnusual if plain_only else _Builder
    try:
        try:
            return builder(text).document()
        except yaml.MarkedYAMLError:
            repaired = _SURROGATE_ESCAPE.sub(_join_surrogates, text)
            if repaired == text:
                raise
            text = repaired
        return builder(text).document()
    except yaml.YAMLError as error:
        raise _article_error(error, text) from error


def _article_error(error: yaml.YAMLError, text: str) -> ArticleError:
    """Return the error to report where PyYAML could not read ``text``."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return ArticleError(f"not valid YAML: {getattr(error, 'reason', '') or 'it cannot be parsed'}")
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return ArticleError(f"not valid YAML: {error.problem or error.context}")
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
    return ArticleError(f"not valid YAML: {error.problem or error.context}", mark.line + 1)


def _too_deep(event: _Event) -> ArticleError:
    return ArticleError(f"nested more than {MAX_DEPTH} levels deep", _line(event))


def top_level_scalars(text: str) -> dict[str, str]:
    """Return the plain values at the top level of ``text``, without those that are nested.

    For ``_config.yml``, where other parts can use aliases: these are skipped,
    never followed. Raises :class:`ArticleError` where the text is not valid
    YAML.
    """
    found: dict[str, str] = {}
    depth = 0
    key: str | None = None
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth == 2:
                    key = None if key is not None else _COMPLEX_KEY
                if depth > MAX_DEPTH:
                    raise _too_deep(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif depth == 1 and isinstance(event, yaml.ScalarEvent):
                if key is None:
                    key = event.value
                else:
                    if key != _COMPLEX_KEY and not (event.implicit[0] and event.value in _NULLS):
                        found[key] = event.value
                    key = None
            elif depth == 1 and isinstance(event, yaml.AliasEvent):
                key = None if key is not None else _COMPLEX_KEY
    except yaml.YAMLError as error:
        raise _article_error(error, text) from error
    return found
