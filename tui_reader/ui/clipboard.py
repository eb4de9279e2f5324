"""Copies text to the clipboard: with the programs of the desktop and of tmux, through the terminal, or in a browser."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from subprocess import DEVNULL, PIPE
from typing import TYPE_CHECKING, Any

from tui_reader.named_tuple import NamedTuple
from tui_reader.private_files import umask_before
from tui_reader.ui.remote import forwarded_display, over_ssh
from tui_reader.ui.visitor import visitors_browser

if TYPE_CHECKING:
    from textual.app import App

_SECONDS = 2.0  # after which a program is taken for one that hangs
_WITHOUT_CLIPBOARD = frozenset({"", "dumb", "linux", "vt100", "vt220"})  # terminals that know no OSC 52


class _Program(NamedTuple):
    name: str
    arguments: Sequence[str] = ()
    encoding: str = "utf-8"


_MACOS = [_Program("pbcopy")]
_WINDOWS = [_Program("clip.exe", encoding="utf-16-le")]
_WAYLAND = [_Program("wl-copy")]
_X11 = [_Program("xclip", ("-selection", "clipboard", "-in")), _Program("xsel", ("--clipboard", "--input"))]
_TMUX = _Program("tmux", ("load-buffer", "-w", "-"))  # -w sends it to the terminal that tmux is in, too


class Outcome(NamedTuple):
    """What became of a text: ``words`` say it in front of the text, or instead of it if nothing ``worked``."""

    words: str
    worked: bool = True

    def about(self, text: str) -> str:
        """Return the message about ``text``."""
        return f"{self.words} {text}" if self.worked else self.words


async def copy_for(app: App[Any], text: str) -> Outcome:
    """Copy ``text`` where the person is who sees ``app``: at a browser or at a terminal."""
    browser = visitors_browser(app)
    if browser is None:
        return await copy(text, os.environ, app.copy_to_clipboard)
    problem = await browser.copy(text)
    return Outcome(f"Not copied: {problem}", worked=False) if problem else Outcome("Copied")


async def copy(text: str, environ: Mapping[str, str], send: Callable[[str], object]) -> Outcome:
    """Copy ``text``; ``send`` writes it to the terminal as OSC 52, which nothing answers.

    In tmux its buffer gets the text as well, even if a program took it: the
    desktop that tmux was started on need not be the one it is used from.
    """
    programs = _desktop_programs(environ)
    taken = False
    for program in programs:
        taken = await _run(program, text, environ)
        if taken:
            break
    in_tmux = bool(environ.get("TMUX")) and await _run(_TMUX, text, environ)
    if taken:
        return Outcome("Copied")
    if in_tmux:
        return Outcome("Copied to tmux, sent to the terminal:")
    if environ.get("TERM", "") not in _WITHOUT_CLIPBOARD:
        send(text)
        return Outcome("Sent to the terminal's clipboard:")
    tried = " and ".join(program.name for program in programs)
    why = f"{tried} failed" if tried else "no program for it was found"
    return Outcome(f"Not copied: this terminal has no clipboard, and {why}", worked=False)


def _desktop_programs(environ: Mapping[str, str]) -> list[_Program]:
    """Return the programs that put a text on the clipboard of the screen that the person sits at."""
    found: list[_Program] = []
    if over_ssh(environ):
        # Those of this machine would fill its own clipboard, which is far away.
        if forwarded_display(environ):
            found += _X11
    elif sys.platform == "darwin":
        found += _MACOS
    else:
        found += _WINDOWS if environ.get("WSL_DISTRO_NAME") else []
        found += _WAYLAND if environ.get("WAYLAND_DISPLAY") else []
        found += _X11 if environ.get("DISPLAY") else []
    return [program for program in found if shutil.which(program.name, path=environ.get("PATH"))]


async def _run(program: _Program, text: str, environ: Mapping[str, str]) -> bool:
    """Give ``text`` to a program; return whether it ended well. One that takes too long is ended."""
    path = shutil.which(program.name, path=environ.get("PATH"))
    if path is None:
        return False
    if program.name == "pbcopy":
        environ = {**environ, "LC_CTYPE": "UTF-8"}  # else it would take the text for Mac Roman
    try:
        # What serves the clipboard from now on (xclip, wl-copy) is a child that outlives this reader.
        process = await asyncio.create_subprocess_exec(
            path,
            *program.arguments,
            stdin=PIPE,
            stdout=DEVNULL,
            stderr=DEVNULL,
            env=environ,
            start_new_session=True,
            umask=umask_before(),
        )
    except OSError:
        return False
    try:
        await asyncio.wait_for(process.communicate(text.encode(program.encoding, "replace")), _SECONDS)
    except TimeoutError:
        return False
    finally:
        if process.returncode is None:
            # With its children, which may hold the pipe too: asyncio waits until nobody does, or it is closed here.
            if process.stdin is not None and not process.stdin.is_closing():
                process.stdin.transport.abort()
            with suppress(ProcessLookupError, PermissionError):  # macOS refuses where all have ended
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return process.returncode == 0
