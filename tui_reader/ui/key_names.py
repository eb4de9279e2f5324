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


_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
_NAMED = (*_SPELLING, "return", UNBOUND, *(f"f{number}" for number in range(1, 25)))


def is_key(key: str) -> bool:
    """Return whether there is such a key: a character or a name, perhaps after ``ctrl+`` and the like."""
    *modifiers, name = key.split("+")
    if not _MODIFIERS.issuperset(modifiers):
        return False
    if name in _NAMED or (len(name) == 1 and name.isprintable() and not name.isspace()):
        return True
    if "_" not in name:
        return False
    import unicodedata  # Textual names all other characters as Unicode does

    try:
        return bool(unicodedata.lookup(name.replace("_", " ")))
    except KeyError:
        return False


def near_key(key: str) -> str:
    """Return the key that was probably meant by one that does not exist, or an empty text."""
    from tui_reader.model.near_names import nearest

    *modifiers, name = key.casefold().replace("-", "+").replace("control+", "ctrl+").split("+")
    name = name if is_key(name) else nearest(name, _NAMED)
    meant = "+".join([*modifiers, name])
    return meant if name and is_key(meant) else ""


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
