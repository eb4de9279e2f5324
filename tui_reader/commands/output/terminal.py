"""What an output stream supports: characters, width, colours."""

from __future__ import annotations

import os
from typing import TextIO


def is_utf8(stream: TextIO) -> bool:
    """Return whether ``stream`` is encoded as UTF-8, so that it takes every character."""
    return (stream.encoding or "").lower().replace("-", "") == "utf8"


def columns(stream: TextIO) -> int | None:
    """Return the width of a terminal in cells, or ``None`` if ``stream`` is not a terminal."""
    if not stream.isatty():
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except OSError:
        return 80


def has_colours(stream: TextIO) -> bool:
    """Return whether to use colours: on a terminal that supports them, unless NO_COLOR is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
