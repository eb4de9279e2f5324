"""The story: title, facts, text, and the coverage that one can walk into."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import TypeVar

from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from tui_reader.model.dates import long_date, short_date
from tui_reader.model.story import Story, StoryRow
from tui_reader.ui.widgets.cells import clip, pad, width_of, wrap
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.widgets.story_items import Item, items_of

S = TypeVar("S", Story, Story | None)

TEXT_WIDTH = 88
"""Cells of the longest line of text; longer ones tire the eye (Bringhurst: 45 to 75 characters, 90 at most)."""

_COLUMNS = 70  # cells from which on coverage has its facts in columns beside the title
_MARGIN = 2
_REMEMBERED = 200  # stories whose similar articles are at hand


_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
_NO_WORD = re.compile(r"[\W_]+")
_COMPARED = 200  # letters and digits


def _begins_with(body: str, excerpt: str) -> bool:
    """Whether a Markdown body says at its beginning what the excerpt does, which then would stand there twice."""
    if not body:
        return False
    said = _NO_WORD.sub("", excerpt)[:_COMPARED]
    return _NO_WORD.sub("", _LINK.sub(r"\1", body[: 20 * _COMPARED])).startswith(said)


class StoryView(LineList):
    """Shows one story as a page; `]` and `[` step through its coverage.

    The page is drawn from two parts: the text, laid out once, and the
    coverage below it, of which only what is on the screen is drawn, as a
    story can have hundreds of articles.
    """

    class Entered(Message):
        """The person goes into an article of the coverage."""

        def __init__(self, row: StoryRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.story: Story | None = None
        self.selected: int | None = None
        self.now = 0
        self._items: list[Item] = []
        self._text: list[Strip] = []
        self._starts: list[int] = []
        self._height = 3
        self._similar: dict[int, tuple[StoryRow, ...]] = {}  # by page: who comes back finds what was there

    # -- data --------------------------------------------------------------

    def show(self, story: Story | None, selected: int | None = None, scroll: int = 0) -> None:
        """Show ``story`` from its beginning, or as it was left."""
        self.story = story = self._with_similar(story)
        self._items = items_of(story)
        self.selected = selected if selected is not None and selected < len(self._items) else None
        self._lay_out()
        self.scroll_to(y=scroll, animate=False, force=True)

    def update_marks(self, story: Story) -> None:
        """Show the same story as the index has it now; what is selected stays so."""
        story = self._with_similar(story)
        if story == self.story:
            return
        self.story = story
        self._take_items()
        self._lay_out()

    def _take_items(self) -> None:
        """Take the articles that the same story leads to now; the selected one stays so."""
        chosen = self.chosen_row()
        self._items = items_of(self.story)
        if chosen is not None and self.selected is not None:
            same = [place for place, item in enumerate(self._items) if item.row.article == chosen.article]
            self.selected = min(same, key=lambda place: abs(place - (self.selected or 0)), default=None)

    def show_similar(self, rows: Sequence[StoryRow]) -> None:
        """Show articles like the story below its coverage, the most alike first; all else stays where it is."""
        if self.story is None:
            return
        if len(self._similar) >= _REMEMBERED:
            self._similar.clear()
        self._similar[self.story.row.page] = tuple(rows)
        self.story = self._with_similar(self.story)
        self._take_items()
        self._lay_out_items()

    def _with_similar(self, story: S) -> S:
        """A story as it comes from the index, with the similar articles that were found for it before."""
        if story is None:
            return story
        return story._replace(similar=self._similar.get(story.row.page, story.similar))

    def chosen_row(self) -> StoryRow | None:
        """The article of the coverage that is selected."""
        return None if self.selected is None else self._items[self.selected].row

    @property
    def coverage(self) -> int:
        """How many articles the story leads to, those aside that are merely like it."""
        return sum(not item.similar for item in self._items)

    def whereabouts(self) -> str:
        """Say which article is selected: ``2 of 7 in its coverage``, ``1 of 5 to see also``; else how many."""
        similar = sum(item.similar for item in self._items)
        covering = len(self._items) - similar
        if self.selected is not None and self.selected >= covering:
            return f"{self.selected - covering + 1:,} of {similar:,} to see also"
        chosen = "" if self.selected is None else f"{self.selected + 1:,} of "
        return f"{chosen}{covering:,} in its coverage" if covering else ""

    # -- layout --------------------------------------------------------------

    def count(self) -> int:
        """Lines of the page: the view scrolls by lines, not by items."""
        return self._starts[-1] + self._height + 1 if self._starts else len(self._text) + 1

    def refit(self) -> None:
        """Lay the page out for the new width."""
        self._lay_out()

    def recolour(self) -> None:
        """Lay the page out again in the colours of another theme."""
        super().recolour()
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if width > _MARGIN * 2:
            self._text = self._lay_out_text(self.story, width) if self.story else []
        self._lay_out_items()

    def _lay_out_items(self) -> None:
        width = self.scrollable_content_region.width
        self._drawn.clear()
        self._starts = []
        if width <= _MARGIN * 2:
            return  # hidden: laid out when it is shown
        self._height = 2 if width >= _COLUMNS else 3
        line = len(self._text)
        for item in self._items:
            line += 2 if item.heading else 0
            self._starts.append(line)
            line += self._height
        self.set_extent(width, self.count())
        self.refresh()

    def _lay_out_text(self, story: Story, width: int) -> list[Strip]:
        room = min(width - _MARGIN * 2, TEXT_WIDTH)
        row = story.row
        bright, text, muted = self.palette.bright, self.palette.text, self.palette.muted
        lines: list[list[tuple[str, Style]]] = []
        lines += [[(line, bright + Style(bold=True))] for line in wrap(row.title, room)]
        lines += self._facts(story, room)
        if story.topics:
            lines += [[(line, muted)] for line in wrap(" · ".join(story.topics), room, 2)]
        if len(story.sources) > 1:
            lines += [[(line, muted)] for line in wrap(f"in {' · '.join(story.sources)}", room, 2)]
        if not row.indexed:
            lines.append([(clip("known from the coverage of other stories only", room), muted)])
        if row.excerpt and not _begins_with(story.body, row.excerpt):
            lines += [[], *([(line, text)] for line in wrap(row.excerpt, room))]
        strips = [self._line(pieces, width) for pieces in lines]
        if story.body:
            strips += self._lay_out_body(story.body, room, width)
        media = [("video", story.video)] if story.video else []
        media += [("image", url) for url in story.images]
        if media:
            strips.append(self._line([], width))
            strips += [self._line([(pad(kind, 7), muted), (clip(url, room - 7), muted)], width) for kind, url in media]
        return strips

    def _lay_out_body(self, body: str, room: int, width: int) -> list[Strip]:
        from tui_reader.ui.widgets.markdown_lines import markdown_lines

        bright, muted, accent = self.palette.bright, self.palette.muted, self.palette.accent
        strips = [self._line([], width)]
        for segments in markdown_lines(body, room, bright, muted, accent):
            pieces = [(segment.text, segment.style or Style()) for segment in segments if not segment.control]
            strips.append(self._line(pieces, width))
        return strips

    def _line(self, pieces: list[tuple[str, Style]], width: int) -> Strip:
        return self.strip([(" " * _MARGIN, Style()), *pieces], width, False)

    def _facts(self, story: Story, room: int) -> list[list[tuple[str, Style]]]:
        """Provider and date, heat and quality: on one line, or on two where one is too short."""
        row = story.row
        muted = self.palette.muted
        facts = [row.provider.name, long_date(row.published)]
        if row.kind == "video":
            facts.append("video")
        first: list[tuple[str, Style]] = [(" · ".join(fact for fact in facts if fact), muted)]
        second: list[list[tuple[str, Style]]] = []
        if row.heat is not None and row.heat >= 0:
            second.append([(f"heat {row.heat}", self.palette.heat(row.heat))])
        if row.quality is not None:
            second.append([(f"quality {row.quality}", muted)])
        if not row.shown:
            second.append([("folded", muted)])
        if row.saved:
            second.append([("★ saved", self.palette.accent)])
        rest: list[tuple[str, Style]] = []
        for piece in second:
            rest += [(" · ", muted), *piece] if rest else piece
        if rest and sum(width_of(text) for text, _ in first + rest) + 3 <= room:
            return [[*first, (" · ", muted), *rest]]
        return [first, rest] if rest else [first]

    # -- drawing ---------------------------------------------------------------

    def draw_line(self, line: int, width: int) -> Strip | None:
        """Draw one line of the page: of the text, or of the coverage."""
        if width <= _MARGIN * 2 or self.story is None:
            return None
        if line < len(self._text):
            return self._text[line]
        index = self._item_at(line)
        if index is None:
            return None
        within = line - self._starts[index]
        if within < 0:
            heading = self._items[index].heading if within == -1 else ""
            return self._line([(heading, self.palette.muted + Style(bold=True))], width)
        selected = index == self.selected
        key = (index, width, selected, self.has_focus and selected)
        if key not in self._drawn:
            if len(self._drawn) > 300:
                self._drawn.clear()
            self._drawn[key] = self.draw(index, width, selected)
        return self._drawn[key][within]

    def _item_at(self, line: int) -> int | None:
        """The item that a line belongs to, its heading included."""
        index = bisect_right(self._starts, line) - 1
        if index >= 0 and line < self._starts[index] + self._height:
            return index
        following = index + 1
        if following < len(self._starts) and self._items[following].heading and line >= self._starts[following] - 2:
            return following
        return None

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one article of the coverage."""
        row = self._items[index].row
        room = min(width, TEXT_WIDTH + 2 * _MARGIN) - _MARGIN
        title = self.palette.muted if row.read else self.palette.bright
        muted = self.palette.faint if row.read else self.palette.muted
        date = short_date(row.published, self.now)
        quality = "" if row.quality is None else str(row.quality)
        sign = ("› " if row.indexed else "  ", self.palette.accent)
        bar = self.bar(selected)
        lines: list[list[tuple[str, Style]]] = []
        if self._height == 2:
            facts = pad(row.provider.name, 16) + pad(date, 12, right=True) + pad(quality, 5, right=True)
            lines.append([sign, (pad(row.title, room - 2 - width_of(facts) - 1) + " ", title), (facts, muted)])
        else:
            lines.append([sign, (clip(row.title, room - 2), title)])
            facts = " · ".join(fact for fact in (row.provider.name, date, quality) if fact)
            lines.append([("  ", Style()), (clip(facts, room - 2), muted)])
        excerpt = self.palette.faint if row.read else self.palette.muted
        lines.append([("  ", Style()), (clip(row.excerpt, room - 2), excerpt)])
        return [self.strip([bar, *line], width, selected) for line in lines]

    # -- moving ----------------------------------------------------------------

    def step(self, by: int) -> bool:
        """Select the next or previous article of the coverage; False where there is none."""
        if not self._items:
            return False
        if self.selected is None:
            # Back from nowhere is the end of the coverage; what is merely alike lies beyond it.
            own = sum(not item.similar for item in self._items)
            index = 0 if by > 0 else (own or len(self._items)) - 1
        else:
            index = max(0, min(self.selected + by, len(self._items) - 1))
        self.select(index)
        return True

    def select(self, index: int) -> None:
        """Select an article of the coverage and bring it into view."""
        self.redraw_cursor()
        self.selected = index
        self.redraw_cursor()
        if not self._starts:
            return
        top = self._starts[index] - (2 if self._items[index].heading else 0)
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
        """A page is the height of the view, less two lines to go on from."""
        return max(1, self.scrollable_content_region.height - 2)

    def scroll_lines(self, by: int) -> None:
        """Scroll up or down by lines."""
        self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True)

    def choose(self) -> None:
        """Go into the selected article."""
        row = self.chosen_row()
        if row is not None:
            self.post_message(self.Entered(row))

    def on_click(self, event: events.Click) -> None:
        """One click selects an article of the coverage, a second one goes in."""
        index = self._item_at(event.y + self.scroll_offset.y)
        if index is None or event.y + self.scroll_offset.y < self._starts[index]:
            return
        if index == self.selected or event.chain > 1:
            self.selected = index
            self.choose()
        else:
            self.select(index)
