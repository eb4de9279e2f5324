"""One story with what a search has found in it lit, and the way from one hit to the next."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.strip import Strip

from tui_reader.ui.widgets.story_view import StoryView
from tui_reader.ui.widgets.strips import PictureStrip

if TYPE_CHECKING:
    from tui_reader.ui.widgets.hits import Hits

_LIT_LINES = 400  # that are kept
_SEARCHED = 0.3  # seconds for which more of a long body is laid out in search of the next hit


class LitStory(StoryView):
    """A story in whose title, text and coverage the words of a search are lit, line by line as they are drawn."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lit: dict[int, tuple[Strip, Strip]] = {}  # by line: as it was laid out, and with its hits

    def light(self, hits: Hits | None) -> None:
        """Light what another search has found."""
        self.hits = hits
        self.recolour_hits()
        self._drawn.clear()
        self.refresh()

    def recolour_hits(self) -> None:
        """Drop the lit lines: they are drawn again."""
        self._lit.clear()

    def recolour(self) -> None:
        """Drop the lit lines of another theme too."""
        self.recolour_hits()
        super().recolour()

    def draw_line(self, line: int, width: int) -> Strip | None:
        """Draw one line with its hits."""
        strip = super().draw_line(line, width)
        if self.hits is None or strip is None or line >= len(self._lines):
            return strip
        known = self._lit.get(line)
        if known is None or known[0] is not strip:
            if len(self._lit) >= _LIT_LINES:
                self._lit.clear()
            known = self._lit[line] = strip, self._with_hits(line, strip)
        return known[1]

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one article of the coverage with its hits."""
        strips = super().draw(index, width, selected)
        if self.hits is None:
            return strips
        fields = ["title", *["provider"] * (self._height - 1)]
        if self._height > 1 and any(entry.row.excerpt for entry in self._entries):
            fields[-1] = "text"
        hits, lit = self.hits, self.lit_style
        return [hits.strip(strip, lit, field) for strip, field in zip(strips, fields, strict=True)]

    def _with_hits(self, line: int, strip: Strip) -> Strip:
        field, around = self._field(line), ("", "")
        if self.hits is None or not field or isinstance(strip, PictureStrip):
            return strip
        if field != "provider":
            around = self._text_at(line - 1, field), self._text_at(line + 1, field)
        return self.hits.strip(strip, self.lit_style, field, around)

    def _text_at(self, line: int, field: str) -> str:
        """Return the text of a line without its margins, if it is of the same field."""
        return self._lines[line].text.strip() if 0 <= line < len(self._lines) and self._field(line) == field else ""

    def _field(self, line: int) -> str:
        """Return the field that a line of the text is of; empty for dates, topics and the like."""
        if self._text is None:
            return ""
        if line >= self._text.own_text:
            return "text"
        return "title" if line < self._text.title_lines else ""

    def to_hit(self, by: int) -> bool:
        """Scroll to the next hit in the text below the screen (1) or above it (-1); return whether there is one."""
        if self.hits is None or self._text is None:
            return False
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        line = self._next_hit(top + height - 1 if by > 0 else top, by)
        if line is None:
            return False
        self.scroll_lines(max(0, line - height // 3) - top)
        return True

    def _next_hit(self, at: int, by: int) -> int | None:
        """Return the next line with a hit; of a long body, as much is laid out as that takes, for a while."""
        if self._text is None:
            return None
        end = time.monotonic() + _SEARCHED
        line = at + by
        has_grown = False
        while True:
            while 0 <= line < len(self._lines) and not self._has_hit(line):
                line += by
            if 0 <= line < len(self._lines) or by < 0 or self._text.is_complete or time.monotonic() > end:
                break
            line = min(line, len(self._lines) - 1)  # the line that said that there is more is text now
            self._text.grow()
            has_grown = True
        if has_grown:
            self._lay_out_entries()
        return line if 0 <= line < len(self._lines) else None

    def _has_hit(self, line: int) -> bool:
        field = self._field(line)
        strip = self._lines[line]
        return bool(self.hits and field and not isinstance(strip, PictureStrip) and self.hits.spans(strip.text, field))
