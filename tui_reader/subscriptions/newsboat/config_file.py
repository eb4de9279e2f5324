"""Reads newsboat's file ``config``: rules, predefined filters, keys, macros and settings that have a counterpart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

from tui_reader.model.user_commands import is_pipe_key
from tui_reader.named_tuple import NamedTuple
from tui_reader.subscriptions.newsboat.keys import COMMANDS, key_name
from tui_reader.subscriptions.newsboat.lines import Line
from tui_reader.subscriptions.newsboat.urls_file import Note, QueryFeed

# An “&” before “>” belongs to it: with two ways to read each of them, a line that does not match would take for ever.
_IN_BACKGROUND = re.compile(r"(?:\s*(?:[12&]?>\s*/dev/null|2>&1|&(?!>)))+\s*$")
_SHELL = re.compile(r"[|&;<>$`(){}*?~\n]")
_DIALOGS = {"all", "feedlist", "articlelist", "article"}
_FOR_EVER = 36_500  # days
_MOST = 1_000_000  # articles
_WEEK = 7 * 24 * 60  # minutes
_ALWAYS = frozenset({"auto-reload", "refresh-on-startup", "suppress-first-reload", "prepopulate-query-feeds"})
_READERS = ("ttrss", "oldreader", "newsblur", "feedhq", "ocnews", "inoreader", "miniflux", "freshrss")
_PODCASTS = ("podcast", "podlist", "player", "download-path", "max-downloads", "delete-played")
_LOOKS = ("color", "-format", "highlight")


Value: TypeAlias = str | int | dict[str, str | bool]
"""A value in ``config.toml``."""


class Rule(NamedTuple):
    """An ``ignore-article`` rule: the feed that it is about (``*`` for all), and what it ignores."""

    line: Line
    feed: str
    expression: str


class Config(NamedTuple):
    """What is in the file.

    ``settings`` are lines for ``config.toml`` by table, empty for the top.
    ``keys`` are those given to the commands of this reader. ``done`` says what
    came along as a setting, ``refused`` what did not, and why.
    """

    rules: tuple[Rule, ...]
    queries: tuple[QueryFeed, ...]
    settings: dict[str, dict[str, Value]]
    keys: dict[str, list[str]]
    done: tuple[Note, ...]
    refused: tuple[Note, ...]


class _Refused(Exception):
    """A line has no counterpart; the message says why."""


def read_config(lines: Iterable[Line]) -> Config:
    """Return what ``lines`` have that this reader has too."""
    reader = _Reader()
    for line in lines:
        try:
            words = reader.read(line)
        except _Refused as why:
            reader.refused.append(Note(line, str(why)))
        else:
            if words:
                reader.done.append(Note(line, words))
    return Config(
        tuple(reader.rules),
        tuple(reader.queries),
        reader.settings,
        reader.keys,
        tuple(reader.done),
        tuple(reader.refused),
    )


class _Reader:
    """Collects what the lines say; the last one counts where several say something else."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.queries: list[QueryFeed] = []
        self.settings: dict[str, dict[str, Value]] = {}
        self.keys: dict[str, list[str]] = {}
        self.done: list[Note] = []
        self.refused: list[Note] = []
        self._with_key: dict[str, dict[str, str | bool]] = {}  # commands in [pipe]

    def read(self, line: Line) -> str:
        """Take up a line; return what became of it, empty if that is said later."""
        if line.runs_command:
            raise _Refused("a part of it is the output of a command, and commands are never run")
        name, *values = line.words
        if name in _LINES:
            least, read = _LINES[name]
            if len(values) < least:
                raise _Refused("something is missing")
            return read(self, line, values)
        raise _Refused(_why_not(name))

    def ignore(self, line: Line, values: list[str]) -> str:
        self.rules.append(Rule(line, values[0], values[1]))
        return ""

    def define(self, line: Line, values: list[str]) -> str:
        self.queries.append(QueryFeed(line, values[0], values[1]))
        return ""

    def ignore_mode(self, _: Line, values: list[str]) -> str:
        if values[0] == "display":
            return "what filters hide is kept"
        return "what filters hide is kept here: a filter that is removed brings it back"

    def browser(self, _: Line, values: list[str]) -> str:
        self._set("", "browser", _command(" ".join(values)))
        return "the setting browser"

    def reload_time(self, _: Line, values: list[str]) -> str:
        self._set("refresh", "every", _number(values[0], 1, _WEEK))
        return "[refresh] every"

    def max_items(self, _: Line, values: list[str]) -> str:
        self._set("keep", "articles", _number(values[0], 0, _MOST) or _MOST)
        return "[keep] articles, of each source"

    def keep_days(self, _: Line, values: list[str]) -> str:
        self._set("keep", "days", _number(values[0], 0, _FOR_EVER) or _FOR_EVER)
        return "[keep] days, counted from when the feed stopped listing an article"

    def read_feeds(self, _: Line, values: list[str]) -> str:
        if values[0] == "no":
            self._set("sidebar", "read_feeds", "hide")
            return "[sidebar] read_feeds"
        return "as it is anyway"

    def read_articles(self, _: Line, values: list[str]) -> str:
        if values[0] == "no":
            raise _Refused("select ‘Unread’ in the topics, which lists what you have not read")
        return "as it is anyway"

    def text_width(self, _: Line, values: list[str]) -> str:
        width = _number(values[0], 0, 400)
        if width < 20:
            return "as it is anyway: the text has the width that can be read best"
        self._set("text", "measure", width)
        return "[text] measure"

    def bind(self, _: Line, values: list[str]) -> str:
        key, operation, *dialogs = values
        name = key_name(key)
        if dialogs and dialogs[0] not in _DIALOGS:
            raise _Refused(f"the window ‘{dialogs[0]}’ is another one here")
        if operation not in COMMANDS:
            raise _Refused(f"there is no command for ‘{operation}’")
        if not name:
            raise _Refused(f"the key ‘{key}’ is not known")
        self._free(name)
        self.keys.setdefault(COMMANDS[operation], []).append(name)
        return f"[keys] {COMMANDS[operation]}"

    def unbind(self, _: Line, values: list[str]) -> str:
        if values[0] == "-a":
            self.keys.clear()
        else:
            self._free(key_name(values[0]))
        # Which of the keys of this reader its owner would do without, nobody knows.
        raise _Refused("newsboat's own keys do not come along; in [keys], an empty value takes a command's keys away")

    def macro(self, _: Line, values: list[str]) -> str:
        """Take up a macro that opens the article in another program: it is a command in [pipe]."""
        key = values[0]
        operations = [each.strip() for each in " ".join(values[1:]).split(" -- ")[0].split(";")]
        opens = [each for each in operations if each.startswith("open-in-browser")]
        first = operations[0].removeprefix("set browser ").removeprefix("set browser=")
        if first == operations[0] or not opens:
            raise _Refused(_no_macro([each.split() for each in operations if each]))
        command, waits = _without_shell(first)
        name = re.sub(r"\W+", "-", command.split()[0].rpartition("/")[2]).strip("-") or "open"
        if name in self.settings.get("pipe", {}):
            name = f"{name}-{key}"
        pipe: dict[str, str | bool] = {"command": command.replace("%s", "{url}"), "input": "none"}
        pipe |= {"terminal": True} if waits else {}
        if is_pipe_key(key):
            # The last macro has the key: two commands with one are refused.
            self._with_key.get(key, {}).pop("key", None)
            pipe["key"] = key
            self._with_key[key] = pipe
        self._set("pipe", name, pipe)
        return f"[pipe] {name}: ‘|’, then its key"

    def always(self, _: Line, __: list[str]) -> str:
        return "as it is anyway"

    def _free(self, key: str) -> None:
        """Take a key from the command that a line before gave it to."""
        for taken in self.keys.values():
            if key in taken:
                taken.remove(key)

    def _set(self, table: str, name: str, value: Value) -> None:
        self.settings.setdefault(table, {})[name] = value


def _number(text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(_MOST)) or not least <= int(text) <= most:
        raise _Refused(f"‘{text}’ is not a number from {least:,} to {most:,}")
    return int(text)


def _command(text: str) -> str:
    """Return a command that opens an address, as the setting ``browser`` has it."""
    words = text.replace('"%u"', "%u").replace("'%u'", "%u").replace("%", "%%").replace("%%u", "%s")
    if _SHELL.search(words.replace("%s", "")):
        raise _Refused("it needs a shell, and there is none: write a script, and name that as the browser")
    if '"' in words or "'" in words:
        raise _Refused('it has quotes: in config.toml, write  browser = ["command", "an argument"]')
    return words


def _without_shell(text: str) -> tuple[str, bool]:
    """Return a command without what only a shell does, and whether the terminal waits for it to end."""
    text = text.strip().strip('"')
    rest = _IN_BACKGROUND.sub("", text)
    command = _command(rest)
    return command if "%s" in command else f"{command} %s", rest == text


def _no_macro(operations: list[list[str]]) -> str:
    """Return what to do instead of a macro."""
    names = [each[0] for each in operations]
    if len(names) == 1 and names[0] in COMMANDS:
        return f"there are no macros; [keys] {COMMANDS[names[0]]} gives the command another key"
    return "there are no macros: a key runs one command"


def _why_not(name: str) -> str:
    if name.startswith(_READERS) or name in {"urls-source", "opml-url"}:
        return "accounts of online readers are not used"
    if name.startswith(_PODCASTS):
        return "podcasts are not downloaded; ‘u’ lists the files of an article"
    if any(part in name for part in _LOOKS):
        return "looks are chosen as a theme (‘C’)"
    if name in {"macro", "include"}:
        return "it is not read: give ‘news-tui import --newsboat’ the folder with that file"
    if name.startswith(("notify-", "bookmark-", "external-url-viewer", "exec")):
        return "commands are run by [pipe] and [hooks]"
    return "there is no such setting"


_LINES: dict[str, tuple[int, Callable[[_Reader, Line, list[str]], str]]] = {
    "ignore-article": (2, _Reader.ignore),
    "define-filter": (2, _Reader.define),
    "ignore-mode": (1, _Reader.ignore_mode),
    "browser": (1, _Reader.browser),
    "reload-time": (1, _Reader.reload_time),
    "max-items": (1, _Reader.max_items),
    "keep-articles-days": (1, _Reader.keep_days),
    "show-read-feeds": (1, _Reader.read_feeds),
    "show-read-articles": (1, _Reader.read_articles),
    "text-width": (1, _Reader.text_width),
    "bind-key": (2, _Reader.bind),
    "unbind-key": (1, _Reader.unbind),
    "macro": (2, _Reader.macro),
    **dict.fromkeys(_ALWAYS, (0, _Reader.always)),
}
