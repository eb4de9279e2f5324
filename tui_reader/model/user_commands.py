"""Commands of the user in ``config.toml``: what is run with a story, as [pipe] and [hooks] have it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from tui_reader.errors import UsageError
from tui_reader.model.urls import safe_url
from tui_reader.named_tuple import NamedTuple

PLACES = ("url", "title", "provider")
"""What can stand in the arguments of a command, in braces."""

MOST_COMMANDS = 50
"""How many pipes, or hooks, there can be."""

TIMEOUT, LONGEST_TIMEOUT = 60, 3600
"""Seconds that a command takes at most, if nothing else is said, and in any case."""

MOST_STORIES, LARGEST_MOST = 5, 100
"""For how many stories a hook runs after a refresh, if nothing else is said, and in any case."""

_PLACE = re.compile(r"\{(\w+)\}")
_LONGEST_ARGUMENT = 1000  # characters of a title in the arguments
_HARMLESS = {"@": "＠", "<": "＜"}  # curl and others read a file where an argument, or its value, begins so
_KEYS_OF_LISTS = "jkhlgGq?"  # they move the cursor, close the window, and list its keys


class Input(StrEnum):
    """What a command gets on its standard input: the story as an object or a text, its address, or nothing."""

    JSON = "json"
    MARKDOWN = "markdown"
    TEXT = "text"
    URL = "url"
    NONE = "none"


class UserCommand(NamedTuple):
    """A command, split into its arguments; with ``terminal``, it has the terminal until it ends.

    ``seconds`` is how long it may take in the background.
    """

    name: str
    arguments: tuple[str, ...]
    input: Input = Input.JSON
    seconds: int = TIMEOUT
    terminal: bool = False
    key: str = ""


class Hook(NamedTuple):
    """A command that runs once for each story that a query finds, for ``most`` of them after each refresh.

    With ``notify``, a desktop notification is shown instead.
    """

    command: UserCommand
    query: str
    most: int = MOST_STORIES
    notify: bool = False

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self.command.name


class StoryArguments(NamedTuple):
    """What a story puts into the arguments of a command."""

    url: str | None
    title: str
    provider: str


def is_pipe_key(key: str) -> bool:
    """Return whether a command can have this key: a single character that the list of commands does not need."""
    return len(key) == 1 and key.isprintable() and not key.isspace() and key not in _KEYS_OF_LISTS


def keys_of(pipes: Sequence[UserCommand]) -> list[str]:
    """Return a key for each of these commands: its own, or else a letter of its name or a digit; empty if none is left.

    None of them moves or closes the list that they are chosen from.
    """
    taken = {each.key for each in pipes if each.key} | set(_KEYS_OF_LISTS)
    keys = []
    for each in pipes:
        letters = (letter for letter in f"{each.name.casefold()}1234567890" if letter.isalnum())
        key = each.key or next((letter for letter in letters if letter not in taken), "")
        taken.add(key)
        keys.append(key)
    return keys


# -- arguments -------------------------------------------------------------------


def with_story(command: UserCommand, story: StoryArguments) -> list[str]:
    """Return the arguments of a command with those of a story in place of ``{url}``, ``{title}`` and ``{provider}``.

    Raises :class:`UsageError` if the story has no address that is safe to open and the command wants it.
    """
    url = story.url if story.url and safe_url(story.url) == story.url else None
    values = {"title": _argument(story.title), "provider": _argument(story.provider)}
    name, *arguments = command.arguments
    if url is not None:
        values["url"] = url
    elif any(found == "url" for each in arguments for found in _PLACE.findall(each)):
        raise UsageError(f"{command.name}: this article has no web address")
    # In one pass: a title may have braces of its own.
    return [name, *(_PLACE.sub(lambda found: values[found[1]], each) for each in arguments)]


def _argument(text: str) -> str:
    """Return a text as an argument that no program takes for an option or for the name of a file."""
    text = no_option(text[:_LONGEST_ARGUMENT].replace("\0", ""))
    return _HARMLESS.get(text[:1], text[:1]) + text[1:]


def no_option(text: str) -> str:
    """Return a text as an argument that no program takes for an option."""
    return f"–{text.lstrip('-')}" if text.startswith("-") else text


# -- settings --------------------------------------------------------------------


def pipes_of(raw: Mapping[str, Any], where: str) -> tuple[UserCommand, ...]:
    """Return the commands in [pipe]; ``where`` names the file. Raises :class:`UsageError`."""
    table = _table(raw, "pipe", where, 'wallabag = "wallabag add --quiet {url}"')
    pipes = tuple(_pipe(name, value, f"{where}: {name} in [pipe]") for name, value in table.items())
    keys: dict[str, str] = {}
    for each in pipes:
        if each.key and keys.setdefault(each.key, each.name) != each.name:
            raise UsageError(f"{where}: the key {each.key!r} in [pipe] is given to {keys[each.key]} and to {each.name}")
    return pipes


def hooks_of(raw: Mapping[str, Any], where: str) -> tuple[Hook, ...]:
    """Return the hooks in [hooks]; ``where`` names the file. Raises :class:`UsageError`.

    Whether a query is one is found out when it is run: the reader opens without that.
    """
    example = 'hot = {query = "heat:>150 is:unread", notify = true}'
    table = _table(raw, "hooks", where, example)
    return tuple(_hook(name, value, f"{where}: {name} in [hooks]") for name, value in table.items())


def _table(raw: Mapping[str, Any], name: str, where: str, example: str) -> dict[str, Any]:
    table = raw.get(name, {})
    if not isinstance(table, dict):
        raise UsageError(f"{where}: [{name}] takes lines like  {example}")
    if len(table) > MOST_COMMANDS:
        raise UsageError(f"{where}: [{name}] has {len(table):,} lines, {MOST_COMMANDS} at most are read")
    return table


_PIPE = {"command": (str, list), "input": str, "terminal": bool, "timeout": int, "key": str}
_HOOK = {"query": str, "command": (str, list), "notify": bool, "input": str, "timeout": int, "most": int}


def _pipe(name: str, value: object, where: str) -> UserCommand:
    fields = _fields({"command": value} if isinstance(value, str | list) else value, _PIPE, where)
    key = str(fields.get("key", ""))
    if key and not is_pipe_key(key):
        if len(key) > 1 or key not in _KEYS_OF_LISTS:
            raise UsageError(f"{where}: key must be a single character")
        raise UsageError(f"{where}: the key {key!r} moves in the list or closes it: choose another one")
    return _command(name, fields, where)._replace(key=key, terminal=bool(fields.get("terminal", False)))


def _hook(name: str, value: object, where: str) -> Hook:
    if not isinstance(value, dict):
        raise UsageError(f'{where} must be a table, such as  {{query = "heat:>150 is:unread", notify = true}}')
    fields = _fields(value, _HOOK, where)
    if not str(fields.get("query", "")).strip():
        raise UsageError(f'{where} needs a query, such as  query = "heat:>150 is:unread"')
    most = _number(fields, "most", MOST_STORIES, LARGEST_MOST, where)
    if not fields.get("notify", False):
        return Hook(_command(name, fields, where), fields["query"], most)
    if others := sorted(fields.keys() & {"command", "input", "timeout"}):
        raise UsageError(f"{where} has notify and {others[0]}: leave one of them out")
    return Hook(UserCommand(name, (), Input.NONE), fields["query"], most, notify=True)


def _fields(value: object, known: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the fields of a table, of their types."""
    if not isinstance(value, dict):
        raise UsageError(f"{where} must be a command in quotes, a list of its arguments, or a table with a command")
    for name, given in value.items():
        if name not in known:
            raise UsageError(f"{where} has no field {name!r}: use {', '.join(known)}")
        is_number = isinstance(given, int) and not isinstance(given, bool)
        if not isinstance(given, known[name]) or (known[name] is int and not is_number):
            kinds = {str: "a text in quotes", bool: "true or false", int: "a whole number"}
            raise UsageError(f"{where}: {name} must be {kinds.get(known[name], 'a command in quotes, or a list')}")
    return value


def _command(name: str, fields: Mapping[str, Any], where: str) -> UserCommand:
    given = fields.get("command", "")
    if isinstance(given, str):
        try:
            import shlex  # most have their arguments in a list

            given = shlex.split(given)
        except ValueError as error:
            raise UsageError(f"{where}: the command cannot be split: {error}") from error
    if not given or not given[0]:
        raise UsageError(f'{where} needs a command, such as  command = "wallabag add {{url}}"')
    if not all(isinstance(each, str) and "\0" not in each for each in given):
        raise UsageError(f"{where}: command must be a text in quotes, or a list of such texts")
    for each in given:
        for place in _PLACE.findall(each):
            if place not in PLACES:
                raise UsageError(f"{where}: there is no {{{place}}}: use {', '.join(f'{{{it}}}' for it in PLACES)}")
    if _PLACE.search(given[0]):
        raise UsageError(f"{where}: the command itself cannot come from a story, only its arguments can")
    kind = fields.get("input", Input.JSON)
    if kind not in Input.__members__.values():
        raise UsageError(f"{where}: input must be one of {', '.join(Input)}")
    return UserCommand(name, tuple(given), Input(kind), _number(fields, "timeout", TIMEOUT, LONGEST_TIMEOUT, where))


def _number(fields: Mapping[str, Any], name: str, default: int, most: int, where: str) -> int:
    value = fields.get(name, default)
    if not 1 <= value <= most:
        raise UsageError(f"{where}: {name} must be a whole number from 1 to {most:,}")
    return int(value)
