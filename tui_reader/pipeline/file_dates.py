"""Finds the dates of files that have none: when git got them or, for notes outside of it, when they were changed.

Of the repository only its objects are used: git runs in an empty one of our own
that borrows them. So neither its configuration nor its hooks matter, which
could name commands to run.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.storage.file_writer import ReadFile

if TYPE_CHECKING:
    import subprocess

_SECONDS = 20.0  # that git may take; what it has not told then has no date
_MOST_OUTPUT = 256 << 20  # bytes
_CHUNK = 1 << 16
_LONGEST_RECORD = 1 << 16  # bytes: a path
_MOST_CONFIG = 1 << 20  # bytes of a file of the repository that is read
_LEVELS_UP = 20  # from a collection to its repository
_HASH = re.compile(r"[0-9a-f]{40}")
_REF = re.compile(r"ref: (refs/[^\s]{1,500})\s*")


class FileDates:
    """When the files of a folder were added to its git repository; asked when the first date is wanted."""

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)
        self._dates: dict[str, int] | None = None
        self._is_vault = Path(root, ".obsidian").is_dir()  # its notes have metadata, and seldom dates

    def of(self, path: str) -> int | None:
        """Return when the file at ``path`` was added, in seconds since 1970; ``None`` if git does not know it."""
        if self._dates is None:
            self._dates = self._ask()
        return self._dates.get(path)

    def dated(self, file: ReadFile) -> ReadFile:
        """Return a file that was read with the date of its article, if it has none and one is known."""
        if file.article is None or not file.undated:
            return file
        seconds = self.of(file.path)
        if seconds is None and (file.undated == "note" or self._is_vault):
            with suppress(OSError):
                seconds = int(Path(self._root, file.path).stat().st_mtime)
        return file if seconds is None else file._replace(article=file.article._replace(published=seconds))

    def _ask(self) -> dict[str, int]:
        repository = _repository(self._root)
        if repository is None:
            return {}
        top, git_folder = repository
        prefix = os.path.relpath(self._root, top)
        prefix = "" if prefix == "." else f"{prefix}/"
        try:
            return _added(git_folder, prefix)
        except (OSError, ValueError):
            return {}  # no git, or a repository that is damaged or of a kind that is not known


def _repository(folder: str) -> tuple[str, Path] | None:
    """Return the top of the work tree that ``folder`` is in, and the folder of its repository."""
    for _ in range(_LEVELS_UP):
        dot_git = Path(folder, ".git")
        if dot_git.is_dir():
            return folder, dot_git
        if dot_git.is_file():  # a worktree or a submodule
            with suppress(OSError, UnicodeDecodeError):
                place = _read(dot_git).removeprefix("gitdir:").strip()
                return folder, Path(folder, place)
            return None
        parent = str(Path(folder).parent)
        if parent == folder:
            return None
        folder = parent
    return None


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_MOST_CONFIG).decode()


def _head(git_folder: Path, common: Path) -> str:
    """Return the commit that is checked out. Raises :class:`ValueError` if it cannot be told."""
    text = _read(git_folder / "HEAD")
    if reference := _REF.fullmatch(text):
        name = reference[1]
        if ".." in name:
            raise ValueError("not a reference")
        for folder in (git_folder, common):
            with suppress(OSError):
                text = _read(folder / name)
                break
        else:
            text = next(
                (
                    line.split(" ")[0]
                    for line in _read(common / "packed-refs").splitlines()
                    if line.endswith(f" {name}")
                ),
                "",
            )
    if not _HASH.fullmatch(text.strip()):
        raise ValueError("not a commit")
    return text.strip()


def _added(git_folder: Path, prefix: str) -> dict[str, int]:
    """Return when each file below ``prefix`` was added, by its path below that."""
    common = git_folder
    with suppress(OSError):
        common = Path(git_folder, _read(git_folder / "commondir").strip())
    head = _head(git_folder, common)
    shallow: list[str] = []
    with suppress(FileNotFoundError):
        shallow = [line for line in _read(common / "shallow").split() if _HASH.fullmatch(line)]
    import tempfile  # which takes its time, as below, and few folders need it

    with tempfile.TemporaryDirectory(prefix="news-tui-") as name:
        own = Path(name)
        (own / "refs").mkdir()
        (own / "objects" / "info").mkdir(parents=True)
        (own / "objects" / "info" / "alternates").write_text(f"{os.path.realpath(common / 'objects')}\n")
        (own / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
        (own / "HEAD").write_text(f"{head}\n")
        if shallow:
            (own / "shallow").write_text("".join(f"{line}\n" for line in shallow))
        return _dates(_records(_log(name, head)), frozenset(shallow), prefix)


def _log(repository: str, head: str) -> Iterator[bytes]:
    """Yield what ``git log`` writes, until it takes too long or writes too much.

    It tells of the whole repository: a file may have come from any place of it.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }
    command = [
        "git", f"--git-dir={repository}", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "log", "-z",
        "--format=%x01%H %at", "--name-status", "--diff-filter=AR", "-M100%", "--no-ext-diff", "--no-textconv",
        "--no-show-signature", head, "--",
    ]  # fmt: skip
    import subprocess

    until = time.monotonic() + _SECONDS
    with subprocess.Popen(  # noqa: S603 - a fixed list of arguments, and no shell
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        try:
            written = 0
            while process.stdout and written < _MOST_OUTPUT and (chunk := _chunk(process, until)):
                written += len(chunk)
                yield chunk
        finally:
            process.kill()


def _chunk(process: subprocess.Popen[bytes], until: float) -> bytes:
    import select

    if process.stdout is None or not select.select([process.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
        return b""
    return os.read(process.stdout.fileno(), _CHUNK)


def _records(chunks: Iterator[bytes]) -> Iterator[str]:
    """Yield the texts between zero bytes."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\0")
        if len(rest) > _LONGEST_RECORD:
            return
        yield from map(os.fsdecode, whole)
    if rest:
        yield os.fsdecode(rest)


def _dates(records: Iterator[str], shallow: frozenset[str], prefix: str) -> dict[str, int]:
    """Return the dates in the records of a log, which has the newest first: a file may have been renamed since."""
    dates: dict[str, int] = {}
    names: dict[str, str] = {}  # by an earlier name, the one of now
    seconds: int | None = None
    for record in records:
        text = record.lstrip("\n")
        if text.startswith("\x01"):
            commit, _, date = text[1:].partition(" ")
            # The first commits of a shallow clone have all files of before.
            seconds = None if commit in shallow or not date.strip().isdecimal() else int(date)
        elif text.startswith("R") and text[1:].isdecimal():
            old, new = next(records, ""), next(records, "")
            names[old] = names.pop(new, new)
            if seconds is not None and names[old].startswith(prefix):
                dates.setdefault(names[old].removeprefix(prefix), seconds)
        elif text == "A":
            path = next(records, "")
            path = names.get(path, path)
            if seconds is not None and path.startswith(prefix):
                dates[path.removeprefix(prefix)] = seconds
    return dates
