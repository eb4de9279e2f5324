"""The body of a story as lines, laid out in steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui_reader.ui.widgets.cells import wrap
from tui_reader.ui.widgets.palette import Palette
from tui_reader.ui.widgets.strips import PictureLine, Piece, Shelf

if TYPE_CHECKING:
    from tui_reader.ui.widgets.link_numbers import BodyLink

MAX_BODY_LINES = 20_000
"""Most lines of a body that are shown; a line of 88 cells takes about 1 KB of memory."""

_FIRST_PARTS = 3  # laid out at once
_FIRST_LINES = 60  # that are enough at once: a screen
_COMPARED = 200  # letters and digits of an excerpt
_DISTINCT = 60  # letters and digits that do not occur by accident
_NON_WORD = re.compile(r"[\W_]+")
_NUMBERS = re.compile(r"\[\d+\]|[⁰¹²³⁴-⁹]")
_LONGEST_ENDING = 60  # characters
_READ_ON = re.compile(
    r"(?:…|\.\.\.|\[…\]|\s)\W*(?:(?:continue|keep) reading\b|read (?:more|on|the full|the rest)\b|more\W*$).*\Z",
    re.IGNORECASE | re.DOTALL,
)


class BodyText:
    """The lines of a Markdown body, each at most ``room`` cells wide, as far as they are laid out."""

    def __init__(
        self, body: str, room: int, palette: Palette, *, address: str | None, shelf: Shelf | None = None
    ) -> None:
        """``address`` is that of the article, if it is known; ``shelf`` has the pictures, if they are shown."""
        self._shelf = shelf
        self._pictures: set[str] = set()  # those that have their room
        self._room, self._palette, self._can_open = room, palette, address is not None
        self._parts = _laid_out(body, room, palette, address or "")
        self.lines: list[list[Piece]] = []
        self.is_complete = not body
        for _ in range(_FIRST_PARTS):
            if len(self._text_lines()) < _FIRST_LINES:
                self.grow()

    def grow(self) -> int:
        """Lay out the next part; return how many of the lines before stay."""
        part = None if self.is_complete else next(self._parts, None)
        if part is None:
            self.is_complete = True
            return len(self.lines)
        more, joined = part
        if self._shelf is not None:
            from tui_reader.ui.widgets.picture_boxes import with_boxes

            more = with_boxes(more, self._shelf, self._room, self._pictures)
        if more and not joined:
            self.lines.append([])
        kept = len(self.lines)
        self.lines += more
        if len(self.lines) > MAX_BODY_LINES:
            self._leave_out()
            kept = min(kept, MAX_BODY_LINES)
        return kept

    def _text_lines(self) -> list[list[Piece]]:
        return [line for line in self.lines if not isinstance(line, PictureLine)]

    def begins_with(self, excerpt: str) -> bool:
        """Return whether ``excerpt`` is how the body begins, after pictures, headings and the like.

        One of some length may also be taken from any of the first lines.
        """
        start = _letters(excerpt[:-_LONGEST_ENDING] + _READ_ON.sub("", excerpt[-_LONGEST_ENDING:]))[:_COMPARED]
        lines = [_letters("".join(text for text, _ in line)) for line in self._text_lines()[:_FIRST_LINES]]
        text = "".join(lines)
        if len(start) >= _DISTINCT:
            return start in text
        at = 0
        for line in lines:
            if line and text.startswith(start, at):
                return True
            at += len(line)
        return False

    def _leave_out(self) -> None:
        """Say that there is more, in place of it."""
        self.is_complete = True
        where = "press o to read it in the browser" if self._can_open else "open its file to read it"
        words = wrap(f"The rest of this text is left out: {where}.", self._room)
        self.lines[MAX_BODY_LINES:] = [[], *([(line, self._palette.accent)] for line in words)]


def _letters(text: str) -> str:
    """Return the letters and digits of a text, without the numbers of links and notes."""
    return _NON_WORD.sub("", _NUMBERS.sub("", text)).casefold()


def prepare() -> None:
    """Import what lays bodies out, which takes 60 ms: in a thread, while the first story is on its way."""
    from tui_reader.sources import markdown_parts
    from tui_reader.ui.widgets import markdown_lines

    del markdown_lines, markdown_parts


def body_links(body: str, address: str | None) -> list[BodyLink]:
    """Return the links of a body with the numbers that they have on the screen."""
    from tui_reader.sources.markdown_parts import parts, references
    from tui_reader.ui.widgets.link_numbers import LinkNumbers
    from tui_reader.ui.widgets.markdown_lines import number_links

    numbers = LinkNumbers(address or "")
    known = references(body)
    for part in parts(body):
        number_links(part.text, numbers, known)
    return numbers.all()


def _laid_out(body: str, room: int, palette: Palette, address: str) -> Iterator[tuple[list[list[Piece]], bool]]:
    """Yield the lines of one part after the other, each with whether no empty line is before it."""
    from tui_reader.sources.markdown_parts import parts, references
    from tui_reader.ui.widgets.link_numbers import LinkNumbers
    from tui_reader.ui.widgets.markdown_lines import markdown_lines

    numbers = LinkNumbers(address)
    known = references(body)
    for part in parts(body):
        yield markdown_lines(part.text, room, palette, numbers, known), part.joined
