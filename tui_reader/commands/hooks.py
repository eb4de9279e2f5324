"""Runs the hooks of the user after a refresh: a command for each new story that a query finds."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager

from tui_reader.config import Folders
from tui_reader.error_log import log_problem
from tui_reader.errors import StoreError, UsageError
from tui_reader.formats.piped import story_arguments, story_input
from tui_reader.model.notifications import notification_command
from tui_reader.model.progress import Progress, Untold
from tui_reader.model.query import Query
from tui_reader.model.user_commands import Hook, with_story
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.run_command import run_command
from tui_reader.queries.listed_sources import listed_sources
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.export import ExportedStory, ExportReader
from tui_reader.storage.hooks import HookMemory
from tui_reader.storage.locks import exclusive_lock
from tui_reader.subscriptions.selection import Selection

_LOCK = "hooks"  # in the folder of the marks: one process at a time runs hooks
_SECONDS = 120  # that all hooks take together after a refresh; what is left waits for the next one


class HookRun(NamedTuple):
    """What came of all hooks: what went wrong, as sentences, and what a terminal is to show as notifications."""

    problems: tuple[str, ...] = ()
    untold: tuple[Untold, ...] = ()


def with_hooks(
    steps: Iterable[Progress], selection: Selection, here: Folders, hooks: Sequence[Hook], *, claim: bool
) -> Iterator[Progress]:
    """Yield the steps of a refresh; run the hooks before the last one, which tells what came of them.

    With ``claim``, its notifications count as told; without, whoever shows them notes that.
    """
    for step in steps:
        if not step.finished:
            yield step
            continue
        problems, untold = run_hooks(selection, here, hooks)
        told: list[str] = []
        if claim:
            try:
                for text in tell(selection, here, untold):
                    told.append(text)
            except StoreError as error:
                problems += (f"not all notifications of hooks were shown: {error}",)
            untold = ()
        yield step._replace(notices=(*step.notices, *problems), notifications=tuple(told), untold=untold)


def tell(selection: Selection, here: Folders, untold: Sequence[Untold]) -> Iterator[str]:
    """Yield the notifications that no other process has told, each to be shown at once. Raises :class:`StoreError`."""
    if untold:
        with _opened(selection, here) as (reader, memory):
            yield from memory.told_now(untold, reader, int(time.time()))


@contextmanager
def _opened(selection: Selection, here: Folders) -> Iterator[tuple[ExportReader, HookMemory]]:
    with closing(open_index(selection.database)) as connection:
        attach_marks(connection, here.marks)
        reader = ExportReader(connection)
        reader.places = lambda: listed_sources(selection, here, reader.source_titles())
        yield reader, HookMemory(connection)


def run_hooks(selection: Selection, here: Folders, hooks: Sequence[Hook]) -> HookRun:
    """Run each hook for the stories that it finds and has not run for.

    A story that was there when the hook was first seen is no new one.
    """
    problems: list[str] = []
    untold: list[Untold] = []
    end = time.monotonic() + _SECONDS
    try:
        # What another process has begun to tell, but not told, was interrupted.
        with exclusive_lock(here.data / _LOCK), _opened(selection, here) as (reader, memory):
            memory.interrupted()
            memory.forget((hook.name for hook in hooks), int(time.time()))
            for hook in hooks:
                try:
                    problems += _run(hook, reader, memory, end, untold)
                except UsageError as error:  # its query is none
                    problems.append(f"the hook {hook.name!r} does not run: {error}")
    except StoreError as error:
        problems.append(f"no hook was run: {error}")
    for problem in problems:
        log_problem(problem, here.log)
    return HookRun(tuple(problems), tuple(untold))


def _run(hook: Hook, reader: ExportReader, memory: HookMemory, end: float, untold: list[Untold]) -> Iterator[str]:
    """Run a hook, and yield what goes wrong; what a terminal is to show is added to ``untold``."""
    query = Query(words=hook.query)
    found = list(reader.order(query))
    now = int(time.time())
    if memory.begins(hook.name, hook.query, lambda: reader.stories(found), now):
        return
    new = memory.new(hook.name, found)
    if new and not hook.notify and shutil.which(hook.command.arguments[0]) is None:
        yield f"the hook {hook.name!r} does not run: there is no command {hook.command.arguments[0]!r}"
        return
    for_terminal = hook.notify and not notification_command("", "", os.environ)
    cooling = reader.cooling()
    for number in new[: hook.most]:
        left = end - time.monotonic()
        if left <= 0:
            yield f"the hook {hook.name!r} goes on after the next refresh: the commands took too long"
            return
        (story, *_) = reader.export([number], query, bodies=True) or (None,)
        if story is not None and for_terminal:
            untold.append(Untold(hook.name, story.page, " · ".join(filter(None, (story.title, story.provider)))))
            continue
        with memory.telling(hook.name, reader.stories([number]), now) as is_new:
            if story is None or not is_new:
                continue
            try:
                arguments = _arguments(hook, story)
            except UsageError as error:
                yield f"the hook {hook.name!r}: {error}: {story.title}"
                continue
            outcome = run_command(
                arguments, story_input(hook.command.input, story, cooling), min(left, hook.command.seconds)
            )
            if outcome.problem:
                said = f": {outcome.said}" if outcome.said else ""
                yield f"the hook {hook.name!r}: {outcome.problem}{said}"
                return  # the next one would fail too; it has its turn after the next refresh


def _arguments(hook: Hook, story: ExportedStory) -> list[str]:
    """Return the command for a story.

    Raises :class:`UsageError` if the story lacks what the command wants.
    """
    if hook.notify:
        return notification_command(story.title, story.provider or story.domain, os.environ)
    return with_story(hook.command, story_arguments(story))
