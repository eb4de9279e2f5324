"""What the front page does about its settings: it reads the file again when it changes, and follows it."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.config import Settings
from tui_reader.private_files import stamp_of
from tui_reader.ui.screens.picture_page import PicturePage

if TYPE_CHECKING:
    from tui_reader.config.settings_file import SettingsFile
    from tui_reader.ui.controllers.browsing import Browsing
    from tui_reader.ui.controllers.notices import Notices
    from tui_reader.ui.controllers.remembered_view import RememberedView
    from tui_reader.ui.controllers.updates import Updates


class SettingsPage(PicturePage):
    """A screen that follows ``config.toml``: a mistake in it is shown, and the last good settings stay."""

    browsing: Browsing
    notices: Notices
    updates: Updates
    view: RememberedView

    _stamp: object = None  # by which a change of the file is seen; None before the first look

    def on_mount(self) -> None:
        """Look at the file once the page is shown, and then with what else is watched."""
        self.updates.look_at_settings = self._look
        self.call_after_refresh(partial(self._page.ask, "settings", self._look))

    async def _look(self) -> None:
        path = self._session.folders.settings
        stamp = await asyncio.to_thread(stamp_of, path)
        if stamp == self._stamp:
            return
        found = await asyncio.to_thread(_read, path, frozenset(self.app.available_themes))
        is_first, self._stamp = self._stamp is None, stamp
        was_wrong = self.notices.wrong_settings
        self.notices.wrong_settings = _words(found, path)
        if self.notices.wrong_settings != was_wrong:
            self.notices.show()
        if found.mistakes or found.settings == self._page.settings:
            if was_wrong and not found.mistakes:
                self._page.say(f"{path.name} is in order again")
            return
        later = await self._follow(found.settings)
        if not is_first:
            self._page.say(f"{path.name} was read again" + (f" · {later} with the next start" if later else ""))

    async def _follow(self, settings: Settings) -> str:
        """Show the reader with ``settings``; return the names of those that change with the next start only."""
        before, self._page.settings = self._page.settings, settings
        changed = {name for name in Settings._fields if getattr(before, name) != getattr(settings, name)}
        if "keys" in changed:
            self._page.keymap.remap(settings.keys)
            self.app.set_keymap(self._page.keymap.overrides())
            self._page.update_footer()
        if "theme" in changed:
            self.view.follow_theme(settings.theme)
        if "measure" in changed:
            self._page.panes.story.view.measure = settings.measure
            self._page.panes.story.view.refit()
        if "lines" in changed:
            self.view.follow_lines(settings.lines)
        if changed & {"pictures", "pictures_mb"}:
            await self.renew_pictures()
        if changed & {"title", "read_feeds"}:
            await self.browsing.show_sidebar()
            self.browsing.changed()
        from tui_reader.config.registry import SETTINGS

        return ", ".join(each.name for each in SETTINGS if not each.at_once and each.field in changed)


def _read(path: Path, themes: frozenset[str]) -> SettingsFile:
    from tui_reader.config import read_settings
    from tui_reader.ui.settings_review import review

    return review(read_settings(path), themes)


def _words(found: SettingsFile, path: Path) -> str:
    """Return the first mistake, and how many more there are."""
    if not found.mistakes:
        return ""
    first = found.mistakes[0].at(path.name).replace(str(path), path.name)
    more = len(found.mistakes) - 1
    return first + (f" · {more} more: ‘news-tui config’ tells" if more else "")
