"""The pictures of the story that is open: has them fetched and drawn in a process of their own, and shows them."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from subprocess import DEVNULL, PIPE
from typing import Any

from rich.style import Style

from tui_reader.config import Folders, Settings
from tui_reader.ui.controllers.page import Page
from tui_reader.ui.picture_terminal import cell_size, is_installed, protocol
from tui_reader.ui.widgets.picture_boxes import Frame, Picture, PictureShelf
from tui_reader.ui.worker_process import PROGRAM

_ANSWER_SECONDS = 60.0  # after which the process is taken for one that hangs
_SLOW = 10.0  # seconds for one picture
_PATIENCE = 3  # slow pictures in a row, after which no more are fetched
_MOST_ENDS = 3  # of the process, after which there are no more pictures
_LONGEST_ANSWER = 16 * 1024**2  # bytes


class Pictures:
    """Pictures in the text of the story that is open.

    The process is started with the first of them, and ends with the reader.
    """

    def __init__(
        self,
        page: Page,
        settings: Settings,
        folders: Folders,
        *,
        offline: bool,
        colours: str | None,
        to_terminal: Callable[[str], object],
    ) -> None:
        """``colours`` is the system of colours of the terminal; ``to_terminal`` writes to it."""
        self._page = page
        self._view = page.panes.story.view
        self._settings = settings
        self._folders = folders
        self._offline = offline
        self._to_terminal = to_terminal
        self._protocol = protocol(settings.pictures, os.environ, colours)
        self._cell = cell_size()
        self._shelf = PictureShelf(self._cell, self._want)
        self._is_on = bool(self._protocol) and is_installed()
        self._process: asyncio.subprocess.Process | None = None
        self._starting = asyncio.Lock()
        self._listening = False
        self._ends = 0  # of the process, before it had answered
        self._slow = 0
        self._waiting: dict[tuple[str, Frame], float] = {}  # when each was asked for

    def show(self) -> None:
        """Show the pictures of the story that is open, if they are on."""
        self._view.show_pictures(self._shelf if self._is_on else None)

    def toggle(self) -> None:
        """Show pictures, or show them no longer."""
        if not self._protocol:
            self._page.say("This terminal shows no pictures, or they are switched off in config.toml or by NO_COLOR")
            return
        if not is_installed():
            self._page.say("Pictures need the extra “images”: pip install 'news-tui[images]'")
            return
        self._is_on = not self._is_on
        self._slow = 0
        if self._is_on:
            self._shelf.clear()
        self.show()
        self._page.say("Pictures are shown in open stories" if self._is_on else "Pictures are no longer shown")

    def redraw(self) -> None:
        """Draw all pictures again: Kitty has forgotten them while another program had the terminal."""
        if self._protocol == "kitty":
            self._shelf.clear()
            self._view.refit()

    async def stop(self) -> None:
        """End the process."""
        process = self._process
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    # -- the process -----------------------------------------------------------

    def _want(self, url: str, frame: Frame) -> None:
        story = self._view.story
        if (url, frame) not in self._waiting and story is not None:
            self._waiting[url, frame] = time.monotonic()
            self._page.ask(f"picture {frame} {url}", self._request, url, frame, story.row.article)

    async def _request(self, url: str, frame: Frame, article: int) -> None:
        """Ask the process for a picture, and listen to it if nobody does."""
        library = self._page.library
        sources = await library.ask(library.reader.source_locations, article)
        try:
            async with self._starting:
                process = await self._started()
        except OSError:
            self._fail(url, frame, "The picture could not be drawn")
            return
        request = {
            "url": url,
            "columns": frame.columns,
            "lines": frame.lines,
            "protocol": self._protocol,
            "cell": self._cell,
            "background": self._background(),
            "sources": sources,
            "offline": self._offline,
        }
        if process.stdin is not None:
            process.stdin.write(json.dumps(request).encode() + b"\n")
        if not self._listening:
            self._listening = True
            self._page.ask("pictures", self._listen, process)

    def _background(self) -> str:
        colour = self._view.palette.page.bgcolor
        return "#000000" if colour is None else colour.get_truecolor().hex

    async def _started(self) -> asyncio.subprocess.Process:
        """Return the process, which is started if there is none."""
        if self._process is None or self._process.returncode is not None:
            folders, limit = self._folders, self._settings.pictures_mb * 1024**2
            self._process = await asyncio.create_subprocess_exec(
                *PROGRAM,
                "tui_reader.ui.picture_process",
                *map(str, (folders.pictures, limit, folders.sources, folders.log)),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                limit=_LONGEST_ANSWER,
            )
        return self._process

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        """Take answers until nothing is waited for. A process that dies or hangs is started anew for the next story."""
        try:
            while self._waiting and process.stdout is not None:
                line = await asyncio.wait_for(process.stdout.readline(), _ANSWER_SECONDS)
                if not line:
                    break
                self._take(json.loads(line))
        except (TimeoutError, ValueError):  # it hangs, or its answer is too long
            await self.stop()
        finally:
            self._listening = False
        if self._waiting:
            self._ends += 1
            for url, frame in list(self._waiting):
                self._fail(url, frame, "The picture could not be drawn")
            if self._ends >= _MOST_ENDS:
                self._give_up("Pictures cannot be drawn, and are no longer shown")

    def _take(self, answer: dict[str, Any]) -> None:
        url, frame = answer["url"], Frame(*answer["frame"])
        since = self._waiting.pop((url, frame), None)
        if since is None:
            return
        if "problem" in answer:
            self._fail(url, frame, answer["problem"])
        else:
            if send := answer.get("send"):
                self._to_terminal(send)
            self._shelf.add(url, frame, _picture(answer))
            self._view.picture_came(url)
        self._slow = self._slow + 1 if time.monotonic() - since > _SLOW else 0
        if self._slow >= _PATIENCE:
            key = self._page.keymap.label("pictures")
            self._give_up(f"Pictures are slow to come, and are no longer fetched · {key} shows them again")

    def _fail(self, url: str, frame: Frame, problem: str) -> None:
        self._waiting.pop((url, frame), None)
        self._shelf.fail(url, problem)
        self._view.picture_came(url)

    def _give_up(self, message: str) -> None:
        """Show no more pictures in stories that are opened from now on."""
        if self._is_on:
            self._is_on = False
            self._page.say(message)


def _picture(answer: dict[str, Any]) -> Picture:
    rows = [
        [(text, Style(color=fore or None, bgcolor=back or None)) for text, fore, back in row] for row in answer["rows"]
    ]
    return Picture(rows, answer["columns"], answer.get("sixels", []))
