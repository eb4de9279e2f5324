"""Lays out plain text that is read from top to bottom: 72 columns, and lines that mail programs can join again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from tui_reader.named_tuple import NamedTuple

WIDTH = 72
"""The columns of a line: those that mail and news have used ever since, so that it can be quoted."""

_STUFFED = re.compile(r"[ >]|From |\.$")  # a line of one dot ends a message that is given to sendmail
_QUOTE = re.compile(r"(?:> ?)*")


class Block(NamedTuple):
    """A paragraph, or an empty line where ``text`` is empty.

    ``first`` stands before its first line, ``rest`` before the others. A
    ``fixed`` one, such as an address or code, stays on one line whatever its
    length.
    """

    text: str = ""
    first: str = ""
    rest: str = ""
    fixed: bool = False


def lay_out(blocks: Iterable[Block], *, flowed: bool = False, width: int = WIDTH) -> Iterator[str]:
    """Yield ``blocks`` as lines, never two empty ones in a row.

    With ``flowed``, they are those of RFC 3676: a line that ends in a space
    goes on in the next one, so only quotes have something before the others.
    """
    was_empty = True
    for block in blocks:
        if not block.text.strip() and not block.first.strip():
            if not was_empty:
                yield ""
            was_empty = True
            continue
        was_empty = False
        lines = _lines(block, flowed, width)
        yield from map(_stuffed, lines) if flowed and not block.first.startswith(">") else lines


def _lines(block: Block, flowed: bool, width: int) -> Iterator[str]:
    quote = _QUOTE.match(block.rest)
    rest = (quote[0] if quote else "") if flowed else block.rest
    if block.fixed:
        yield f"{block.first}{block.text}".rstrip()
        return
    before = block.first
    for paragraph in block.text.split("\n"):
        for line, goes_on in wrapped(paragraph, width - len(before), width - len(rest)):
            yield f"{before}{line} " if goes_on and flowed else f"{before}{line}".rstrip()
            before = rest


def wrapped(text: str, first: int, others: int) -> Iterator[tuple[str, bool]]:
    """Yield the lines of ``text``, and whether a space was between each and the next.

    The first is at most ``first`` columns wide, each of the others at most
    ``others``. A word that is wider has a line of its own, except in scripts
    without spaces, which are broken anywhere.
    """
    room, line, taken = max(first, 1), "", 0
    words = text.split()
    if (plain := " ".join(words)).isascii():
        yield from _wrapped_ascii(plain, room, max(others, 1))
        return
    for word in words:
        width = columns(word)
        if line and taken + 1 + width > room:
            yield line, True
            room, line, taken = max(others, 1), "", 0
        if not line and width > room and width > len(word):
            *pieces, word = _pieces(word, room, max(others, 1))  # noqa: PLW2901
            for piece in pieces:
                yield piece, False
                room = max(others, 1)
            width = columns(word)
        line, taken = (f"{line} {word}", taken + 1 + width) if line else (word, width)
    yield line, False


def _wrapped_ascii(text: str, room: int, others: int) -> Iterator[tuple[str, bool]]:
    """Do the same with words that one space is between: looked for line by line, in a fifth of the time."""
    start = 0
    while len(text) - start > room:
        end = text.rfind(" ", start, start + room + 1)
        if end < 0:
            end = text.find(" ", start)
        if end < 0:
            break
        yield text[start:end], True
        start, room = end + 1, others
    yield text[start:], False


def columns(text: str) -> int:
    """Return how many columns ``text`` takes."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(char: str) -> int:
    if unicodedata.east_asian_width(char) in {"W", "F"}:
        return 2
    return 0 if unicodedata.category(char) in {"Mn", "Me", "Cf"} else 1


def _pieces(word: str, first: int, others: int) -> list[str]:
    """Split a word of a script without spaces so that each piece fits into its line."""
    pieces, start, taken, room = [], 0, 0, first
    for at, char in enumerate(word):
        width = _columns_of(char)
        if taken + width > room and at > start:
            pieces.append(word[start:at])
            start, taken, room = at, 0, others
        taken += width
    return [*pieces, word[start:]]


def _stuffed(line: str) -> str:
    """Return a line, which quotes nobody, so that no mail program takes its beginning for a quote."""
    return f" {line}" if _STUFFED.match(line) else line
