"""Writes emphasis where Markdown takes it for such: elsewhere, its signs would be shown as text."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator

OPEN = {"*": "\x11", "**": "\x12", "~~": "\x13"}
CLOSE = {"*": "\x14", "**": "\x15", "~~": "\x16"}
"""What stands for the signs of emphasis until the text around them is known."""

_SIGNS = {mark: sign for marks in (OPEN, CLOSE) for sign, mark in marks.items()}
_OPENED = {CLOSE[sign]: OPEN[sign] for sign in OPEN}
_MARK = re.compile("([\x11-\x16])")
# Only there can Markdown see the signs otherwise: beside each other, or punctuation inside and no space outside.
_DOUBTFUL = re.compile("[\x11-\x16]{2}|\\S[\x11-\x13][\\W_]|[\\W_][\x14-\x16]\\S")
_BEFORE_LINK = re.compile(r"(?<!\\)!(?=[\x11-\x16]+\[)")  # it would make a picture of the link
_ENDS_IN_CODE = re.compile(r"(?<![\\`])`\Z")
_BEGINS_WITH_CODE = re.compile(r"`(?!`)")
_NOTHING, _SIGN, _CLASH = -1, -2, -3  # beside emphasis: the end of the block, another sign, the end of other emphasis
_MOST_MOVED = 20  # characters of punctuation that go outside


def with_emphasis(text: str) -> str:
    """Return the text of a block with the signs of emphasis in place of their marks.

    In Markdown, ``**Note:**that`` is no emphasis, because a sign between
    punctuation and a letter is none. The punctuation goes outside then, as in
    ``**Note**:that``; where that is not possible, the signs are left out.
    Works in linear time.
    """
    if not any(mark in text for mark in _SIGNS):  # nearly all blocks, and a pattern takes four times as long
        return text
    if not _DOUBTFUL.search(text):
        return _MARK.sub(_sign, text)
    parts = _merged(part for part in _MARK.split(_BEFORE_LINK.sub(r"\\!", text)) if part)
    pairs = list(_pairs(parts))
    for start, end in pairs:
        _move_punctuation(parts, start, end)
    seen, before = pairs, len(pairs) + 1
    while len(seen) < before:  # at most once for each level of emphasis: one that goes can undo one around it
        before = len(seen)
        seen = [pair for pair in seen if _is_seen(parts, *pair) or _leave_out(parts, *pair)]
    return _joined([_SIGNS.get(part, part) for part in parts if part])


def _sign(match: re.Match[str]) -> str:
    return _SIGNS[match[0]]


def _joined(parts: list[str]) -> str:
    """Return ``parts`` as one text; code that is right after code by now is one with it."""
    for at in range(1, len(parts)):
        if _ENDS_IN_CODE.search(parts[at - 1][-2:]) and _BEGINS_WITH_CODE.match(parts[at]):
            parts[at - 1], parts[at] = parts[at - 1][:-1], parts[at][1:]
    return "".join(parts)


def _merged(parts: Iterable[str]) -> list[str]:
    """Return ``parts`` without an end of emphasis right before the start of the same."""
    kept: list[str] = []
    for part in parts:
        if kept and part in _SIGNS and _OPENED.get(kept[-1]) == part:
            kept.pop()
        else:
            kept.append(part)
    return kept


def _pairs(parts: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where emphasis starts and ends, the inner before the outer; a mark without another is removed."""
    opened: list[int] = []
    for at, part in enumerate(parts):
        if part in _OPENED and opened and parts[opened[-1]] == _OPENED[part]:
            yield opened.pop(), at
        elif part in _OPENED:
            parts[at] = ""
        elif part in _SIGNS:
            opened.append(at)
    for at in opened:
        parts[at] = ""


def _move_punctuation(parts: list[str], start: int, end: int) -> None:
    """Put punctuation outside of emphasis where a letter follows outside."""
    before, first = _beside(parts, start, -1), _beside(parts, start, 1)
    if before >= 0 and start < first < end and _is_word(parts[before][-1]):
        cut = _leading(parts[first])
        parts[before] += parts[first][:cut]
        parts[first] = parts[first][cut:]
    last, after = _beside(parts, end, -1), _beside(parts, end, 1)
    if after >= 0 and start < last < end and _is_word(parts[after][0]):
        cut = len(parts[last]) - _trailing(parts[last])
        parts[after] = parts[last][cut:] + parts[after]
        parts[last] = parts[last][:cut]


def _is_seen(parts: list[str], start: int, end: int) -> bool:
    """Return whether Markdown takes the signs for emphasis."""
    before, first = _beside(parts, start, -1), _beside(parts, start, 1)
    last, after = _beside(parts, end, -1), _beside(parts, end, 1)
    if before == _CLASH or _NOTHING in (first, last) or first >= end or 0 <= last <= start:
        return False
    inner_first = parts[first][0] if first >= 0 else "*"
    inner_last = parts[last][-1] if last >= 0 else "*"
    if inner_first.isspace() or inner_last.isspace():
        return False
    opens = not _is_punctuation(inner_first) or before < 0 or not _is_word(parts[before][-1])
    return opens and (not _is_punctuation(inner_last) or after < 0 or not _is_word(parts[after][0]))


def _leave_out(parts: list[str], start: int, end: int) -> bool:
    """Remove the marks of emphasis that would be no such; return ``False``."""
    parts[start] = parts[end] = ""
    return False


def _beside(parts: list[str], at: int, step: int) -> int:
    """Return the place of the text beside a mark, which may be beyond marks whose signs are one with it."""
    mark = parts[at]
    at += step
    while 0 <= at < len(parts):
        part = parts[at]
        if part and part not in _SIGNS:
            return at
        if part and _SIGNS[part][0] != _SIGNS[mark][0]:
            return _SIGN
        if step < 0 and part in _OPENED and mark not in _OPENED:
            return _CLASH
        at += step
    return _NOTHING


def _is_punctuation(char: str) -> bool:
    return bool(char) and unicodedata.category(char)[0] in "PS"


def _is_word(char: str) -> bool:
    """Return whether punctuation between ``char`` and a sign of emphasis would undo it."""
    return bool(char) and not char.isspace() and char not in string.punctuation and unicodedata.category(char)[0] != "P"


def _leading(text: str) -> int:
    """Return how many characters at the start of ``text`` are punctuation, and not markup."""
    at = 0
    while at < min(len(text), _MOST_MOVED):
        if text[at] == "\\" and at + 1 < len(text):
            at += 2
        elif _is_punctuation(text[at]) and text[at] not in "[]`<>&!\\":
            at += 1
        else:
            break
    return at


def _trailing(text: str) -> int:
    """Return how many characters at the end of ``text`` are punctuation, and not markup."""
    in_links = "](" in text
    cut = 0
    while cut < min(len(text), _MOST_MOVED):
        char, before = text[-cut - 1], text[: -cut - 1][-1:]
        if before == "\\" and char in string.punctuation:
            cut += 2
        elif _is_punctuation(char) and char not in "[]`<>\\" and not (in_links and char in "()"):
            cut += 1
        else:
            break
    return cut
