"""The registry of commands: the keys of each, its help line, its palette entry and its hint in the footer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui_reader.errors import UsageError
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.key_names import UNBOUND, is_key, key_label, near_key, split_keys

if TYPE_CHECKING:
    from textual.binding import Binding

    from tui_reader.ui.window_keys import WindowCommand


class Command(NamedTuple):
    """A command of the front page.

    ``id`` is its name in ``config.toml``. ``keys`` are in Textual's spelling,
    separated by commas; ``hint`` is the word in the footer, ``help`` the line
    in the help and the palette, ``group`` the heading above it, ``palette``
    whether the palette offers it.
    """

    id: str
    keys: str
    hint: str
    help: str
    group: str
    palette: bool = True


MOVE, STORY, MARK, LIST, OTHER = "Move", "Story", "Mark", "List", "Reader"

COMMANDS = (
    Command("down", "j,down", "down", "Next line, story, topic or source", MOVE, palette=False),
    Command("up", "k,up", "up", "Previous line, story, topic or source", MOVE, palette=False),
    Command("page_down", "pagedown,space,ctrl+f", "page", "Page down", MOVE, palette=False),
    Command("page_up", "pageup,b,ctrl+b", "page up", "Page up", MOVE, palette=False),
    Command("first", "g,home", "top", "Go to top", MOVE),
    Command("last", "G,end", "bottom", "Go to bottom", MOVE),
    Command("next_pane", "l,right,tab", "pane", "Go to the pane on the right; on a closed folder, open it", MOVE),
    Command("previous_pane", "h,left,shift+tab", "pane", "Go to the pane on the left; on a folder, close it", MOVE),
    Command("toggle_folder", "c", "folder", "Open or close the folder in the sidebar", MOVE),
    Command("next_unread", "n", "unread", "Next unread story, in this list or the next one", MOVE),
    Command("previous_unread", "N", "unread", "Previous unread story", MOVE),
    Command("open", "enter", "read", "Open the story, or the selected article of its coverage", STORY),
    Command("whole_screen", "Z", "whole screen", "Show the story on the whole screen, or with the list again", STORY),
    Command("close", "escape", "list", "Back to the list; in the list, end the search", STORY),
    Command("next_related", "right_square_bracket", "more on this", "Next article of the coverage", STORY),
    Command("previous_related", "left_square_bracket", "more on this", "Previous article of the coverage", STORY),
    Command("next_hit", "semicolon", "next hit", "Next hit of the search in the text", STORY),
    Command("previous_hit", "comma", "hit before", "Previous hit of the search in the text", STORY),
    Command("back", "backspace", "back", "Back to the article before", STORY),
    Command("full_text", "v", "full text", "Fetch the full text of the story from its page", STORY),
    Command("open_browser", "o", "browser", "Open the original page in the browser", STORY),
    Command("links", "u", "links", "List the links of the story", STORY),
    Command("copy_link", "y", "copy link", "Copy the link of the story", STORY),
    Command("copy_as", "Y", "copy as", "Copy the story with its link, or with its coverage", STORY),
    Command("export", "e", "export", "Export the story, or the whole list, into a file", STORY),
    Command("pipe", "vertical_line", "pipe", "Give the story to a command of your own", STORY),
    Command("why", "w", "why", "Explain the heat of the story and its coverage", STORY),
    Command("toggle_read", "m", "read/unread", "Mark as read or unread", MARK),
    Command("mark_all", "A", "all read", "Mark everything listed as read", MARK),
    Command("mark_above", "", "read above", "Mark read up to here: this story and those above it", MARK),
    Command("mark_below", "", "read below", "Mark read from here on: this story and those below it", MARK),
    Command("mark_older", "", "read older", "Mark read what is older than a day, a week or a month", MARK),
    Command("toggle_saved", "s", "save", "Save or unsave", MARK),
    Command("tags", "number_sign", "tags", "Tags and a note for the story, or the selected article", MARK),
    Command("split", "x", "split off", "Split the selected article off the story", MARK),
    Command("take_apart", "X", "take apart", "Take the story apart: each article is one by itself", MARK),
    Command("merge", "M", "merge", "Merge two stories: press on one, then on the other", MARK),
    Command("about", "a", "about", "About this story: mute, weigh, only its provider", MARK),
    Command("only_provider", "", "only this", "List only the provider of the story", MARK),
    Command("mute_provider", "", "mute", "Mute the provider of the story", MARK),
    Command("mute_word", "", "mute", "Mute a word of the title", MARK),
    Command("mute_topic", "", "mute", "Mute a topic of the story", MARK),
    Command("filter_like", "", "filter", "Mute, save, tag or raise stories like this one", MARK),
    Command("filters", "F", "filters", "List the filters: change, turn off and remove them", MARK),
    Command("filter_search", "exclamation_mark", "filter", "Make a filter of the search", MARK),
    Command("more_of_source", "", "more", "More of the source of the story", MARK),
    Command("less_of_source", "", "less", "Less of the source of the story", MARK),
    Command("undo", "z", "undo", "Undo the last mark, tag, note, correction, mute, filter or weight", MARK),
    Command("search", "slash", "search", "Search titles, excerpts and providers", LIST),
    Command("save_view", "ctrl+s", "save as view", "Save the search, or what is listed, as a smart view", LIST),
    Command("views", "V", "views", "Manage the smart views: rename, change, move, delete", LIST),
    Command("sort", "S", "order", "Next order: heat, newest, quality, provider, hot now", LIST),
    Command("window", "t", "window", "Next window: all time, month, week, day", LIST),
    Command("folded", "f", "folded", "Show or hide folded articles", LIST),
    Command("density", "d", "density", "Next density of the list: one, two or three lines, or as suits it", LIST),
    Command("history", "H", "history", "List what you have read, the last read first", LIST),
    Command("topics", "T", "topics", "Go to the topics and sources", LIST),
    Command("show_new", "full_stop", "show new", "Show the stories that arrived meanwhile, and the order by now", LIST),
    Command("refresh", "r", "refresh", "Refresh", OTHER),
    Command("refresh_all", "R", "refresh all", "Refresh all; again: ignore rate limits", OTHER),
    Command("sources", "L", "sources", "Manage the sources", OTHER),
    Command("add_source", "plus", "add source", "Add a source", OTHER),
    Command("accounts", "", "accounts", "Manage the accounts on servers", OTHER),
    Command("packs", "K", "starter packs", "Starter packs", OTHER),
    Command("problems", "P", "problems", "List the files that could not be read", OTHER),
    Command("restore", "ctrl+r", "restore", "Restore your marks from a copy, if they are damaged or gone", OTHER),
    Command("pictures", "i", "pictures", "Show or hide pictures", OTHER),
    Command("theme", "D", "dark/light", "Switch between dark and light", OTHER),
    Command("themes", "C", "themes", "Choose a theme", OTHER),
    Command("help", "question_mark,f1", "keys", "All keys", OTHER),
    Command("palette", "ctrl+p", "palette", "Find a command by name", OTHER, palette=False),
    Command("suspend", "ctrl+z", "suspend", "Suspend the reader; fg in the shell goes on", OTHER),
    Command("quit", "q,ctrl+q", "quit", "Quit", OTHER),
)

ANYWHERE = {"ctrl+q": "quit", "ctrl+z": "suspend"}
"""Keys that do this wherever the keyboard is, unless they are given to another command."""

_LONGEST_KEY = 60  # characters of a key that does not exist, as it is shown
_MOST_KEYS = 100  # of one command that are compared with each other
_IDS = frozenset(command.id for command in COMMANDS)


def bindings() -> list[Binding]:
    """Return the default key bindings of a screen with an action ``command``; ``App.set_keymap`` replaces them."""
    from textual.binding import Binding  # the commands are known before there is a screen

    return [
        Binding(each.keys or UNBOUND, f"command({each.id!r})", each.hint, show=False, id=each.id) for each in COMMANDS
    ]


def sound_keys(remapped: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the entries of ``[keys]`` that hold, and why each other one does not.

    An entry does not hold if there is no such command or key, or if an earlier
    one in the same window gives the key to another command. Those of windows are
    named with the window: ``sources.remove``.
    """
    sound: dict[str, str] = {}
    wrong: dict[str, str] = {}
    taken: dict[tuple[str, str], str] = {}
    for name, keys in remapped.items():
        window = name.rpartition(".")[0]
        chosen = split_keys(keys)[:_MOST_KEYS]
        again = [key for at, key in enumerate(chosen) if (window, key) in taken or key in chosen[:at]]
        if problem := _unknown_command(name) or _unknown_key(chosen):
            wrong[name] = problem
        elif again:
            wrong[name] = (
                f"the key {key_label(again[0])!r} is given to {taken.get((window, again[0]), name)} and to {name}"
            )
        else:
            sound[name] = keys
            taken.update({(window, key): name for key in chosen})
    return sound, wrong


def _unknown_command(name: str) -> str:
    """Return what is wrong with the name of a command, if anything is."""
    if name in _IDS:
        return ""
    from tui_reader.model.near_names import did_you_mean
    from tui_reader.ui.window_keys import WINDOWS, commands_of

    window, _, command = name.rpartition(".")
    if not window:
        near = did_you_mean(name, [*_IDS, *WINDOWS], "press ‘?’ in the reader to list them all")
        return f"there is no command ‘{visible(name)}’{near}"
    if window not in WINDOWS:
        return f"there is no window ‘{visible(window)}’{did_you_mean(window, WINDOWS, ', '.join(WINDOWS))}"
    known = [each.id for each in commands_of(window)]
    if command in known:
        return ""
    near = did_you_mean(command, known, f"it has {', '.join(known)}")
    return f"the window ‘{window}’ has no command ‘{visible(command)}’{near}"


def _unknown_key(keys: Sequence[str]) -> str:
    """Return what is wrong with the first key that does not exist, if one does not."""
    wrong = next((key for key in keys if not is_key(key)), "")
    if not wrong:
        return ""
    near = near_key(wrong[:_LONGEST_KEY])
    rest = f"did you mean ‘{near}’?" if near else "a key is a character, or a name such as pagedown or ctrl+n"
    return f"there is no key ‘{visible(wrong[:_LONGEST_KEY])}’: {rest}"


class Keymap:
    """The commands with the keys that are in force: the defaults, and those of ``config.toml``."""

    def __init__(self, remapped: Mapping[str, str] | None = None) -> None:
        """Raises :class:`UsageError` if ``remapped`` names an unknown command or gives one key to two commands."""
        self.remap(remapped)

    def remap(self, remapped: Mapping[str, str] | None) -> None:
        """Take other keys; raises as the constructor does, and then keeps those from before."""
        _, wrong = sound_keys(remapped or {})
        if wrong:
            raise UsageError(f"config.toml, [keys]: {next(iter(wrong.values()))}")
        self._of_windows = {name: keys for name, keys in (remapped or {}).items() if "." in name}
        own = {name: keys for name, keys in (remapped or {}).items() if "." not in name}
        taken = {key: name for name, keys in own.items() for key in split_keys(keys)}
        self.commands = tuple(self._with_keys(command, own, taken) for command in COMMANDS)
        self._by_id = {command.id: command for command in self.commands}

    @staticmethod
    def _with_keys(command: Command, remapped: Mapping[str, str], taken: Mapping[str, str]) -> Command:
        if command.id in remapped:
            return command._replace(keys=",".join(split_keys(remapped[command.id])))
        # A key that was given to another command is no longer this one's.
        return command._replace(keys=",".join(key for key in split_keys(command.keys) if key not in taken))

    def __getitem__(self, identifier: str) -> Command:
        return self._by_id[identifier]

    def overrides(self) -> dict[str, str]:
        """Return the keys that are not the default, by command, as :meth:`textual.app.App.set_keymap` takes them."""
        own = {
            now.id: now.keys or UNBOUND
            for now, default in zip(self.commands, COMMANDS, strict=True)
            if now.keys != default.keys
        }
        if not own and not self._of_windows:
            return {}
        given_away = {f"{name}_anywhere": UNBOUND for key, name in ANYWHERE.items() if key not in self.keys(name)}
        return own | given_away | self._overrides_of_windows(own)

    def _overrides_of_windows(self, own: Mapping[str, str]) -> dict[str, str]:
        from tui_reader.ui.window_keys import overrides_of  # not before the first window, if nothing is remapped

        return overrides_of(self._of_windows, own)

    def of_window(self, window: str) -> tuple[WindowCommand, ...]:
        """Return the commands of a window with the keys that are in force; none of one that is not in the registry."""
        from tui_reader.ui.window_keys import WINDOWS, commands_of

        if window not in WINDOWS:
            return ()
        overrides = self.overrides()
        named = ((each, overrides.get(f"{window}.{each.id}", each.keys)) for each in commands_of(window))
        return tuple(each._replace(keys="" if keys == UNBOUND else keys) for each, keys in named)

    def window_label(self, window: str, command: str) -> str:
        """Return the first key of a command of a window as it is written in hints; empty where it has none."""
        keys = (split_keys(each.keys) for each in self.of_window(window) if each.id == command)
        return next((key_label(each[0]) for each in keys if each), "")

    def keys(self, identifier: str) -> list[str]:
        """Return the keys of a command in Textual's spelling."""
        return split_keys(self._by_id[identifier].keys)

    def label(self, identifier: str) -> str:
        """Return the first key of a command as it is written in the footer; empty where it has none."""
        keys = self.keys(identifier)
        return key_label(keys[0]) if keys else ""

    def labels(self, identifier: str) -> str:
        """Return all keys of a command as they are written in the help."""
        return " ".join(key_label(key) for key in self.keys(identifier))
