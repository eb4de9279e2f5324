"""Finds the line of each key of a TOML document: ``tomllib`` knows no lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""The names of the tables and the key; numbers count the tables of an array ``[[name]]``, from 0."""

_DEEPEST = 8  # tables inside of tables of which the lines are known
_BARE = r"[A-Za-z0-9_-]+"
_KEY_PART = re.compile(rf"""[ \t]*(?:({_BARE})|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)')[ \t]*""")
_SKIPPED = re.compile(r"(?:[ \t\r]|#[^\n]*)*")
_VALUE_PART = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'\'\'(?:[^']|'(?!\'\'))*'{3,5}'''
    r"""|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[\[{]|[\]}]|\n|[^"'#\[\]{}\n]+|.""",
    re.DOTALL,
)


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line, from 1, of each table and key of a valid TOML document, by its path.

    What is inside of inline tables and arrays has the line of the key that
    they belong to, so it is left out: see :func:`line_of`.
    """
    lines: dict[KeyPath, int] = {}
    arrays: dict[tuple[str, ...], int] = {}  # the number of the last table of each array of tables
    table: KeyPath = ()
    for number, start in _statements(text):
        if text.startswith("[", start):
            is_array = text.startswith("[[", start)
            names, _ = _key(text, start + 1 + is_array)
            if is_array:
                arrays[names] = arrays.get(names, -1) + 1
            table = _numbered(names, arrays)
            path = table
        else:
            names, _ = _key(text, start)
            path = (*table, *names)
        path = path[:_DEEPEST]
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], number)
    return lines


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """Return the line of the key at ``path``, or of the nearest table around it; 0 if there is none."""
    return next((lines[path[:length]] for length in range(len(path), 0, -1) if path[:length] in lines), 0)


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """Yield the line and the start of each key or header."""
    position, line = 0, 1
    while position < len(text):
        skipped = _SKIPPED.match(text, position)
        position = skipped.end() if skipped else position
        if position >= len(text):
            return
        if text[position] == "\n":
            position, line = position + 1, line + 1
            continue
        yield line, position
        end = _end(text, position)
        line += text.count("\n", position, end)
        position = end


def _end(text: str, start: int) -> int:
    """Return where the statement that begins at ``start`` ends: at a line feed outside of strings and brackets."""
    depth, position = 0, start
    if not text.startswith("[", start):
        position = _key(text, start)[1]  # quotes in a key are no value
    while position < len(text):
        found = _VALUE_PART.match(text, position)
        if found is None:
            return len(text)
        part = found[0]
        if part == "\n" and depth <= 0:
            return position
        depth += (part in {"[", "{"}) - (part in {"]", "}"})
        position = found.end()
    return position


def _key(text: str, position: int) -> tuple[tuple[str, ...], int]:
    """Return the names of the dotted key at ``position``, and where it ends."""
    names: list[str] = []
    while (part := _KEY_PART.match(text, position)) is not None:
        bare, quoted, literal = part.groups()
        names.append(bare if bare is not None else literal if literal is not None else _unescaped(quoted))
        position = part.end()
        if not text.startswith(".", position):
            break
        position += 1
    return tuple(names), position


def _unescaped(quoted: str) -> str:
    if "\\" not in quoted:
        return quoted
    import tomllib

    return str(tomllib.loads(f'key = "{quoted}"')["key"])


def _numbered(names: tuple[str, ...], arrays: dict[tuple[str, ...], int]) -> KeyPath:
    path: list[str | int] = []
    for length, name in enumerate(names[:_DEEPEST], 1):
        path.append(name)
        if names[:length] in arrays:
            path.append(arrays[names[:length]])
    return tuple(path)
