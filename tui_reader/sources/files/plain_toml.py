"""Parses TOML that others wrote: what ``tomllib`` takes too long for, or cannot be shown, is refused first."""

from __future__ import annotations

import re

from tui_reader.errors import ArticleError

_MAX_PARTS = 64  # of a dotted key: tomllib takes the square of their number
_MAX_WORD = 1000  # characters of a key or number: Python does not make text of longer numbers
_PART = r"(?:[\w+-]++|\"(?:[^\"\\\n]|\\.)*+\"?|'[^'\n]*+'?)"
_LONG_KEY = rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{_MAX_PARTS}}}"
# Texts of several lines, comments, and words that are not too long. Each
# takes all that it looked at, so the whole document is looked at once.
_HARMLESS = re.compile(
    rf"""(?:\"\"\"(?:[^"\\]|\\[\s\S]|"(?!""))*+(?:\"\"\"|\\?\Z)|'''(?:[^']|'(?!''))*+(?:'''|\Z)|\#[^\n]*+"""
    rf"""|(?!{_LONG_KEY}|[\w+-]{{{_MAX_WORD + 1}}}){_PART}|[^\w+\-"'\#])*+"""
)
_KEY = re.compile(_LONG_KEY)
_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")
_AT_END = " (at end of document)"


def parse_toml(text: str) -> dict[str, object]:
    """Return the data of a TOML document. Raises :class:`ArticleError`, with the line, if it is not valid."""
    import tomllib

    harmless = _HARMLESS.match(text)
    end = harmless.end() if harmless else 0
    if end < len(text):
        is_key = _KEY.match(text, end) is not None
        what = f"a key of more than {_MAX_PARTS} parts" if is_key else f"a word of more than {_MAX_WORD:,} characters"
        raise ArticleError(f"not valid TOML: {what}", text.count("\n", 0, end) + 1)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
        place = _PLACE.search(reason)
        line = int(place[1]) if place else text.rstrip("\n").count("\n") + 1
        reason = _PLACE.sub("", reason).removesuffix(_AT_END)
        raise ArticleError(f"not valid TOML: {reason}", line) from error
    except ValueError as error:  # of Python, such as for a date that no calendar has
        raise ArticleError(f"not valid TOML: {error}", 1) from error
    except RecursionError as error:
        raise ArticleError("not valid TOML: nested too deeply", 1) from error
