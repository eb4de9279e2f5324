"""Reads TOML files, says what is wrong with them, and writes single keys and values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tui_reader.errors import UsageError


def read_text(path: Path) -> str:
    """Return the text of the file at ``path``, empty where there is none. Raises :class:`UsageError`."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} cannot be read: byte {error.start + 1} is not UTF-8") from error


def read_toml(path: Path) -> dict[str, Any]:
    """Return the contents of the TOML file at ``path``, empty where there is none. Raises :class:`UsageError`."""
    return parse_toml(read_text(path), path)


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """Return what the text of the file at ``path`` holds. Raises :class:`UsageError`."""
    if not text:
        return {}  # without the import, which takes 5 ms
    import tomllib

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise UsageError(f"{path} cannot be read: it is nested too deeply") from error
    except ValueError as error:  # also a number with thousands of digits
        import re

        reason = str(error)
        place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", reason)
        quotes = ": text stands in quotes" if reason.startswith("Invalid value") else ""
        advice = f"{quotes}; correct it, or see ‘news-tui doctor’"
        if place is None:
            raise UsageError(f"{path} is not valid TOML: {reason}{advice}") from error
        line = place[1] or text.count("\n") + 1
        raise UsageError(f"{path}:{line}: this is not valid TOML: {reason}{advice}") from error


def toml_key(name: str) -> str:
    """Return the name of a setting as it is written in a file."""
    return name if name.isascii() and name.replace("-", "").replace("_", "").isalnum() else toml_value(name)


def toml_value(value: object) -> str:
    """Return a value as it is written in a file."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml_key(name)} = {toml_value(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False, default=str)
