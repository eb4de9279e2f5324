"""A list that draws only the lines on the screen, however long it is."""

from __future__ import annotations

from itertools import chain

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

from tui_reader.ui.widgets.cells import width_of
from tui_reader.ui.widgets.palette import Palette, palette_of
from tui_reader.ui.widgets.scroll_bar import LineScrollBar

_CACHED = 400  # drawn items kept


class LineList(ScrollView, can_focus=True, inherit_bindings=False):
    """A list of items of one height with a cursor.

    A subclass says how many items there are (:meth:`count`), how many lines
    each takes (:attr:`item_height`) and draws one (:meth:`draw`).
    """

    DEFAULT_CSS = """
    LineList { scrollbar-size-vertical: 1; overflow-x: hidden; overflow-y: scroll; }
    """

    class Moved(Message):
        """The cursor stands on another item."""

        def __init__(self, widget: LineList, index: int) -> None:
            super().__init__()
            self.widget = widget
            self.index = index

        @property
        def control(self) -> LineList:
            """The list it happened in."""
            return self.widget

    class Chosen(Moved):
        """The person wants the item under the cursor."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self.item_height = 1
        self._palette: Palette | None = None
        self._fitted = Size()
        self._drawn: dict[tuple[int, int, bool, bool], list[Strip]] = {}

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """Textual's scrollbar, in a class that paints faster."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = LineScrollBar(name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)  # as Textual's own property does
        return self._vertical_scrollbar

    # -- for subclasses ------------------------------------------------------

    def count(self) -> int:
        """How many items there are."""
        raise NotImplementedError

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw the item as ``item_height`` strips of ``width`` cells."""
        raise NotImplementedError

    def height_for(self, width: int) -> int:
        """How many lines an item takes at this width."""
        return 1

    def selectable(self, index: int) -> bool:
        """Whether the cursor may stand on the item."""
        return True

    @property
    def palette(self) -> Palette:
        """The colours of the present theme."""
        if self._palette is None:
            self._palette = palette_of(self.app.theme_variables)
        return self._palette

    def strip(self, pieces: list[tuple[str, Style]], width: int, selected: bool) -> Strip:
        """Put pieces of text into one line, on the cursor's ground where ``selected``."""
        base = self.palette.cursor if selected else self.palette.page
        segments = [Segment(text, base + style) for text, style in pieces if text]
        room = width - sum(width_of(text) for text, _ in pieces)
        if room < 0:
            return Strip(segments).crop(0, width)
        if room:
            segments.append(Segment(" " * room, base))
        return Strip(segments, width)

    def bar(self, selected: bool) -> tuple[str, Style]:
        """The mark in front of the selected item."""
        if not selected:
            return " ", Style()
        return "▌", self.palette.accent if self.has_focus else self.palette.faint

    # -- drawing ---------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines of ``crop``.

        Textual's own way puts borders, padding and opacity around each line,
        none of which a list has, and keeps the result apart from the strips
        that are kept here: two thirds of a frame.
        """
        self.fit()
        right = crop.x + crop.width
        width, top = self.scrollable_content_region.width, self.scroll_offset.y
        lines = (self.draw_line(y + top, width) if width > 0 else None for y in crop.line_range)
        strips = [line or Strip.blank(width, self.palette.page) for line in lines]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, self.background_colors[1]) for strip in strips]
        if crop.x == 0 and right == width:
            return strips
        return [strip.crop_extend(crop.x, right, self.palette.page) for strip in strips]

    def draw_line(self, line: int, width: int) -> Strip | None:
        """Draw one line of what is scrolled over, or ``None`` where there is nothing."""
        index, line = divmod(line, self.item_height)
        if not 0 <= index < self.count():
            return None
        selected = index == self.cursor and self.selectable(index)
        key = (index, width, selected, self.has_focus and selected)
        strips = self._drawn.get(key)
        if strips is None:
            if len(self._drawn) >= _CACHED:
                self._drawn.clear()
            strips = self._drawn[key] = self.draw(index, width, selected)
        return strips[line]

    def redraw(self, *, resize: bool = False) -> None:
        """Draw anew; with ``resize`` the number of items has changed as well."""
        self._drawn.clear()
        if resize:
            self._measure()
        self.refresh()

    def _measure(self) -> None:
        width = self.scrollable_content_region.width
        self.item_height = self.height_for(width) if width else 1
        self.set_extent(width, self.count() * self.item_height)

    def set_extent(self, width: int, height: int) -> None:
        """Say how large what is scrolled over is, in cells.

        Textual would lay out the whole screen anew for another
        ``virtual_size``. Nothing around the list depends on it, as the
        scrollbar's column is always there, so only the scrollbar is told.
        """
        window = self.scrollable_content_region.height
        before = self.virtual_size.height
        self.set_reactive(Widget.virtual_size, Size(width, height))
        if max(before, height) > window:  # else the bar is empty, and stays so
            self.vertical_scrollbar.window_virtual_size = height
        if self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    def notify_style_update(self) -> None:
        """Forget what was drawn in the colours of another theme."""
        super().notify_style_update()
        if self._palette not in {None, palette_of(self.app.theme_variables)}:
            self.recolour()

    def recolour(self) -> None:
        """Draw all anew in other colours."""
        self._palette = None
        self._drawn.clear()

    def on_resize(self, event: events.Resize) -> None:
        """Fit what is shown into another size."""
        self.fit()

    def fit(self) -> None:
        """Fit what is shown into the present size, unless that is done.

        Called by the first line that is drawn in a new size as well: the
        message that tells of it comes after the frame.
        """
        if self.size != self._fitted:
            self._fitted = self.size
            self.refit()

    def refit(self) -> None:
        """Keep the item under the cursor where it is on the screen."""
        before = self.item_height
        top = self.cursor * before - self.scroll_offset.y
        self.redraw(resize=True)
        if self.item_height != before:
            self.scroll_to(y=max(0, self.cursor * self.item_height - top), animate=False, force=True)
        self.keep_in_view()

    # -- moving ----------------------------------------------------------------

    def page(self) -> int:
        """How many items fit on the screen."""
        return max(1, self.scrollable_content_region.height // self.item_height)

    def move_to(self, index: int, *, tell: bool = True) -> None:
        """Put the cursor on an item, or on the nearest one that can be selected."""
        count = self.count()
        if not count:
            self.cursor = 0
            return
        index = max(0, min(index, count - 1))
        onward = range(index, count) if index >= self.cursor else range(index, -1, -1)
        back = range(index, -1, -1) if index >= self.cursor else range(index, count)
        # Where there is nothing to stand on further on, as above the first line, the way back has it.
        index = next((place for place in chain(onward, back) if self.selectable(place)), self.cursor)
        moved = index != self.cursor
        before, self.cursor = self.cursor, index
        if moved:
            self.refresh_lines(before * self.item_height, self.item_height)
            self.refresh_lines(index * self.item_height, self.item_height)
        self.keep_in_view()
        if moved and tell:
            self.post_message(self.Moved(self, index))

    def keep_in_view(self) -> None:
        """Scroll just as far as the item under the cursor needs."""
        height = self.scrollable_content_region.height
        if not height:
            return
        top, bottom = self.cursor * self.item_height, (self.cursor + 1) * self.item_height
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
        elif bottom > self.scroll_offset.y + height:
            self.scroll_to(y=bottom - height, animate=False, force=True)

    def choose(self) -> None:
        """Say that the item under the cursor is wanted."""
        if self.count() and self.selectable(self.cursor):
            self.post_message(self.Chosen(self, self.cursor))

    def on_click(self, event: events.Click) -> None:
        """One click selects, a second one opens."""
        index = (event.y + self.scroll_offset.y) // self.item_height
        if not 0 <= index < self.count() or not self.selectable(index):
            return
        if index == self.cursor or event.chain > 1:
            self.move_to(index)
            self.choose()
        else:
            self.move_to(index)

    def on_focus(self, event: events.Focus) -> None:
        """Show the cursor as the one that listens."""
        self._listen(event, events.DescendantFocus(self), listens=True)

    def on_blur(self, event: events.Blur) -> None:
        """Show the cursor as one that waits."""
        self._listen(event, events.DescendantBlur(self), listens=False)

    def _listen(self, event: events.Event, tell: events.Event, *, listens: bool) -> None:
        """Do what a widget does at a change of focus, but draw the cursor only.

        Textual would apply the style sheet to the list and its scrollbars and
        draw all of it again; no style of ours depends on the focus.
        """
        event.prevent_default()
        self.set_reactive(Widget.has_focus, listens)
        self.redraw_cursor()
        if self.parent is not None:
            self.parent.post_message(tell)

    def redraw_cursor(self) -> None:
        """Draw the item under the cursor again."""
        self.refresh_lines(self.cursor * self.item_height, self.item_height)
