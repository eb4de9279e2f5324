"""What the front page does about pictures: nothing, until a story that has some is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from tui_reader.ui.controllers.page import Page
from tui_reader.ui.session import Session

if TYPE_CHECKING:
    from tui_reader.ui.controllers.pictures import Pictures


class PicturePage(Screen[None]):
    """A screen whose stories have pictures."""

    _page: Page
    _session: Session
    _pictures: Pictures | None = None
    _redraws = False  # what they show, when the reader goes on after it was suspended

    def pictures(self) -> Pictures:
        """Return what shows pictures, which is imported when it is first needed."""
        from functools import partial

        from tui_reader.ui.controllers.pictures import Pictures
        from tui_reader.ui.textual_private import write_to_terminal

        if self._pictures is None:
            session = self._session
            self._pictures = Pictures(
                self._page,
                self._page.settings,
                session.folders,
                offline=session.offline,
                colours=self.app.console.color_system,
                to_terminal=partial(write_to_terminal, self.app),
            )
            if not self._redraws:
                self._redraws = True
                self.app.app_resume_signal.subscribe(self, lambda _: self.pictures().redraw())
        return self._pictures

    async def renew_pictures(self) -> None:
        """Show pictures by other settings, if some were shown."""
        if self._pictures is not None:
            await self._pictures.stop()
            self._pictures = None
            self.pictures().show()

    def on_pictured_story_opened(self) -> None:
        """Show the pictures of the story that was opened."""
        self.pictures().show()

    async def on_unmount(self) -> None:
        """End the process that draws pictures."""
        if self._pictures is not None:
            await self._pictures.stop()
