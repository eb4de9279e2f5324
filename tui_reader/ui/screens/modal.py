"""What the screens above the front page share: closing once, workers, scrolling and lists to choose from."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, ClassVar, ParamSpec, Protocol, TypeVar, cast

from textual.geometry import Size
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.worker import Worker

from tui_reader.errors import NewsError
from tui_reader.ui.faults import ReportsFaults
from tui_reader.ui.keymap import Keymap
from tui_reader.ui.textual_private import release_drawn_lines
from tui_reader.ui.widgets.frame import Hinting, ScrollFrame
from tui_reader.ui.widgets.line_list import LineList

P = ParamSpec("P")
R = TypeVar("R")

_COLLECT_SECONDS = 0.3  # after the screen has closed
_HIGHEST = 0.85  # of the screen: the highest window, as in the style sheet
_EDGES = 2  # lines of the frame of a window


class HasKeymap(Protocol):
    """The app, of which the screens above the front page need no more."""

    keymap: Keymap


class ChildScreen(ReportsFaults, Screen[ScreenResultType]):
    """A screen above the front page, which closes with a result.

    Keys that arrive in one burst and workers that finish late may each try to
    close the screen; the first one does.
    """

    window: ClassVar[str] = ""
    """Its name in the registry of windows."""

    _is_closing = False
    _writing: asyncio.Task[Any] | None = None

    def close(self, result: ScreenResultType) -> None:
        """Close the screen with ``result``; do nothing if it is closing already.

        If another screen is above this one, close as soon as that one has closed.
        """
        if self._is_closing:
            return
        self._is_closing = True
        self._result = result
        # An answer that arrives from now on has nothing left to update.
        self.workers.cancel_node(self)
        self._dismiss_if_on_top()

    async def write(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what ``function``, which writes a file, returns; it runs in a thread."""
        writing = asyncio.create_task(asyncio.to_thread(function, *args, **kwargs))
        self._writing = writing
        return await writing

    def when_written(self, close: Callable[[], None]) -> None:
        """Call ``close`` once the file is written and the screen knows: its result is what has changed."""
        if self._writing is None or self._writing.done():
            close()
        else:
            self._writing.add_done_callback(lambda _: self.call_next(close))

    def _dismiss_if_on_top(self) -> None:
        # Textual's dismiss() removes whichever screen is on top.
        if self.app.screen_stack[-1:] == [self]:
            self.dismiss(self._result)

    def on_screen_resume(self) -> None:
        """Close now if :meth:`close` was called while another screen was above."""
        if self._is_closing:
            self._dismiss_if_on_top()

    def on_unmount(self) -> None:
        """Free the memory of the screen and its widgets, once the screen below has been drawn."""
        release_drawn_lines()
        self.app.set_timer(_COLLECT_SECONDS, _collect_removed_widgets)

    # -- keys ------------------------------------------------------------------

    def label(self, command: str) -> str:
        """Return the first key of a command of this window, as it is written in hints; empty where it has none."""
        return self.keymap.window_label(self.window, command)

    @property
    def keymap(self) -> Keymap:
        """The keys of the reader that are in force."""
        return cast(HasKeymap, self.app).keymap

    def hints(self, *hints: tuple[str, str]) -> str:
        """Return the keys of commands with what they do; ``/`` is between two."""
        return " · ".join(self._labelled(hints))

    def show_hints(self, frame: Hinting, *hints: tuple[str, str]) -> None:
        """Show the keys of commands at the lower edge of a window, and before the last one that which lists all."""
        *others, last = hints
        (kept,) = self._labelled([("help", "keys")]) or [""]
        frame.show_hints([*self._labelled(others), *filter(None, [kept]), *self._labelled([last])], kept)

    def _labelled(self, hints: Iterable[tuple[str, str]]) -> list[str]:
        labels = (("/".join(filter(None, map(self.label, names.split("/")))), words) for names, words in hints)
        return [f"{label} {words}" for label, words in labels if label]

    def start(self, work: Coroutine[Any, Any, None], *, group: str) -> Worker[None]:
        """Run ``work`` in the background; closing the screen cancels it.

        :class:`NewsError` and :class:`OSError` become an error message
        (:meth:`show_error`). Any other exception is a bug of ours: the worker
        fails with it and the app reports that.
        """
        return self.run_worker(self._with_errors_shown(work), group=group, exit_on_error=False)

    async def _with_errors_shown(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except NewsError as error:
            self.show_error(str(error))
        except OSError as error:
            reason = error.strerror or str(error)
            self.show_error(f"{error.filename}: {reason}" if error.filename else reason)

    def show_error(self, message: str) -> None:
        """Show why a worker failed."""
        raise NotImplementedError


class ModalWindow(ModalScreen[ScreenResultType], ChildScreen[ScreenResultType]):
    """A window over the screen below, with the keyboard to itself."""


class ScrollScreen(ModalWindow[None]):
    """A window with one widget to scroll (:attr:`body`), until a key closes it."""

    def __init__(self) -> None:
        super().__init__()
        self.body = ScrollFrame()

    def action_scroll(self, lines: int) -> None:
        """Scroll by ``lines``."""
        self.body.scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        """Close the window."""
        self.close(None)


class ListScreen(ModalWindow[ScreenResultType]):
    """A window with a list (:attr:`items`) to move in."""

    def __init__(self, content: LineList) -> None:
        super().__init__()
        self.items = content

    def action_move(self, by: int) -> None:
        """Move the cursor by lines."""
        self.items.move_to(self.items.cursor + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by pages."""
        self.action_move(by * self.items.page())


class FittedList(LineList):
    """A list in a window: as high as its items, if the window has room for them."""

    beside: ClassVar[int] = 0
    """Lines of the window that other things need."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the height of all items, or of those that fit, in lines."""
        room = int(viewport.height * _HIGHEST) - _EDGES - self.beside
        return min(self.count() * self.item_height, max(room, self.item_height))

    def show_others(self) -> None:
        """Draw the items anew, in as much room as they need: they are others, or more or fewer."""
        self.redraw(resize=True)
        self.refresh(layout=True)


def _collect_removed_widgets() -> None:
    """Free widgets that have been removed.

    They refer to each other in cycles, and the garbage collector would leave
    those of a hundred screens (17 MB) before it looks at old objects.
    """
    gc.collect()
