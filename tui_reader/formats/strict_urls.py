"""Escapes in addresses what browsers take, but checkers of books do not."""

from __future__ import annotations

import re

_UNESCAPED = re.compile(r"[ \[\]{}|^`\\]")


def strict_url(url: str) -> str:
    """Return ``url`` as RFC 3986 has it; the brackets of a host stay."""
    scheme, _, rest = url.partition("//")
    host, slash, path = rest.partition("/")
    before, number_sign, fragment = _UNESCAPED.sub(_percent, path).partition("#")
    return f"{scheme}//{host}{slash}{before}{number_sign}{fragment.replace('#', '%23')}"


def _percent(char: re.Match[str]) -> str:
    return f"%{ord(char[0]):02X}"
