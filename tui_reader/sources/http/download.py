"""Writes a download to a temporary file that replaces the old one only when it is complete."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tui_reader.model.text import visible
from tui_reader.private_files import sync_folder
from tui_reader.sources.http.errors import AttemptError, ErrorKind


@dataclass
class Download:
    """A temporary file. Set ``keep`` to move it into place at the end."""

    write: Callable[[bytes], object]
    keep: bool = False


@contextmanager
def temporary_download(path: Path) -> Iterator[Download]:
    """Open a temporary file beside ``path``, which it replaces if it is kept. Raises :class:`AttemptError`."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                download = Download(file.write)
                yield download
                if download.keep:
                    file.flush()
                    os.fsync(file.fileno())
            if download.keep:
                Path(name).replace(path)
                sync_folder(path.parent)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        message = f"it cannot be stored at {visible(str(path))}: {error.strerror}"
        raise AttemptError(ErrorKind.DISK, message) from error
