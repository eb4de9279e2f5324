"""Translates newsboat's names of keys and operations to those of this reader."""

from __future__ import annotations

COMMANDS = {
    "down": "down",
    "next": "down",
    "up": "up",
    "prev": "up",
    "pagedown": "page_down",
    "pageup": "page_up",
    "home": "first",
    "end": "last",
    "open": "open",
    "quit": "close",
    "hard-quit": "quit",
    "reload": "refresh",
    "reload-all": "refresh_all",
    "mark-feed-read": "mark_all",
    "mark-all-feeds-read": "mark_all",
    "mark-all-above-as-read": "mark_above",
    "next-unread": "next_unread",
    "prev-unread": "previous_unread",
    "open-in-browser": "open_browser",
    "open-in-browser-and-mark-read": "open_browser",
    "help": "help",
    "toggle-article-read": "toggle_read",
    "show-urls": "links",
    "set-tag": "topics",
    "select-tag": "topics",
    "open-search": "search",
    "edit-urls": "sources",
    "sort": "sort",
    "rev-sort": "sort",
    "cmdline": "palette",
    "edit-flags": "tags",
    "pipe-to": "pipe",
    "save": "export",
    "switch-focus": "next_pane",
}
"""The command of this reader for an operation of newsboat."""

_NAMED = {
    "ENTER": "enter",
    "SPACE": "space",
    "TAB": "tab",
    "ESC": "escape",
    "BACKSPACE": "backspace",
    "UP": "up",
    "DOWN": "down",
    "LEFT": "left",
    "RIGHT": "right",
    "HOME": "home",
    "END": "end",
    "PAGEUP": "pageup",
    "PPAGE": "pageup",
    "PAGEDOWN": "pagedown",
    "NPAGE": "pagedown",
    "DELETE": "delete",
    **{f"F{number}": f"f{number}" for number in range(1, 13)},
}
_CHARACTERS = {
    " ": "space",
    ",": "comma",
    ".": "full_stop",
    ";": "semicolon",
    ":": "colon",
    "!": "exclamation_mark",
    "?": "question_mark",
    "@": "at",
    "#": "number_sign",
    "$": "dollar_sign",
    "%": "percent_sign",
    "&": "ampersand",
    "*": "asterisk",
    "+": "plus",
    "-": "minus",
    "_": "underscore",
    "=": "equals_sign",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "~": "tilde",
    "'": "apostrophe",
    '"': "quotation_mark",
    "\\": "backslash",
    "/": "slash",
    "|": "vertical_line",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "{": "left_curly_bracket",
    "}": "right_curly_bracket",
    "`": "grave_accent",
}


def key_name(key: str) -> str:
    """Return the name of a key as ``config.toml`` has it; empty for one that has none."""
    if key in _NAMED:
        return _NAMED[key]
    if len(key) == 2 and key[0] == "^" and key[1].isalpha():
        return f"ctrl+{key[1].lower()}"
    if key == "^":
        return "circumflex_accent"
    if len(key) != 1 or not key.isprintable():
        return ""
    return key if key.isalnum() else _CHARACTERS.get(key, "")
