"""Fits text into terminal cells: measuring, clipping, padding and wrapping."""

from __future__ import annotations

from rich.cells import cell_len, split_graphemes

ELLIPSIS = "…"


def width_of(text: str) -> int:
    """Return the width of ``text`` in cells."""
    return len(text) if text.isascii() else cell_len(text)


def _cut(text: str, width: int) -> str:
    """Return the longest start of ``text`` that takes at most ``width`` cells, without splitting a grapheme."""
    if text.isascii():
        return text[:width]
    taken = end = 0
    for _, stop, cells in split_graphemes(text)[0]:
        if taken + cells > width:
            break
        taken += cells
        end = stop
    return text[:end]


def _end_of(text: str, width: int) -> str:
    """Return the longest end of ``text`` that takes at most ``width`` cells."""
    start = len(text)
    while start and width_of(text[start - 1 :]) <= width:
        start -= 1
    return text[start:]


def clip(text: str, width: int) -> str:
    """Return ``text``, shortened with an ellipsis if it takes more than ``width`` cells."""
    if width <= 0:
        return ""
    if width_of(text) <= width:
        return text
    return _cut(text, width - 1).rstrip() + ELLIPSIS


def clip_start(text: str, width: int) -> str:
    """Return ``text``, shortened at its start if it takes more than ``width`` cells.

    For paths: the end of a path says more than its start.
    """
    if width <= 0:
        return ""
    return text if width_of(text) <= width else ELLIPSIS + _end_of(text, width - 1).lstrip()


def clip_middle(text: str, width: int) -> str:
    """Return ``text``, shortened in its middle if it takes more than ``width`` cells.

    For messages about a path: the reason comes at the end.
    """
    if width_of(text) <= width:
        return text
    head = _cut(text, max(0, width - 1) // 3).rstrip()
    return clip(head + ELLIPSIS + _end_of(text, width - 1 - width_of(head)).lstrip(), width)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return ``text`` in exactly ``width`` cells; ``right`` aligns it to the right."""
    text = clip(text, width)
    room = " " * (width - width_of(text))
    return room + text if right else text + room


def wrap(text: str, width: int, lines: int = 0, last: int = 0) -> list[str]:
    """Break ``text`` at spaces into lines of at most ``width`` cells.

    Words wider than a line are split. ``lines`` limits the number of lines (0:
    no limit); if text is left over, the last line ends in an ellipsis. ``last``
    is the width of that last line, in cells, if it differs from ``width``.
    """
    if width <= 0:
        return [""]
    found: list[str] = []
    rest = text
    while rest:
        final = bool(lines) and len(found) == lines - 1
        room = (last or width) if final else width
        if width_of(rest) <= room:
            found.append(rest)
            break
        if final:
            found.append(clip(rest, room))
            break
        head = _cut(rest, width)
        cut = len(head)
        if not rest[cut : cut + 1].isspace():
            space = head.rfind(" ")
            # Scripts without spaces, and long words, are split at the end of the line.
            if space > 0:
                cut = space
        cut = max(cut, 1)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return found or [""]
