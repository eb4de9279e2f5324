"""Front matter in JSON: an object at the start of the file, as Hugo has it."""

from __future__ import annotations

import json
import re

from tui_reader.errors import ArticleError
from tui_reader.sources.files.kinds.head import MOST_HEAD, Head, plain_value

_START = re.compile(r'\s*(?=\{\s*["}])')


def parse(text: str) -> Head | None:
    """Return the fields and the body of ``text``, ``None`` if it has no such object. Raises :class:`ArticleError`."""
    start = _START.match(text)
    if start is None:
        return None
    try:
        fields, end = json.JSONDecoder().raw_decode(text, start.end())
    except json.JSONDecodeError as error:
        raise ArticleError(f"not valid JSON: {error.msg}", error.lineno) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits
        raise ArticleError("not valid JSON: nested too deeply, or with too large a number", 1) from error
    if end > MOST_HEAD:
        raise ArticleError(f"the front matter is larger than {MOST_HEAD // 1024} KB", 1)
    return Head({name: plain_value(value) for name, value in fields.items()}, text[end:].lstrip(" \t"))
