"""The names of keys: as Textual spells them, as a person writes them, and as the screen shows them."""

from __future__ import annotations

UNBOUND = "unbound"
"""Stands for no key at all: Textual takes an empty string for “as it was”."""

_SPELLING = {
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "slash": "/",
    "full_stop": ".",
    "semicolon": ";",
    "comma": ",",
    "number_sign": "#",
    "vertical_line": "|",
    "plus": "+",
    "question_mark": "?",
    "exclamation_mark": "!",
    "enter": "⏎",
    "escape": "Esc",
    "backspace": "⌫",
    "space": "Space",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
}
_NAMES = {spelling: name for name, spelling in _SPELLING.items() if len(spelling) == 1}


def key_label(key: str) -> str:
    """Return a key as a person would write it."""
    if key in _SPELLING:
        return _SPELLING[key]
    if key.startswith("ctrl+"):
        return "Ctrl+" + key[5:].upper()
    return key.upper() if len(key) > 1 else key


def split_keys(keys: str) -> list[str]:
    """Return the single keys of a setting; a comma itself is written ``comma``."""
    parts = [part.strip() for part in keys.split(",")]
    return [_NAMES.get(part, part) for part in parts if part]
