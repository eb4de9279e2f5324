"""The links of a story, and one link that cannot be opened here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Static

from tui_reader.ui.screens.modal import CLOSE, PickList
from tui_reader.ui.widgets.cells import clip, pad
from tui_reader.ui.widgets.line_list import LineList


class LinkScreen(ModalScreen[None]):
    """Shows one link whole, where it cannot be opened."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter,o", "close", "close")]

    def __init__(self, url: str, why: str) -> None:
        super().__init__()
        self._url = url
        self._why = why

    def compose(self) -> ComposeResult:
        """Show why there is a window, then the link in as many lines as it takes."""
        with Vertical(classes="window") as window:
            window.border_title = "Copied"
            window.border_subtitle = "Esc closes"
            yield Static(Content.assemble((self._url, "$accent"), "\n\n", (self._why, "$muted")), markup=False)

    def action_close(self) -> None:
        """Leave the window."""
        self.dismiss()


class LinkList(PickList):
    """The links of a story, each with its kind."""

    def __init__(self, links: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._links = links

    def count(self) -> int:
        """Number of links."""
        return len(self._links)

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one link on one line."""
        kind, url = self._links[index]
        return [
            self.strip(
                [
                    self.bar(selected),
                    (pad(kind, 11), self.palette.muted),
                    (clip(url, width - 13), self.palette.bright),
                ],
                width,
                selected,
            )
        ]


class LinksScreen(ModalScreen[tuple[str, str] | None]):
    """Gives back what to do (``open`` or ``copy``) with which link."""

    BINDINGS: ClassVar[list[BindingType]] = [
        CLOSE,
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("enter,o", "pick('open')", "open"),
        Binding("y", "pick('copy')", "copy"),
    ]

    def __init__(self, links: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._links = links

    def compose(self) -> ComposeResult:
        """Show the links in a window as high as they need."""
        with Vertical(classes="window") as window:
            window.border_title = "Links"
            window.border_subtitle = "⏎ opens · y copies · Esc closes"
            yield LinkList(self._links)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        links = self.query_one(LinkList)
        links.move_to(links.cursor + by)

    def action_pick(self, what: str) -> None:
        """Leave with the link under the cursor."""
        self.dismiss((what, self._links[self.query_one(LinkList).cursor][1]))

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """A click on the selected link opens it."""
        event.stop()
        self.action_pick("open")

    def action_close(self) -> None:
        """Leave without choosing."""
        self.dismiss(None)
