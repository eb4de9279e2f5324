"""Adds a source from inside the reader: asks, checks, keeps, and opens what is kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui_reader.config import Folders, keep_sources, kept_sources
from tui_reader.errors import NewsError

if TYPE_CHECKING:
    from tui_reader.ui.front_page import FrontPage


async def add_source(page: FrontPage, folders: Folders) -> None:
    """Ask for a source until it can be read or the person gives up; keep it and open what is kept."""
    from tui_reader.ui.windows import AddSourceWindow

    wrong = typed = ""
    while True:
        window = AddSourceWindow(kept_sources(folders.sources), wrong, typed)
        answer = await page.app.push_screen_wait(window)
        if answer is None:
            return
        try:
            await asyncio.to_thread(_keep, answer, folders)
        except (NewsError, OSError) as error:
            wrong, typed = str(error), answer
            continue
        page.reopen()
        return


def _keep(name: str, folders: Folders) -> None:
    from tui_reader.sources.locations import real_locations
    from tui_reader.sources.opening import open_collection

    (location,) = real_locations([name])
    open_collection(location)
    keep_sources(folders.sources, [location], [])
