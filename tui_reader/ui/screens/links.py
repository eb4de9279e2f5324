"""The links of a story, and a link that could not be opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Static

from tui_reader.ui.screens.modal import FittedList, ListScreen, ModalWindow
from tui_reader.ui.widgets.cells import clip, pad
from tui_reader.ui.widgets.line_list import LineList

_KIND = 11  # cells of the column of kinds


class LinkScreen(ModalWindow[None]):
    """Shows one link in full, when there is no browser to open it in."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter,o", "close", show=False)]

    def __init__(self, url: str, reason: str) -> None:
        super().__init__()
        self._url = url
        self._reason = reason

    def compose(self) -> ComposeResult:
        """Show the link and, below it, why it could not be opened."""
        with Vertical(classes="window") as window:
            window.border_title = "Link copied to the clipboard"
            window.border_subtitle = "Esc close"
            yield Static(Content.assemble((self._url, "$accent"), "\n\n", (self._reason, "$muted")), markup=False)

    def action_close(self) -> None:
        """Close the window."""
        self.close(None)


class LinkList(FittedList):
    """Links, each with its kind."""

    def __init__(self, links: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._links = links

    def count(self) -> int:
        """Return the number of links."""
        return len(self._links)

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one link on one line."""
        kind, url = self._links[index]
        return [
            self.strip(
                [
                    self.bar(selected),
                    (pad(kind, _KIND), self.palette.muted),
                    (clip(url, width - _KIND - 2), self.palette.bright),
                ],
                width,
                selected,
            )
        ]


class LinksScreen(ListScreen[tuple[str, str] | None]):
    """Lets the user choose a link; the result is what to do (``open`` or ``copy``) and its URL."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", show=False),
        Binding("enter,o", "choose('open')", show=False),
        Binding("y", "choose('copy')", show=False),
    ]

    def __init__(self, links: Sequence[tuple[str, str]]) -> None:
        """``links`` are pairs of kind and URL."""
        super().__init__(LinkList(links))
        self._links = links

    def compose(self) -> ComposeResult:
        """Show the list of links."""
        with Vertical(classes="window") as window:
            window.border_title = "Links"
            window.border_subtitle = "⏎ open · y copy · Esc close"
            yield self.items

    def action_choose(self, action: str) -> None:
        """Close with the link under the cursor."""
        self.close((action, self._links[self.items.cursor][1]))

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """Open the selected link when it is clicked."""
        event.stop()
        self.action_choose("open")

    def action_close(self) -> None:
        """Close without choosing a link."""
        self.close(None)


def show_link(app: App[Any], url: str, reason: str) -> None:
    """Show a link in full, with the reason why it could not be opened."""
    app.push_screen(LinkScreen(url, reason))
