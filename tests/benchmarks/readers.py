"""Readers that refresh feeds: news-tui, and newsboat if it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_KEYS = frozenset({"asking", "asked", "changed", "new", "finished", "failures"})
"""What has to be in each line of ``refresh --json``."""


class Refreshed(NamedTuple):
    """One refresh: seconds until all articles can be read and searched, and until it has ended.

    ``new`` counts the new articles. ``memory`` is the most that the process
    itself had resident at a time, and ``helpers`` the most of one of its
    children, in bytes (Linux; 0 elsewhere).
    """

    read: float
    ended: float
    new: int = 0
    memory: int = 0
    helpers: int = 0


def step(line: bytes) -> Mapping[str, Any]:
    """Return a line of ``refresh --json``. Raises :class:`ValueError` if it lacks what is measured by."""
    fields: Mapping[str, Any] = json.loads(line)
    missing = sorted(_KEYS - fields.keys())
    if missing:
        raise ValueError(f"refresh --json no longer prints {', '.join(missing)}: tests/benchmarks/readers.py needs it")
    return fields


def all_can_be_read(fields: Mapping[str, Any]) -> bool:
    """Return whether every source has answered, and every new article was committed to the index."""
    return bool(0 < fields["asking"] == fields["asked"] and fields["changed"] >= fields["new"])


class Reader:
    """A reader in a home of its own, with the feeds at ``addresses``."""

    name: str
    command: Sequence[str]

    def __init__(self, folder: Path, addresses: Sequence[str], env: Mapping[str, str], *, threads: int = 20) -> None:
        """Make the home anew in ``folder``. ``threads`` are for newsboat: 20 suit it best if all hosts are fast."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        self.env = {**env, "HOME": str(folder)}
        self.threads = threads
        if addresses:
            self.add(addresses)

    def add(self, addresses: Iterable[str]) -> None:
        """Add feeds."""
        raise NotImplementedError

    def refresh(self) -> Refreshed:
        """Refresh all feeds. Raises :class:`RuntimeError` if that fails."""
        raise NotImplementedError


class NewsTui(Reader):
    """This reader."""

    name = "news-tui"
    command = (sys.executable, "-m", "tui_reader")

    def add(self, addresses: Iterable[str]) -> None:
        """Add feeds to ``sources.toml``."""
        config = self.folder / ".config" / "news-tui"
        config.mkdir(parents=True, exist_ok=True)
        with (config / "sources.toml").open("a") as sources:
            sources.writelines(f"[[source]]\nlocation = {json.dumps(address)}\n" for address in addresses)

    def refresh(self) -> Refreshed:
        """Refresh all feeds, and follow the progress that the command prints."""
        begin = time.perf_counter()
        read = 0.0
        new = memory = helpers = 0
        last: Mapping[str, Any] = {}
        with subprocess.Popen(
            [*self.command, "refresh", "--json"], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            for line in process.stdout or ():
                last = step(line)
                if not read and all_can_be_read(last):
                    read = time.perf_counter() - begin
                new = max(new, last["new"])
                memory, helpers = max(memory, _peak(process.pid)), max(helpers, *map(_peak, _children(process.pid)), 0)
        ended = time.perf_counter() - begin
        if process.returncode or not last.get("finished"):
            raise RuntimeError(f"news-tui ended with {process.returncode}: {last}")
        if not read:
            raise RuntimeError(f"no line told that all articles can be read; the last one: {last}")
        return Refreshed(read, ended, new, memory, helpers)


class Newsboat(Reader):
    """newsboat, which keeps every article."""

    name = "newsboat"
    command = ("newsboat", "-C", "config", "-u", "urls", "-c", "cache.db")

    def add(self, addresses: Iterable[str]) -> None:
        """Add feeds to the file of addresses."""
        (self.folder / "config").write_text(f"reload-threads {self.threads}\nmax-items 0\n")
        with (self.folder / "urls").open("a") as urls:
            urls.writelines(f"{address}\n" for address in addresses)

    def refresh(self) -> Refreshed:
        """Refresh all feeds; articles can be read when it has ended."""
        begin = time.perf_counter()
        subprocess.run([*self.command, "-x", "reload"], cwd=self.folder, env=self.env, capture_output=True, check=True)
        ended = time.perf_counter() - begin
        return Refreshed(ended, ended)


@cache
def readers() -> tuple[type[Reader], ...]:
    """Return the readers that are installed, ours first."""
    if shutil.which("newsboat") is None:
        print("newsboat is not installed: skipped", file=sys.stderr)
        return (NewsTui,)
    return NewsTui, Newsboat


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _peak(pid: int) -> int:
    """Return the most memory that a process had so far, in bytes; 0 if it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)
