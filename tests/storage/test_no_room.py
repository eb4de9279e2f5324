"""On a disk that is full or read-only, what is there can be read, and what cannot be stored is said."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.collections import make_collection
from tests.support.command import Home

_MOUNT, _UNMOUNT = shutil.which("mount"), shutil.which("umount")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with little room, where one may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if _MOUNT is None or _UNMOUNT is None:
        pytest.skip("there is no mount")
    done = subprocess.run([_MOUNT, "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], check=False)
    if done.returncode:
        pytest.skip("only root may mount a disk")
    yield folder
    subprocess.run([_UNMOUNT, str(folder)], check=True)


def test_a_full_or_read_only_disk_lets_people_read(small: Path, tmp_path: Path) -> None:
    home = Home(small / "home")
    home.lines("add", make_collection(tmp_path / "site", 3))
    home.lines("mute", "rain")
    expected = home.lines("stories")
    with (small / "fill").open("wb", buffering=0) as fill, pytest.raises(OSError, match="No space left"):
        while True:
            fill.write(bytes(4096))
    _check(home, expected, "the disk is full")
    (small / "fill").unlink()
    assert home.run("stories").stderr == ""
    subprocess.run([_MOUNT or "", "-o", "remount,ro", str(small)], check=True)
    _check(home, expected, "its disk is read-only")


def _check(home: Home, expected: list[str], words: str) -> None:
    listed = home.run("stories")
    assert listed.stdout.splitlines() == expected
    assert words in listed.stderr
    muted = home.run("mute", "snow")
    assert (muted.returncode, muted.stdout) == (1, "")
    assert muted.stderr.startswith("news-tui: not saved: ")
    assert words in muted.stderr
    assert "marks.db" in muted.stderr
