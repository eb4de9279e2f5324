"""What a file says of its article, and the body below that."""

from __future__ import annotations

from collections.abc import Mapping

from tui_reader.named_tuple import NamedTuple

MOST_HEAD = 256 * 1024
"""Most characters of the metadata of a file."""

_SEVERAL = frozenset({"tags", "keywords", "categories", "authors"})
_DEPTH = 24


class Head(NamedTuple):
    """The fields of a file, by the names that they have in it, and its body."""

    fields: Mapping[str, object]
    body: str


def plain_value(value: object, depth: int = 0) -> object:
    """Return a value of TOML or JSON with dates and times as text; ``None`` for what is nested too deeply."""
    if isinstance(value, (str, int, float)) or value is None:
        return value
    if depth == _DEPTH:
        return None
    if isinstance(value, list):
        return [plain_value(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {str(name): plain_value(item, depth + 1) for name, item in value.items()}
    return str(value)  # dates, as ISO 8601 has them


def line_value(name: str, value: str) -> object:
    """Return the value of a line ``name: value``; names of which there are several as a list."""
    value = value.strip()
    if name.casefold() not in _SEVERAL:
        return value
    return [part.strip() for part in value.split(";" if ";" in value else ",") if part.strip()]
