"""Runs the reader as a person has it in front of them: keys and mouse go in, the text of the screen comes out."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size
from textual.keys import _character_to_key
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from tests.ui.pages import NOW
from tui_reader.config import folders, load_view, read_settings
from tui_reader.model.progress import Progress
from tui_reader.model.query import Query
from tui_reader.model.story import StoryRow
from tui_reader.pipeline.indexer import update_index
from tui_reader.sources.locations import is_remote
from tui_reader.storage.connection import attach_marks, make_folder, open_index
from tui_reader.storage.index_reader import IndexReader
from tui_reader.subscriptions.preferences import load_preferences
from tui_reader.subscriptions.selection import Selection, default_view, select_sources
from tui_reader.ui.app import NewsApp
from tui_reader.ui.faults import Fault
from tui_reader.ui.keymap import Keymap
from tui_reader.ui.library import Library
from tui_reader.ui.opening import read_opening
from tui_reader.ui.screens.front_page import FrontPage
from tui_reader.ui.session import Session
from tui_reader.ui.settings_review import review
from tui_reader.ui.widgets.panes import Panes
from tui_reader.ui.widgets.sidebar import Sidebar
from tui_reader.ui.widgets.story_list import StoryList
from tui_reader.ui.widgets.story_view import StoryView
from tui_reader.ui.worker_process import at_start, start_indexer

PATIENCE = 60.0
"""Seconds to wait for anything: a loaded machine is slow, and only a failure ever takes so long."""

_LOOK = 0.002  # seconds between two looks
_LOOK_SHARE = 4.0  # times as long as a look takes, nobody looks
_MOST_MADE = 8  # indexes that are kept for other tests
_QUIET = 4  # looks in a row without anything going on


class Reader:
    """The reader on a screen without a terminal: what one can do to it, and what one sees of it."""

    def __init__(self, app: NewsApp, library: Library) -> None:
        self.app = app
        self.library = library
        self._looks = 0  # that the watch for other readers takes at the moment

    # -- seeing ------------------------------------------------------------

    def strips(self) -> list[Strip]:
        """Return what is on the screen, line by line, with its styles."""
        return self.app.screen._compositor.render_strips()

    def lines(self) -> list[str]:
        """Return the text of the screen, line by line."""
        return [strip.text for strip in self.strips()]

    def text(self) -> str:
        """Return the text of the screen."""
        return "\n".join(self.lines())

    def sees(self, text: str) -> bool:
        """Whether a line of the screen holds ``text``."""
        return any(text in line for line in self.lines())

    def part(self, part: Widget) -> list[str]:
        """Return the text of a part of the screen, line by line."""
        region = part.region
        return [strip.crop(region.x, region.right).text for strip in self.strips()[region.y : region.bottom]]

    def place_of(self, text: str, within: Widget | None = None) -> tuple[int, int]:
        """Return the column and the line at which ``text`` stands first, on the screen or in one of its parts."""
        part = within or self.app.screen
        for y, line in enumerate(self.part(part)):
            if text in line:
                return part.region.x + cell_len(line[: line.index(text)]), part.region.y + y
        raise AssertionError(f"{text!r} is not there:\n{self.text()}")

    def style_of(self, text: str, within: Widget | None = None) -> Style:
        """Return the style in which ``text`` begins where it stands first."""
        x, y = self.place_of(text, within)
        (segment, *_) = self.strips()[y].crop(x, x + 1)
        return segment.style or Style()

    @property
    def footer(self) -> str:
        """The last line of the screen: keys, or what just happened."""
        return self.lines()[-1]

    # -- knowing -----------------------------------------------------------

    @property
    def page(self) -> FrontPage:
        """The front page, whatever window stands above it."""
        page = self.app.screen_stack[0]
        assert isinstance(page, FrontPage)
        return page

    @property
    def selection(self) -> Selection:
        """The sources that are shown."""
        return self.page.updates.selection

    @property
    def stories(self) -> StoryList:
        """The list of stories."""
        return self.page.query_one(StoryList)

    @property
    def topics(self) -> Sidebar:
        """The list of topics."""
        return self.page.query_one(Sidebar)

    @property
    def story(self) -> StoryView:
        """The page of the open story."""
        return self.page.query_one(StoryView)

    @property
    def cursor(self) -> str:
        """The title of the story under the cursor of the list; empty where there is none."""
        row = self.stories.current()
        return row.title if row is not None else ""

    @property
    def opened(self) -> str:
        """The title of the story that is shown; empty where there is none."""
        return self.story.story.row.title if self.story.story is not None else ""

    @property
    def chosen(self) -> str:
        """The title of the article selected in the coverage; empty where there is none."""
        row = self.story.chosen_row()
        return row.title if row is not None else ""

    def focus_is_on(self, widget: Widget) -> bool:
        """Whether the keyboard is in ``widget``."""
        return self.app.focused is widget

    def shown(self) -> list[str]:
        """Return the titles of the whole list in its order, as another reader of the same index knows them."""
        with closing(open_index(self.selection.database)) as connection:
            attach_marks(connection, folders().marks)
            rows = IndexReader(connection).rows(self.stories.order)
            return [rows[number].title for number in self.stories.order]

    def marks(self) -> dict[str, StoryRow]:
        """Return every article by title, with its marks, as another reader sees them."""
        with closing(open_index(self.selection.database)) as connection:
            attach_marks(connection, folders().marks)
            index = IndexReader(connection)
            return {row.title: row for row in index.rows(index.order(Query(folded=True))).values()}

    def is_read(self, title: str) -> bool:
        """Whether an article is marked as read, as another reader sees it."""
        return self.marks()[title].read

    def is_saved(self, title: str) -> bool:
        """Whether an article is saved, as another reader sees it."""
        return self.marks()[title].saved

    # -- doing -------------------------------------------------------------

    async def to_line(self, label: str) -> None:
        """Go to the line of the sidebar for a folder, a source or a smart view."""
        await self.press("T", "g")
        for _ in range(self.topics.count()):
            if self.topics.current().label == label:
                return
            await self.press("j")
        raise AssertionError(f"{label} is not in the sidebar:\n{self.text()}")

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other, and let the reader come to rest after each."""
        for key in keys:
            self.push(key)
            await self.rest()

    def push(self, key: str) -> None:
        """Press a key and wait for nothing, as impatient people do."""
        name = key if key.isalnum() or len(key) > 1 else _character_to_key(key)
        character = {"space": " "}.get(key, key if len(key) == 1 else None)
        self.app.post_message(events.Key(name, character))

    async def type(self, text: str) -> None:
        """Type ``text`` as fast as can be, and let the reader come to rest."""
        for char in text:
            self.push("space" if char == " " else char)
        await self.rest()

    async def paste(self, text: str) -> None:
        """Paste ``text``."""
        self.app.post_message(events.Paste(text))
        await self.rest()

    async def click(self, text: str, within: Widget | None = None, *, times: int = 1) -> None:
        """Click where ``text`` stands first, on the screen or in one of its parts."""
        x, y = self.place_of(text, within)
        for _ in range(times):
            for kind in (events.MouseDown, events.MouseUp):
                self.app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))
        await self.rest()

    async def wheel(self, text: str, *, down: bool = True, notches: int = 1) -> None:
        """Turn the wheel where ``text`` stands first."""
        x, y = self.place_of(text)
        kind = events.MouseScrollDown if down else events.MouseScrollUp
        for _ in range(notches):
            self.app.post_message(kind(None, x, y, 0, 0, 0, False, False, False, x, y))
        await self.rest()

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        size = Size(width, height)
        assert isinstance(self.app._driver, HeadlessDriver)
        self.app._driver._size = size
        self.app.post_message(events.Resize(size, size))
        # Textual waits a moment for more changes before it takes one up.
        await self.until(lambda: self.page.size == size, f"the size {size}")
        await self.until(lambda: self.page.query_one(Panes).size.width == width, "the panes")
        await self.rest()

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait for ``condition``; fails with what is on the screen where it does not come about."""
        end = time.monotonic() + PATIENCE
        while True:
            start = time.thread_time()
            if condition():
                return
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain{' for ' + what if what else ''}:\n{self.text()}")
            # What is waited for needs the processor more than looking for it does.
            await asyncio.sleep(max(_LOOK, _LOOK_SHARE * (time.thread_time() - start)))

    async def until_seen(self, *texts: str) -> None:
        """Wait until each of ``texts`` is on the screen."""
        for text in texts:
            await self.until(lambda text=text: self.sees(text), repr(text))  # type: ignore[misc]

    @property
    def is_laid_out(self) -> bool:
        """Whether all of the story that is shown is laid out."""
        text = self.story._text
        return text is not None and text.is_complete

    async def until_laid_out(self) -> None:
        """Wait until all of the story that is shown is laid out, at its place: a long text takes several steps."""
        await self.until(lambda: self.is_laid_out and not self.story._wanted_place, "the whole text")
        await self.rest()

    async def until_taken(self) -> None:
        """Wait until every key that was pressed has reached its screen; what it led to may go on."""
        await self.until(lambda: not self.app._held and self.app._key_since is None, "the keys")

    def count_looks(self) -> None:
        """Note when the watch for other readers looks for what they wrote, and shows it."""
        updates = self.page.updates
        look = updates._look_around

        async def counted() -> bool:
            self._looks += 1
            try:
                return await look()
            finally:
                self._looks -= 1

        setattr(updates, "_look_around", counted)  # noqa: B010 - mypy allows no assignment

    async def rest(self) -> None:
        """Wait until everything asked for has been answered and drawn; the indexer may go on.

        Textual's own ``pilot.pause`` looks whether the process is busy, which
        takes long, and misses what a thread is about to answer.
        """
        end = time.monotonic() + PATIENCE
        quiet = 0
        while quiet < _QUIET:
            if time.monotonic() > end:
                raise AssertionError(f"the reader does not come to rest:\n{self.text()}")
            quiet = 0 if self._busy() else quiet + 1
            await asyncio.sleep(_LOOK)

    def _busy(self) -> bool:
        app, screen = self.app, self.app.screen
        # The indexer takes its time, and the watch never ends; what follows the indexer looks once more after its end.
        waiting = {"indexer", "watch"} if self.page.updates.running() else {"watch"}
        if app._held or app._key_since is not None or self._looks:
            return True
        if self.page.actions.busy or self.page.browsing.pending() is not None:
            return True
        if any(not worker.is_finished and worker.group not in waiting for worker in app.workers):
            return True
        if screen._dirty_widgets or screen._callbacks or screen._layout_required or screen._repaint_required:
            return True
        if app._batch_count:
            return True  # painting is held back
        if app._animator._animations or app._animator._scheduled:
            return True
        nodes = [node for shown in app.screen_stack for node in shown.walk_children(with_self=True)]
        return any(pump.message_queue_size or pump._next_callbacks for pump in (app, *nodes))

    async def until_indexed(self) -> None:
        """Wait until the indexer is done: while it works, its progress may take the room of the facts of the view."""
        await self.until(lambda: not self.page.updates.running(), "the end of indexing")
        await self.rest()


def write_settings(text: str) -> None:
    """Write ``config.toml``."""
    path = folders().settings
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def bring(selection: Selection) -> None:
    """Bring the index of ``selection`` up to date; one that was made before of the same files is copied."""
    here = folders()
    is_first = not any(map(Path.exists, (here.config, here.data, selection.database)))
    files = _files_of(selection) if is_first else None
    preferences = load_preferences(here)
    if files in _made:
        _made[files] = _made.pop(files)
        make_folder(selection.database.parent)
        selection.database.write_bytes(_made[files])
        return
    for _ in update_index(selection.database, selection.locations, selection.remote, preferences=preferences):
        pass
    if files is not None:
        _made[files] = selection.database.read_bytes()
    while len(_made) > _MOST_MADE:
        del _made[next(iter(_made))]


_made: dict[object, bytes] = {}  # the one that was used last is the last


def _files_of(selection: Selection) -> object:
    """Return what is the same as long as the sources of ``selection`` are."""
    found = [path for location in selection.locations for path in (Path(location), *Path(location).rglob("*"))]
    return tuple((path, path.stat().st_size, path.stat().st_mtime_ns) for path in found)


@contextmanager
def unwritable_sources() -> Iterator[None]:
    """Hold the lock of the folder of ``sources.toml``: whatever writes there waits for the end of the block."""
    folder = folders().sources.parent
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


class _Over:
    """An update of the index that was over before the screen was there, and found nothing new."""

    pid = returncode = 0

    def __init__(self) -> None:
        listening, writing = os.pipe()
        with open(writing, "w") as file:
            file.write(json.dumps(Progress(finished=True).as_json()))
        self.stdout = open(listening, "rb", buffering=0)  # noqa: SIM115 - whoever listens closes it

    def poll(self) -> int:
        return 0

    def wait(self) -> int:
        return 0

    def kill(self) -> None:
        """Do nothing: it has ended."""


@asynccontextmanager
async def reading(
    *sources: Path | str,
    size: tuple[int, int] = (80, 30),
    indexed: bool = True,
    now: int = NOW,
    offline: bool = False,
    resumed: bool = False,
    view_name: str = "",
) -> AsyncIterator[Reader]:
    """Open the reader as ``news-tui SOURCE…`` does, and leave it at the end.

    With ``indexed``, the index was brought up to date before, and where all
    sources are on the disk, no run beside the reader looks for more. Without,
    it is there as the last run left it. ``now`` is the moment, in
    seconds since 1970, that ages are counted from. With ``offline``, no
    source is asked at the start. If ``resumed``, it goes on where it was left;
    ``view_name`` is the smart view to open with.
    """
    here = folders()
    selection = select_sources([str(source) for source in sources], here)
    if indexed:
        bring(selection)
    settings = review(read_settings(here.settings)).settings
    if not resumed:
        settings = settings._replace(resume=0)
    library = Library(selection.database, here.marks, new_coverage=settings.new_coverage)
    view = load_view(here.view, lambda: default_view(selection, is_blog=library.reader.is_blog()))
    first, left, begin_at = read_opening(library, selection, here, settings, view, name=view_name)
    indexer: Any = start_indexer(selection, *at_start(offline)) if not first.total else None
    if indexer is None and indexed and not any(map(is_remote, selection.locations)):
        indexer = _Over()
    keymap = Keymap(settings.keys)
    session = Session(
        selection, here, settings, keymap, view, library, first, now, indexer, "", offline, left, begin_at
    )
    failures: list[BaseException | None] = []

    def notice(message: Message) -> None:
        # The reader's questions run aside: what goes wrong in one would otherwise pass in silence.
        if isinstance(message, Worker.StateChanged) and message.state is WorkerState.ERROR:
            failures.append(message.worker.error)
        if isinstance(message, Fault):
            failures.append(message.error)

    app = NewsApp(session)
    try:
        async with app.run_test(size=size, message_hook=notice):
            reader = Reader(app, library)
            reader.count_looks()
            await reader.rest()
            yield reader
        library.leave(now)
        sending = app.front_page.updates.leave()
    finally:
        library.close()
    if sending is not None:
        sending.wait()
    for failure in failures:
        raise AssertionError(f"a question went wrong: {failure!r}") from failure
