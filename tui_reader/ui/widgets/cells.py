"""Fits text into a number of terminal cells, wide and combining characters included."""

from __future__ import annotations

from rich.cells import cell_len, split_graphemes

ELLIPSIS = "…"


def width_of(text: str) -> int:
    """Return how many cells ``text`` takes."""
    return len(text) if text.isascii() else cell_len(text)


def _cut(text: str, width: int) -> str:
    """Return the longest beginning of ``text`` that takes at most ``width`` cells, characters kept whole."""
    if text.isascii():
        return text[:width]
    taken = end = 0
    for _, stop, cells in split_graphemes(text)[0]:
        if taken + cells > width:
            break
        taken += cells
        end = stop
    return text[:end]


def clip(text: str, width: int) -> str:
    """Return ``text``, shortened with an ellipsis where it takes more than ``width`` cells."""
    if width <= 0:
        return ""
    if width_of(text) <= width:
        return text
    return _cut(text, width - 1).rstrip() + ELLIPSIS


def clip_middle(text: str, width: int) -> str:
    """Return ``text``, shortened in its middle where it takes more than ``width`` cells.

    For sentences about a path: what is wrong with it stands at the end.
    """
    if width_of(text) <= width:
        return text
    head = _cut(text, max(0, width - 1) // 3).rstrip()
    rest = width - 1 - width_of(head)
    start = len(text)
    while start and width_of(text[start - 1 :]) <= rest:
        start -= 1
    return clip(head + ELLIPSIS + text[start:].lstrip(), width)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return ``text`` in exactly ``width`` cells; ``right`` puts it to the right."""
    text = clip(text, width)
    room = " " * (width - width_of(text))
    return room + text if right else text + room


def wrap(text: str, width: int, lines: int = 0, last: int = 0) -> list[str]:
    """Break ``text`` at spaces into lines of at most ``width`` cells.

    Words wider than a line are cut. With ``lines``, at most so many come
    back, the last one ending in an ellipsis where text is left, and taking
    at most ``last`` cells where that is given.
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
            # Scripts without spaces, and long words, are cut where the line ends.
            if space > 0:
                cut = space
        cut = max(cut, 1)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return found or [""]
