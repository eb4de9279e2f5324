"""The list of stories: the number it is sorted by, title, who tells it, date and marks."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping

from rich.style import Style
from textual.message import Message
from textual.strip import Strip

from tui_reader.model.dates import month_date, year_date
from tui_reader.model.query import Query, Sort
from tui_reader.model.story import StoryRow
from tui_reader.model.trending import Cooling, number_shown
from tui_reader.ui.library import AHEAD, Listing
from tui_reader.ui.widgets.cells import clip, pad, width_of, wrap
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.widgets.story_facts import FOLDED, clip_name, facts, least_facts, marked, match_words, signs, told_by
from tui_reader.ui.widgets.strips import Piece

ONE_LINE = 72
"""Least width, in cells, of a list with one line for a story, if lines are few."""

TWO_LINES = 44
"""Least width, in cells, of a list with two lines for a story; narrower lists have three."""

MOST_LINES = 3
"""Lines that a story takes at most."""

_TITLE_FITS = 88  # cells of a list in which nearly every title fits into one line
_FEW_LINES = 16  # a list of fewer lines shows one line for a story
_HEAT = 5
_DATE, _SHORT_DATE = 8, 6  # cells of a date: ``Mar 2024`` or ``23 Sep``, at least ``2024``
_LEAST_NAME = 9  # cells that a provider keeps before the title is cut
_MIN_MATCH = 24  # cells after a title that name the article found; else each has half of the line
_RISING = "▲"


class StoryList(LineList):
    """Shows stories in their order; the rows are read as they are needed."""

    class RowsWanted(Message):
        """Rows on the screen have not been read from the index yet."""

        def __init__(self, numbers: list[int]) -> None:
            super().__init__()
            self.numbers = numbers

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.order = array("I")
        self.total = 0
        self.now = 0
        self.lines = 0  # of a story; 0 where they follow from the size
        self.empty_text = ""
        self.listed: Query | None = None
        self.cooling = Cooling(0)
        self.limits: tuple[int, ...] = ()
        self._begins_at: int | None = None  # the line of the screen for the cursor, once there is a screen
        self._rows: dict[int, StoryRow] = {}
        self._requested: set[int] = set()

    # -- data --------------------------------------------------------------

    def count(self) -> int:
        """Return the number of stories, whether their rows have been read or not."""
        return self.total

    def show(self, listing: Listing, *, keep: int | None = None, offset: int | None = None) -> None:
        """Show another list.

        ``keep`` is an article that the cursor stays on, at the line ``offset`` of
        the screen, or on the lead that it is folded under by now. If the list
        has the same query as before and the article is no longer in it, the
        cursor stays at its index.
        """
        same_query = listing.query == self.listed
        self.listed = listing.query
        self.order, self.total = listing.order, listing.total
        self.cooling, self.limits = listing.cooling, listing.limits
        # Rows that were read for another list may be older, or single articles instead of stories.
        self._rows = dict(listing.rows)
        self._requested.clear()
        if keep is not None:
            keep = listing.leads.get(keep, keep)
        index = self.order.index(keep) if keep is not None and keep in self.order else None
        if index is None and keep is not None and same_query and self.total:
            index = min(self.cursor, self.total - 1)
        self.cursor = index or 0
        self.redraw(resize=True)
        if index is None:
            self.scroll_to(y=0, animate=False, force=True)
        elif offset is not None and not self.size:
            self._begins_at = offset
        elif offset is not None:
            self.scroll_to(y=max(0, index * self.item_height - offset), animate=False, force=True)
        self.keep_in_view()

    def refit(self) -> None:
        """Lay out for another size; until :meth:`begun`, the cursor is shown at the line where it was left."""
        super().refit()
        if self._begins_at is not None:
            self.scroll_to(y=max(0, self.cursor * self.item_height - self._begins_at), animate=False, force=True)
            self.keep_in_view()

    def begun(self) -> None:
        """Note that the screen is there: from now on, what is in view stays."""
        self.fit()
        self._begins_at = None

    def forget(self) -> None:
        """Forget all rows: their articles have other numbers in another index."""
        self._rows.clear()
        self.listed = None

    def complete(self, order: array[int]) -> None:
        """Set the complete order of the list, of which only the start was known."""
        known = len(self.order)
        same = len(order) == self.total and order[:known] == self.order
        self.order, self.total = order, len(order)
        if not same or self.on_screen().stop > known:
            self.redraw(resize=True)
            self.keep_in_view()

    def supply(self, rows: Mapping[int, StoryRow]) -> None:
        """Add rows that were read, and draw those on the screen that have changed.

        The numbers stay those that the list was sorted by.
        """
        rows = {number: self._as_listed(row) for number, row in rows.items()}
        changed = {number for number, row in rows.items() if self._rows.get(number) != row}
        self._rows.update(rows)
        self._requested.difference_update(rows)
        # Items whose order is not known yet were drawn blank; no row belongs to them.
        known = len(self.order)
        self._drawn = {
            key: strips for key, strips in self._drawn.items() if key[0] >= known or self.order[key[0]] not in changed
        }
        for index in self.on_screen():
            if self.order[index] in changed:
                self.refresh_lines(index * self.item_height, self.item_height)

    def _as_listed(self, row: StoryRow) -> StoryRow:
        known = self._rows.get(row.article)
        return row if known is None else row._replace(heat=known.heat, quality=known.quality, published=known.published)

    def on_screen(self) -> range:
        """Return the indexes of the stories on the screen, as far as the order is known."""
        first = self.scroll_offset.y // self.item_height
        return range(first, min(first + self.page() + 2, len(self.order)))

    def missing(self) -> list[int]:
        """Return the articles to read: those on the screen and around it, without a row.

        Empty if all rows on the screen are known.
        """
        visible = self.on_screen()
        if all(self.order[index] in self._rows for index in visible):
            return []
        around = self.order[max(0, visible.start - AHEAD // 4) : visible.stop + AHEAD]
        return [article for article in around if article not in self._rows]

    def current(self) -> StoryRow | None:
        """Return the story under the cursor, if its row is known."""
        number = self.current_number()
        return None if number is None else self._rows.get(number)

    def current_number(self) -> int | None:
        """Return the id of the article under the cursor."""
        return self.order[self.cursor] if self.cursor < len(self.order) else None

    def current_offset(self) -> int:
        """Return the line of the screen at which the story under the cursor starts."""
        return self.cursor * self.item_height - self.scroll_offset.y

    def known(self) -> Iterable[StoryRow]:
        """Return the rows that are known, in no particular order."""
        return self._rows.values()

    def row(self, number: int) -> StoryRow | None:
        """Return the row of an article, if it is known."""
        return self._rows.get(number)

    # -- drawing -------------------------------------------------------------

    def height_for(self, width: int) -> int:
        """Return the lines that were chosen; else 3 in a narrow list, 2 in a wider one, 1 if lines are few."""
        if self.lines:
            return self.lines
        if width < TWO_LINES:
            return 3
        if width >= ONE_LINE and self.size.height < _FEW_LINES:
            return 1
        return 2

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one story."""
        if index >= len(self.order):
            return [Strip.blank(width, self.palette.page)] * self.item_height
        row = self._rows.get(self.order[index])
        if row is None:
            self._want(index)
            return [Strip.blank(width, self.palette.page)] * self.item_height
        if self._of_one_source():
            row = row._replace(provider=row.provider._replace(name=""))
        if self.item_height == 1:
            return [self._one_line(row, width, selected)]
        if self.item_height == 2:
            return self._two_lines(row, width, selected)
        return self._three_lines(row, width, selected)

    def _of_one_source(self) -> bool:
        """Return whether the articles of one source are listed: its name in every row would say nothing."""
        return self.listed is not None and self.listed.folded and len(self.listed.sources) == 1

    def _want(self, index: int) -> None:
        """Request the rows around an item that was drawn without one."""
        start = max(0, index - AHEAD // 4)
        numbers = [n for n in self.order[start : index + AHEAD] if n not in self._rows and n not in self._requested]
        if numbers:
            self._requested.update(numbers)
            self.post_message(self.RowsWanted(numbers))

    def draw_line(self, line: int, width: int) -> Strip | None:
        """Draw one line, or the text of an empty list."""
        if self.total:
            return super().draw_line(line, width)
        lines = [text for part in self.empty_text.split("\n") for text in wrap(part, max(1, width - 6))]
        if not 0 < line <= len(lines):
            return None
        return self.strip([("   " + lines[line - 1], self.palette.muted)], width, False)

    def _title_style(self, row: StoryRow) -> Style:
        return self.palette.bright if row.unread else self.palette.muted

    def _faint(self, row: StoryRow) -> Style:
        return self.palette.muted if row.unread else self.palette.faint

    def _match(self, words: str) -> list[Piece]:
        """Return which article of a story was found as pieces, lit like a title."""
        return self.lit(words, [words], self.palette.text)[0]

    def _heat(self, row: StoryRow) -> tuple[str, Style]:
        sort = Sort.HEAT if self.listed is None else self.listed.sort
        number = number_shown(sort, row.heat, row.quality, row.published, self.cooling)
        style = self.palette.heat(number, self.limits) if row.unread and number is not None else self.palette.faint
        return pad("·" if number is None else str(number), _HEAT - 1, right=True) + " ", style

    def _below_heat(self, row: StoryRow) -> tuple[str, Style]:
        """Return the sign of a story that gains coverage, below the last digit of its heat."""
        if not row.rising or row.new:  # the number of new articles says more
            return " " * _HEAT, Style()
        return pad(_RISING, _HEAT - 1, right=True) + " ", self.palette.accent

    def _roomy(self) -> bool:
        return self.item_height == 3 or self.size.width >= ONE_LINE

    def show_lines(self, lines: int) -> None:
        """Show so many lines for a story; 0 for as many as suit the size."""
        self.lines = lines
        self.refit()

    def _meta(self, row: StoryRow, width: int, *, right: bool = False) -> list[tuple[str, Style]]:
        before = signs(row)
        width -= width_of(before)
        text = facts(row, self.now, width, roomy=self._roomy())
        room = " " * max(0, width - width_of(text)) if right else ""
        return [(room, Style()), (before, self.palette.accent), (text, self._faint(row))]

    def _three_lines(self, row: StoryRow, width: int, selected: bool) -> list[Strip]:
        room = width - _HEAT - 2
        title = wrap(row.title, room, 1 if row.match else 2)
        style = self._title_style(row)
        blank = (" " * _HEAT, Style())
        first, *rest = self.lit(row.title, title, style)
        lines = [[self._heat(row), *first], *([blank, *line] for line in rest)]
        if row.match:
            lines.append([blank, *self._match(match_words(row.match, room))])
        lines.append([blank, *self._meta(row, room)])
        lines[1][0] = self._below_heat(row)
        if len(lines) < MOST_LINES:
            lines.append([blank, (clip(row.excerpt, room), self._faint(row))])
        return [self.strip([self.bar(selected), *line], width, selected) for line in lines]

    def _two_lines(self, row: StoryRow, width: int, selected: bool) -> list[Strip]:
        room = width - _HEAT - 2
        if width >= _TITLE_FITS and not row.match:
            return self._title_above_facts(row, width, selected)
        # The title goes before all of the facts that can be shorter.
        least = min(room * 3 // 5, width_of(signs(row)) + least_facts(row, self.now))
        style = self._title_style(row)
        if row.match:
            title = [clip(row.title, room), match_words(row.match, room - least - 2)]
        else:
            title = [*wrap(row.title, room, 2, last=room - least - 2), ""][:2]
        gap = 2 if title[1] else 0
        # The gap is part of the title, as one piece takes less time than two.
        within = title[1] + " " * gap
        first, rest = self.lit(row.title, [title[0], within], style)
        if row.match:
            rest = self._match(within)
        # The facts stay at the right edge, however long the title is.
        meta = self._meta(row, room - width_of(title[1]) - gap, right=True)
        lines = [[self._heat(row), *first], [self._below_heat(row), *rest, *meta]]
        return [self.strip([self.bar(selected), *line], width, selected) for line in lines]

    def _title_above_facts(self, row: StoryRow, width: int, selected: bool) -> list[Strip]:
        room = width - _HEAT - 2
        first = [self._heat(row), *self.lit(row.title, [clip(row.title, room)], self._title_style(row))[0]]
        second = [self._below_heat(row), *self._meta(row, room)]
        return [self.strip([self.bar(selected), *line], width, selected) for line in (first, second)]

    def _one_line(self, row: StoryRow, width: int, selected: bool) -> Strip:
        """Draw the title, and at the right edge who tells it and when: the name is cut before the title is."""
        date = _DATE if width >= ONE_LINE + _DATE else _SHORT_DATE
        moment, read = (row.published, "") if row.read_at is None else (row.read_at, "read ")
        when = month_date(moment, self.now) if date == _DATE else year_date(moment, self.now)
        room = width - 1 - _HEAT - date - len(read) - 5
        saved = marked(row)
        rising = f" {_RISING} " if row.rising and not row.new else "   "
        told = f" {row.new} new" if row.new else f" +{told_by(row)}" if row.related else ""
        beside = width_of(saved + told)  # the name of the provider
        title = f"{FOLDED} {row.title}" if row.lead else row.title
        name = row.provider.name
        left = max(_LEAST_NAME, room - width_of(title) - beside)
        name = clip_name(name, min(left, room // 2 - beside)) if name else ""
        room -= beside + width_of(name)
        match = ""
        if row.match:
            free = room - width_of(title)
            free = free if free >= _MIN_MATCH else room // 2
            match = pad(f"  {match_words(row.match, free - 2)}", free)
        faint = self._faint(row)
        return self.strip(
            [
                self.bar(selected),
                self._heat(row),
                *self.lit(title, [pad(title, room - width_of(match))], self._title_style(row))[0],
                *self._match(match),
                (rising + saved, self.palette.accent),
                (name, faint),
                (told, self.palette.accent if row.new else faint),
                (pad(read + when, date + len(read) + 1, right=True), faint),
            ],
            width,
            selected,
        )
