"""Makes lines for ``config.toml`` of the settings of newsboat, and says of each what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_reader.config.toml_text import toml_key, toml_value
from tui_reader.named_tuple import NamedTuple
from tui_reader.subscriptions.newsboat.config_file import Config, Done
from tui_reader.subscriptions.newsboat.urls_file import Note


class NewSettings(NamedTuple):
    """The lines for ``config.toml``, and what became of each line of newsboat's that sets something."""

    lines: tuple[str, ...]
    notes: tuple[Note, ...]


def new_settings(config: Config, present: Mapping[str, Any]) -> NewSettings:
    """Return what of ``config`` is not yet ``present`` in ``config.toml``."""
    tables: dict[str, dict[str, Any]] = {table: dict(values) for table, values in config.settings.items()}
    if keys := _keys(config.keys):
        tables["keys"] = keys
    lines: list[str] = []
    for table in sorted(tables):
        known = _known(present, table)
        new = {name: value for name, value in tables[table].items() if known.get(name) != value}
        if new and table:
            lines.append(f"[{table}]" + ("  # put these below the line that is there" if known else ""))
        elif new and any(isinstance(value, dict) for value in present.values()):
            lines.append("# above the first line in brackets:")
        for name, value in new.items():
            instead = f"  # in place of {toml_value(known[name])}" if name in known else ""
            lines.append(f"{toml_key(name)} = {toml_value(value)}{instead}")
    notes = (Note(each.line, each.words + _remark(each, keys, present)) for each in config.done)
    return NewSettings(tuple(lines), tuple(notes))


def _known(present: Mapping[str, Any], table: str) -> Mapping[str, Any]:
    """Return what is in a table of ``config.toml``; one that is none is a mistake, which other commands tell."""
    known = present.get(table) if table else present
    return known if isinstance(known, dict) else {}


def _remark(done: Done, keys: Mapping[str, str], present: Mapping[str, Any]) -> str:
    """Return why there is no line for a setting, if there is none."""
    if done.table == "keys":
        if done.name not in keys:
            return ", which has the key anyway"
        return ", as config.toml has it" if _known(present, "keys").get(done.name) == keys[done.name] else ""
    return ""


def _keys(wanted: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the keys of commands as ``[keys]`` has them: the new ones, then those that the command has anyway."""
    from tui_reader.ui.keymap import Keymap

    keymap = Keymap()
    taken = {key: command for command, keys in wanted.items() for key in keys}
    found = {}
    for command, keys in wanted.items():
        own = [key for key in keymap.keys(command) if taken.get(key, command) == command]
        if set(keys) - set(own):
            found[command] = ",".join(dict.fromkeys((*keys, *own)))
    return found
