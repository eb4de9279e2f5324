"""The user's own topics, read from and added to ``topics.toml``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.config import Mistake, parse_toml, read_text, with_lines
from tui_reader.errors import UsageError
from tui_reader.model.text import visible
from tui_reader.model.topic import Topic
from tui_reader.subscriptions.toml_file import append_table, edit_tables

if TYPE_CHECKING:
    from tui_reader.config.toml_lines import KeyPath

_ARRAY = "topic"  # the topics are [[topic]] tables
_KEYS = ("name", "parent", "keywords", "not")
_SEPARATORS = frozenset(" \t-_")  # characters between words


def load_topics(path: Path) -> tuple[Topic, ...]:
    """Return the topics in the file at ``path``, in order; none where there is no file.

    Each ``[[topic]]`` table has a ``name`` and, optionally, ``parent`` (the
    name of another topic, in this file or from a source), ``keywords`` and
    ``not`` (words that rule the topic out). Raises :class:`UsageError` that
    names every mistake, each in a line.
    """
    topics, mistakes = read_topics(path)
    if mistakes:
        raise UsageError("\n".join(mistake.at(path) for mistake in mistakes))
    return topics


def read_topics(path: Path) -> tuple[tuple[Topic, ...], tuple[Mistake, ...]]:
    """Return the topics in the file at ``path`` that are right, and every mistake with its line.

    Raises :class:`UsageError` if it cannot be read as TOML.
    """
    text = read_text(path)
    raw = parse_toml(text, path)
    if not raw:
        return (), ()
    topics: dict[str, Topic] = {}
    wrong: list[tuple[KeyPath, str]] = [
        ((name,), f"unknown setting {name!r}: put each topic under a [[topic]] line") for name in raw.keys() - {_ARRAY}
    ]
    items = raw.get(_ARRAY, [])
    if not isinstance(items, list):
        wrong.append(((_ARRAY,), "put each topic under a [[topic]] line of its own"))
        items = []
    for number, item in enumerate(items):
        topic, mistakes = _topic(item)
        if not mistakes and topic.name.casefold() in topics:
            mistakes = [("name", f"two topics are called {topic.name!r}: merge them into one")]
        topics.setdefault(topic.name.casefold(), topic)
        wrong += [((_ARRAY, number, *([key] if key else [])), words) for key, words in mistakes]
    return tuple(topics.values()), with_lines(text, wrong)


def _topic(item: object) -> tuple[Topic, list[tuple[str, str]]]:
    """Return a topic, and what is wrong with it, each with the key that it is about."""
    name = item.get("name") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(name, str) or not name.strip():
        return Topic(""), [("name", 'every [[topic]] needs a line like  name = "Rust"')]
    name = visible(name.strip())
    place = f"topic {name!r}"
    unknown = sorted(item.keys() - set(_KEYS))
    wrong = [(key, f"{place} has an unknown line {key!r}: use {', '.join(_KEYS)}") for key in unknown]
    parent = item.get("parent", "")
    if not isinstance(parent, str):
        wrong.append(("parent", f"{place}: parent must be the name of a topic in quotes"))
        parent = ""
    parent = visible(parent.strip())
    if parent.casefold() == name.casefold():
        wrong.append(("parent", f"{place} is its own parent: name another topic, or remove the line"))
    for key in ("keywords", "not"):
        if problem := _words_problem(item.get(key, [])):
            wrong.append((key, f"{place}: {key} {problem}"))
    if wrong:
        return Topic(name), wrong
    keywords, excluded = (tuple(visible(word.strip()) for word in item.get(key, [])) for key in ("keywords", "not"))
    return Topic(name, parent, keywords=keywords, excluded=excluded), []


def _words_problem(value: object) -> str:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        return 'must be a list like  ["rust", "cargo"]'
    if any(_SEPARATORS.issuperset(word) for word in value):
        return "has an entry without a letter, which matches no title: remove it"
    return ""


def add_topics(path: Path, topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """Add the topics whose names are not in the file yet, and return those added.

    Raises :class:`UsageError` where the file is not valid and
    :class:`OSError` where it cannot be written.
    """
    added: dict[str, Topic] = {}
    with edit_tables(path, _ARRAY) as tables:
        known = {topic.name.casefold() for topic in load_topics(path)}
        for topic in topics:
            if topic.name.casefold() not in known:
                added.setdefault(topic.name.casefold(), topic)
        for topic in added.values():
            values = zip(_KEYS, (topic.name, topic.parent, list(topic.keywords), list(topic.excluded)), strict=True)
            append_table(tables, {key: value for key, value in values if value})
    return tuple(added.values())
