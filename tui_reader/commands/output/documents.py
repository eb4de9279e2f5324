"""Print stories as documents, or write them into a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from tui_reader.commands.output.json_lines import print_json_lines
from tui_reader.errors import SourceError, UsageError
from tui_reader.formats.documents import BINARY, Contents, document_parts, write_document
from tui_reader.formats.json_fields import as_fields
from tui_reader.model.query import Query
from tui_reader.model.text import visible
from tui_reader.private_files import replaced
from tui_reader.storage.export import ExportedStory, ExportReader

_BATCH = 100  # stories read together, with their bodies
_IN_MEMORY = 1 << 24  # bytes, above which a document waits on the disk


def exported_stories(reader: ExportReader, numbers: Sequence[int], query: Query) -> Iterator[ExportedStory]:
    """Yield stories with their bodies, some at a time."""
    for start in range(0, len(numbers), _BATCH):
        yield from reader.export(numbers[start : start + _BATCH], query, bodies=True)


def print_document(form: str, contents: Contents) -> None:
    """Print a document."""
    if form in BINARY:
        _print_binary(form, contents)
    elif form == "html":
        # The page declares UTF-8, whatever the terminal's encoding is.
        sys.stdout.flush()
        write_document(sys.stdout.buffer, form, contents)
    elif form == "json":
        print_json_lines(as_fields(story, contents.cooling, bodies=True) for story in contents.stories)
    else:
        for part in document_parts(form, contents):
            sys.stdout.write(part)


def _print_binary(form: str, contents: Contents) -> None:
    """Print the bytes that a file would have: a format may go back to what it wrote before, which a pipe cannot."""
    import shutil
    import tempfile

    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        write_document(file, form, contents)
        file.seek(0)
        sys.stdout.flush()
        shutil.copyfileobj(file, sys.stdout.buffer)


def write_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Let ``write`` fill the file at ``path``, which is replaced completely or not at all; a pipe or device is not.

    Raises :class:`SourceError` where there is no folder for it.
    """
    path = path.resolve()  # replaces the target of a symbolic link, not the link
    if not path.parent.is_dir():
        raise SourceError(f"{path.parent}: there is no such folder to write into")
    if path.is_dir():
        raise SourceError(f"{path} is a folder: name a file in it")
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            write(file)
    else:
        with replaced(path) as file:
            write(file)


def may_replace(path: Path, *, force: bool) -> bool:
    """Return whether a file may be written: it is not there, or ``force``, or the person says so.

    Raises :class:`UsageError` where nobody can be asked.
    """
    if force or not path.is_file():
        return True
    if not (sys.stdin and sys.stdin.isatty()):
        raise UsageError(f"{visible(str(path))} exists already: add ‘--force’ to replace it")
    return input(f"{visible(str(path))} exists already. Replace it? [y/N] ").strip().lower() in {"y", "yes"}
