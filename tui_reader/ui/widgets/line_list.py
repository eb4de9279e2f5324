"""A list that draws only the lines on the screen, so its length does not matter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

from tui_reader.ui.textual_private import set_vertical_scrollbar, vertical_scrollbar
from tui_reader.ui.widgets.palette import Palette, palette_of
from tui_reader.ui.widgets.scroll_bar import LineScrollBar
from tui_reader.ui.widgets.strips import Piece, make_strip

if TYPE_CHECKING:
    from tui_reader.ui.widgets.hits import Hits

CACHED_ITEMS = 400
"""Number of drawn items kept."""


class LineList(ScrollView, can_focus=True, inherit_bindings=False):
    """A list of items of equal height, with a cursor.

    Subclasses implement :meth:`count` and :meth:`draw`, and override
    :meth:`height_for` if an item takes more than one line.
    """

    DEFAULT_CSS = """
    LineList { scrollbar-size-vertical: 1; overflow-x: hidden; overflow-y: scroll; }
    """

    class Moved(Message):
        """The cursor moved to another item."""

        def __init__(self, widget: LineList, index: int) -> None:
            super().__init__()
            self.widget = widget
            self.index = index

        @property
        def control(self) -> LineList:
            """The list that sent the message."""
            return self.widget

    class Chosen(Moved):
        """The user chose the item under the cursor."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self.item_height = 1
        self.hits: Hits | None = None
        self._palette: Palette | None = None
        self._fitted = Size()
        self._drawn: dict[tuple[int, int, bool, bool], list[Strip]] = {}
        self._double_click_chooses = False

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scrollbar, of a class that paints faster than Textual's own."""
        bar = vertical_scrollbar(self)
        if bar is None:
            bar = LineScrollBar(name="vertical", thickness=self.scrollbar_size_vertical)
            set_vertical_scrollbar(self, bar)
        return bar

    # -- for subclasses ------------------------------------------------------

    def count(self) -> int:
        """Return the number of items."""
        raise NotImplementedError

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Return an item as ``item_height`` strips of ``width`` cells."""
        raise NotImplementedError

    def height_for(self, width: int) -> int:
        """Return the number of lines of an item in a list of ``width`` cells."""
        return 1

    def selectable(self, index: int) -> bool:
        """Return whether the cursor can be on the item."""
        return True

    @property
    def palette(self) -> Palette:
        """The colours of the current theme."""
        if self._palette is None:
            self._palette = palette_of(self.app.theme_variables)
        return self._palette

    @property
    def lit_style(self) -> Style:
        """The style of what a search has found."""
        from tui_reader.ui.widgets.hits import hit_style  # only for a search

        return hit_style(self.palette, underline=self.app.no_color)

    def lit(self, title: str, lines: Sequence[str], style: Style) -> list[list[Piece]]:
        """Return the lines of a title as pieces, with what the search has found in it lit."""
        if self.hits is None:
            return [[(line, style)] for line in lines]
        return self.hits.lines(title, lines, style, self.lit_style, "title")

    def strip(self, pieces: list[Piece], width: int, selected: bool) -> Strip:
        """Return ``pieces`` as one line, on the background of the cursor if ``selected``."""
        palette = self.palette
        if not selected:
            return make_strip(pieces, width, palette.page)
        return make_strip([(text, palette.on_cursor(style)) for text, style in pieces], width, palette.cursor)

    def bar(self, selected: bool) -> Piece:
        """Return the cursor bar in front of an item."""
        if not selected:
            return " ", Style()
        return "▌", self.palette.accent if self.has_focus else self.palette.faint

    # -- drawing ---------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines of ``crop``.

        Textual's implementation adds borders, padding and opacity, which a list
        does not have, and caches the result a second time. That took two thirds
        of the time of a frame.
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
        """Draw one line of the virtual content; return ``None`` below its end."""
        index, line = divmod(line, self.item_height)
        if not 0 <= index < self.count():
            return None
        selected = index == self.cursor and self.selectable(index)
        key = (index, width, selected, self.has_focus and selected)
        strips = self._drawn.get(key)
        if strips is None:
            if len(self._drawn) >= CACHED_ITEMS:
                self._drawn.clear()
            strips = self._drawn[key] = self.draw(index, width, selected)
        return strips[line]

    def redraw(self, *, resize: bool = False) -> None:
        """Draw everything again; ``resize`` if the number or the height of items has changed."""
        self._drawn.clear()
        if resize:
            self._measure()
        self.refresh()

    def _measure(self) -> None:
        width = self.scrollable_content_region.width
        self.item_height = self.height_for(width) if width else 1
        self.set_extent(width, self.count() * self.item_height)

    def set_extent(self, width: int, height: int) -> None:
        """Set the size of the virtual content, in cells.

        Assigning ``virtual_size`` makes Textual lay out the whole screen. Nothing
        around the list depends on it, as the scrollbar is always shown, so only
        the scrollbar is updated.
        """
        window = self.scrollable_content_region.height
        before = self.virtual_size.height
        self.set_reactive(Widget.virtual_size, Size(width, height))
        if max(before, height) > window:  # else the scrollbar was empty and stays empty
            self.vertical_scrollbar.window_virtual_size = height
        if self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    def notify_style_update(self) -> None:
        """Draw everything again if the theme has changed."""
        super().notify_style_update()
        if self._palette not in {None, palette_of(self.app.theme_variables)}:
            self.recolour()

    def recolour(self) -> None:
        """Drop what was drawn in the colours of another theme."""
        self._palette = None
        self._drawn.clear()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the content to another size."""
        self.fit()

    def fit(self) -> None:
        """Fit the content to the current size, once for each size.

        Drawing calls this too, as the first frame of a new size comes before
        the resize event.
        """
        if self.size != self._fitted:
            self._fitted = self.size
            self.refit()

    def refit(self) -> None:
        """Lay out for another size; the item under the cursor stays where it is on the screen, below whole items."""
        before = self.item_height
        top = self.cursor * before - self.scroll_offset.y
        self.redraw(resize=True)
        if self.item_height != before:
            y = max(0, self.cursor * self.item_height - top)
            self.scroll_to(y=y - y % self.item_height, animate=False, force=True)
        self.keep_in_view()

    # -- moving ----------------------------------------------------------------

    def page(self) -> int:
        """Return the number of items that fit on the screen."""
        return max(1, self.scrollable_content_region.height // self.item_height)

    def move_to(self, index: int, *, notify: bool = True) -> None:
        """Move the cursor to an item, or to the nearest one that is selectable.

        ``notify`` sends :class:`Moved` if the cursor moves.
        """
        count = self.count()
        if not count:
            self.cursor = 0
            return
        index = max(0, min(index, count - 1))
        onward = range(index, count) if index >= self.cursor else range(index, -1, -1)
        back = range(index, -1, -1) if index >= self.cursor else range(index, count)
        # If nothing further on is selectable, as above the first line, look in the other direction.
        index = next((each for each in chain(onward, back) if self.selectable(each)), self.cursor)
        moved = index != self.cursor
        before, self.cursor = self.cursor, index
        if moved:
            self.refresh_lines(before * self.item_height, self.item_height)
            self.refresh_lines(index * self.item_height, self.item_height)
        self.keep_in_view()
        if moved and notify:
            self.post_message(self.Moved(self, index))

    def keep_in_view(self) -> None:
        """Scroll as little as needed to show the item under the cursor."""
        height = self.scrollable_content_region.height
        if not height:
            return
        top, bottom = self.cursor * self.item_height, (self.cursor + 1) * self.item_height
        if bottom <= height and not any(self.selectable(each) for each in range(self.cursor)):
            top = 0  # no key leads to a heading above the first line: it comes with that line
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
        elif bottom > self.scroll_offset.y + height:
            self.scroll_to(y=bottom - height, animate=False, force=True)

    def choose(self) -> None:
        """Choose the item under the cursor: send :class:`Chosen`."""
        if self.count() and self.selectable(self.cursor):
            self.post_message(self.Chosen(self, self.cursor))

    def on_click(self, event: events.Click) -> None:
        """Select the clicked item; choose it by a second click.

        Textual calls the ``on_click`` of every base class as well, so subclasses
        override :meth:`click_line`.
        """
        if event.chain % 2:
            self._double_click_chooses = self.click_line(event.y + self.scroll_offset.y)
        elif self._double_click_chooses:
            self.forget_click()
            self.choose()

    def click_line(self, line: int) -> bool:
        """Select the item at ``line``, or choose it if it is selected already.

        Return whether the item has only been selected, so that the second click
        of a double click is to choose it.
        """
        index = line // self.item_height
        if not 0 <= index < self.count() or not self.selectable(index):
            return False
        if index == self.cursor:
            self.choose()
            return False
        self.move_to(index)
        return True

    def forget_click(self) -> None:
        """Ignore the second click of a double click, as something else is shown now."""
        self._double_click_chooses = False

    def on_focus(self, event: events.Focus) -> None:
        """Draw the cursor as focused."""
        self._set_focus(event, events.DescendantFocus(self), has_focus=True)

    def on_blur(self, event: events.Blur) -> None:
        """Draw the cursor as not focused."""
        self._set_focus(event, events.DescendantBlur(self), has_focus=False)

    def _set_focus(self, event: events.Event, notice: events.Event, *, has_focus: bool) -> None:
        """Do what Textual does on a change of focus, but redraw only the cursor.

        Textual applies the style sheet to the list and its scrollbars and
        draws them again; no style of ours depends on the focus.
        """
        event.prevent_default()
        self.set_reactive(Widget.has_focus, has_focus)
        self.redraw_cursor()
        if self.parent is not None:
            self.parent.post_message(notice)

    def redraw_cursor(self) -> None:
        """Draw the item under the cursor again."""
        self.refresh_lines(self.cursor * self.item_height, self.item_height)
