"""Names on the command line become locations and collections."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.sources.files.test_folder import touch
from tui_reader.errors import SourceError
from tui_reader.sources.collection import open_collection
from tui_reader.sources.files.archive import ArchiveCollection
from tui_reader.sources.files.folder import FolderCollection
from tui_reader.sources.locations import resolve_locations


@pytest.fixture
def site(tmp_path: Path) -> Path:
    touch(tmp_path, "_news/2020/a.md", "_archive/_news/b.md", "other/c.md", "other.zip", ".hidden/d.md")
    return tmp_path


def named(site: Path, *names: str) -> list[str]:
    return [os.path.relpath(location, site) for location in resolve_locations(str(site / name) for name in names)]


def test_two_names_of_one_folder_are_one_location(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / "link").symlink_to("_news")
    assert named(site, "_news", "link", "_news/../_news/") == ["_news"]
    monkeypatch.chdir(site)
    monkeypatch.setenv("HOME", str(site))
    assert resolve_locations(["~/_news", "_news", "./_news"]) == [str(site / "_news")]


@pytest.mark.parametrize("inner", ["_news", "_news/2020", "_news/2020/a.md", "_archive"])
def test_a_folder_inside_another_is_dropped(site: Path, inner: str) -> None:
    assert named(site, inner, ".") == ["."]


@pytest.mark.parametrize("inner", ["other", "other/c.md", "other.zip", ".hidden"])
def test_a_path_that_the_outer_folder_does_not_read_is_kept(site: Path, inner: str) -> None:
    assert named(site, inner, ".") == [inner, "."]


@pytest.mark.parametrize(
    "name", ["", "nowhere", "~nobody-of-that-name/x", "nul\0l", "_news/2020/a.md/x", "loop", "esc\x1b[31m"]
)
def test_a_missing_path_is_an_error_in_one_line(site: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(site)
    Path("loop").symlink_to("loop")
    with pytest.raises(SourceError) as caught:
        resolve_locations([name])
    assert str(caught.value).isprintable()


def test_a_name_that_is_not_utf8_is_an_error(site: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    (site / name).mkdir()
    with pytest.raises(SourceError, match="UTF-8"):
        resolve_locations([str(site / name)])


def test_control_characters_in_names_are_made_visible(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m.png").touch()
    for name in ("a\x1b[31m.png", "gone\x1b[31m"):
        with pytest.raises(SourceError, match="␛"):
            open_collection(str(tmp_path / name))


def test_open_collection_chooses_the_kind(site: Path) -> None:
    assert isinstance(open_collection(str(site)), FolderCollection)
    assert isinstance(open_collection(str(site / "other.zip")), ArchiveCollection)
    with pytest.raises(SourceError, match="is gone"):
        open_collection(str(site / "nowhere"))
