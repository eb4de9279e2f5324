"""Contrast between text and what is behind it, as the Web Content Accessibility Guidelines define it."""

from __future__ import annotations

from textual.color import BLACK, WHITE, Color

READABLE = 4.5
"""The contrast that text needs, by WCAG 2.2, success criterion 1.4.3."""

_STEPS = 32


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours: from 1, where they are the same, to 21 between black and white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(color: Color, behind: Color, least: float = READABLE) -> Color:
    """Return ``color``, made lighter or darker until its contrast to ``behind`` is ``least``, if it is less."""
    if contrast(color, behind) >= least:
        return color
    end = max(WHITE, BLACK, key=lambda end: contrast(end, behind))
    for step in range(1, _STEPS):
        changed = color.blend(end, step / _STEPS)
        if contrast(changed, behind) >= least:
            return changed
    return end


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(part / 255) for part in color.rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
