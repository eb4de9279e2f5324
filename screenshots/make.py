"""Take the pictures of the documentation, from the embedded sample.

``python screenshots/make.py [FOLDER]`` opens the reader without a terminal,
presses keys, and writes one SVG for each picture to FOLDER, or beside this
file. The time is fixed and the files contain nothing random, so two runs write
the same bytes.

``python screenshots/make.py --feeds [FOLDER]`` takes the picture
``own-feeds.svg`` of your own sources as they are now.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot
from textual.worker import WorkerState

from tui_reader.config import Settings, View, folders
from tui_reader.pipeline.indexer import update_index
from tui_reader.subscriptions.selection import Selection, default_view, select_sources
from tui_reader.ui.app import NewsApp
from tui_reader.ui.keymap import Keymap
from tui_reader.ui.library import Library
from tui_reader.ui.session import Session
from tui_reader.ui.widgets.sidebar import Sidebar
from tui_reader.ui.widgets.story_list import StoryList
from tui_reader.ui.widgets.story_view import StoryView

NOW = int(datetime(2025, 10, 24, 12, tzinfo=UTC).timestamp())
"""The time in the pictures: the day after the sample's newest article."""

TIMEOUT = 20.0  # seconds until a picture must be complete
_NAMES = {"]": "right_square_bracket", "/": "slash"}  # Textual's names of the keys
# Textual puts a number that differs between runs into the names of CSS classes.
_RANDOM_NAME = re.compile(r"terminal-\d+")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: the size of the terminal in cells, the theme, and the keys to press, separated by spaces.

    ``shows`` is text that must be on the screen, so that a picture of something
    else is an error.
    """

    name: str
    columns: int
    rows: int
    keys: str
    shows: str
    theme: str = "news-dark"


# Read some stories and save one, so that the list has some of each.
READ = "enter escape j j enter escape j j s j j m"

# Open the second related article, and from there its third.
_WALK = "] ] enter ] ] ] enter ]"

# Marks stay from one picture to the next, so the picture that reads articles comes last.
PICTURES = (
    Picture("front-page", 120, 36, "j j j j", "PEP 779: when is free-threaded"),
    Picture("light", 120, 36, "j j j j", "PEP 779: when is free-threaded", "news-light"),
    Picture("small", 80, 24, "", "Andres Freund wondered"),
    Picture("search", 120, 36, "/ l i n u x enter", "“linux”"),
    Picture("coverage", 120, 36, _WALK, "Eleven lines of JavaScript"),
)

FEEDS = Picture("own-feeds", 120, 40, "j j enter escape j j enter escape g", "Your feeds")
"""The picture of the sources of whoever takes it, which nobody else can take again."""


def main(arguments: Sequence[str]) -> int:
    """Write every picture, or with ``--feeds`` that one, to the folder in ``arguments``, or beside this file."""
    feeds, names = "--feeds" in arguments, [name for name in arguments if name != "--feeds"]
    target = Path(names[0]) if names else Path(__file__).parent
    target.mkdir(parents=True, exist_ok=True)
    if feeds:
        _use_colours()
        selection = select_sources((), folders())
        svg = asyncio.run(_take(selection, FEEDS, default_view(selection), int(time.time())))
        (target / f"{FEEDS.name}.svg").write_text(svg, encoding="utf-8")
        return 0
    with tempfile.TemporaryDirectory(prefix="news-tui-pictures-") as home:
        _use_home(home)
        selection = select_sources((), folders())
        for _ in update_index(selection.database, selection.locations, selection.remote):
            pass
        asyncio.run(_make(selection, target))
    return 0


def _use_home(home: str) -> None:
    """Use ``home`` for all files of the reader."""
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        del os.environ[name]
    os.environ["HOME"] = home
    _use_colours()


def _use_colours() -> None:
    os.environ |= {"COLORTERM": "truecolor", "TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none"}
    os.environ.pop("NO_COLOR", None)


async def _make(selection: Selection, target: Path) -> None:
    await _take(selection, Picture("", 120, 36, READ, ""))
    for picture in PICTURES:
        svg = await _take(selection, picture)
        (target / f"{picture.name}.svg").write_text(svg, encoding="utf-8")


async def _take(selection: Selection, picture: Picture, view: View | None = None, now: int = NOW) -> str:
    """Open the reader, press the keys and return the screen as SVG. ``now`` is in seconds since 1970."""
    here = folders()
    view = (view or View())._replace(theme=picture.theme)
    library = Library(selection.database, here.marks)
    try:
        first = library.first_page(view.query())
        title = selection.title("", library.reader.summary().title)
        settings = Settings(pictures="off")  # whatever is installed
        session = Session(selection, here, settings, Keymap(), view, library, first, now, title=title, offline=True)
        app = NewsApp(session)
        async with app.run_test(size=(picture.columns, picture.rows)) as pilot:
            await _until(pilot, lambda: _is_settled(app))
            for key in picture.keys.split():
                await pilot.press(_NAMES.get(key, key))
                await _until(pilot, lambda: _is_settled(app))
            svg = _RANDOM_NAME.sub("news-tui", app.export_screenshot(title="news-tui"))
    finally:
        library.close()
    if picture.shows.replace(" ", "&#160;") not in svg:
        raise SystemExit(f"{picture.name}: {picture.shows!r} is not on the screen")
    return svg


def _is_settled(app: NewsApp) -> bool:
    """Return whether all three panes are filled and no worker is busy."""
    # This worker watches for changes by other readers and never ends.
    busy = (worker for worker in app.workers if worker.group != "watch")
    if any(worker.state in {WorkerState.PENDING, WorkerState.RUNNING} for worker in busy):
        return False
    page = app.screen
    story = page.query_one(StoryView).story
    return story is not None and page.query_one(StoryList).total > 0 and page.query_one(Sidebar).count() > 0


async def _until(pilot: Pilot[str], condition: Callable[[], bool]) -> None:
    """Wait until ``condition`` holds twice, with everything drawn in between."""
    end = time.monotonic() + TIMEOUT
    held = 0
    while held < 2:
        if time.monotonic() > end:
            raise SystemExit("the reader is still busy")
        await pilot.pause()
        held = held + 1 if condition() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
