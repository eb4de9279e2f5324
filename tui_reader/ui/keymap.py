"""The one list of commands: each has its key, its words and its place in the help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tui_reader.errors import UsageError


class Command(NamedTuple):
    """Something a person can do.

    ``id`` names it in ``config.toml`` and is the name of the screen's action.
    ``keys`` are in Textual's spelling, comma between; ``hint`` is the word in
    the footer, ``help`` the line in the help and the palette, ``group`` the
    heading it stands under.
    """

    id: str
    keys: str
    hint: str
    help: str
    group: str
    palette: bool = True


MOVE, STORY, MARK, LIST, OTHER = "Move", "Story", "Mark", "List", "Reader"

COMMANDS = (
    Command("down", "j,down", "down", "Next line, story or topic", MOVE, palette=False),
    Command("up", "k,up", "up", "Previous line, story or topic", MOVE, palette=False),
    Command("page_down", "pagedown,space,ctrl+f", "page", "A page down", MOVE, palette=False),
    Command("page_up", "pageup,b,ctrl+b", "page up", "A page up", MOVE, palette=False),
    Command("first", "g,home", "first", "To the first", MOVE),
    Command("last", "G,end", "last", "To the last", MOVE),
    Command("next_pane", "l,right,tab", "pane", "To the pane on the right", MOVE),
    Command("previous_pane", "h,left,shift+tab", "pane", "To the pane on the left, or to the topics", MOVE),
    Command("next_unread", "n", "unread", "Next unread story", MOVE),
    Command("previous_unread", "N", "unread", "Previous unread story", MOVE),
    Command("open", "enter", "read", "Read the story, or go into the chosen coverage", STORY),
    Command("close", "escape", "back", "Back to the list; ends a search", STORY),
    Command("next_related", "right_square_bracket", "more on this", "Next in the coverage of the story", STORY),
    Command("previous_related", "left_square_bracket", "more on this", "Previous in the coverage of the story", STORY),
    Command("back", "backspace", "way back", "Back along the way you came", STORY),
    Command("open_browser", "o", "browser", "Open the original page in the browser", STORY),
    Command("links", "u", "links", "All links of the story, to pick from", STORY),
    Command("copy_link", "y", "copy link", "Copy the link of the story", STORY),
    Command("why", "w", "why", "Why the story has its heat, and what its coverage has in common", STORY),
    Command("toggle_read", "m", "read/unread", "Mark as read or unread", MARK),
    Command("mark_all", "A", "all read", "Mark all that the list shows as read", MARK),
    Command("toggle_saved", "s", "save", "Save the story, or no longer", MARK),
    Command("split", "x", "not this story", "The chosen article does not belong to this story", MARK),
    Command("merge", "M", "merge", "Merge two stories: pressed on one, then on the other", MARK),
    Command("undo", "z", "undo", "Undo the last mark or correction", MARK),
    Command("search", "slash", "search", "Search titles, excerpts and providers", LIST),
    Command("sort", "S", "order", "Next order: heat, newest, quality, provider, hot now", LIST),
    Command("window", "t", "window", "Next window: all time, month, week, day", LIST),
    Command("folded", "f", "folded", "Show folded articles too, or no longer", LIST),
    Command("topics", "T", "topics", "To the topics", LIST),
    Command("refresh", "r", "refresh", "Ask the sources that may be asked for what is new", OTHER),
    Command("refresh_all", "R", "refresh all", "Ask all sources; twice: those too that want to be left alone", OTHER),
    Command("show_new", "full_stop", "show new", "Show the stories that came meanwhile", LIST),
    Command("sources", "L", "sources", "The sources: how they are, and all that can be done with them", OTHER),
    Command("add_source", "plus", "add source", "Add a source and keep it", OTHER),
    Command("packs", "K", "starter packs", "Starter packs: feeds of a field to begin with", OTHER),
    Command("problems", "P", "problems", "What could not be read", OTHER),
    Command("theme", "D", "dark/light", "Switch between dark and light", OTHER),
    Command("help", "question_mark,f1", "keys", "All keys", OTHER),
    Command("palette", "ctrl+p", "palette", "Find a command by name", OTHER, palette=False),
    Command("quit", "q,ctrl+q", "quit", "Leave", OTHER),
)

_SPELLING = {
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "slash": "/",
    "full_stop": ".",
    "plus": "+",
    "question_mark": "?",
    "enter": "⏎",
    "escape": "Esc",
    "backspace": "⌫",
    "space": "Space",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
}
_NAMES = {spelling: name for name, spelling in _SPELLING.items() if len(spelling) == 1}


def key_label(key: str) -> str:
    """Return a key as a person would write it."""
    if key in _SPELLING:
        return _SPELLING[key]
    if key.startswith("ctrl+"):
        return "Ctrl+" + key[5:].upper()
    return key.upper() if len(key) > 1 else key


class Keymap:
    """The commands with the keys that are in force."""

    def __init__(self, remapped: Mapping[str, str] | None = None) -> None:
        """Raises :class:`UsageError` where ``remapped`` names a command that is not there."""
        known = {command.id for command in COMMANDS}
        for name in remapped or ():
            if name not in known:
                raise UsageError(
                    f"config.toml, [keys]: there is no command {name!r}; ‘news-tui’ shows them all with the key ‘?’"
                )
        taken: dict[str, str] = {}
        for name, keys in (remapped or {}).items():
            for key in _split(keys):
                if key in taken:
                    raise UsageError(f"config.toml, [keys]: {key!r} is given to {taken[key]} and to {name}")
                taken[key] = name
        self.commands = tuple(self._with_keys(command, remapped or {}, taken) for command in COMMANDS)
        self._by_id = {command.id: command for command in self.commands}

    @staticmethod
    def _with_keys(command: Command, remapped: Mapping[str, str], taken: Mapping[str, str]) -> Command:
        if command.id in remapped:
            return command._replace(keys=",".join(_split(remapped[command.id])))
        # A key that was given to another command is no longer this one's.
        return command._replace(keys=",".join(key for key in _split(command.keys) if key not in taken))

    def __getitem__(self, identifier: str) -> Command:
        return self._by_id[identifier]

    def keys(self, identifier: str) -> list[str]:
        """Return the keys of a command in Textual's spelling."""
        return _split(self._by_id[identifier].keys)

    def label(self, identifier: str) -> str:
        """Return the first key of a command as it is written in the footer; empty where it has none."""
        keys = self.keys(identifier)
        return key_label(keys[0]) if keys else ""

    def labels(self, identifier: str) -> str:
        """Return all keys of a command as they are written in the help."""
        return " ".join(key_label(key) for key in self.keys(identifier))


def _split(keys: str) -> list[str]:
    """The single keys of a setting; a comma itself is written ``comma``."""
    parts = [part.strip() for part in keys.split(",")]
    return [_NAMES.get(part, part) for part in parts if part]
