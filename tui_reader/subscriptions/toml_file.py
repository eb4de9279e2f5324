"""Edits the ``[[name]]`` tables of a TOML file, keeping comments and everything else in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.config import read_text
from tui_reader.errors import UsageError
from tui_reader.private_files import write_atomically

if TYPE_CHECKING:
    from tomlkit.items import AoT


@contextmanager
def edit_tables(path: Path, name: str, *, private: bool = False) -> Iterator[AoT]:
    """Yield the ``[[name]]`` tables of the file at ``path`` for changes, and write the file if they changed.

    The folder stays locked meanwhile, so two processes that edit a file do so
    one after the other. A missing file counts as empty. An inline array
    (``name = [{…}]``) becomes tables. One that is ``private``, or has passwords
    of sources, can be read by its owner only from then on. Raises :class:`UsageError` where the
    file cannot be parsed and :class:`OSError` where it cannot be written.
    """
    import tomlkit
    from tomlkit.exceptions import ParseError
    from tomlkit.items import AoT, Array

    with locked(path) as target:
        try:
            document = tomlkit.parse(read_text(target))
        except RecursionError as error:
            raise UsageError(f"{path} cannot be read: it is nested too deeply") from error
        except (ParseError, ValueError) as error:
            raise UsageError(f"{path} is not valid TOML: {error}") from error
        tables = document.get(name)
        if not isinstance(tables, AoT):
            entries = tables.unwrap() if isinstance(tables, Array) else []
            document.pop(name, None)
            tables = tomlkit.aot()
            if not all(isinstance(entry, dict) for entry in entries):
                raise UsageError(f"{path}: put each {name} under a [[{name}]] line of its own")
            for entry in entries:
                tables.append(tomlkit.item(entry))
        before = tables.unwrap()
        yield tables
        if tables.unwrap() != before:
            if not tables:
                document.pop(name)
            elif name not in document:
                document.append(name, tables)
            has_password = any("auth" in table or "@" in str(table.get("location")) for table in tables)
            write_atomically(target, tomlkit.dumps(document), private=private or has_password)


@contextmanager
def locked(path: Path) -> Iterator[Path]:
    """Keep other processes from writing the file at ``path``; yield where it is. Raises :class:`OSError`."""
    path = path.resolve()  # write to the target of a symbolic link instead of replacing the link
    path.parent.mkdir(parents=True, exist_ok=True)
    # The file itself is replaced when it is written, so a lock on it would be lost.
    lock = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path
    finally:
        os.close(lock)


def append_table(tables: AoT, values: Mapping[str, object]) -> None:
    """Append a table with ``values``, after an empty line if it is not the first."""
    import tomlkit

    table = tomlkit.table()
    for name, value in values.items():
        table.add(name, value)
    if tables:
        table.trivia.indent = "\n"
    tables.append(table)
