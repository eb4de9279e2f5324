"""Stores and reads topics and their definitions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from tui_reader.model.topic import Topic
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.schema import ALL_TOPICS
from tui_reader.storage.statements import insert_into, placeholders


class _DefinitionRow(NamedTuple):
    source_id: int
    position: int
    name: str
    parent: str
    shortname: str
    identifier: str
    description: str
    keywords: str
    excluded: str


_COLUMNS = ", ".join(f"d.{column}" for column in _DefinitionRow._fields)
_INSERT = insert_into("topic_definition", _DefinitionRow._fields)


def defined_topics(connection: sqlite3.Connection) -> list[Topic]:
    """Return all topic definitions: first those of the user, which have no source, then by source."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM topic_definition d LEFT JOIN source s ON s.id = d.source_id "
        "ORDER BY s.position, d.position"
    )
    return [_topic(_DefinitionRow._make(row)) for row in rows]


def replace_definitions(connection: sqlite3.Connection, source_id: int, topics: Sequence[Topic]) -> None:
    """Make ``topics`` the topic definitions of a source."""
    connection.execute("DELETE FROM topic_definition WHERE source_id = ?", (source_id,))
    connection.executemany(_INSERT, _definition_rows(source_id, topics))


def has_definitions(connection: sqlite3.Connection, source_id: int, topics: Sequence[Topic]) -> bool:
    """Whether ``topics`` already are the topic definitions of a source."""
    stored = connection.execute(
        f"SELECT {_COLUMNS} FROM topic_definition d WHERE source_id = ? ORDER BY position", (source_id,)
    )
    return stored.fetchall() == _definition_rows(source_id, topics)


def topic_id(connection: sqlite3.Connection, name: str) -> int:
    """Return the id of a topic, of the list of all articles for an empty ``name``, or -1 if there is none."""
    if not name:
        return ALL_TOPICS
    row = connection.execute("SELECT id FROM topic WHERE key = ?", (name.casefold(),)).fetchone()
    return -1 if row is None else int(row[0])


def topic_names(connection: sqlite3.Connection, ids: Sequence[int]) -> tuple[str, ...]:
    """Return the names of topics, in the order of ``ids``."""
    if not ids:
        return ()
    names = dict(connection.execute(f"SELECT id, name FROM topic WHERE id IN ({placeholders(len(ids))})", ids))
    return tuple(names[number] for number in ids if number in names)


def pack_topics(ids: Iterable[int]) -> str:
    """Return topic ids as the ``topics`` column stores them."""
    return ",".join(map(str, ids))


def unpack_topics(topics: str) -> list[int]:
    """Return the topic ids of a ``topics`` column."""
    return list(map(int, topics.split(","))) if topics else []


def _definition_rows(source_id: int, topics: Sequence[Topic]) -> list[_DefinitionRow]:
    return [
        _DefinitionRow(
            source_id=source_id,
            position=position,
            name=topic.name,
            parent=topic.parent,
            shortname=topic.shortname,
            identifier=topic.identifier,
            description=topic.description,
            keywords=json.dumps(topic.keywords),
            excluded=json.dumps(topic.excluded),
        )
        for position, topic in enumerate(topics)
    ]


def _topic(row: _DefinitionRow) -> Topic:
    return Topic(
        name=row.name,
        parent=row.parent,
        shortname=row.shortname,
        identifier=row.identifier,
        description=row.description,
        keywords=tuple(json.loads(row.keywords)),
        excluded=tuple(json.loads(row.excluded)),
    )
