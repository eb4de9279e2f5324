"""Checks the settings that only the reader knows the values of: its commands, keys and themes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from tui_reader.config.mistakes import Mistake
from tui_reader.config.settings_file import SettingsFile
from tui_reader.ui.keymap import sound_keys

if TYPE_CHECKING:
    from tui_reader.config.toml_lines import KeyPath


def review(found: SettingsFile, themes: Collection[str] = ()) -> SettingsFile:
    """Return the settings without unknown commands, keys given twice and, if ``themes`` are given, unknown themes.

    What is left out is among the mistakes.
    """
    settings = found.settings
    wrong: dict[KeyPath, str] = {}
    if settings.keys:
        sound, problems = sound_keys(settings.keys)
        wrong = {("keys", name): words for name, words in problems.items()}
        settings = settings._replace(keys=sound)
    if settings.theme and themes and settings.theme not in themes:
        from tui_reader.model.near_names import did_you_mean

        near = did_you_mean(settings.theme, themes, "C in the reader lists them")
        wrong["theme",] = f"there is no theme ‘{settings.theme}’{near}"
        settings = settings._replace(theme="")
    return found._replace(settings=settings, mistakes=(*found.mistakes, *_placed(wrong, found))) if wrong else found


def _placed(wrong: Mapping[KeyPath, str], found: SettingsFile) -> Iterator[Mistake]:
    """Yield the mistakes with their lines."""
    from tui_reader.config.toml_lines import line_of

    lines = found.lines()
    for path, words in wrong.items():
        # A command of a window is named in a table of its own, or in one word.
        inside = (path[0], *str(path[-1]).split(".", 1)) if len(path) > 1 else path
        yield Mistake(lines[path] if path in lines else line_of(lines, inside), words, path)


def theme_names() -> frozenset[str]:
    """Return the themes that there are; this imports those of Textual."""
    from textual.theme import BUILTIN_THEMES

    from tui_reader.ui.themes import THEMES

    return frozenset({*BUILTIN_THEMES, *(theme.name for theme in THEMES)})
