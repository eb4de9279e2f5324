"""Shows desktop notifications through the terminal."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

from textual.app import App

from tui_reader.model.notifications import terminal_notification
from tui_reader.ui.textual_private import write_to_terminal


def notifier(app: App[Any]) -> Callable[[str], object]:
    """Return what lets the terminal of ``app`` show a notification with a text, called on any thread."""
    loop = asyncio.get_running_loop()
    return lambda text: loop.call_soon_threadsafe(write_to_terminal, app, terminal_notification(text, os.environ))
