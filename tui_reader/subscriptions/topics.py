"""The user's own topics, read from and added to ``topics.toml``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tui_reader.config import read_toml
from tui_reader.errors import UsageError
from tui_reader.model.text import visible
from tui_reader.model.topic import Topic
from tui_reader.subscriptions.toml_file import append_table, edit_tables

_KEYS = ("name", "parent", "keywords", "not")
_SEPARATORS = frozenset(" \t-_")  # characters between words


def load_topics(path: Path) -> tuple[Topic, ...]:
    """Return the topics in the file at ``path``, in order; none where there is no file.

    Each ``[[topic]]`` table has a ``name`` and, optionally, ``parent`` (the
    name of another topic, in this file or from a source), ``keywords`` and
    ``not`` (words that rule the topic out). Raises :class:`UsageError` that
    names the file, the topic and the mistake.
    """
    raw = read_toml(path)
    unknown = sorted(raw.keys() - {"topic"})
    if unknown:
        raise UsageError(f"{path}: unknown setting {unknown[0]!r}: put each topic under a [[topic]] line")
    items = raw.get("topic", [])
    if not isinstance(items, list):
        raise UsageError(f"{path}: put each topic under a [[topic]] line of its own")
    topics: dict[str, Topic] = {}
    for item in items:
        topic = _topic(item, path)
        if topic.name.casefold() in topics:
            raise UsageError(f"{path}: two topics are called {topic.name!r}: merge them into one")
        topics[topic.name.casefold()] = topic
    return tuple(topics.values())


def _topic(item: object, path: Path) -> Topic:
    name = item.get("name") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(name, str) or not name.strip():
        raise UsageError(f'{path}: every [[topic]] needs a line like  name = "Rust"')
    name = visible(name.strip())
    place = f"{path}: topic {name!r}"
    unknown = sorted(item.keys() - set(_KEYS))
    if unknown:
        raise UsageError(f"{place} has an unknown line {unknown[0]!r}: use {', '.join(_KEYS)}")
    parent = item.get("parent", "")
    if not isinstance(parent, str):
        raise UsageError(f"{place}: parent must be the name of a topic in quotes")
    parent = visible(parent.strip())
    if parent.casefold() == name.casefold():
        raise UsageError(f"{place} is its own parent: name another topic, or remove the line")
    keywords, excluded = (_words(item.get(key, []), f"{place}: {key}") for key in ("keywords", "not"))
    return Topic(name, parent, keywords=keywords, excluded=excluded)


def _words(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise UsageError(f'{place} must be a list like  ["rust", "cargo"]')
    if any(_SEPARATORS.issuperset(word) for word in value):
        raise UsageError(f"{place} has an entry without a letter, which matches no title: remove it")
    return tuple(visible(word.strip()) for word in value)


def add_topics(path: Path, topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """Add the topics whose names are not in the file yet, and return those added.

    Raises :class:`UsageError` where the file is not valid and
    :class:`OSError` where it cannot be written.
    """
    added: dict[str, Topic] = {}
    with edit_tables(path, "topic") as tables:
        known = {topic.name.casefold() for topic in load_topics(path)}
        for topic in topics:
            if topic.name.casefold() not in known:
                added.setdefault(topic.name.casefold(), topic)
        for topic in added.values():
            values = zip(_KEYS, (topic.name, topic.parent, list(topic.keywords), list(topic.excluded)), strict=True)
            append_table(tables, {key: value for key, value in values if value})
    return tuple(added.values())
