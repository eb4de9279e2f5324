"""Texts without case and accents, as a search compares them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def fold(text: str) -> str:
    """Return a text without case and accents."""
    return text.lower() if text.isascii() else "".join(map(_folded, text))


def fold_with_places(text: str) -> tuple[str, list[int] | None]:
    """Return a text without case and accents, and where each of its characters is in ``text``.

    The places end with the length of ``text``; they are ``None`` where they are those of ``text`` itself.
    """
    if text.isascii():
        return text.lower(), None
    folded: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        for part in _folded(character):
            folded.append(part)
            places.append(at)
    places.append(len(text))
    return "".join(folded), places


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """Return a character without case and accents; empty for an accent by itself."""
    if _is_accent(character):
        return ""
    parts = unicodedata.normalize("NFD", character)
    has_accents = len(parts) > 1 and all(map(_is_accent, parts[1:]))
    return (parts[0] if has_accents else character).lower()


def _is_accent(character: str) -> bool:
    return "\u0300" <= character <= "\u036f"
