"""Reads ``config.toml``: the settings in it, the line of each, and every mistake with its line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.config.mistakes import Mistake, with_lines
from tui_reader.config.settings import Settings
from tui_reader.config.toml_text import parse_toml, read_text
from tui_reader.errors import UsageError
from tui_reader.named_tuple import NamedTuple

if TYPE_CHECKING:
    from tui_reader.config.toml_lines import KeyPath

LENIENT = "NEWS_TUI_LENIENT"
"""The environment variable with which a wrong setting counts as not set."""


class SettingsFile(NamedTuple):
    """What was read: without the settings that are wrong, for which the defaults stand."""

    settings: Settings = Settings()
    mistakes: tuple[Mistake, ...] = ()
    text: str = ""

    def lines(self) -> dict[KeyPath, int]:
        """Return the line of each table and key."""
        from tui_reader.config.toml_lines import key_lines

        return key_lines(self.text)


def load_settings(path: Path) -> Settings:
    """Return the settings in the file at ``path``, or the defaults where there is none.

    Raises :class:`UsageError` that names all mistakes, each in a line, unless
    the environment has :data:`LENIENT`.
    """
    found = read_settings(path)
    if found.mistakes and not os.environ.get(LENIENT):
        raise UsageError("\n".join(mistake.at(path) for mistake in found.mistakes))
    return found.settings


def read_settings(path: Path) -> SettingsFile:
    """Read the file at ``path``; what is wrong in it is among the mistakes, and the default stands for it."""
    try:
        text = read_text(path)
        raw = parse_toml(text, path)
    except UsageError as error:
        return SettingsFile(mistakes=(Mistake(0, str(error)),))
    if not raw:
        return SettingsFile()  # without the imports
    from tui_reader.config.settings_check import take_settings

    settings, mistakes = take_settings(raw)
    return SettingsFile(settings, with_lines(text, mistakes), text)
