"""What the terminal can show of a picture: pixels by the protocols of Kitty or Sixel, half blocks, or nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec

_USUAL_CELL = (10, 20)  # pixels
_WITHOUT = frozenset({"", "dumb", "linux", "vt100", "vt220"})
# A terminal that is asked would answer into the keyboard, and late over a slow line: it is known by its name.
_KITTY = frozenset({"xterm-kitty", "xterm-ghostty", "ghostty", "kitty"})
_SIXEL = frozenset({"foot", "foot-extra", "mlterm", "contour", "wezterm", "iterm.app", "iterm2", "mintty", "konsole"})


def is_installed() -> bool:
    """Return whether what draws pictures is installed: ``news-tui[images]``."""
    return find_spec("textual_image") is not None and find_spec("PIL") is not None


def protocol(wanted: str, environ: Mapping[str, str], colours: str | None) -> str:
    """Return how pictures are drawn in this terminal: ``kitty``, ``sixel``, ``blocks``, or ``""`` for not at all.

    ``wanted`` is the setting ``pictures``, and ``colours`` the system of colours that
    Textual found.
    """
    term = environ.get("TERM", "").lower()
    if wanted == "off" or environ.get("NO_COLOR") or term in _WITHOUT or colours not in {"truecolor", "256"}:
        return ""
    in_a_browser = environ.get("TERM_PROGRAM") == "textual"  # whose terminal has no pixels to give
    if wanted != "auto" and not in_a_browser:
        return wanted
    if in_a_browser or environ.get("TMUX") or environ.get("STY") or term.startswith(("screen", "tmux")):
        return "blocks"  # they keep the pixels to themselves
    names = {term, *(environ.get(name, "").lower() for name in ("TERM_PROGRAM", "LC_TERMINAL"))}
    if colours == "truecolor" and (not _KITTY.isdisjoint(names) or environ.get("KITTY_WINDOW_ID")):
        return "kitty"  # whose pictures are numbered by colours
    if not _SIXEL.isdisjoint(names) or environ.get("KONSOLE_VERSION"):
        return "sixel"
    return "blocks"


def cell_size() -> tuple[int, int]:
    """Return the width and height of a cell in pixels, as the terminal says, or as they usually are."""
    import fcntl
    import struct
    import termios

    with suppress(OSError):
        answer = fcntl.ioctl(1, termios.TIOCGWINSZ, bytes(8))
        lines, columns, width, height = struct.unpack("HHHH", answer)
        if min(lines, columns, width, height) > 0 and width >= columns and height >= lines:
            return width // columns, height // lines
    with suppress(KeyError, ValueError):
        return int(os.environ["TEXTUAL_CELL_WIDTH"]), int(os.environ["TEXTUAL_CELL_HEIGHT"])
    return _USUAL_CELL
