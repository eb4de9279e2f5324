"""The right-hand pane: the breadcrumb of the way walked, and the story."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui_reader.model.story import Story
from tui_reader.ui.widgets.cells import clip
from tui_reader.ui.widgets.history import History, Place
from tui_reader.ui.widgets.pictured_story import PicturedStory

_CRUMB = 22  # cells that one title of the way takes at least
_STEP = " › "


class StoryPane(Vertical):
    """Shows a story and remembers the way that led to it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.history = History()
        self._crumbs = Static(id="crumbs", markup=False)
        self._returning_to: int | None = None  # the line to scroll to after the next layout
        self.view = PicturedStory(id="story")

    def compose(self) -> ComposeResult:
        """Put the breadcrumb above the story."""
        yield self._crumbs
        yield self.view

    @property
    def story(self) -> Story | None:
        """The story that is shown."""
        return self.view.story

    def begin(self, story: Story | None) -> None:
        """Show a story that was chosen in the list: a new way begins."""
        self.history.clear()
        self.view.opened.forget()
        self.view.show(story)
        self._show_crumbs()

    def enter(self, story: Story) -> None:
        """Go from the shown story into one that it leads to."""
        place = self.place()
        if place is not None:
            self.history.push(place)
        self.view.show(story)
        self._show_crumbs()

    def place(self) -> Place | None:
        """Return the story that is shown with its selection and scroll position, to come back to."""
        story = self.view.story
        if story is None:
            return None
        row = story.row
        return Place(row.article, row.page, row.title, self.view.selected, self.view.scroll_offset.y)

    def resume(self, places: Sequence[Place], last: Place, story: Story) -> None:
        """Show ``story`` as it was left at ``last``, with the history that led to it."""
        self.history.places[:] = places
        self.return_to(last, story)

    def return_to(self, place: Place, story: Story) -> None:
        """Show ``story`` as it was left at ``place``."""
        self.view.show(story, place.selected, place.scroll)
        self._show_crumbs()
        # The breadcrumb may have made room: the page scrolls once it is laid out.
        self._returning_to = place.scroll
        self.call_after_refresh(self._scroll_again)

    def _scroll_again(self) -> None:
        if self._returning_to is not None:
            self.view.scroll_to(y=self._returning_to, animate=False, force=True)
            self._returning_to = None

    def go_to_place(self, place: int) -> None:
        """Scroll to a place in the body, whatever line that is at."""
        self._returning_to = None
        self.view.go_to_place(place)

    def on_resize(self) -> None:
        """Fit the breadcrumb into the new width."""
        self._show_crumbs()

    def _show_crumbs(self) -> None:
        titles = [place.title for place in self.history.places]
        self._crumbs.display = bool(titles)
        story = self.view.story
        if not titles or story is None:
            return
        # The open story's own title stands right below: the line is for the way.
        room = max(_CRUMB, self.size.width - 4)
        shown = titles[-max(1, room // _CRUMB) :]
        each = room // len(shown) - len(_STEP) - 1
        text = _STEP.join(clip(title, each) for title in shown) + _STEP
        if len(shown) < len(titles):
            text = f"{len(titles) - len(shown)}{_STEP}{text}"
        self._crumbs.update(Content("  " + clip(text, room)))
