"""The colours of a theme, as styles to draw with.

Component classes would do the same, but Textual computes them again for each
widget at each change of style, which took a fifth of the time to the first
screen. These styles are computed once for a theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rich.style import Style
from textual.color import Color

from tui_reader.named_tuple import NamedTuple
from tui_reader.stories.heat import heat_step
from tui_reader.ui.contrast import readable


class Palette(NamedTuple):
    """The styles of text, from the brightest to the faintest, and of the background.

    ``page`` and ``cursor`` set the background, the others only the foreground.
    ``heats`` are the steps of the heat ramp.
    """

    bright: Style
    text: Style
    muted: Style
    faint: Style
    accent: Style
    page: Style
    cursor: Style
    heats: tuple[Style, ...]

    def on_cursor(self, style: Style) -> Style:
        """Return a style of the others as it can be read on the background of the cursor."""
        return _on_cursor(style, self.cursor)

    def heat(self, heat: int | None, limits: Sequence[int]) -> Style:
        """Return the style of a heat in a list with these limits of its colours (see :func:`heat_step`)."""
        return self.heats[heat_step(heat, limits)]


_NAMES = ("bright", "foreground", "muted", "faint", "accent", "background", "panel")
_HOT = 4  # first bold step of the ramp


def palette_of(variables: dict[str, str]) -> Palette:
    """Return the palette of a theme from its CSS variables."""
    return _palette(tuple(variables[name] for name in (*_NAMES, *(f"heat-{step}" for step in range(6)))))


@lru_cache(maxsize=8)
def _palette(colors: tuple[str, ...]) -> Palette:
    parsed = [Color.parse(color) for color in colors]
    if parsed[5].ansi is None:
        parsed[4] = readable(parsed[4], parsed[5])  # themes have it for bars and borders
    rich = [color.rich_color for color in parsed]
    bright, text, muted, faint, accent = (Style(color=color) for color in rich[:5])
    page, cursor = Style(color=rich[1], bgcolor=rich[5]), Style(color=rich[1], bgcolor=rich[6])
    if rich[5].is_default:  # a theme of the terminal's own colours, which nobody knows
        cursor = Style(reverse=True)
    heats = tuple(Style(color=color, bold=step >= _HOT) for step, color in enumerate(rich[7:]))
    return Palette(bright, text, muted, faint, accent, page, cursor, heats)


@lru_cache(maxsize=128)
def _on_cursor(style: Style, cursor: Style) -> Style:
    color, behind = style.color, cursor.bgcolor
    if color is None:
        return style
    if behind is None or behind.triplet is None or color.triplet is None:
        return style.without_color
    changed = readable(Color.from_rich_color(color), Color.from_rich_color(behind))
    return style + Style(color=changed.rich_color)
