"""Runs commands of the user with the story: in the background one after the other, or in the terminal."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from tui_reader.model.story import StoryRow
from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.controllers.page import Page

if TYPE_CHECKING:
    from tui_reader.model.user_commands import UserCommand

T = TypeVar("T")

_MOST_WAITING = 200


class ChoosePipe(Protocol):
    """Opens a window with the commands."""

    async def __call__(self, title: str, pipes: Sequence[UserCommand], picked: Callable[[int], None]) -> None:
        """Call ``picked`` with the index of the one that is chosen."""


class _Job(NamedTuple):
    """A command to run in the background, with its arguments and its input; ``shown`` names it in messages."""

    shown: str
    arguments: list[str]
    story: bytes
    seconds: int


class Pipes:
    """Offers the commands of the user, runs them, and says what became of each."""

    def __init__(
        self,
        page: Page,
        choose: ChoosePipe,
        run: Callable[..., None],
        suspend: Callable[[], AbstractContextManager[object]],
    ) -> None:
        """``run`` queues an action that was chosen, ``suspend`` gives the terminal to a command that draws in it."""
        self._page = page
        self._choose = choose
        self._run = run
        self._suspend = suspend
        self._waiting: deque[_Job] = deque()
        self._is_working = False

    async def offer(self, row: StoryRow) -> None:
        """Offer the commands for an article: the one that is selected in the coverage, or else the story."""
        pipes = self._page.settings.pipes
        row = self._page.selected(row)
        await self._choose(row.title, pipes, lambda index: self._run(self._pipe, pipes[index], row.article))

    async def _pipe(self, pipe: UserCommand, article: int) -> None:
        from tui_reader.formats.piped import story_arguments, story_input
        from tui_reader.model.user_commands import with_story

        library = self._page.library
        found = await library.ask(library.exported, article)
        if found is None:
            self._page.say("This article is no longer in the index")
            return
        story, cooling = found
        arguments = with_story(pipe, story_arguments(story))
        given = await asyncio.to_thread(story_input, pipe.input, story, cooling)  # a long body takes a while
        shown = f"{pipe.name}: {story.title}"
        if pipe.terminal:
            self._in_terminal(shown, arguments, given)
        elif len(self._waiting) >= _MOST_WAITING:
            self._page.say(f"{_MOST_WAITING} commands wait already: this one was not added", error=True)
        else:
            self._waiting.append(_Job(shown, arguments, given, pipe.seconds))
            before = len(self._waiting) - 1 + self._is_working
            self._page.say(f"{shown} …" if not before else f"{shown} · {before:,} before it")
            self._work()

    # -- in the terminal ---------------------------------------------------------

    def _in_terminal(self, shown: str, arguments: list[str], given: bytes) -> None:
        from textual.app import SuspendNotSupported

        from tui_reader.pipeline.run_command import interrupts_left_to_others, run_in_terminal

        try:
            with self._suspend(), interrupts_left_to_others():
                problem = run_in_terminal(arguments, given)
                wait_for_enter(problem)
        except SuspendNotSupported:
            self._page.say(f"This command needs a terminal, and here is none: {shown}", error=True)
            return
        self._page.say(f"{problem}: {shown}" if problem else f"{shown} · done", error=bool(problem))

    # -- in the background -------------------------------------------------------

    def _work(self) -> None:
        if not self._is_working:
            self._is_working = True
            self._page.ask("pipes", self._run_waiting)

    async def _run_waiting(self) -> None:
        from tui_reader.error_log import log_fault
        from tui_reader.pipeline.run_command import run_command

        try:
            while self._waiting:
                job = self._waiting.popleft()
                try:
                    outcome = await _aside(partial(run_command, job.arguments, job.story, job.seconds))
                except Exception as error:  # noqa: BLE001 - logged and shown; those that wait have their turn
                    self._page.say(f"{log_fault(error)} · {job.shown}", error=True)
                    continue
                said = f" · {outcome.said}" if outcome.said else ""
                left = f" · {len(self._waiting):,} to go" if self._waiting else ""
                if outcome.problem:
                    self._page.say(f"{outcome.problem}{said} · {job.shown}", error=True)
                else:
                    self._page.say(f"{job.shown} · done{said}{left}")
        finally:
            self._is_working = False


def wait_for_enter(problem: str) -> None:
    """Wait for Enter, so that what a command wrote to the terminal can be read."""
    with suppress(EOFError):  # Ctrl+D says too that it has been read
        input(f"\n{problem}{': ' if problem else ''}⏎ goes back to the reader ")


async def _aside(function: Callable[[], T]) -> T:
    """Return what ``function`` returns, in a thread that nobody waits for when the reader is left."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            future.set_result(function())
        except BaseException as error:  # noqa: BLE001 - raised where it is awaited
            future.set_exception(error)

    threading.Thread(target=run, name="pipe", daemon=True).start()
    return await asyncio.wrap_future(future)
