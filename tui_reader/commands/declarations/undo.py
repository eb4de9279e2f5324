"""The arguments of ``news-tui undo``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Undo the last mark, tag, note, correction, mute, filter or weight, whether it was
made in the reader or by a command, as z does in the reader. Up to 200 steps can
be undone, one after the other. --dry-run changes nothing and says what would be.

Exit status: 0, or 1 if there is nothing to undo, or a source could not be read."""
    parser.add_argument("--dry-run", action="store_true", help="print what would be undone, and change nothing")
    parser.set_defaults(error=parser.error)
