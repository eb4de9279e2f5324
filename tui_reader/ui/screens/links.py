"""The links of a story, and a link that could not be opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ScreenResultType
from textual.strip import Strip
from textual.style import Style
from textual.widgets import Static

from tui_reader.model.hosts import destination
from tui_reader.model.urls import domain_of
from tui_reader.ui.controllers.links import ListedLink
from tui_reader.ui.screens.modal import FittedList, ListScreen, ModalWindow
from tui_reader.ui.widgets.cells import clip, pad
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.window_keys import bindings_of

_KIND = 9  # cells of the column of words, at least
_MEASURED = 200  # characters of the words


class _LinkWindow(ModalWindow[ScreenResultType]):
    """Shows a text and, below it, another: a link, and what there is to say of it."""

    heading: ClassVar[str]
    keys: ClassVar[tuple[tuple[str, str], ...]]

    def __init__(self, first: Content, second: Content) -> None:
        super().__init__()
        self._frame = Frame(self.heading)
        self._content = Content.assemble(first, "\n\n", second)

    def compose(self) -> ComposeResult:
        """Show both texts."""
        with self._frame:
            self.show_hints(self._frame, *self.keys)
            yield Static(self._content, markup=False)


class LinkScreen(_LinkWindow[None]):
    """Shows one link in full, when there is no browser to open it in: to copy it, or to click it in the terminal."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("link")
    window = "link"
    heading = "Link"
    keys = (("copy", "copy"), ("close", "close"))

    def __init__(self, url: str, reason: str) -> None:
        # As a hyperlink (OSC 8), which is one also where it is wrapped; a terminal that knows none shows the text.
        super().__init__(Content.styled(url, "$accent").stylize(Style(link=url)), Content.styled(reason, "$muted"))
        self._url = url

    async def action_copy(self) -> None:
        """Copy the link and say what became of it."""
        from tui_reader.ui.clipboard import copy_for

        outcome = await copy_for(self.app, self._url)
        self._frame.show_hints([outcome.about("the link"), self.hints(("close", "close"))])

    def action_close(self) -> None:
        """Close the window."""
        self.close(None)


class DoubtfulLinkScreen(_LinkWindow[bool]):
    """Shows a link that does not lead where it seems to; the result is whether to open it."""

    # Not the key that opens a link: who presses it twice has not read this.
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("doubtful_link")
    window = "doubtful_link"
    heading = "This link is not what it looks like"
    keys = (("open", "open"), ("close", "close"))

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(Content.styled(reason, "$error"), Content.styled(url, "$muted"))

    def action_answer(self, is_wanted: bool) -> None:
        """Close the window."""
        self.close(is_wanted)


class LinkList(FittedList):
    """Links with their numbers and words, and with their host where it is not what it looks like."""

    def __init__(self, links: Sequence[ListedLink]) -> None:
        super().__init__()
        self._links = links
        places = [destination(link.url) for link in links]
        self._hosts = [f"→ {place.host}  " if place.reason else "" for place in places]
        self._number = max(len(str(link.number)) for link in links) if links[0].number else 0
        self._words = max(cell_len(_words_of(link)[:_MEASURED]) for link in links)

    def count(self) -> int:
        """Return the number of links."""
        return len(self._links)

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one link on one line; a sign says that it leads to an article of the index."""
        link, palette = self._links[index], self.palette
        number = pad(str(link.number or ""), self._number, right=True) + " " if self._number else ""
        sign = "› " if link.article is not None else "  "
        room = width - 2 - len(number) - len(sign)
        words = max(_KIND, min(self._words, room * 2 // 5))
        host = clip(self._hosts[index], room - words - 2)
        of_text = palette.bright if link.number else palette.muted
        pieces = [
            self.bar(selected),
            (number, palette.muted),
            (sign, palette.accent),
            (pad(_words_of(link), words) + "  ", of_text),
            (host, palette.accent),
            (clip(link.url, room - words - 2 - cell_len(host)), palette.muted if link.number else palette.bright),
        ]
        return [self.strip(pieces, width, selected)]


def _words_of(link: ListedLink) -> str:
    """Return the words of a link, or its host where they only repeat the address."""
    return domain_of(link.url) if link.words in {"", link.url} else link.words


class LinksScreen(ListScreen[tuple[str, ListedLink] | None]):
    """Lets the user choose a link, also by its number; the result is what to do and the link.

    What to do is ``go`` (to the article in the reader, if it is there, else to
    the page), ``open`` (the page, in the browser) or ``copy``.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of("links"),
        *(Binding(digit, f"digit({digit!r})", show=False) for digit in "0123456789"),
    ]
    window = "links"

    def __init__(self, links: Sequence[ListedLink]) -> None:
        super().__init__(LinkList(links))
        self._links = links
        self._places = {str(link.number): at for at, link in enumerate(links) if link.number}
        self._typed = ""

    def compose(self) -> ComposeResult:
        """Show the list of links."""
        with Frame("Links") as frame:
            go = "or number: open" if self._places else "open"
            self.show_hints(frame, ("go", go), ("open_browser", "browser"), ("copy", "copy"), ("close", "close"))
            yield self.items

    def action_digit(self, digit: str) -> None:
        """Go to the link whose number is typed, and open it once no other number begins like this."""
        typed = self._typed + digit
        if typed not in self._places:
            typed = digit if digit in self._places else ""
        self._typed = typed
        if not typed:
            return
        self.items.move_to(self._places[typed])
        if f"{typed}0" not in self._places:
            self.action_choose("go")

    def action_move(self, by: int) -> None:
        """Move the cursor; a number that is typed then begins anew."""
        self._typed = ""
        super().action_move(by)

    def action_choose(self, action: str) -> None:
        """Close with the link under the cursor."""
        self.close((action, self._links[self.items.cursor]))

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """Open the selected link when it is clicked."""
        event.stop()
        self.action_choose("go")

    def action_close(self) -> None:
        """Close without choosing a link."""
        self.close(None)


def show_link(app: App[Any], url: str, reason: str, anyway: Callable[[], object] | None = None) -> None:
    """Show a link in full, with the reason why it was not opened; ``anyway`` opens it."""
    if anyway is None:
        app.push_screen(LinkScreen(url, reason))
        return

    def answered(is_wanted: bool | None) -> None:
        if is_wanted:
            anyway()

    app.push_screen(DoubtfulLinkScreen(url, reason), answered)
