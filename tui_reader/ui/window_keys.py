"""The registry of the commands of windows: the keys of each, what it does, and its name in ``[keys.WINDOW]``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tui_reader.named_tuple import NamedTuple

if TYPE_CHECKING:
    from textual.binding import Binding


class WindowCommand(NamedTuple):
    """A command of a window.

    ``id`` is its name in ``config.toml``, ``keys`` are in Textual's spelling,
    separated by commas, ``action`` is the action of the screen, ``help`` the
    line in its help.
    """

    id: str
    keys: str
    action: str
    help: str


SHARED = "windows"
"""Stands for all windows that have a list or a text to move in."""

_CLOSE = "Close the window"

MOVING = (
    WindowCommand("down", "j,down", "move(1)", "Next line"),
    WindowCommand("up", "k,up", "move(-1)", "Previous line"),
    WindowCommand("page_down", "pagedown", "page(1)", "Page down"),
    WindowCommand("page_up", "pageup", "page(-1)", "Page up"),
    WindowCommand("first", "g,home", "move(-1000000)", "Go to top"),
    WindowCommand("last", "G,end", "move(1000000)", "Go to bottom"),
)
"""The commands of a window with a list."""

SCROLLING = (
    WindowCommand("down", "j,down", "scroll(1)", "Next line"),
    WindowCommand("up", "k,up", "scroll(-1)", "Previous line"),
    WindowCommand("page_down", "space,pagedown", "scroll(10)", "Ten lines down"),
    WindowCommand("page_up", "b,pageup", "scroll(-10)", "Ten lines up"),
    WindowCommand("first", "g,home", "scroll(-100000)", "Go to top"),
    WindowCommand("last", "G,end", "scroll(100000)", "Go to bottom"),
)
"""The commands of a window with a text, which have the names of those with a list."""

HELP = WindowCommand("help", "question_mark,f1", "window_help", "The keys of this window; F1 where a text is typed")

WINDOWS: Mapping[str, tuple[WindowCommand, ...]] = {
    SHARED: (*MOVING, HELP),
    "sources": (
        WindowCommand("close", "escape,q,L", "close", "Back to the front page"),
        WindowCommand("page_down", "pagedown,space,ctrl+f", "page(1)", "Page down"),
        WindowCommand("page_up", "pageup,b,ctrl+b", "page(-1)", "Page up"),
        WindowCommand("list", "enter", "choose", "List the stories of the source"),
        WindowCommand("add", "a,plus", "add", "Add a source"),
        WindowCommand("rename", "R", "ask('title')", "Rename the source"),
        WindowCommand("folder", "F", "ask('folder')", "Move the source to a folder"),
        WindowCommand("topics", "t", "ask('topics')", "Set the topics of the source"),
        WindowCommand("selector", "V", "ask('selector')", "Set the CSS selector of its texts"),
        WindowCommand("weight", "w", "next_weight", "Next weight: normal, more, less"),
        WindowCommand("apart", "A", "toggle_apart", "Keep its stories apart, or not"),
        WindowCommand("full_text", "v", "toggle_full_text", "Fetch full texts with each refresh, or not"),
        WindowCommand("pause", "p", "toggle_paused", "Pause the source, or go on"),
        WindowCommand("remove", "d", "remove", "Remove the source, if pressed twice"),
        WindowCommand("refresh", "r", "refresh_source", "Refresh the source"),
        WindowCommand("failing", "f", "toggle_failing", "Only sources that fail, or all"),
        WindowCommand("open_browser", "o", "open", "Open its web page in the browser"),
    ),
    "add_source": (
        WindowCommand("close", "escape", "close", _CLOSE),
        WindowCommand("select", "space", "select", "Select or deselect what was found"),
        WindowCommand("add", "enter", "add", "Look at the address; then add what is selected"),
    ),
    "packs": (
        WindowCommand("close", "escape,q,K", "close", _CLOSE),
        WindowCommand("select", "space", "select", "Select or deselect the pack"),
        WindowCommand("add", "enter", "add", "Add the feeds of the selected packs"),
        WindowCommand("add_own", "a,plus", "add_own", "Add a source by its address"),
    ),
    "links": (
        WindowCommand("close", "escape,q", "close", _CLOSE),
        WindowCommand("go", "enter", "choose('go')", "Go to the article, or open its page; its number does too"),
        WindowCommand("open_browser", "o", "choose('open')", "Open the page in the browser"),
        WindowCommand("copy", "y", "choose('copy')", "Copy the link"),
    ),
    "link": (
        WindowCommand("close", "escape,q,enter,o", "close", _CLOSE),
        WindowCommand("copy", "y", "copy", "Copy the link"),
    ),
    "doubtful_link": (
        WindowCommand("close", "escape,q", "answer(False)", "Close without opening the link"),
        WindowCommand("open", "enter", "answer(True)", "Open the link all the same"),
    ),
    "themes": (
        WindowCommand("close", "escape,q", "close", "Close, with the theme from before"),
        WindowCommand("choose", "enter,l,right", "choose", "Choose the theme"),
    ),
    "choices": (
        WindowCommand("close", "escape,q", "close", _CLOSE),
        WindowCommand("choose", "enter,l,right", "choose", "Choose the line"),
    ),
    "annotation": (
        WindowCommand("close", "escape", "close", "Close; what was typed is dropped only if pressed twice"),
        WindowCommand("store", "ctrl+s", "store", "Store the tags and the note; Enter does too in the tags"),
        WindowCommand("complete", "tab", "forward", "Complete the tag, or go to the other field"),
        WindowCommand("other", "shift+tab", "other", "Go to the other field"),
    ),
    "problems": (
        WindowCommand("close", "escape,q,P", "close", _CLOSE),
        WindowCommand("page_down", "pagedown,space", "page(1)", "Page down"),
        WindowCommand("page_up", "pageup,b", "page(-1)", "Page up"),
    ),
    "why": (WindowCommand("close", "escape,q,w,enter", "close", _CLOSE),),
    "keys": (WindowCommand("close", "escape,q,question_mark,f1,enter", "close", _CLOSE),),
}
"""The commands of each window, beside those that all windows share."""


def bindings_of(window: str) -> list[Binding]:
    """Return the key bindings of the own commands of ``window``."""
    return list(_bindings(window, WINDOWS[window]))


def shared_bindings(*, scrolls: bool = False) -> list[Binding]:
    """Return the key bindings that windows share; ``scrolls`` for those with a text instead of a list."""
    return list(_bindings(SHARED, SCROLLING if scrolls else MOVING))


def help_binding() -> Binding:
    """Return the key binding that opens the help of a window."""
    (binding,) = _bindings(SHARED, (HELP,))
    return binding


def _bindings(window: str, commands: tuple[WindowCommand, ...]) -> Iterator[Binding]:
    from textual.binding import Binding  # the commands are known without a screen

    for each in commands:
        yield Binding(each.keys, each.action, each.help, show=False, id=f"{window}.{each.id}")
