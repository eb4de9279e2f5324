"""Reads YAML configurations, which may have what articles may not: tags, which are ignored, and aliases of texts."""

from __future__ import annotations

from typing import Any

import yaml

from tui_reader.errors import ArticleError
from tui_reader.sources.files.plain_yaml import MAX_DEPTH, decode

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def config_yaml(text: str) -> object:
    """Return the data of a configuration: texts, lists and mappings; ``None`` for an alias of anything but a text.

    Raises :class:`ArticleError`, with the line, where it is not valid YAML or nested too deep.
    """
    try:
        return _Reader(decode(text.encode(errors="replace"))).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"not valid YAML: {error.problem or error.context}"
        raise ArticleError(reason, mark.line + 1 if mark else 0) from error
    except yaml.YAMLError as error:
        raise ArticleError("not valid YAML") from error


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


class _Reader:
    def __init__(self, text: str) -> None:
        self._events = yaml.parse(text, Loader=_Loader)
        self._texts: dict[str, str] = {}  # by their anchors

    def document(self) -> object:
        for event in self._events:
            if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
                return self._node(event, 0)
        return None

    def _node(self, event: yaml.Event, depth: int) -> object:
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor:
                self._texts[event.anchor] = event.value
            return None if event.implicit[0] and event.value in {"", "~", "null"} else event.value
        if isinstance(event, yaml.AliasEvent):
            return self._texts.get(event.anchor or "")
        if depth == MAX_DEPTH:
            raise ArticleError(f"nested more than {MAX_DEPTH} levels deep", _line(event))
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[object] = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(event, depth + 1))
            return items
        found: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            name = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if isinstance(name, str):
                found[name] = value
        return found
