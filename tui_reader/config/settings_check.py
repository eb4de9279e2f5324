"""Takes the settings out of what ``config.toml`` holds, and says of each that is wrong what is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tui_reader.config.registry import SETTINGS, TABLES, Choice, Setting
from tui_reader.config.settings import Settings
from tui_reader.config.toml_lines import KeyPath
from tui_reader.errors import UsageError
from tui_reader.model.near_names import did_you_mean, nearest
from tui_reader.model.text import visible
from tui_reader.model.weights import Weights

_LONGEST = 60  # characters of a name that is shown
_COMMANDS = ("pipe", "hooks")
_LISTED = ": ‘news-tui config’ lists them all"


def take_settings(raw: Mapping[str, Any]) -> tuple[Settings, list[tuple[KeyPath, str]]]:
    """Return the settings in the contents of the file, and the place of each mistake with what to say of it."""
    values: dict[str, Any] = {}
    mistakes = list(_unknown(raw))
    for setting in SETTINGS:
        mistakes += _take(setting, raw, values)
    weights = {field.partition(".")[2]: values.pop(field) for field in list(values) if field.startswith("weights.")}
    return Settings(**values, weights=Weights(**weights)), mistakes


def _shown(name: str) -> str:
    return f"‘{visible(name[:_LONGEST])}’"


def _unknown(raw: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Yield the place of each name that is no setting, and what to say."""
    plain = [setting.name for setting in SETTINGS if not setting.table]
    for name, value in raw.items():
        if name in TABLES:
            if not isinstance(value, dict):
                yield (name,), f"{name} must be a table: begin it with a line [{name}]"
            else:
                yield from _unknown_in(name, value)
        elif name not in plain:
            yield (name,), _unknown_at_top(name, value, plain)


def _unknown_at_top(name: str, value: object, plain: list[str]) -> str:
    if isinstance(value, dict):
        near = nearest(name, TABLES)
        return f"unknown table [{visible(name[:_LONGEST])}]" + (f": did you mean [{near}]?" if near else _LISTED)
    for setting in SETTINGS:
        if setting.name == name:
            return f"unknown setting {_shown(name)}: it belongs below a line [{setting.table}]"
    return f"unknown setting {_shown(name)}" + (did_you_mean(name, [*plain, *TABLES]) or _LISTED)


def _unknown_in(table: str, values: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    names = [setting.name for setting in SETTINGS if setting.table == table]
    if "" in names:
        return  # a person's own names
    for name in values:
        if name in names:
            continue
        near = did_you_mean(name, names)
        if not near:
            homes = [setting.table for setting in SETTINGS if setting.name == name]
            belongs = f"below a line [{homes[0]}]" if homes and homes[0] else "above the first table"
            near = f": it belongs {belongs}" if homes else f": it takes {', '.join(names)}"
        yield (table, name), f"unknown setting {_shown(name)} in [{table}]{near}"


def _take(setting: Setting, raw: Mapping[str, Any], values: dict[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Put the value of a setting into ``values``; yield the place of each that is wrong, and what to say."""
    table = raw.get(setting.table, {}) if setting.table else raw
    if not isinstance(table, dict):
        return  # told by _unknown
    if setting.name:
        if setting.name in table:
            try:
                values[setting.field] = setting.kind.read(table[setting.name])
            except ValueError:
                yield setting.path, _wrong(setting, setting.words, table[setting.name])
        return
    if setting.table in _COMMANDS:
        yield from _take_commands(setting, table, values)
        return
    own: dict[str, Any] = {}
    for path, value in _own_names(setting, table):
        try:
            own[_own_name(setting, path)] = setting.kind.read(value)
        except ValueError:
            words = f"{visible('.'.join(path)[:_LONGEST])} in [{setting.table}]"
            yield (setting.table, *path), _wrong(setting, words, value)
    values[setting.field] = own


def _take_commands(setting: Setting, table: Mapping[str, Any], values: dict[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Do the same for the commands of [pipe] and [hooks]."""
    from tui_reader.model import user_commands

    read = {"pipe": user_commands.pipes_of, "hooks": user_commands.hooks_of}[setting.table]
    try:
        values[setting.field] = read({setting.table: table}, "")
        return
    except UsageError as error:
        about_all = str(error).removeprefix(": ")
    good: list[Any] = []
    problems = 0
    for name, value in list(table.items())[: user_commands.MOST_COMMANDS]:
        try:
            good += read({setting.table: {name: value}}, "")
        except UsageError as error:
            problems += 1
            yield (setting.table, name), str(error).removeprefix(": ")
    if problems:
        values[setting.field] = tuple(good)
    else:
        yield (setting.table,), about_all


def _own_names(setting: Setting, table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield the path and value of each name in a table; those of windows are in a table inside of ``[keys]``."""
    for name, value in table.items():
        if setting.table == "keys" and isinstance(value, dict):
            for command, keys in value.items():
                yield (name, command), keys
        else:
            yield (name,), value


def _own_name(setting: Setting, path: tuple[str, ...]) -> str:
    if setting.table == "tiers":
        return path[0].casefold().removeprefix("www.")
    return ".".join(path)


def _wrong(setting: Setting, words: str, value: object) -> str:
    allowed = f"{words} must be {setting.kind.allowed}"
    if isinstance(setting.kind, Choice) and isinstance(value, str):
        return f"{allowed}{did_you_mean(value, setting.kind.choices)}"
    if isinstance(value, str):
        return f"{allowed}, not {_shown(value)}"
    if isinstance(value, dict) and setting.table == "tiers":
        return f"{allowed}; put a domain in quotes, as its dot means a table"
    if isinstance(value, bool | int | float) and len(str(value)) < _LONGEST:
        return f"{allowed}, not {str(value).lower()}"
    return allowed
