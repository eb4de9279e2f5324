"""What is known of the terminal, or whatever else output goes to."""

from __future__ import annotations

import os
from typing import TextIO


def is_utf8(stream: TextIO) -> bool:
    """Whether every character can be written to ``stream``."""
    return (stream.encoding or "").lower().replace("-", "") == "utf8"


def columns(stream: TextIO) -> int | None:
    """Return the width in cells of the terminal that ``stream`` is, or ``None`` where it is none."""
    if not stream.isatty():
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except OSError:
        return 80


def has_colours(stream: TextIO) -> bool:
    """Whether colours are welcome: on a terminal that knows them, unless NO_COLOR is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
