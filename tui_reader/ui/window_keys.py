"""The registry of the commands of windows: the keys of each, what it does, and its name in ``[keys.WINDOW]``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.key_names import UNBOUND, split_keys

if TYPE_CHECKING:
    from textual.binding import BindingType


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

_LINES = tuple(each for each in MOVING if not each.id.startswith("page"))  # of windows with other keys for pages

EVERYWHERE = frozenset({*(command.id for command in MOVING), "help"})
"""The names of the commands that are the same in all windows."""

HELP = WindowCommand("help", "question_mark,f1", "app.window_help", "The keys of this window; F1 where a text is typed")

TYPED_IN = frozenset(
    {"search_box", "palette", "add_source", "account", "annotation", "filter", "question", "export_path"}
)
"""The windows in which a text is typed: keys that are characters do nothing there."""

WINDOWS: Mapping[str, tuple[WindowCommand, ...]] = {
    SHARED: (*MOVING, HELP),
    "search_box": (
        WindowCommand("close", "escape", "cancel", "End the search"),
        WindowCommand("results", "enter", "done", "Go to the results"),
        WindowCommand("complete", "tab", "complete", "Complete the word, or go to the results"),
        WindowCommand("earlier", "up", "recall(-1)", "Recall the search before"),
        WindowCommand("later", "down", "recall(1)", "Recall the search after; from the last, go to the results"),
    ),
    "palette": (
        WindowCommand("close", "escape", "escape", _CLOSE),
        WindowCommand("choose", "enter", "choose", "Run the command"),
        WindowCommand("next", "down", "cursor_down", "Next command"),
        WindowCommand("previous", "up", "command_list('cursor_up')", "Previous command"),
        WindowCommand("next_page", "pagedown", "command_list('page_down')", "Page down"),
        WindowCommand("previous_page", "pageup", "command_list('page_up')", "Page up"),
        WindowCommand("top", "ctrl+home", "command_list('first')", "Go to top"),
        WindowCommand("bottom", "ctrl+end", "command_list('last')", "Go to bottom"),
    ),
    "sources": (
        *_LINES,
        WindowCommand("close", "q,escape,L", "close", "Back to the front page"),
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
        WindowCommand("accounts", "c", "accounts", "List the accounts on servers"),
    ),
    "accounts": (
        *MOVING,
        WindowCommand("close", "escape,q", "close", _CLOSE),
        WindowCommand("add", "a,plus", "add", "Add an account"),
        WindowCommand("sync", "r", "sync", "Synchronise the account now"),
        WindowCommand("password", "p", "password", "Give the account another password"),
        WindowCommand("remove", "d", "remove", "Remove the account, if pressed twice"),
    ),
    "account": (
        WindowCommand("close", "escape", "close", "Stop signing in, or close the window"),
        WindowCommand("go_on", "enter", "go_on", "To the next field; from the last, sign in"),
        WindowCommand("next_field", "tab,down", "next_field(1)", "To the next field"),
        WindowCommand("previous_field", "shift+tab,up", "next_field(-1)", "To the field before"),
    ),
    "add_source": (
        *MOVING,
        WindowCommand("close", "escape", "close", _CLOSE),
        WindowCommand("select", "space", "select", "Select or deselect what was found"),
        WindowCommand("add", "enter", "add", "Look at the address; then add what is selected"),
    ),
    "packs": (
        *MOVING,
        WindowCommand("close", "escape,q,K", "close", _CLOSE),
        WindowCommand("select", "space", "select", "Select or deselect the pack"),
        WindowCommand("add", "enter", "add", "Add the feeds of the selected packs"),
        WindowCommand("add_own", "a,plus", "add_own", "Add a source by its address"),
    ),
    "links": (
        *MOVING,
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
        *MOVING,
        WindowCommand("close", "escape,q", "close", "Close, with the theme from before"),
        WindowCommand("choose", "enter,l,right", "choose", "Choose the theme"),
    ),
    "choices": (
        *MOVING,
        WindowCommand("close", "escape,q", "close", _CLOSE),
        WindowCommand("choose", "enter,l,right", "choose", "Choose the line"),
    ),
    "annotation": (
        WindowCommand("close", "escape", "close", "Close; what was typed is dropped only if pressed twice"),
        WindowCommand("store", "ctrl+s", "store", "Store the tags and the note"),
        WindowCommand("store_tags", "enter", "store", "The same, in the line of tags"),
        WindowCommand("complete", "tab", "forward", "Complete the tag, or go to the other field"),
        WindowCommand("other", "shift+tab", "other", "Go to the other field"),
    ),
    "problems": (
        *_LINES,
        WindowCommand("close", "escape,q,P", "close", _CLOSE),
        WindowCommand("page_down", "pagedown,space", "page(1)", "Page down"),
        WindowCommand("page_up", "pageup,b", "page(-1)", "Page up"),
    ),
    "filters": (
        *MOVING,
        WindowCommand("close", "escape,q,F", "close", _CLOSE),
        WindowCommand("change", "enter,e", "change", "Change the filter"),
        WindowCommand("switch", "space", "switch", "Pause the filter, or go on"),
        WindowCommand("remove", "d,x,delete", "remove", "Remove the filter"),
        WindowCommand("add", "plus,a", "add", "Add a filter"),
        WindowCommand("undo", "z", "undo", "Undo the last change"),
    ),
    "filter": (
        WindowCommand("close", "escape", "close", _CLOSE),
        WindowCommand("apply", "enter", "apply", "Apply the filter"),
        WindowCommand("previous", "up", "cycle(-1)", "Previous action"),
        WindowCommand("next", "down", "cycle(1)", "Next action"),
        WindowCommand("other_field", "tab,shift+tab", "other_field", "To the other field"),
        WindowCommand("now", "ctrl+t", "toggle_now", "Also what is there already, or only what comes"),
        WindowCommand("source", "ctrl+o", "toggle_source", "Only this source, or all"),
        WindowCommand("page_down", "pagedown", "page(1)", "Further articles that it finds"),
        WindowCommand("page_up", "pageup", "page(-1)", "The articles before"),
    ),
    "views": (
        *MOVING,
        WindowCommand("close", "escape,q,V", "close", _CLOSE),
        WindowCommand("choose", "enter,l,right", "choose", "List the stories of the view"),
        WindowCommand("add", "a,plus", "add", "Add a view"),
        WindowCommand("change_query", "e", "change_query", "Change its query"),
        WindowCommand("rename", "R", "rename", "Rename the view"),
        WindowCommand("move_down", "J,shift+down", "move_view(1)", "Move the view down"),
        WindowCommand("move_up", "K,shift+up", "move_view(-1)", "Move the view up"),
        WindowCommand("sort", "S", "next_sort", "Next order of its stories"),
        WindowCommand("window", "t", "next_window", "Next time span of its stories"),
        WindowCommand("delete", "d", "delete", "Delete the view"),
    ),
    "question": (
        WindowCommand("close", "escape", "close", "Close without an answer"),
        WindowCommand("save", "enter", "save", "Save the answer"),
    ),
    "export_path": (
        WindowCommand("close", "escape", "close", "Close without writing"),
        WindowCommand("write", "enter", "write", "Write the file"),
    ),
    "why": (
        *SCROLLING,
        WindowCommand("close", "escape,q,w,enter", "close", _CLOSE),
    ),
    "keys": (
        *SCROLLING,
        WindowCommand("close", "escape,q,question_mark,f1,enter", "close", _CLOSE),
    ),
}
"""The commands of each window."""


def commands_of(window: str) -> tuple[WindowCommand, ...]:
    """Return the commands of ``window``, with the one that lists its keys."""
    if window in {SHARED, "keys"}:
        return WINDOWS[window]
    return (*WINDOWS[window], HELP if window not in TYPED_IN else HELP._replace(keys="f1,question_mark"))


def bindings_of(window: str) -> list[BindingType]:
    """Return the key bindings of ``window``."""
    from textual.binding import Binding  # the commands are known without a screen

    return [
        Binding(each.keys, each.action, each.help, show=False, id=f"{window}.{each.id}") for each in commands_of(window)
    ]


def overrides_of(remapped: Mapping[str, str], of_front_page: Mapping[str, str]) -> dict[str, str]:
    """Return the keys that are not the default, by window and command, as ``App.set_keymap`` takes them.

    ``remapped`` are the entries of windows in the settings: those of one window
    come before those of all. Windows move by the keys that the front page has,
    ``of_front_page``, where they use these for nothing else.
    """
    found: dict[str, str] = {}
    for window in WINDOWS:
        commands = commands_of(window)
        taken = {key for each in commands for key in split_keys(remapped.get(f"{window}.{each.id}", ""))}
        usual = {key for each in commands if each.id not in EVERYWHERE for key in split_keys(each.keys)}
        for each in commands:
            shared = remapped.get(f"{SHARED}.{each.id}", of_front_page.get(each.id))
            if each.id == "help" and window in TYPED_IN:
                shared = None  # it is a character, as a rule
            if f"{window}.{each.id}" in remapped:
                keys = split_keys(remapped[f"{window}.{each.id}"])
            elif each.id in EVERYWHERE and shared is not None:
                keys = [key for key in split_keys(shared) if key not in usual | taken | {UNBOUND}]
            else:
                keys = [key for key in split_keys(each.keys) if key not in taken]
            if keys != split_keys(each.keys):
                found[f"{window}.{each.id}"] = ",".join(keys) or UNBOUND
    return found
