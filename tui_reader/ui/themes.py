"""The dark and the light theme, and the colours that other themes lack."""

from __future__ import annotations

from textual.theme import Theme

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
        "muted": "#6e6a61",
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

_OWN = ("bright", "muted", "faint", "rule", *(f"heat-{step}" for step in range(6)))


def fallback_variables(dark: bool) -> dict[str, str]:
    """Return our CSS variables for a theme that does not define them."""
    theme = DARK if dark else LIGHT
    return {name: theme.variables[name] for name in _OWN}
