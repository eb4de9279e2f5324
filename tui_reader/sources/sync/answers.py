"""Reads values out of a server's JSON: one of another type is as if it were not there."""

from __future__ import annotations

from collections.abc import Mapping

from tui_reader.model.text import clean_text

MAX_ID = 2**63 - 1
"""The highest id of an entry or a feed: servers keep it in 64 bits."""

MAX_LISTED = 1_000_000
"""Most entries that a server lists without an end before it is taken for broken."""

_MAX_NAME = 500  # characters
_LEVELS = " / "


def text(value: object) -> str:
    """Return a string as it is, otherwise an empty one."""
    return value if isinstance(value, str) else ""


def name(value: object) -> str:
    """Return a title as one printable line, otherwise an empty one."""
    return clean_text(text(value)[:_MAX_NAME])


def number(value: object) -> int:
    """Return a number from 1 to :data:`MAX_ID`, which may be written as a string, otherwise 0."""
    if isinstance(value, str) and len(value) <= 19 and value.isascii() and value.isdigit():
        value = int(value)
    return value if isinstance(value, int) and value is not True and 0 < value <= MAX_ID else 0


def is_on(value: object) -> bool:
    """Return whether a value is true: ``true``, 1 or ``"1"``."""
    return value in (True, "1")


def objects(value: object) -> list[Mapping[str, object]]:
    """Return the objects of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def folder_of(title: str) -> tuple[str, ...]:
    """Return the folder that a server with one level of folders calls ``title``."""
    return tuple(filter(None, (level.strip() for level in title.split(_LEVELS))))


def title_of(folder: tuple[str, ...]) -> str:
    """Return what a folder is called on a server with one level of folders: ``Outer / Inner``."""
    return _LEVELS.join(folder)
