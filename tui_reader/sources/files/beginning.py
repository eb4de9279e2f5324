"""Reads how a regular file begins; a named pipe, which would wait for a writer, is none."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def beginning(path: Path | str, size: int, *, follow: bool = True) -> bytes:
    """Return the first ``size`` bytes of a regular file, or with ``follow`` of that which a link leads to.

    Raises :class:`OSError`.
    """
    # Without O_NONBLOCK, to open a pipe waits for its other end.
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
    number = os.open(path, flags if follow else flags | os.O_NOFOLLOW)
    with open(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OSError(f"not a regular file: {path}")
        return file.read(size)
