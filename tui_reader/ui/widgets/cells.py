"""Fits text into terminal cells: measuring, clipping, padding and wrapping."""

from __future__ import annotations

import re
from collections.abc import Iterator

ELLIPSIS = "…"
_GRAPHEME = 32  # characters; nearly none is longer
_UNSPACED = re.compile("[\u2e80-\u312f\u31f0-\u9fff\uf900-\ufaff\uff00-\uff9f\U00020000-\U0003ffff]")
"""Characters of Chinese and Japanese, which have no spaces: a line can end before and after most of them."""
_NOT_FIRST = frozenset(
    "、。，．：；？！）］｝〕〉》」』】〙〗〟’”»…‥・ー々〻ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ゛゜％〜～–—,.;:!?)]}'\"%[°℃"
    "⁰¹²³⁴⁵⁶⁷⁸⁹\u200d\u3099\u309a\ufe0e\ufe0f"
)
_NOT_LAST = frozenset("（［｛〔〈《「『【〘〖〝‘“«＄￥＃([{'\"$")
"""Signs that begin no line, and that end none, as Chinese and Japanese texts are set."""
_JOINTS = "/-_?&="  # signs in long words after which a line can end


def width_of(text: str) -> int:
    """Return the width of ``text`` in cells."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # a twentieth of the time of a short command

    return cell_len(text)


def _cut(text: str, width: int) -> str:
    """Return the longest start of ``text`` that takes at most ``width`` cells, without splitting a grapheme."""
    return text[: _cut_at(text, 0, width)]


def _cut_at(text: str, start: int, width: int) -> int:
    """Return the end of what takes at most ``width`` cells from ``start`` on, without splitting a grapheme.

    Looks only at as much of the text as that takes.
    """
    part = text[start : start + width + 1]
    if part.isascii():
        return min(start + width, len(text))
    from rich.cells import split_graphemes

    looked_at = 2 * width + _GRAPHEME
    while True:
        part = text[start : start + looked_at]
        # The last grapheme may go on after what is looked at.
        whole = start + looked_at >= len(text)
        taken = end = 0
        for _, stop, cells in split_graphemes(part)[0]:
            if taken + cells > width:
                return start + end
            if not whole and stop == len(part):
                break
            taken += cells
            end = stop
        if whole:
            return start + end
        looked_at *= 2


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
    # Measuring a long text as a whole would take time; nearly none fits.
    short = len(text) <= 4 * width + _GRAPHEME
    if width_of(text) <= width if short else _cut_at(text, 0, width) == len(text):
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
    at = 0
    while at < len(text):
        final = bool(lines) and len(found) == lines - 1
        room = (last or width) if final else width
        end = _cut_at(text, at, room)
        if end >= len(text):
            found.append(text[at:])
            break
        if final:
            found.append(clip(text[at : end + _GRAPHEME], room))
            break
        found.append(text[at : (end := _break_before(text, at, end))].rstrip())
        at = _after_spaces(text, end)
    return found or [""]


def _break_before(text: str, start: int, end: int) -> int:
    """Return where a line from ``start`` with room up to ``end`` is broken: at a space, if there is one.

    Chinese and Japanese have none: such a text is broken between any two characters of which the
    first may end a line and the second begin one.
    """
    if not text[end].isspace():
        space = text.rfind(" ", start, end)
        if not text[start : end + 1].isascii():
            space = max(space, _break_in_unspaced(text, max(start, space), end))
        if space > start:
            end = space
        else:
            # Addresses and the like are split after a sign, other long words at the end of the line.
            sign = max(text.rfind(sign, start + (end - start) // 2, end) for sign in _JOINTS)
            end = sign + 1 if sign > start else end
    return max(end, start + 1)


def _break_in_unspaced(text: str, start: int, end: int) -> int:
    """Return the last place up to ``end`` where a text without spaces may be broken, or -1 if there is none."""
    if _UNSPACED.search(text, start, end + 1) is None:
        return -1
    for at in range(end, start, -1):
        before, after = text[at - 1], text[at]
        if (
            (_UNSPACED.match(after) or _UNSPACED.match(before))
            and after not in _NOT_FIRST
            and before not in _NOT_LAST
            and not before.isspace()
        ):
            return at
    return -1


def _after_spaces(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def breaks(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield where each line of at most ``width`` cells starts and ends in ``text``, broken as by :func:`wrap`."""
    at = 0
    while at < len(text):
        end = _cut_at(text, at, width)
        if end >= len(text):
            yield at, end
            return
        end = _break_before(text, at, end)
        yield at, end
        at = _after_spaces(text, end)
