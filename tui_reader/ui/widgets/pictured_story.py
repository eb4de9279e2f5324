"""One story with its pictures, once it is opened."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.strip import Strip

from tui_reader.model.story import Story
from tui_reader.ui.widgets.lit_story import LitStory
from tui_reader.ui.widgets.strips import Shelf


class PicturedStory(LitStory):
    """A story whose pictures are fetched when the keyboard comes to it, and not while the list is walked through."""

    class Opened(Message):
        """A story with pictures was opened: whoever has them may show them."""

    def on_focus(self, event: events.Focus) -> None:
        """Ask for the pictures of the story that is opened."""
        super().on_focus(event)
        # The story may get more room as it is opened: its pictures are made for what it has then.
        self.call_after_refresh(self._ask)

    def show(self, story: Story | None, selected: int | None = None, scroll: int = 0) -> None:
        """Show ``story``; its pictures come if the keyboard is here."""
        if not self.has_focus and (self.story is None or story is None or story.row.page != self.story.row.page):
            self.shelf = None
        super().show(story, selected, scroll)
        self._ask()

    def update_marks(self, story: Story) -> None:
        """Show a newer version of the story, which may have pictures now: its full text has come."""
        super().update_marks(story)
        self._ask()

    def _ask(self) -> None:
        """Ask for the pictures of the story, if it has some and the keyboard is here: it may have left meanwhile."""
        if not self.has_focus or self.shelf is not None or self.story is None:
            return
        if self.story.images or "![" in self.story.body:
            self.post_message(self.Opened())

    def show_pictures(self, shelf: Shelf | None) -> None:
        """Show the pictures on ``shelf``, or none."""
        if shelf is not self.shelf:
            self.shelf = shelf
            self.refit()

    def picture_came(self, url: str) -> None:
        """Draw a picture that is here now, in the room that it has; nothing moves."""
        if self._text is not None and self._text.redraw_picture(url):
            self.refresh()

    def _lay_out(self) -> None:
        if self.shelf is not None:
            self.shelf.height = self.scrollable_content_region.height
        super()._lay_out()

    def draw_line(self, line: int, width: int) -> Strip | None:
        """Draw one line; below a window, a picture in cells instead of pixels, which would cover it."""
        strip = super().draw_line(line, width)
        if strip is None or self.shelf is None or self.screen.is_active:
            return strip
        from tui_reader.ui.widgets.picture_boxes import without_pixels

        return without_pixels(strip)
