"""The dark and the light theme, and the colours that other themes lack, made of those that they have."""

from __future__ import annotations

from textual.color import BLACK, WHITE, Color
from textual.theme import Theme

from tui_reader.ui.contrast import readable

DARK = Theme(
    name="news-dark",
    dark=True,
    primary="#7aa7d9",
    accent="#7aa7d9",
    secondary="#7aa7d9",
    foreground="#dcd9d2",
    background="#15171b",
    surface="#15171b",
    panel="#22262d",
    success="#8fb573",
    warning="#d9a441",
    error="#e2665a",
    variables={
        "bright": "#f4f1ea",
        "muted": "#8b8d92",
        "faint": "#5d6066",
        "rule": "#31353c",
        "heat-0": "#75777c",
        "heat-1": "#a39a84",
        "heat-2": "#c9ad6a",
        "heat-3": "#e0a04b",
        "heat-4": "#ea8243",
        "heat-5": "#f0604a",
        "scrollbar": "#31353c",
        "scrollbar-hover": "#4a4f58",
        "scrollbar-active": "#7aa7d9",
        "scrollbar-background": "#15171b",
        "scrollbar-background-hover": "#15171b",
        "scrollbar-background-active": "#15171b",
        "scrollbar-corner-color": "#15171b",
    },
)

LIGHT = Theme(
    name="news-light",
    dark=False,
    primary="#255f9e",
    accent="#255f9e",
    secondary="#255f9e",
    foreground="#34312c",
    background="#faf7f0",
    surface="#faf7f0",
    panel="#ebe6da",
    success="#4d7a35",
    warning="#96690f",
    error="#b13226",
    variables={
        "bright": "#12110f",
        "muted": "#686459",
        "faint": "#a09a8d",
        "rule": "#d8d2c4",
        "heat-0": "#8c877c",
        "heat-1": "#80724f",
        "heat-2": "#8f6c18",
        "heat-3": "#a65d10",
        "heat-4": "#b84a12",
        "heat-5": "#bd2a1b",
        "scrollbar": "#d8d2c4",
        "scrollbar-hover": "#bdb6a5",
        "scrollbar-active": "#255f9e",
        "scrollbar-background": "#faf7f0",
        "scrollbar-background-hover": "#faf7f0",
        "scrollbar-background-active": "#faf7f0",
        "scrollbar-corner-color": "#faf7f0",
    },
)

THEMES = (DARK, LIGHT)

_ANSI = {
    "bright": "ansi_default",
    "muted": "ansi_bright_black",
    "faint": "ansi_bright_black",
    "rule": "ansi_bright_black",
    "heat-0": "ansi_bright_black",
    "heat-1": "ansi_default",
    "heat-2": "ansi_yellow",
    "heat-3": "ansi_yellow",
    "heat-4": "ansi_red",
    "heat-5": "ansi_red",
}
"""Our CSS variables for the themes that use the colours of the terminal."""

_RAMP = ((0.0, 0.3), (0.25, 0.45), (0.6, 0.7), (1.0, 1.0))
"""Of the first steps of the heat ramp: how much is of the colour of warnings, and how bright the rest is."""


def variables_for(theme: Theme) -> dict[str, str]:
    """Return our CSS variables for a theme that does not define them: shades of its text, and its warm colours."""
    if "bright" in theme.variables:
        return {}  # one of ours
    colors = {
        name: Color.parse(value)
        for name, value in theme.to_color_system().generate().items()
        if name in {"background", "panel", "foreground", "warning", "error"}
    }
    page, text, warning, error = (colors[name] for name in ("background", "foreground", "warning", "error"))
    if page.ansi is not None or text.ansi is not None:
        return _ANSI
    # The header and the footer have the colour of panels: what is read on both is as bright as either needs.
    muted = readable(readable(page.blend(text, 0.6), page), colors["panel"])
    ramp = [page.blend(text, brightness).blend(warning, warmth) for warmth, brightness in _RAMP]
    ramp += [warning.blend(error, 0.5), error]
    return {
        "bright": text.blend(WHITE if theme.dark else BLACK, 0.5).hex,
        "muted": muted.hex,
        "faint": readable(page.blend(text, 0.4), page, 3).hex,
        "rule": page.blend(text, 0.2).hex,
        **{f"heat-{step}": readable(color, page, 3).hex for step, color in enumerate(ramp)},
    }
