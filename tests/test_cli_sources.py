"""``news-tui add``, ``remove`` and ``sources``."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.making import file_name, front_matter, make_collection
from tests.running import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return make_collection(tmp_path / "site")


def failure(home: Home, *arguments: str | Path) -> str:
    done = home.run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("news-tui: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_what_is_added_opens_when_nothing_is_named(home: Home, source: Path) -> None:
    assert home.lines("add", source) == [f"added {source}"]
    assert home.lines("sources") == [str(source)]
    done = home.run("stories")
    assert len(done.stdout.splitlines()) == 4
    assert done.stderr == ""


def test_real_paths_are_kept_and_each_once(home: Home, source: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(source)
    assert home.run("add", "../site", cwd=home.folder).stdout == f"added {source}\n"
    assert home.lines("add", tmp_path / "link") == [f"already kept: {source}"]
    assert home.lines("sources") == [str(source)]


def test_several_at_once_in_their_order(home: Home, source: Path, tmp_path: Path) -> None:
    second = make_collection(tmp_path / "another", 3, site=False)
    archive = tmp_path / "third.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(source / "_news" / file_name(0), "only.md")
    home.run("add", source, second, archive)
    assert home.lines("sources") == [str(source), str(second), str(archive)]
    assert home.objects("sources")[2] == {"location": str(archive), "there": True}


def test_a_folder_inside_a_kept_one_is_not_read_twice(home: Home, source: Path) -> None:
    home.run("add", source / "_news")
    home.run("add", source)
    assert " 12 files read" in home.lines("index")[0]


def test_unfit_sources_are_refused_and_nothing_is_kept(home: Home, source: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "one.md").write_text("# no front matter\n")
    (notes / "two.md").write_text("nor here\n")
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(b"no zip")
    blank = tmp_path / "blank.zip"
    with zipfile.ZipFile(blank, "w") as packed:
        packed.writestr("image.png", b"")
    climbing = tmp_path / "climbing.zip"
    with zipfile.ZipFile(climbing, "w") as packed:
        packed.writestr("../out.md", front_matter({"title": "Out"}))
    for unfit in (empty, notes, picture, damaged, blank, climbing, tmp_path / "missing"):
        assert str(unfit) in failure(home, "add", source, unfit)
    assert "2 Markdown files" in failure(home, "add", notes)
    assert home.run("sources").stdout == ""


def test_sources_of_nobody_say_how_to_add_one(home: Home) -> None:
    done = home.run("sources")
    assert (done.returncode, done.stdout) == (0, "")
    assert "news-tui add" in done.stderr
    assert home.run("sources", "--json").stderr == ""


@pytest.mark.parametrize("name", ["as typed", "real", "link", "relative"])
def test_remove_by_any_name(home: Home, source: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "link").symlink_to(source)
    home.run("add", source)
    names: dict[str, str | Path] = {
        "as typed": source,
        "real": source.resolve(),
        "link": tmp_path / "link",
        "relative": "../site/../site",
    }
    assert home.lines("remove", names[name]) == [f"removed {source}"]
    assert home.run("sources").stdout == ""


def test_remove_what_is_gone(home: Home, source: Path, tmp_path: Path) -> None:
    home.run("add", source)
    shutil.rmtree(source)
    assert home.lines("sources") == [f"{source}  (gone)"]
    assert home.lines("remove", os.path.relpath(source, home.folder)) == [f"removed {source}"]


def test_remove_what_was_never_kept(home: Home, source: Path, tmp_path: Path) -> None:
    home.run("add", source)
    assert "news-tui sources" in failure(home, "remove", source, tmp_path / "other")
    assert home.lines("sources") == [str(source)]


def test_the_rest_of_the_file_stays_as_it_was(home: Home, source: Path) -> None:
    file = home.folder / ".config" / "news-tui" / "sources.toml"
    file.parent.mkdir(parents=True)
    file.write_text('# mine\n[[source]]\nlocation = "/old"  # gone since May\n')
    home.run("add", source)
    home.run("remove", source)
    assert file.read_text().strip() == '# mine\n[[source]]\nlocation = "/old"  # gone since May'


def test_marks_survive_removing_and_adding(home: Home, source: Path) -> None:
    home.run("add", source)
    home.run("stories")
    marks = home.folder / ".local" / "share" / "news-tui" / "marks.db"
    before = marks.read_bytes()
    home.run("remove", source)
    home.run("index")
    assert marks.read_bytes() == before
