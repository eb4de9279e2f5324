"""Run the installed ``news-tui`` in a process and a home folder of its own."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import sysconfig
import termios
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support import forking

TIMEOUT = 120.0
"""Seconds after which a command counts as hanging."""


def command() -> list[str]:
    """Return the installed command, or the package of this tree if none is installed."""
    installed = Path(sysconfig.get_path("scripts")) / "news-tui"
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "tui_reader"]


class Home:
    """An empty home folder, and commands that run in it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        root = str(Path(__file__).parents[2])
        self.environment = {
            "HOME": str(folder),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "PYTHONPATH": root,
            **environment,
        }

    def index_files(self) -> list[Path]:
        """Return the indexes in the cache."""
        return sorted((self.folder / ".cache" / "news-tui").glob("*.db"))

    def run(
        self, *arguments: str | Path, cwd: Path | None = None, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run ``news-tui`` to its end, without a terminal."""
        words = list(map(str, arguments))
        return forking.run(
            words,
            [*command(), *words],
            TIMEOUT,
            env=self.environment | dict(variables or {}),
            cwd=cwd or self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def lines(self, *arguments: str | Path) -> list[str]:
        """Run ``news-tui``, which must succeed, and return the lines of its output."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def objects(self, *arguments: str | Path) -> list[dict[str, Any]]:
        """Run ``news-tui … --json``, which must succeed, and return the objects it prints."""
        return [json.loads(line) for line in self.lines(*arguments, "--json")]

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start ``news-tui`` with its output in pipes; use it in a ``with`` statement."""
        words = list(map(str, arguments))
        return forking.Forked(
            words,
            [*command(), *words],
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def shell(self, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a line of bash in which ``$NEWS`` is the command; a pipe fails if any part of it does."""
        return subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            env=self.environment | {"NEWS": " ".join(command())} | variables,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=TIMEOUT,
            check=False,
        )

    def on_terminal(
        self, *arguments: str | Path, columns: int = 80, variables: Mapping[str, str] | None = None, typed: str = ""
    ) -> tuple[int, str]:
        """Run ``news-tui`` in a pseudo-terminal of this many ``columns``; return its status and output.

        ``typed`` are the answers to what it will ask.
        """
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        try:
            words = list(map(str, arguments))
            with forking.Forked(
                words,
                [*command(), *words],
                env=self.environment | dict(variables or {}),
                cwd=self.folder,
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
            ) as process:
                os.close(slave)
                os.write(master, typed.encode())
                written = _read_all(master)
                return process.wait(TIMEOUT), written.replace("\r\n", "\n")
        finally:
            os.close(master)


def _read_all(descriptor: int) -> str:
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            break  # the other end of the pseudo-terminal is closed
        if not part:
            break
        parts.append(part)
    return b"".join(parts).decode()
