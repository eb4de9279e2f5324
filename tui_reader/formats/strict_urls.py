"""Escapes in addresses what browsers take, but checkers of books do not."""

from __future__ import annotations

import re
from urllib.parse import quote

_UNESCAPED = re.compile(r"[ \[\]{}|^`\\]")


def strict_url(url: str) -> str:
    """Return ``url`` as RFC 3986 has it; the brackets of a host stay."""
    scheme, _, rest = url.partition("//")
    host, slash, path = rest.partition("/")
    before, number_sign, fragment = _UNESCAPED.sub(lambda found: quote(found[0]), path).partition("#")
    return f"{scheme}//{host}{slash}{before}{number_sign}{fragment.replace('#', '%23')}"
