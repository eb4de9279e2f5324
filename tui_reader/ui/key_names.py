"""The names of keys: as Textual spells them, as a person writes them, and as the screen shows them."""

from __future__ import annotations

UNBOUND = "unbound"
"""Stands for no key at all: Textual takes an empty string for “as it was”."""

_SPELLING = {
    "exclamation_mark": "!",
    "quotation_mark": '"',
    "number_sign": "#",
    "dollar_sign": "$",
    "percent_sign": "%",
    "ampersand": "&",
    "apostrophe": "'",
    "left_parenthesis": "(",
    "right_parenthesis": ")",
    "asterisk": "*",
    "plus": "+",
    "comma": ",",
    "minus": "-",
    "full_stop": ".",
    "slash": "/",
    "colon": ":",
    "semicolon": ";",
    "less_than_sign": "<",
    "equals_sign": "=",
    "greater_than_sign": ">",
    "question_mark": "?",
    "at": "@",
    "left_square_bracket": "[",
    "backslash": "\\",
    "right_square_bracket": "]",
    "circumflex_accent": "^",
    "underscore": "_",
    "grave_accent": "`",
    "left_curly_bracket": "{",
    "vertical_line": "|",
    "right_curly_bracket": "}",
    "tilde": "~",
    "enter": "⏎",
    "escape": "Esc",
    "backspace": "⌫",
    "delete": "Del",
    "insert": "Ins",
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
}
_NAMES = {spelling: name for name, spelling in _SPELLING.items() if len(spelling) == 1 and spelling.isascii()}


def key_label(key: str) -> str:
    """Return a key as a person would write it: ``Del``, ``Shift+↓``, ``Ctrl+S``."""
    *modifiers, name = key.split("+")
    label = _SPELLING.get(name, name)
    if modifiers or len(label) > 1:
        label = label[:1].upper() + label[1:]  # such as f1
    return "+".join([*(modifier.capitalize() for modifier in modifiers), label])


def split_keys(keys: str) -> list[str]:
    """Return the single keys of a setting; a comma itself is written ``comma``."""
    parts = [part.strip() for part in keys.split(",")]
    return [_NAMES.get(part, part) for part in parts if part]
