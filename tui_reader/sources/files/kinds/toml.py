"""Front matter in TOML, between two lines of ``+++``, as Hugo and Zola have it."""

from __future__ import annotations

import re

from tui_reader.errors import ArticleError
from tui_reader.sources.files.kinds.head import MOST_HEAD, Head, plain_value

_FENCE = re.compile(r"\+\+\+[ \t]*\n")
_CLOSE = re.compile(r"\n\+\+\+[ \t]*(?:\n|\Z)")
_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")
# tomllib looks at all beginnings of a dotted key, so it takes the square of its length.
_PART = r"(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')"
_LONG_KEY = re.compile(rf"(?<![\w.-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{64}}")


def parse(text: str) -> Head | None:
    """Return the fields and the body of ``text``, ``None`` if it has no such lines. Raises :class:`ArticleError`."""
    opening = _FENCE.match(text)
    if opening is None:
        return None
    closing = _CLOSE.search(text, opening.end() - 1)
    if closing is None:
        raise ArticleError("the front matter is not closed: no second ‘+++’ line", 1)
    # The text begins at the end of the first line, so lines count as in the file.
    return Head(_fields(text[opening.end() - 1 : closing.start() + 1]), text[closing.end() :])


def _fields(head: str) -> dict[str, object]:
    import tomllib

    if len(head) > MOST_HEAD:
        raise ArticleError(f"the front matter is larger than {MOST_HEAD // 1024} KB", 1)
    if _LONG_KEY.search(head):
        raise ArticleError("a key of the front matter has too many parts", 1)
    try:
        found = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
        place = _PLACE.search(reason)
        raise ArticleError(
            f"not valid TOML: {_PLACE.sub('', reason)}", int(place[1]) if place else head.count("\n")
        ) from error
    except RecursionError as error:
        raise ArticleError("the front matter is nested too deeply", 1) from error
    return {name: plain_value(value) for name, value in found.items()}
