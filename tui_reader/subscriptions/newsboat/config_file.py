"""Reads newsboat's file ``config``: rules, predefined filters, keys, macros and settings that have a counterpart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
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
_AS_IT_IS = "as it is anyway"
_FOR_EVER = 36_500  # days
_MOST = 1_000_000  # articles
_WEEK = 7 * 24 * 60  # minutes
_HOME = re.compile(r"(?<![^\s=])(?:~|\$HOME|\$\{HOME\})(?=/)")
_AUTOMATIC = {"auto-reload": "yes", "refresh-on-startup": "yes", "suppress-first-reload": "no"}
_LOOKS = ("color", "-format", "highlight")
_REASONS: dict[tuple[str, ...], str] = {
    (
        *("ttrss", "oldreader", "newsblur", "feedhq", "ocnews", "inoreader", "miniflux", "freshrss"),
        *("urls-source", "opml-url"),
    ): "accounts of online readers are not used",
    (
        "podcast",
        "podlist",
        "player",
        "download-path",
        "max-downloads",
        "delete-played",
    ): "podcasts are not downloaded; ‘u’ lists the files of an article",
    ("article-sort-order", "feed-sort-order"): "the list has an order of its own; ‘S’ chooses another",
    ("cookie-cache", "proxy", "use-proxy"): "there are no cookies and no proxy",
    ("notify-", "bookmark-", "external-url-viewer", "exec"): "commands are run by [pipe] and [hooks]",
}


Value: TypeAlias = str | int | dict[str, str | bool]
"""A value in ``config.toml``."""


class Rule(NamedTuple):
    """An ``ignore-article`` rule: the feed that it is about (``*`` for all), and what it ignores."""

    line: Line
    feed: str
    expression: str


class Done(NamedTuple):
    """What became of a line; ``table`` and ``name`` are those of the setting in ``config.toml`` that it sets, if any.

    ``key`` is the one that it gives to the command ``name``.
    """

    line: Line
    words: str
    table: str = ""
    name: str = ""
    key: str = ""

    @property
    def what(self) -> tuple[str, str]:
        """What the line sets: of several lines about it, the last one counts."""
        return self.table, self.key or self.name


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
    done: tuple[Done, ...]
    refused: tuple[Note, ...]


class _Refused(Exception):
    """A line has no counterpart; the message says why."""


def read_config(lines: Iterable[Line]) -> Config:
    """Return what ``lines`` have that this reader has too."""
    reader = _Reader()
    done: list[Done] = []
    refused: list[Note] = []
    for line in lines:
        try:
            found = reader.read(line)
        except _Refused as why:
            refused.append(Note(line, str(why)))
        else:
            done += [found] if found is not None else []
    effective: list[Done] = []
    for each in done:
        by = reader.last.get(each.what, each.line)
        if by is each.line:
            effective.append(each)
        else:
            place = f"{by.file}:{by.number}" if by.file else f"line {by.number}"
            refused.append(Note(each.line, f"{place} is about the same, and the last one counts"))
    return Config(
        tuple(reader.rules), tuple(reader.queries), reader.settings, reader.keys, tuple(effective), tuple(refused)
    )


def is_directive(name: str) -> bool:
    """Whether lines that begin with ``name`` are of newsboat's configuration, and have a counterpart here."""
    return name in _LINES


class _Reader:
    """Collects what the lines say; the last one counts where several say something else."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.queries: list[QueryFeed] = []
        self.settings: dict[str, dict[str, Value]] = {}
        self.keys: dict[str, list[str]] = {}
        self.last: dict[tuple[str, str], Line] = {}  # the last line about each setting and key
        self._with_key: dict[str, dict[str, str | bool]] = {}  # commands in [pipe]

    def read(self, line: Line) -> Done | None:
        """Take up a line; return what became of it, or ``None`` if that is said later."""
        if line.problem:
            raise _Refused(line.problem)
        if line.runs_command:
            raise _Refused("a part of it is the output of a command, and commands are never run")
        name, *values = line.words
        if name in _LINES:
            least, read = _LINES[name]
            if len(values) < least:
                raise _Refused("something is missing")
            return read(self, line, values)
        raise _Refused(_why_not(name))

    def ignore(self, line: Line, values: list[str]) -> None:
        self.rules.append(Rule(line, values[0], values[1]))

    def define(self, line: Line, values: list[str]) -> None:
        self.queries.append(QueryFeed(line, values[0], values[1]))

    def include(self, line: Line, _: list[str]) -> Done:
        return Done(line, "is read too")

    def ignore_mode(self, line: Line, values: list[str]) -> Done:
        if values[0] == "display":
            return Done(line, "what filters hide is kept")
        return Done(line, "what filters hide is kept here: a filter that is removed brings it back")

    def browser(self, line: Line, values: list[str]) -> Done:
        return self._set(line, "", "browser", _without_shell(" ".join(values))[0], "the setting browser")

    def reload_time(self, line: Line, values: list[str]) -> Done:
        return self._set(line, "refresh", "every", _number(values[0], 1, _WEEK), "[refresh] every")

    def max_items(self, line: Line, values: list[str]) -> Done:
        most = _number(values[0], 0, _MOST) or _MOST
        return self._set(line, "keep", "articles", most, "[keep] articles, of each source")

    def keep_days(self, line: Line, values: list[str]) -> Done:
        days = _number(values[0], 0, _FOR_EVER) or _FOR_EVER
        words = "[keep] days, counted from when the feed stopped listing an article"
        return self._set(line, "keep", "days", days, words)

    def read_feeds(self, line: Line, values: list[str]) -> Done:
        if values[0] == "no":
            return self._set(line, "sidebar", "read_feeds", "hide", "[sidebar] read_feeds")
        self.settings.pop("sidebar", None)
        return self._done(line, "sidebar", "read_feeds", _AS_IT_IS)

    def read_articles(self, line: Line, values: list[str]) -> Done:
        if values[0] == "no":
            raise _Refused("select ‘Unread’ in the topics, which lists what you have not read")
        return Done(line, _AS_IT_IS)

    def text_width(self, line: Line, values: list[str]) -> Done:
        width = _number(values[0], 0, 400)
        if width < 20:
            self.settings.pop("text", None)
            return self._done(line, "text", "measure", f"{_AS_IT_IS}: the text has the width that can be read best")
        return self._set(line, "text", "measure", width, "[text] measure")

    def bind(self, line: Line, values: list[str]) -> Done:
        key, operation, *dialogs = values
        name = key_name(key)
        if dialogs and dialogs[0] not in _DIALOGS:
            raise _Refused(f"the window ‘{dialogs[0]}’ is another one here")
        if operation not in COMMANDS:
            raise _Refused(f"there is no command for ‘{operation}’")
        if not name:
            raise _Refused(f"the key ‘{key}’ is not known")
        self._free(line, name)
        self.keys.setdefault(COMMANDS[operation], []).append(name)
        return Done(line, f"[keys] {COMMANDS[operation]}", "keys", COMMANDS[operation], name)

    def unbind(self, line: Line, values: list[str]) -> Done:
        keys = [key for taken in self.keys.values() for key in taken] if values[0] == "-a" else [key_name(values[0])]
        for key in keys:
            self._free(line, key)
        if values[0] == "-a":
            self.keys.clear()
        # Which of the keys of this reader its owner would do without, nobody knows.
        raise _Refused("newsboat's own keys do not come along; in [keys], an empty value takes a command's keys away")

    def macro(self, line: Line, values: list[str]) -> Done:
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
        command = command if "%s" in command else f"{command} %s"
        pipe: dict[str, str | bool] = {"command": command.replace("%s", "{url}"), "input": "none"}
        pipe |= {"terminal": True} if waits else {}
        if is_pipe_key(key):
            # The last macro has the key: two commands with one are refused.
            self._with_key.get(key, {}).pop("key", None)
            pipe["key"] = key
            self._with_key[key] = pipe
        return self._set(line, "pipe", name, pipe, f"[pipe] {name}: ‘|’, then its key")

    def automatic(self, line: Line, values: list[str]) -> Done:
        if values[0] != _AUTOMATIC[line.words[0]]:
            raise _Refused("refreshing is automatic; ‘news-tui --offline’ does without")
        return Done(line, _AS_IT_IS)

    def always(self, line: Line, _: list[str]) -> Done:
        return Done(line, _AS_IT_IS)

    def _free(self, line: Line, key: str) -> None:
        """Take a key from the command that a line before gave it to."""
        self.last["keys", key] = line
        for taken in self.keys.values():
            if key in taken:
                taken.remove(key)

    def _set(self, line: Line, table: str, name: str, value: Value, words: str) -> Done:
        self.settings.setdefault(table, {})[name] = value
        return self._done(line, table, name, words)

    def _done(self, line: Line, table: str, name: str, words: str) -> Done:
        self.last[table, name] = line
        return Done(line, words, table, name)


def _number(text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(_MOST)) or not least <= int(text) <= most:
        raise _Refused(f"‘{text}’ is not a number from {least:,} to {most:,}")
    return int(text)


def _command(text: str) -> str:
    """Return a command that opens an address, as the setting ``browser`` has it."""
    words = text.replace('"%u"', "%u").replace("'%u'", "%u").replace("%", "%%").replace("%%u", "%s")
    home = str(Path.home())
    words = _HOME.sub(lambda _: home, words) if not home.count(" ") else words
    if _SHELL.search(words.replace("%s", "")):
        raise _Refused("it needs a shell, and there is none: write a script, and name that as the browser")
    if '"' in words or "'" in words:
        raise _Refused('it has quotes: in config.toml, write  browser = ["command", "an argument"]')
    return words


def _without_shell(text: str) -> tuple[str, bool]:
    """Return a command without what only a shell does, and whether the terminal waits for it to end."""
    text = text.strip().strip('"')
    rest = _IN_BACKGROUND.sub("", text)
    return _command(rest), rest == text


def _no_macro(operations: list[list[str]]) -> str:
    """Return what to do instead of a macro."""
    names = [each[0] for each in operations]
    if len(names) == 1 and names[0] in COMMANDS:
        return f"there are no macros; [keys] {COMMANDS[names[0]]} gives the command another key"
    return "there are no macros: a key runs one command"


def _why_not(name: str) -> str:
    if any(part in name for part in _LOOKS):
        return "looks are chosen as a theme (‘C’)"
    return next((words for begins, words in _REASONS.items() if name.startswith(begins)), "there is no such setting")


_LINES: dict[str, tuple[int, Callable[[_Reader, Line, list[str]], Done | None]]] = {
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
    "include": (1, _Reader.include),
    "prepopulate-query-feeds": (0, _Reader.always),
    **dict.fromkeys(_AUTOMATIC, (1, _Reader.automatic)),
}
