"""Front matter in TOML, between two lines of ``+++``, as Hugo and Zola have it."""

from __future__ import annotations

import re

from tui_reader.errors import ArticleError
from tui_reader.sources.files.kinds.head import MOST_HEAD, Head, plain_value

_FENCE = re.compile(r"\s*\+\+\+[ \t]*\n")
_CLOSE = re.compile(r"\n\+\+\+[ \t]*(?:\n|\Z)")


def parse(text: str) -> Head | None:
    """Return the fields and the body of ``text``, ``None`` if it has no such lines. Raises :class:`ArticleError`."""
    opening = _FENCE.match(text)
    if opening is None:
        return None
    closing = _CLOSE.search(text, opening.end() - 1)
    if closing is None:
        raise ArticleError("the front matter is not closed: no second ‘+++’ line", 1)
    # Lines count as in the file.
    lines = "\n" * text.count("\n", 0, opening.end())
    return Head(_fields(lines + text[opening.end() : closing.start() + 1]), text[closing.end() :])


def _fields(head: str) -> dict[str, object]:
    if len(head) > MOST_HEAD:
        raise ArticleError(f"the front matter is larger than {MOST_HEAD // 1024} KB", 1)
    from tui_reader.sources.files.plain_toml import parse_toml

    return {name: plain_value(value) for name, value in parse_toml(head).items()}
