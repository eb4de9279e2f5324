"""``news-tui config``: print the settings and where each comes from, or edit them."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tui_reader.commands.output.json_lines import print_json_lines
from tui_reader.commands.output.terminal import columns
from tui_reader.config import Folders, folders, load_view, read_settings
from tui_reader.config.registry import SETTINGS, Setting
from tui_reader.config.settings import Settings
from tui_reader.config.settings_check import did_you_mean
from tui_reader.config.settings_file import SettingsFile
from tui_reader.config.toml_lines import line_of
from tui_reader.errors import UsageError
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple

_WIDEST = 34  # cells of a value in the table
_GAP = "  "


class Row(NamedTuple):
    """One setting: its value and default as in the file, where the value is from, and the line there or 0."""

    name: str
    value: Any
    default: Any
    origin: str
    line: int
    setting: Setting


def config(arguments: Namespace) -> int:
    """Run ``news-tui config``; return 1 if there is a mistake in the file."""
    here = folders()
    if arguments.path:
        print(here.settings)
        return 0
    if arguments.edit:
        _edit(here.settings)
    found = reviewed(read_settings(here.settings))
    if not arguments.edit:
        rows = _chosen(list(_rows(found, here)), arguments.names)
        if arguments.json:
            print_json_lines(map(_fields, rows))
        else:
            _print_table(rows, with_meaning=bool(arguments.names))
        sys.stdout.flush()
    for mistake in found.mistakes:
        print(f"news-tui: {visible(mistake.at(here.settings))}", file=sys.stderr)
    return 1 if found.mistakes else 0


def reviewed(found: SettingsFile) -> SettingsFile:
    """Return the settings and all mistakes in them, those in keys and themes last."""
    from tui_reader.ui.settings_review import review, theme_names

    return review(found, theme_names() if found.settings.theme else ())


def _rows(found: SettingsFile, here: Folders) -> Iterator[Row]:
    usual, lines = Settings(), found.lines()
    wrong = {mistake.line for mistake in found.mistakes}
    for setting in SETTINGS:
        value, default = setting.value(found.settings), setting.value(usual)
        if setting.name:
            line = lines.get(setting.path, 0)
            yield _placed(Row(setting.label, value, default, "default", 0 if line in wrong else line, setting), here)
        else:
            for name, each in value.items():
                within = (setting.table, *name.split(".", 1))
                line = lines.get((setting.table, name), 0) or line_of(lines, within)
                yield _placed(Row(f"{setting.table}.{name}", each, None, "default", line, setting), here)


def _placed(row: Row, here: Folders) -> Row:
    """Return ``row`` with where its value is from."""
    elsewhere = _elsewhere(row.setting, here, is_set=bool(row.line))
    if elsewhere is not None:
        return row._replace(value=elsewhere[0], origin=elsewhere[1], line=0)
    return row._replace(origin=f"{here.settings.name}:{row.line}") if row.line else row


def _elsewhere(setting: Setting, here: Folders, *, is_set: bool) -> tuple[Any, str] | None:
    """Return what overrides the file or stands for what is not set in it, and where that is from."""
    if setting.field == "theme" and (theme := load_view(here.view).theme):
        return theme, "chosen in the reader (C)"
    if setting.field == "lines" and (lines := load_view(here.view).lines) >= 0:
        return lines, "chosen in the reader (d)"
    if setting.field == "browser" and not is_set and (browser := os.environ.get("BROWSER")):
        return browser, "$BROWSER"
    if setting.field == "pictures" and os.environ.get("NO_COLOR"):
        return "off", "$NO_COLOR"
    return None


def _chosen(rows: Sequence[Row], names: Sequence[str]) -> list[Row]:
    """Return the rows that ``names`` name: by setting, or by table. Raises :class:`UsageError`."""
    if not names:
        return list(rows)
    known = [*(setting.label for setting in SETTINGS), *(row.name for row in rows)]
    tables = {setting.table for setting in SETTINGS if setting.table}
    by_name = {setting.name: setting.label for setting in SETTINGS if setting.name}
    found: list[Row] = []
    for name in names:
        label = by_name.get(name, name)
        if label not in known and label not in tables:
            near = did_you_mean(label, known, "‘news-tui config’ lists them all")
            raise UsageError(f"there is no setting ‘{label}’{near}")
        found += [row for row in rows if row.name == label or row.name.startswith(f"{label}.")]
    return found


def _fields(row: Row) -> dict[str, object]:
    return {
        "name": row.name,
        "value": row.value,
        "default": row.default,
        "from": row.origin,
        "allowed": row.setting.kind.allowed,
        "about": row.setting.meaning,
    }


def as_toml(value: object) -> str:
    """Return a value as it is written in the file."""
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _print_table(rows: Sequence[Row], *, with_meaning: bool) -> None:
    head = ("SETTING", "VALUE", "DEFAULT", "FROM")
    lines = [(row.name, as_toml(row.value), as_toml(row.default), row.origin) for row in rows]
    table = [head, *lines] if columns(sys.stdout) else lines
    widths = [min(_WIDEST, max((len(line[at]) for line in table), default=0)) for at in range(3)]
    for at, line in enumerate(table):
        print(visible(_GAP.join(f"{text:<{width}}" for text, width in zip(line, [*widths, 0], strict=True)).rstrip()))
        if with_meaning and line is not head:
            setting = rows[at - (len(table) - len(rows))].setting
            print(f"{_GAP}{setting.meaning} ({setting.kind.allowed})")


def _edit(path: Path) -> None:
    """Open the file in the editor, begun with all settings as comments if there is none. Raises :class:`UsageError`."""
    import shlex
    import shutil
    import subprocess

    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        command = shlex.split(editor)
    except ValueError as error:
        raise UsageError(f"$EDITOR is {editor!r}, which is no command: {error}") from error
    if not command or shutil.which(command[0]) is None:
        raise UsageError(f"there is no program {editor!r}: set $EDITOR to your editor")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template(), encoding="utf-8")
    subprocess.run([*command, str(path)], check=False)  # noqa: S603 - the person's own editor


def template() -> str:
    """Return a file with all settings and their defaults as comments."""
    lines = ["# The settings of news-tui; ‘news-tui config’ lists them with their values."]
    table = ""
    for setting in SETTINGS:
        if setting.table != table:
            table = setting.table
            lines += ["", f"[{table}]"]
        if setting.name:
            lines.append(f"# {setting.name} = {as_toml(setting.value(Settings()))}  # {setting.meaning}")
        else:
            lines.append(f"# {setting.meaning}")
    return "\n".join(lines) + "\n"
