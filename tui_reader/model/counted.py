"""Puts numbers into sentences."""

from __future__ import annotations


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun, such as ``1 feed`` or ``1,200 feeds``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
