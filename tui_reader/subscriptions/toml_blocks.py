"""Moves and removes ``[[name]]`` tables of a TOML file as text: each keeps the comments that stand above it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_reader.config import read_text, read_toml
from tui_reader.errors import UsageError
from tui_reader.private_files import write_atomically
from tui_reader.subscriptions.toml_file import edit_tables, locked

if TYPE_CHECKING:
    from tomlkit.items import AoT


def move_table(path: Path, name: str, index: int, to: int) -> None:
    """Put a ``[[name]]`` table at another place among them, with the comments right above it.

    Raises :class:`UsageError` where the file cannot be parsed and
    :class:`OSError` where it cannot be written.
    """

    def moved(blocks: list[str]) -> list[str]:
        ended = [_ended(block) for block in blocks]
        ended.insert(to, ended.pop(index))
        return ended

    before = list(read_toml(path)[name])
    wanted = list(before)
    wanted.insert(to, wanted.pop(index))
    if not _edit_text(path, name, moved, before, wanted):
        with _unchanged(path, name, before) as tables:
            values = [dict(table) for table in tables]
            values.insert(to, values.pop(index))
            for table, fields in zip(tables, values, strict=True):
                table.clear()
                table.update(fields)


def remove_table(path: Path, name: str, index: int) -> None:
    """Remove a ``[[name]]`` table, and leave all comments but those inside it. Raises as :func:`move_table`."""

    def removed(blocks: list[str]) -> list[str]:
        blocks[index] = _without_table(blocks[index], name)
        return blocks

    before = list(read_toml(path)[name])
    wanted = [*before[:index], *before[index + 1 :]]
    if not _edit_text(path, name, removed, before, wanted):
        with _unchanged(path, name, before) as tables:
            del tables[index]


@contextmanager
def _unchanged(path: Path, name: str, before: list[Any]) -> Iterator[AoT]:
    """Yield the tables, if they are as ``before``: an index is of no use in others. Raises :class:`UsageError`."""
    with edit_tables(path, name) as tables:
        if tables.unwrap() != before:
            raise UsageError(f"{path} was changed meanwhile: nothing was done, do it again")
        yield tables


def _edit_text(
    path: Path, name: str, change: Callable[[list[str]], list[str]], before: list[Any], wanted: list[Any]
) -> bool:
    """Change the blocks of the tables ``before``, if that makes them ``wanted`` and no other change; return whether.

    It does not where a text over several lines holds what looks like a table.
    """
    with locked(path) as target:
        text = read_text(target)
        head, *blocks = _blocks(text, name)
        try:
            present = tomllib.loads(text)
            if present.get(name) != before or len(blocks) != len(before):
                return False
            new = (head + "".join(change(blocks))).rstrip("\n") + "\n"
            expected = {**present, name: wanted} if wanted else {key: present[key] for key in present if key != name}
            if tomllib.loads(new) != expected:
                return False
        except tomllib.TOMLDecodeError:
            return False
        write_atomically(target, new)
    return True


def _blocks(text: str, name: str) -> list[str]:
    """Return what stands before the first table, and each table with the comments right above it."""
    lines = text.splitlines(keepends=True)
    header = _header(name)
    starts = []
    for number, line in enumerate(lines):
        if header.match(line):
            start = number
            while start and lines[start - 1].lstrip().startswith("#"):
                start -= 1
            starts.append(start)
    return ["".join(lines[start:end]) for start, end in pairwise([0, *starts, len(lines)])]


def _header(name: str) -> re.Pattern[str]:
    return re.compile(rf"\s*\[\[\s*{re.escape(name)}\s*\]\]")


def _ended(block: str) -> str:
    """Return a block that another one can follow, after an empty line."""
    return block.rstrip("\n") + "\n\n"


def _without_table(block: str, name: str) -> str:
    """Return the comments around a table: those above it, and those after its last line."""
    lines = block.splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if _header(name).match(line))
    is_value = [bool(line.strip()) and not line.lstrip().startswith("#") for line in lines]
    last = max(number for number, value in enumerate(is_value) if value)
    above, below = "".join(lines[:first]), "".join(lines[last + 1 :])
    return above + (below.lstrip("\n") if above else below)
