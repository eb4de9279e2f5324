"""What must hold of a home whatever happened: its files are sound, and its index is as if built anew."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.support.command import Home
from tests.support.index import dump

_BAD_WORDS = ("Traceback", "Internal error", "please report")


def data(home: Home) -> Path:
    """Return the folder of the marks and the fetched articles."""
    return home.folder / ".local" / "share" / "news-tui"


def config(home: Home) -> Path:
    """Return the folder of the settings and the sources."""
    return home.folder / ".config" / "news-tui"


def cache(home: Home) -> Path:
    """Return the folder of the indexes."""
    return home.folder / ".cache" / "news-tui"


def state(home: Home) -> Path:
    """Return the folder of the view and the log of errors."""
    return home.folder / ".local" / "state" / "news-tui"


def copies_of(home: Home, name: str) -> list[Path]:
    """Return the copies of a file that cannot be rebuilt."""
    return sorted((data(home) / "copies").glob(f"{name}.[0-9]"))


def check_files(home: Home) -> None:
    """Assert that every file of a home, and every copy, can be opened and is sound."""
    for path in (*data(home).glob("*.db"), *cache(home).glob("*.db"), *copies_of(home, "*.db")):
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            found = connection.execute("PRAGMA quick_check").fetchall()
        assert found == [("ok",)], f"{path.name}: {found[:3]}"
    for path in config(home).glob("*.toml"):
        tomllib.loads(path.read_text(encoding="utf-8"))
    for path in state(home).glob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))
    check_log(state(home) / "errors.log")


def check_log(path: Path) -> None:
    """Assert that no fault was logged; sources that failed are in the log too, each as a sentence."""
    log = path.read_text(encoding="utf-8") if path.exists() else ""
    assert "Traceback" not in log, f"{path.name}: {log[-3000:]}"


@contextmanager
def with_log(path: Path) -> Iterator[None]:
    """Add the end of a log to what fails in the block."""
    try:
        yield
    except AssertionError as error:
        if path.exists():
            error.add_note(f"{path.name}: {path.read_text(encoding='utf-8')[-3000:]}")
        raise


def check_words(done: subprocess.CompletedProcess[str]) -> None:
    """Assert that a command ended with sentences: no traceback, no death by a signal."""
    words = done.stdout + done.stderr
    assert not any(bad in words for bad in _BAD_WORDS), f"{_command(done)}: {words[-3000:]}"
    assert done.returncode in {0, 1, 2}, f"{_command(done)} ended with {done.returncode}: {words[-3000:]}"
    assert done.returncode == 0 or words.strip(), f"{_command(done)} failed without a word"


def run(home: Home, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command that must succeed."""
    done = home.run(*arguments)
    check_words(done)
    assert done.returncode == 0, f"{_command(done)} failed: {done.stderr[-3000:]}"
    return done


def listed(home: Home, *arguments: str | Path) -> dict[str, dict[str, Any]]:
    """Return every article that is listed, folded or not, by its address."""
    return stories_of(home, "--folded", *arguments)


def stories_of(home: Home, *arguments: str | Path) -> dict[str, dict[str, Any]]:
    """Return the stories that are listed, by the addresses of their leads."""
    printed = run(home, "stories", "--json", *arguments).stdout
    stories = [json.loads(line) for line in printed.splitlines()]
    return {story["originalUrl"] or story["webUrl"]: story for story in stories}


def check_index(home: Home, *sources: str | Path) -> None:
    """Assert that the index equals one that is built anew from the same files."""
    copy = Home(home.folder.with_name("anew"), **{**home.environment, "HOME": str(home.folder.with_name("anew"))})
    shutil.rmtree(copy.folder)
    shutil.copytree(home.folder, copy.folder)
    try:
        (kept,) = copy.index_files()
        before = dump(kept)
        shutil.rmtree(cache(copy))
        run(copy, "index", *sources)
        anew = dump(kept)
    finally:
        shutil.rmtree(copy.folder)
    different = [key for key in before.keys() | anew.keys() if before.get(key) != anew.get(key)]
    assert not different, f"the index is not as one built anew, in {sorted(different)[:5]}"


def _command(done: subprocess.CompletedProcess[str]) -> str:
    return "news-tui " + " ".join(map(str, done.args[1:]))
