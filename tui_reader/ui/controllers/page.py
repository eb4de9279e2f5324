"""What the controllers of the front page share: its widgets, the library, and how they talk to a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeAlias

from tui_reader.config import Settings
from tui_reader.errors import NewsError
from tui_reader.model.story import Story, StoryRow
from tui_reader.ui.keymap import Keymap
from tui_reader.ui.library import Library
from tui_reader.ui.paint_hold import PaintHold
from tui_reader.ui.widgets.panes import Panes

P = ParamSpec("P")

Action: TypeAlias = Callable[[], Awaitable[object] | None]
"""What a key does."""

OnRow: TypeAlias = Callable[[Callable[[StoryRow], Coroutine[Any, Any, None]]], Awaitable[None] | None]
"""Runs an action on the article that a key is about, if there is one."""


class Say(Protocol):
    """Shows a message to the person for a while."""

    def __call__(self, message: str, *, error: bool = False) -> None:
        """Show it; ``error`` in the colour of errors."""


class Choose(Protocol):
    """Opens a window with choices."""

    async def __call__(self, title: str, choices: Sequence[tuple[str, str]], picked: Callable[[int], None]) -> None:
        """Call ``picked`` with the index of the one that is chosen; each is a label and a remark."""


class StartWorker(Protocol):
    """Runs a coroutine function in the background; a newer one of the same group replaces it."""

    def __call__(self, work: Callable[[], Coroutine[Any, Any, None]], *, group: str) -> object:
        """Start it."""


class Page:
    """The parts of the front page that its controllers work with."""

    def __init__(
        self,
        *,
        library: Library,
        keymap: Keymap,
        settings: Settings,
        panes: Panes,
        paint: PaintHold,
        say: Say,
        start: StartWorker,
        update_footer: Callable[[], None],
        after_refresh: Callable[..., object],
        call_next: Callable[..., object],
    ) -> None:
        self.library = library
        self.keymap = keymap
        self.settings = settings
        """Those in force: the file is read again when it changes."""
        self.panes = panes
        self.paint = paint
        self.say = say
        self.update_footer = update_footer
        self.after_refresh = after_refresh
        self.call_next = call_next
        self._start = start

    def selected(self, row: StoryRow) -> StoryRow:
        """Return the article that is selected in the coverage of the open story, if there is one, or else ``row``."""
        view = self.panes.story.view
        return (view.chosen_row() if self.panes.active == "story" else None) or row

    def ask(
        self, group: str, question: Callable[P, Coroutine[Any, Any, None]], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Run ``question`` in the background; a newer question of the same group replaces it."""
        self._start(partial(self._answer, partial(question, *args, **kwargs)), group=group)

    async def _answer(self, question: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await question()
        except NewsError as error:
            self.say(str(error), error=True)

    async def story(self, number: int) -> Story | None:
        """Read a story; say so if it has left the index."""
        story = await self.library.ask(self.library.reader.story, number)
        if story is None:
            self.say("This article is no longer in the index")
        return story
