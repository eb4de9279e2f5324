"""What the program makes is for its owner only, and what it replaces is complete and keeps its mode."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.support.collections import make_collection
from tests.support.command import Home, command
from tui_reader.private_files import write_atomically


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_and_files_are_closed_to_others_at_any_umask(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    source = make_collection(tmp_path / "site", 3)
    for arguments in (["add", source], ["mute", "rain"], ["refresh"], ["refresh", "--json"]):
        subprocess.run([*command(), *arguments], env=home.environment, umask=0, check=True, capture_output=True)
    made = [path for path in home.folder.rglob("*") if not path.is_relative_to(source)]
    assert {"marks.db", "kept.db", "sources.toml", "marks.db.1", "kept.db.lock"} <= {path.name for path in made}
    assert {path.name: oct(mode(path)) for path in made if mode(path) != (0o700 if path.is_dir() else 0o600)} == {}


def test_a_mode_that_was_set_stays(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_atomically(file, "one")
    assert mode(file) == 0o600
    file.chmod(0o640)
    write_atomically(file, "two")
    assert (file.read_text(), mode(file)) == ("two", 0o640)
    write_atomically(file, "three", private=True)
    assert mode(file) == 0o600


def test_a_file_is_on_the_disk_before_it_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("old")
    synced: list[tuple[bool, str]] = []

    def sync(handle: int) -> None:
        synced.append((stat.S_ISDIR(os.fstat(handle).st_mode), file.read_text()))

    monkeypatch.setattr(os, "fsync", sync)
    write_atomically(file, "new")
    assert synced == [(False, "old"), (True, "new")]


def test_a_full_disk_is_told_with_the_name_of_the_file_which_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as raised:
        write_atomically(file, "new")
    assert raised.value.filename == str(file)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]
