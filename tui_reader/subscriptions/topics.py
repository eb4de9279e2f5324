"""The topics that a person defines: ``topics.toml`` as typed data, added to without touching what else stands in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.config import read_toml, write_atomically
from tui_reader.errors import UsageError
from tui_reader.model.text import visible
from tui_reader.model.topic import Topic

if TYPE_CHECKING:
    from tomlkit.items import AoT, Table

_KEYS = ("name", "parent", "keywords", "not")
_BETWEEN_WORDS = frozenset(" \t-_")  # what stands between words and is none itself


# -- reading -------------------------------------------------------------------


def load_topics(path: Path) -> tuple[Topic, ...]:
    """Return the topics in the file at ``path``, in order; none where there is no file.

    A topic stands under a line ``[[topic]]`` and has a ``name`` and, as it
    likes, ``parent`` (the name of another topic, of the person's or a
    source's), ``keywords`` and, under ``not``, the words that bar it. Raises
    :class:`UsageError` with the file, the topic and what is wrong.
    """
    raw = read_toml(path)
    strange = sorted(raw.keys() - {"topic"})
    if strange:
        raise UsageError(f"{path}: there is no setting {strange[0]!r}: topics stand under [[topic]] lines")
    items = raw.get("topic", [])
    if not isinstance(items, list):
        raise UsageError(f"{path}: every topic must stand under a line of its own that says [[topic]]")
    topics: dict[str, Topic] = {}
    for item in items:
        topic = _topic(item, path)
        if topic.name.casefold() in topics:
            raise UsageError(
                f"{path}: two topics are called {topic.name!r}: give both lists of keywords to one of them"
            )
        topics[topic.name.casefold()] = topic
    return tuple(topics.values())


def _topic(item: object, path: Path) -> Topic:
    name = item.get("name") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(name, str) or not name.strip():
        raise UsageError(f'{path}: every [[topic]] needs a line like  name = "Rust"')
    name = visible(name.strip())
    place = f"{path}: the topic {name!r}"
    strange = sorted(item.keys() - set(_KEYS))
    if strange:
        raise UsageError(f"{place} has a line {strange[0]!r}: a topic knows {', '.join(_KEYS)}")
    parent = item.get("parent", "")
    if not isinstance(parent, str):
        raise UsageError(f"{place}: parent must be the name of a topic in quotes")
    parent = visible(parent.strip())
    if parent.casefold() == name.casefold():
        raise UsageError(f"{place} is its own parent: name another one, or take the line away")
    keywords, excluded = (_words(item.get(key, []), f"{place}: {key}") for key in ("keywords", "not"))
    return Topic(name, parent, keywords=keywords, excluded=excluded)


def _words(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise UsageError(f'{place} must be a list like  ["rust", "cargo"]')
    if any(_BETWEEN_WORDS.issuperset(word) for word in value):
        raise UsageError(f"{place} has an entry without a letter, which is in no title: take it away")
    return tuple(visible(word.strip()) for word in value)


# -- writing -------------------------------------------------------------------


def add_topics(path: Path, topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """Add to the file at ``path`` those of ``topics`` whose names it has not yet; return those that were added.

    What stands there stays as it is, comments too. Raises :class:`UsageError`
    where the file is unfit, :class:`OSError` where it cannot be written.
    """
    import tomlkit
    from tomlkit.exceptions import ParseError
    from tomlkit.items import AoT

    path = path.resolve()  # a link to a file kept elsewhere stays a link
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path.parent, os.O_RDONLY)
    try:
        # Two programs that write at the same time come one after the other.
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = {topic.name.casefold() for topic in load_topics(path)}
        added: dict[str, Topic] = {}
        for topic in topics:
            if topic.name.casefold() not in known:
                added.setdefault(topic.name.casefold(), topic)
        if added:
            try:
                document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
            except ParseError as error:
                raise UsageError(f"{path} is not valid TOML: {error}") from error
            tables = document.get("topic")
            if not isinstance(tables, AoT):
                # Missing, or a list in another spelling: written anew as [[topic]].
                document.pop("topic", None)
                tables = _as_tables(tables.unwrap() if tables is not None else [])
                document.append("topic", tables)
            for topic in added.values():
                tables.append(_table(topic, spaced=len(tables) > 0))
            write_atomically(path, tomlkit.dumps(document))
        return tuple(added.values())
    finally:
        os.close(lock)


def _as_tables(entries: Iterable[dict[str, object]]) -> AoT:
    import tomlkit

    tables = tomlkit.aot()
    for entry in entries:
        tables.append(tomlkit.item(entry))
    return tables


def _table(topic: Topic, *, spaced: bool) -> Table:
    import tomlkit

    table = tomlkit.table()
    if spaced:
        table.trivia.indent = "\n"  # an empty line between two topics
    for key, value in zip(_KEYS, (topic.name, topic.parent, list(topic.keywords), list(topic.excluded)), strict=True):
        if value:
            table.add(key, value)
    return table
