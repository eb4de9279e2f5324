"""What is wrong in the files that the user writes, each mistake with its line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.named_tuple import NamedTuple

if TYPE_CHECKING:
    from tui_reader.config.toml_lines import KeyPath


class Mistake(NamedTuple):
    """What is wrong in a line of a file; the line is 0 where it is about the whole file.

    ``path`` has the names of the tables and the setting that it is about.
    """

    line: int
    message: str
    path: KeyPath = ()

    def at(self, file: Path | str) -> str:
        """Return it with its place, as compilers write it."""
        return f"{file}:{self.line}: {self.message}" if self.line else self.message


def with_lines(text: str, wrong: Iterable[tuple[KeyPath, str]]) -> tuple[Mistake, ...]:
    """Return what is wrong at some places of a valid TOML document, sorted by line."""
    places = list(wrong)
    if not places:
        return ()
    from tui_reader.config.toml_lines import key_lines, line_of  # few files have mistakes

    lines = key_lines(text)
    return tuple(sorted(Mistake(line_of(lines, path), message, path) for path, message in places))
