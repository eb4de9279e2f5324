"""Open a URL in the user's browser, as one argument and never through a shell."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path, PurePath

from tui_reader.errors import NewsError
from tui_reader.model.urls import safe_url
from tui_reader.private_files import umask_before
from tui_reader.ui.remote import forwarded_display, over_ssh

_TEXT_BROWSERS = frozenset(
    {"lynx", "w3m", "links", "links2", "elinks", "browsh", "carbonyl", "chawan", "cha", "offpunk"}
)

_PLACE = re.compile("%[s%]")
_HANDED_OVER = 3.0  # seconds after which a program that still runs is the browser itself
_XDG_OPEN = {2: "a file is missing", 3: "it found no browser", 4: "the browser could not be started"}


class NoBrowser(NewsError):
    """No browser was found."""


def find_browser(configured: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """Return the command to open a URL: from ``config.toml``, ``$BROWSER``, or the desktop.

    ``$BROWSER`` may list several commands separated by ``:``; the first one on
    the ``PATH`` is used. Raises :class:`NoBrowser`.
    """
    if configured:
        if shutil.which(configured[0], path=environ.get("PATH")) is None:
            raise NoBrowser(f"The browser set in config.toml, {configured[0]!r}, is not on your PATH")
        return list(configured)
    wanted = environ.get("BROWSER", "")
    for text in wanted.split(os.pathsep):
        try:
            command = shlex.split(text)
        except ValueError:
            continue  # unbalanced quotes
        if command and shutil.which(command[0], path=environ.get("PATH")):
            return command
    if wanted:
        raise NoBrowser(f"$BROWSER is {wanted!r}, which is not on your PATH")
    return _desktop_opener(environ)


def _desktop_opener(environ: Mapping[str, str]) -> list[str]:
    if over_ssh(environ) and not forwarded_display(environ):
        raise NoBrowser(
            "The reader runs over ssh, so a browser would open on the other machine. If you want that, set $BROWSER."
        )
    if sys.platform == "darwin":
        return ["open"]
    if environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") or environ.get("WSL_DISTRO_NAME"):
        for name in ("xdg-open", "wslview", "gio", "firefox", "chromium", "google-chrome"):
            if shutil.which(name, path=environ.get("PATH")):
                return [name, "open"] if name == "gio" else [name]
    raise NoBrowser("No browser found: set $BROWSER, or browser in config.toml")


def needs_terminal(command: Sequence[str]) -> bool:
    """Return whether the browser runs in this terminal, so that the reader must be suspended."""
    return PurePath(command[0]).name in _TEXT_BROWSERS


def with_address(command: Sequence[str], url: str) -> list[str]:
    """Return ``command`` with ``url`` in place of every ``%s`` in its arguments, or else as one more at the end.

    ``%s`` may be part of an argument, such as ``--url=%s``; ``%%`` stands for
    ``%``. The name of the command itself stays as it is. Raises
    :class:`NewsError` if ``url`` is not a safe web address.
    """
    if safe_url(url) != url:
        raise NewsError("This is not a web address that can be opened")
    return _with(command, url)


def with_file(command: Sequence[str], path: Path) -> list[str]:
    """Return ``command`` with the absolute path of a file, which no program takes for an option, as the address."""
    return _with(command, str(path.absolute()))


def _with(command: Sequence[str], text: str) -> list[str]:
    name, *arguments = command
    # In one pass: the text has percent signs of its own.
    whole = [_PLACE.sub(lambda found: text if found[0] == "%s" else "%", part) for part in arguments]
    is_placed = any(found == "%s" for part in arguments for found in _PLACE.findall(part))
    return [name, *whole] if is_placed else [name, *whole, text]


class Opening:
    """A browser that was started with a page, and that may fail yet."""

    def __init__(self, process: subprocess.Popen[bytes], name: str) -> None:
        self.name = name
        self._ended: Future[int] = Future()
        self._ended.set_running_or_notify_cancel()  # from now on, nobody can cancel it
        # Without a wait, the process would stay as a zombie after it has ended.
        waiting = threading.Thread(target=lambda: self._ended.set_result(process.wait()), name="browser", daemon=True)
        waiting.start()

    async def problem(self) -> str | None:
        """Return why the program failed, or an empty string if it ended well; ``None`` if it goes on.

        A program that hands the page over to a browser, such as ``xdg-open``,
        ends soon. A browser itself goes on if it was not running yet.
        """
        try:
            status = await asyncio.wait_for(asyncio.wrap_future(self._ended), _HANDED_OVER)
        except TimeoutError:
            return None
        return failure(self.name, status)


def open_page(command: Sequence[str], page: str | Path) -> Opening:
    """Start ``command`` with an address or a file in the background. Raises :class:`NewsError`."""
    try:
        process = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell, and a checked URL or a path
            _with_page(command, page),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            umask=umask_before(),
        )
    except OSError as error:
        raise NewsError(f"{command[0]} cannot be started: {error.strerror}") from error
    return Opening(process, PurePath(command[0]).name)


def failure(name: str, status: int) -> str:
    """Return why the program ``name`` failed, by its exit status; an empty string if it did not."""
    if status == 0:
        return ""
    if status < 0:
        return f"{name} was ended by signal {-status}"
    why = _XDG_OPEN.get(status, "") if name == "xdg-open" else ""
    return f"{name} failed: {why}" if why else f"{name} failed with status {status}"


def _with_page(command: Sequence[str], page: str | Path) -> list[str]:
    return with_address(command, page) if isinstance(page, str) else with_file(command, page)


def run_in_terminal(command: Sequence[str], page: str | Path) -> str:
    """Run ``command`` in this terminal until the user leaves it; return why it failed, or an empty string.

    It raises nothing, so that whoever gave the terminal away takes it back.
    """
    try:
        ended = subprocess.run(_with_page(command, page), check=False, umask=umask_before())  # noqa: S603 - as above
    except NewsError as error:
        return str(error)
    except OSError as error:
        return f"{command[0]} cannot be started: {error.strerror}"
    return failure(PurePath(command[0]).name, ended.returncode)
