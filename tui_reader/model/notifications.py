"""Desktop notifications: the command that shows one, or what makes the terminal show it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping

from tui_reader.model.user_commands import no_option

_LONGEST = 300  # characters
_SCRIPT = (
    *("-e", "on run argv", "-e", "display notification (item 2 of argv) with title (item 1 of argv)"),
    *("-e", "end run"),
)


def notification_command(title: str, text: str, environ: Mapping[str, str]) -> list[str]:
    """Return the command that shows a notification on this desktop; empty if there is none.

    ``title`` and ``text`` are single lines without control characters.
    """
    title, text = title[:_LONGEST], text[:_LONGEST]
    if sys.platform == "darwin":
        return ["osascript", *_SCRIPT, no_option(title), no_option(text)]
    has_desktop = any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"))
    if has_desktop and shutil.which("notify-send", path=environ.get("PATH")):
        markup = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return ["notify-send", "--app-name=news-tui", "--", title, markup]
    return []


def terminal_notification(text: str, environ: Mapping[str, str]) -> str:
    """Return what makes a terminal show a notification, if it can (OSC 777 or 9); ``text`` is a printable line."""
    text = "".join(char for char in text[:_LONGEST] if char.isprintable())
    if environ.get("VTE_VERSION") or environ.get("TERM", "").startswith("rxvt"):
        return f"\x1b]777;notify;news-tui;{text.replace(';', ',')}\x1b\\"
    return f"\x1b]9;{text}\x1b\\"
