"""One story: its text, and below it the articles it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from tui_reader.config import DEFAULT_MEASURE
from tui_reader.model.story import Story, StoryRow
from tui_reader.ui.widgets import coverage
from tui_reader.ui.widgets.line_list import CACHED_ITEMS, LineList
from tui_reader.ui.widgets.reading_place import Progress
from tui_reader.ui.widgets.story_text import MARGIN, Column, StoryText
from tui_reader.ui.widgets.strips import Shelf

S = TypeVar("S", Story, Story | None)

_COLUMNS = 70  # cells; a narrower view has the facts of an article below its title
_PAUSE = 0.03  # seconds between the steps in which a long body is laid out
_AT_ONCE = 0.03  # seconds in which a long body may be laid out at once, up to where one was
_KEPT_SIMILAR = 200  # stories whose similar articles are kept


class StoryView(LineList):
    """Shows one story; a cursor steps through the articles it leads to.

    Of the articles below the text, of which there can be hundreds, only those on the screen are drawn.
    """

    class Entered(Message):
        """The user opens an article of the coverage."""

        def __init__(self, row: StoryRow) -> None:
            super().__init__()
            self.row = row

    class Scrolled(Message):
        """Other lines of the story are on the screen."""

    class Selected(Message):
        """The user selected an article of the coverage with the mouse."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.story: Story | None = None
        self.selected: int | None = None
        self.now = 0
        self.shelf: Shelf | None = None
        self.measure = DEFAULT_MEASURE
        self._entries: list[coverage.CoverageEntry] = []
        self._text: StoryText | None = None
        self._growing: Timer | None = None  # while the body is laid out
        self._wanted = 0  # the line to scroll to once it is laid out
        self._wanted_place = 0  # the place in the body to scroll to once it is laid out
        self._starts: list[int] = []  # first line of each entry, below its heading
        self._columns: dict[bool, coverage.FactColumns] = {}  # without, facts are below the titles
        self._height = 3  # lines of an entry
        self._similar: dict[int, tuple[StoryRow, ...]] = {}  # by page of the story
        self.opened = coverage.OpenedMarks()

    # -- data --------------------------------------------------------------

    def show(self, story: Story | None, selected: int | None = None, scroll: int = 0) -> None:
        """Show ``story`` from its start, or with a selected article and scrolled by ``scroll`` lines."""
        self.story = story = self._as_known(story)
        self._entries = coverage.coverage_entries(story)
        self.selected = selected if selected is not None and selected < len(self._entries) else None
        self.forget_click()
        self._wanted, self._wanted_place = scroll, 0
        self._lay_out()
        self.scroll_to(y=scroll, animate=False, force=True)

    def forget(self) -> None:
        """Forget the similar articles that were found: their articles have other numbers in another index."""
        self._similar.clear()

    def update_marks(self, story: Story) -> None:
        """Show a newer version of the same story; the selected article stays selected."""
        story = self._as_known(story)
        if story == self.story:
            return
        self.story = story
        self._update_entries()
        self._lay_out()

    def _update_entries(self) -> None:
        """Replace the entries by those of the story now; the selected article stays selected."""
        row = self.chosen_row()
        self._entries = coverage.coverage_entries(self.story)
        if row is not None and self.selected is not None:
            same = [index for index, entry in enumerate(self._entries) if entry.row.article == row.article]
            self.selected = min(same, key=lambda index: abs(index - (self.selected or 0)), default=None)

    def show_similar(self, rows: Sequence[StoryRow]) -> None:
        """Show similar articles below the coverage, the most similar first, without moving anything else."""
        if self.story is None:
            return
        if len(self._similar) >= _KEPT_SIMILAR:
            self._similar.clear()
        self._similar[self.story.row.page] = tuple(rows)
        self.story = self._as_known(self.story)
        self._update_entries()
        self._lay_out_entries()

    def _as_known(self, story: S) -> S:
        """Return ``story`` with the similar articles found for it before, and the marks it had when it was opened."""
        if story is None:
            return story
        return self.opened.applied(story)._replace(similar=self._similar.get(story.row.page, story.similar))

    def chosen_row(self) -> StoryRow | None:
        """Return the selected article of the coverage."""
        return None if self.selected is None else self._entries[self.selected].row

    @property
    def coverage(self) -> int:
        """Number of articles the story leads to, without those that are only similar."""
        return sum(not entry.is_similar for entry in self._entries)

    def whereabouts(self) -> str:
        """Return which article is selected, or how many there are: ``2 of 7 related``, ``1 of 5 similar``."""
        return coverage.whereabouts(self._entries, self.selected)

    # -- how far one is ------------------------------------------------------

    def progress(self) -> Progress | None:
        """Return how far one is in the text; ``None`` if all of it is on the screen."""
        height = self.scrollable_content_region.height
        return self._text.progress(self.scroll_offset.y, height) if self._text and height else None

    def place(self) -> int:
        """Return how much of the body is above the screen, in cells without spaces."""
        return self._wanted_place or (self._text.place_of(self.scroll_offset.y) if self._text else 0)

    def go_to_place(self, place: int) -> None:
        """Scroll to a place in the body, as soon as it is laid out with a screen below it: the view can grow."""
        self._wanted, self._wanted_place = 0, place
        if self._text and self._text.grow_to(place, self.app.size.height, _AT_ONCE):
            self._lay_out_entries()
        self._seek()

    def _seek(self) -> None:
        line = self._wanted_place and self._text and self._text.line_of(self._wanted_place, self.app.size.height)
        if line:
            self._wanted_place = 0
            self.scroll_to(y=line, animate=False, force=True)

    def _note_place(self) -> None:
        """Note what stands at the top of the screen, to scroll to it once the text is laid out anew."""
        if self.scroll_offset.y < len(self._lines) and not self._wanted:
            self._wanted_place = self.place()

    def validate_scroll_y(self, value: float) -> float:
        """Note the place before it is lost: Textual scrolls up where another size leaves too few lines below it."""
        if value > self.max_scroll_y and value == self.scroll_y:
            self._note_place()
        return super().validate_scroll_y(value)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell that other lines are on the screen."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Scrolled())

    # -- layout --------------------------------------------------------------

    def count(self) -> int:
        """Return the number of lines: this view scrolls by lines, not by items."""
        return self._starts[-1] + self._height + 1 if self._starts else len(self._lines) + 1

    @property
    def _lines(self) -> Sequence[Strip]:
        return () if self._text is None else self._text.lines

    def refit(self) -> None:
        """Lay everything out for the new width; what stands at the top of the screen stays there."""
        self._note_place()
        self._wanted = 0 if self._wanted_place else self._wanted or self.scroll_offset.y
        self._lay_out()
        self._seek()

    def recolour(self) -> None:
        """Lay everything out in the colours of another theme."""
        super().recolour()
        self.refit()

    def _lay_out(self) -> None:
        if (width := self.scrollable_content_region.width) > MARGIN * 2:
            column = Column.within(width, self.measure)
            self._text = StoryText(self.story, column, self.palette, self._text, self.shelf) if self.story else None
        self._lay_out_entries()
        self._go_on()

    def _go_on(self) -> None:
        """Lay out the rest of a long body, with pauses in which keys are answered."""
        if self._text is None or self._text.is_complete:
            self._wanted = 0
        elif self._growing is None:
            self._growing = self.set_timer(_PAUSE, self._grow)

    def _grow(self) -> None:
        self._growing = None
        if self._text is None:
            return
        end = len(self._text.lines)
        added = self._text.grow()
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        self._lay_out_entries(repaint=top + height >= end - 2)
        if self.selected is not None and added and top + height > end:
            self.scroll_to(y=top + added, animate=False, force=True)  # the selected article stays where it is
        elif self._wanted > top and self._text.reaches(self._wanted + self.app.size.height):
            self.scroll_to(y=self._wanted, animate=False, force=True)
            self._wanted = 0
        self._seek()
        self._go_on()
        self.post_message(self.Scrolled())

    def _lay_out_entries(self, *, repaint: bool = True) -> None:
        width = self.scrollable_content_region.width
        self._drawn.clear()
        self._starts = []
        if width <= MARGIN * 2:
            return  # hidden: laid out when it is shown
        fits = min(width, self.measure) >= _COLUMNS
        self._columns = coverage.fact_columns(self._entries, self.now) if fits else {}
        self._height = (2 if fits else 3) - (not any(entry.row.excerpt for entry in self._entries))
        line = len(self._lines)
        for entry in self._entries:
            line += 2 if entry.heading else 0
            self._starts.append(line)
            line += self._height
        self.set_extent(width, self.count())
        if repaint:
            self.refresh()

    # -- drawing ---------------------------------------------------------------

    def draw_line(self, line: int, width: int) -> Strip | None:
        """Draw one line of the text or of the coverage."""
        if width <= MARGIN * 2 or self.story is None:
            return None
        if line < len(self._lines):
            return self._lines[line]
        index = coverage.entry_at(line, self._entries, self._starts, self._height)
        if index is None:
            return None
        within = line - self._starts[index]
        if within < 0:
            heading = self._entries[index].heading if within == -1 else ""
            pieces = [(heading, self.palette.muted + Style(bold=True))]
            return Column.within(width, self.measure).strip(pieces, self.palette)
        selected = index == self.selected
        key = (index, width, selected, self.has_focus and selected)
        if key not in self._drawn:
            if len(self._drawn) >= CACHED_ITEMS:
                self._drawn.clear()
            self._drawn[key] = self.draw(index, width, selected)
        return self._drawn[key][within]

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one article of the coverage."""
        (row, _, is_similar), palette = self._entries[index], self.palette
        column = Column.within(width, self.measure)
        room, columns = column.room + MARGIN, self._columns.get(is_similar)
        is_new = self.story is not None and row.page in self.story.new
        lines = coverage.entry_lines(row, room, self._height, palette, self.now, new=is_new, columns=columns)
        strips = [self.strip([self.bar(selected), *line], room + MARGIN, selected) for line in lines]
        return column.with_margins(strips, palette)

    # -- moving ----------------------------------------------------------------

    def step(self, by: int) -> bool:
        """Select the next or previous article of the coverage; return ``False`` if there is none."""
        if not self._entries:
            return False
        if self.selected is None:
            # The first step back goes to the end of the coverage, not to an article that is only similar.
            index = 0 if by > 0 else (self.coverage or len(self._entries)) - 1
        else:
            index = max(0, min(self.selected + by, len(self._entries) - 1))
        self.select(index)
        return True

    def select_beside(self) -> None:
        """Select the related article after the selected one, else the one before it, if there is any."""
        related = 0 if self.story is None else len(self.story.related)
        beside = None if self.selected is None else coverage.beside_in_coverage(self._entries, related, self.selected)
        if beside is not None:
            self.select(beside)

    def find(self, article: int) -> bool:
        """Select an article of the coverage; return ``False`` if it is not there."""
        for index, entry in enumerate(self._entries):
            if entry.row.article == article:
                self.select(index)
                return True
        return False

    def select(self, index: int) -> None:
        """Select an article of the coverage and scroll to it."""
        self.redraw_cursor()
        self.selected = index
        self.redraw_cursor()
        if not self._starts:
            return
        top = self._starts[index] - (2 if self._entries[index].heading else 0)
        bottom = self._starts[index] + self._height
        height = self.scrollable_content_region.height
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
        elif bottom > self.scroll_offset.y + height:
            self.scroll_to(y=bottom - height, animate=False, force=True)

    def redraw_cursor(self) -> None:
        """Draw the selected article again."""
        if self.selected is not None and self._starts:
            self.refresh_lines(self._starts[self.selected], self._height)

    def page(self) -> int:
        """Return the lines of a page: the height of the view, less two that stay in view."""
        return max(1, self.scrollable_content_region.height - 2)

    def scroll_lines(self, by: int) -> None:
        """Scroll up or down by lines."""
        self._wanted = self._wanted_place = 0
        self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True)

    def choose(self) -> None:
        """Open the selected article."""
        row = self.chosen_row()
        if row is not None:
            self.post_message(self.Entered(row))

    def click_line(self, line: int) -> bool:
        """Select the article at ``line``, or open it if it is selected already."""
        index = coverage.entry_at(line, self._entries, self._starts, self._height)
        if index is None or line < self._starts[index]:
            return False
        if index == self.selected:
            self.choose()
            return False
        self.select(index)
        self.post_message(self.Selected())
        return True
