"""Tells a file that is new from one that was lost: beside it, a trace stays that it was there."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

COPIES = "copies"
"""The folder beside the marks and the feed store in which their copies are, and their traces."""


def was_there(path: Path) -> bool:
    """Whether a file has been at ``path`` before, as its trace or a copy of it tells."""
    folder = path.parent / COPIES
    return any((folder / f"{path.name}.{suffix}").exists() for suffix in ("known", 1, 2, 3))


def note(path: Path) -> None:
    """Leave a trace of the file at ``path``. Where that cannot be written, its copies will tell."""
    folder = path.parent / COPIES
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
        (folder / f"{path.name}.known").touch()


def forget(path: Path) -> None:
    """Remove the trace, so that the next run begins an empty file. Raises :class:`OSError`."""
    (path.parent / COPIES / f"{path.name}.known").unlink(missing_ok=True)
