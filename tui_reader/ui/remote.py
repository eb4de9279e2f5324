"""Tells whether the person sits at another machine than the one that the reader runs on, or at a browser."""

from __future__ import annotations

from collections.abc import Mapping

BROWSER_DRIVER = "tui_reader.ui.browser_driver:BrowserDriver"
"""What draws the reader on a page in a browser, as ``TEXTUAL_DRIVER`` names it."""


def over_ssh(environ: Mapping[str, str]) -> bool:
    """Return whether the reader runs in an ssh session."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def forwarded_display(environ: Mapping[str, str]) -> bool:
    """Return whether windows appear where the person sits: ssh forwards X, as ``ssh -X`` does."""
    host, colon, _ = environ.get("DISPLAY", "").rpartition(":")
    return bool(colon) and host not in {"", "unix"} and not host.startswith("/")


def in_a_browser(environ: Mapping[str, str]) -> bool:
    """Return whether this process was started to be shown in a browser, by ``news-tui serve``."""
    return environ.get("TEXTUAL_DRIVER") == BROWSER_DRIVER
