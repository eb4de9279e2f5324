"""``news-tui config``: print the settings and where each comes from, or edit them."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tui_reader.commands.output.json_lines import print_json_lines
from tui_reader.commands.output.terminal import columns
from tui_reader.config import Folders, folders, load_view, read_settings
from tui_reader.config.mistakes import Mistake
from tui_reader.config.registry import SETTINGS, Setting
from tui_reader.config.settings import Settings
from tui_reader.config.settings_file import SettingsFile
from tui_reader.config.toml_lines import line_of
from tui_reader.config.toml_text import parse_toml, toml_value
from tui_reader.errors import QueryError, UsageError
from tui_reader.model.near_names import did_you_mean
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple

_WIDEST = 34  # cells of a value in the table
_LONGEST = 60  # characters of a value or name that is wrong
_GAP = "  "


class Row(NamedTuple):
    """One setting: its value and default as in the file, and where the value is from.

    ``about`` and ``allowed`` say what it means and what it can be. ``problem``
    says what is wrong with what the file has for it, which then does not count.
    """

    name: str
    value: Any
    default: Any
    origin: str
    about: str = ""
    allowed: str = ""
    problem: str = ""


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
    """Return the settings and all mistakes in them, those in keys, themes and queries last."""
    from tui_reader.ui.settings_review import review, theme_names

    found = review(found, theme_names() if found.settings.theme else ())
    return found._replace(mistakes=(*found.mistakes, *_wrong_queries(found))) if found.settings.hooks else found


def _wrong_queries(found: SettingsFile) -> Iterator[Mistake]:
    """Yield the hooks whose query is none: the reader and a refresh find out only when they run one."""
    from tui_reader.model.expression_parser import parse

    lines = found.lines()
    for hook in found.settings.hooks:
        try:
            parse(hook.query)
        except QueryError as error:
            path = ("hooks", hook.name)
            yield Mistake(line_of(lines, path), f"{hook.name} in [hooks]: {error}", path)


def _rows(found: SettingsFile, here: Folders) -> Iterator[Row]:
    """Yield all settings, then what the file has beside them that is none."""
    raw, lines = parse_toml(found.text, here.settings), found.lines()
    wrong = {".".join(map(str, mistake.path)): mistake for mistake in found.mistakes if mistake.path}
    usual = Settings()
    for setting in SETTINGS:
        value, default = setting.value(found.settings), setting.value(usual)
        if setting.name:
            line = 0 if setting.label in wrong or _in(raw, setting.path) is None else line_of(lines, setting.path)
            value, origin = _elsewhere(setting, here, is_set=bool(line)) or (value, _place(here, line))
            if mistake := wrong.pop(setting.label, None):
                origin += f"; {_place(here, mistake.line)} is wrong"
            problem = mistake.message if mistake else ""
            yield Row(setting.label, value, default, origin, setting.meaning, setting.kind.allowed, problem)
        else:
            for name, each in value.items():
                within = (setting.table, *name.split(".", 1))
                line = lines.get((setting.table, name), 0) or line_of(lines, within)
                label = f"{setting.table}.{name}"
                mistake = wrong.pop(label, None)
                origin = _place(here, line) + (" is wrong" if mistake else "")
                problem = mistake.message if mistake else ""
                yield Row(label, each, None, origin, setting.meaning, setting.kind.allowed, problem)
    for name, mistake in wrong.items():
        origin = f"{_place(here, mistake.line)} is wrong"
        yield Row(name[:_LONGEST], _short(_in(raw, mistake.path)), None, origin, problem=mistake.message)


def _in(raw: Mapping[str, Any], path: Sequence[str | int]) -> Any:  # noqa: ANN401 - of any type in the file
    """Return what the file has at ``path``, or ``None``."""
    found: Any = raw
    for name in path:
        # A command of a window is named in a table of its own, or in one word.
        window, _, command = str(name).partition(".")
        found = found.get(name, found.get(window)) if isinstance(found, dict) else None
        if command and isinstance(found, dict):
            found = found.get(command)
    return found


def _short(value: object) -> object:
    """Return a wrong value as the table shows it: what is in brackets can be anything."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    return value if isinstance(value, bool | int | float) else str(value)[:_LONGEST]


def _place(here: Folders, line: int) -> str:
    return f"{here.settings.name}:{line}" if line else "default"


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
        "allowed": row.allowed,
        "about": row.about,
        "problem": row.problem or None,
    }


def _print_table(rows: Sequence[Row], *, with_meaning: bool) -> None:
    head = ("SETTING", "VALUE", "DEFAULT", "FROM")
    lines = [(row.name, _written(row.value), _written(row.default), row.origin) for row in rows]
    shown = [head, *lines] if columns(sys.stdout) else lines
    widths = [min(_WIDEST, max((len(line[at]) for line in shown), default=0)) for at in range(3)]
    about = [f"{row.about} ({row.allowed})" if row.about else row.problem for row in rows]
    for line, meaning in zip(shown, ["", *about] if shown is not lines else about, strict=True):
        print(visible(_GAP.join(f"{text:<{width}}" for text, width in zip(line, [*widths, 0], strict=True)).rstrip()))
        if with_meaning and meaning:
            print(f"{_GAP}{visible(meaning)}")


def _written(value: object) -> str:
    return "" if value is None else toml_value(value)


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
            lines.append(f"# {setting.name} = {toml_value(setting.value(Settings()))}  # {setting.meaning}")
        else:
            lines.append(f"# {setting.meaning}")
    return "\n".join(lines) + "\n"
