"""What cannot be rebuilt is copied once a day; doctor finds damage and restores a copy."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.storage.test_upgrade import MARKS as OLDER_MARKS
from tests.support.collections import make_collection
from tests.support.command import Home
from tests.support.feeds import item, rss
from tests.support.servers import Site
from tui_reader.config import Folders
from tui_reader.storage.copies import make_copies

DAY = 86_400


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a source, a mark and a copy of both."""
    folder = tmp_path_factory.mktemp("before")
    home = Home(folder / "home")
    home.lines("add", make_collection(folder / "site", 3))
    home.lines("mute", "rain")
    home.lines("index")
    return home.folder


@pytest.fixture
def used(home: Home, before: Path) -> Home:
    """A home of one's own like that."""
    shutil.copytree(before, home.folder, dirs_exist_ok=True)
    return home


def data(home: Home) -> Path:
    return home.folder / ".local" / "share" / "news-tui"


def marks(home: Home) -> Path:
    return data(home) / "marks.db"


def cut(size: int) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, size)


def garble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:20_000] = os.urandom(20_000 - 4096)
    path.write_bytes(content)


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def remove(path: Path) -> None:
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


@pytest.mark.parametrize("damage", [remove, cut(0), cut(5000), garble, replace_by_folder])
def test_damaged_marks_are_told_kept_and_restored(used: Home, damage: Callable[[Path], None]) -> None:
    damage(marks(used))
    listed = used.run("stories")
    assert listed.returncode == 1
    assert len(listed.stdout.splitlines()) == 1  # one story, with or without marks
    assert str(marks(used)) in listed.stderr
    checked = used.run("doctor")
    assert checked.returncode == 1
    assert "‘news-tui doctor --restore marks’" in checked.stdout
    assert "‘news-tui doctor’ says" not in checked.stdout
    assert "1 muted" in checked.stdout  # the copy
    restored = used.run("doctor", "--restore", "marks")
    assert restored.returncode == 0, restored.stderr
    assert "1 muted" in restored.stdout
    assert [line.split()[-1] for line in used.lines("mute")] == ["rain"]
    aside = [path for path in data(used).iterdir() if "set-aside" in path.name]
    assert bool(aside) is (damage is not remove)


def test_a_copy_that_an_older_version_made_is_listed_and_restored(used: Home) -> None:
    copy = data(used) / "copies" / "marks.db.1"
    copy.unlink()
    with closing(sqlite3.connect(copy)) as connection:
        connection.executescript(OLDER_MARKS)
    assert "1 read, 1 saved, 2 corrected, 1 muted" in used.run("doctor").stdout
    used.lines("doctor", "--restore", "marks", "1")
    (address,) = (story["webUrl"] for story in used.objects("stories"))
    assert used.lines("mark", "tag", "linux", address) == ["tagged: 1 article"]
    assert "1 muted, 1 tagged" in used.run("doctor").stdout


def test_marks_without_a_copy_are_set_aside_on_request_only(used: Home) -> None:
    shutil.rmtree(data(used) / "copies")
    cut(5000)(marks(used))
    assert used.run("doctor", "--restore", "marks").returncode == 1
    assert marks(used).stat().st_size == 5000
    assert "--set-aside marks" in used.run("doctor").stdout
    used.lines("doctor", "--set-aside", "marks")
    assert used.run("stories").returncode == 0
    sizes = {path.suffix: path.stat().st_size for path in data(used).glob("marks.db.set-aside-*[0-9]")}
    assert list(sizes.values()) == [5000]


def test_a_lost_file_of_which_only_a_trace_is_left_is_not_begun_anew(home: Home, tmp_path: Path) -> None:
    home.lines("mute", "rain")
    remove(marks(home))
    assert "is gone" in home.run("mute", "snow").stderr
    assert not marks(home).exists()
    home.lines("doctor", "--set-aside", "marks")
    home.lines("mute", "snow")


@pytest.mark.parametrize("name", ["sources", "views", "accounts"])
def test_the_lists_of_sources_views_and_accounts_are_restored(used: Home, name: str) -> None:
    path = used.folder / ".config" / "news-tui" / f"{name}.toml"
    if name == "accounts":
        path.write_text('[[account]]\nname = "A"\nkind = "bazqux"\npassword = "x"\n')
        used.lines("index")
    if name == "views":
        path.write_text('[[view]]\nname = "Rain"\nquery = "rain"\n')
        used.lines("index")  # copies it
    before = path.read_text()
    broken = 'name = "Rain"\nquery = "rain"\n' if name == "views" else "[[view]\n"
    path.write_text(broken)
    told = [line for line in used.run("doctor").stdout.splitlines() if line.startswith(path.name)]
    assert len(told) == broken.count("\n")
    assert all(f"‘news-tui doctor --restore {name}’" in line for line in told)
    used.lines("doctor", "--restore", name, "1")
    assert path.read_text() == before


def test_a_copy_for_which_there_is_no_room_leaves_the_file_as_it_is(used: Home) -> None:
    sources = used.folder / ".config" / "news-tui" / "sources.toml"
    sources.write_text("[[source]\n")
    with (data(used) / "copies" / "sources.toml.1").open("a") as copy:
        copy.write("#" * 200_000)
    failed = used.shell("ulimit -f 100; $NEWS doctor --restore sources")  # in KB
    assert failed.returncode == 1
    assert failed.stderr.startswith(f"news-tui: {sources} stays as it is: ")
    assert "copies/sources.toml.1 could not be copied to its folder: File too large" in failed.stderr
    assert [path.name for path in sources.parent.iterdir()] == ["sources.toml"]
    assert sources.read_text() == "[[source]\n"


def test_a_list_of_sources_that_is_gone_with_its_folder_is_told(used: Home) -> None:
    config = used.folder / ".config" / "news-tui"
    assert [path.name for path in config.iterdir()] == ["sources.toml"]
    shutil.rmtree(config)
    checked = used.run("doctor")
    assert checked.returncode == 1
    (line,) = (line for line in checked.stdout.splitlines() if line.startswith("sources.toml"))
    assert "gone → ‘news-tui doctor --restore sources’" in line


def test_doctor_refuses_what_it_does_not_know(used: Home) -> None:
    assert used.run("doctor", "--restore", "index").returncode == 1
    assert "no copy 3" in used.run("doctor", "--restore", "marks", "3").stderr
    assert used.run("doctor", "3").returncode == 2


# -- how copies are made -------------------------------------------------------


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    made = Folders(*(tmp_path / name for name in ("config", "data", "cache", "state")))
    made.config.mkdir()
    return made


def write_sources(folders: Folders, number: int) -> None:
    text = "".join(f'[[source]]\nlocation = "/{index}"\n' for index in range(number))
    folders.sources.write_text(text)


def copies(folders: Folders) -> list[int]:
    """Return how many sources each copy of the list has, the newest first."""
    paths = (folders.data / "copies" / f"sources.toml.{number}" for number in (1, 2, 3))
    return [path.read_text().count("[[") for path in paths if path.exists()]


def test_a_copy_is_made_once_a_day_and_three_are_kept(folders: Folders) -> None:
    now = time.time()
    for day, expected in enumerate([[10], [11, 10], [12, 11, 10], [13, 12, 11]]):
        write_sources(folders, 10 + day)
        for hour in (0, 5):
            assert make_copies(folders, now + day * DAY + hour * 3600) == []
            write_sources(folders, 30)  # not copied on the same day
            assert copies(folders) == expected
    write_sources(folders, 13)
    make_copies(folders, now + 9 * DAY)
    assert copies(folders) == [13, 12, 11]  # the same again takes no place


def test_a_clock_that_was_set_back_does_not_stop_the_copies(folders: Folders) -> None:
    now = time.time()
    write_sources(folders, 10)
    make_copies(folders, now)
    write_sources(folders, 11)
    make_copies(folders, now - 90 * DAY)
    assert copies(folders) == [11, 10]


def test_an_emptied_or_damaged_file_replaces_no_copy(folders: Folders) -> None:
    now = time.time()
    for day in range(3):
        write_sources(folders, 100 + day)
        make_copies(folders, now + day * DAY)
    for day, text in enumerate(["", "[[", "# only a remark\n"], 3):
        folders.sources.write_text(text)
        make_copies(folders, now + day * DAY)
        assert copies(folders) == [102, 101, 100]
    folders.sources.unlink()
    assert make_copies(folders, now + 9 * DAY) == []
    for day in range(10, 20):  # somebody begins again after a loss: the last that was complete stays
        write_sources(folders, day - 9)
        make_copies(folders, now + day * DAY)
    assert copies(folders) == [10, 9, 102]
    for day in range(20, 23):  # grown to half of that, it is no longer needed
        write_sources(folders, 50 + day)
        make_copies(folders, now + day * DAY)
    assert copies(folders) == [72, 71, 70]


def test_a_copy_has_what_is_still_in_the_log_and_stands_alone(folders: Folders) -> None:
    from tui_reader.storage.connection import open_marks

    with closing(open_marks(folders.marks)) as writer:
        writer.execute("INSERT INTO mute VALUES ('keyword', 'rain')")
        assert make_copies(folders) == []
    folder = folders.data / "copies"
    with closing(sqlite3.connect(f"{(folder / 'marks.db.1').as_uri()}?immutable=1", uri=True)) as copy:
        assert copy.execute("SELECT word FROM mute").fetchall() == [("rain",)]
    assert sorted(path.name for path in folder.iterdir()) == ["marks.db.1", "marks.db.known"]


def test_lost_fetched_articles_are_told_and_not_begun_anew(home: Home, site: Site) -> None:
    home.lines("add", site.page("/feed", rss(item(1), item(2))))
    home.lines("refresh")
    fetched = data(home) / "fetched.db"
    asked = len(site.requests)
    cut(0)(fetched)
    done = home.run("sources")
    assert done.returncode == 1
    assert str(fetched) in done.stderr
    assert done.stdout  # what is known is still printed
    remove(fetched)
    assert home.run("refresh", "--force").returncode == 1
    assert len(site.requests) == asked  # what it brings could not be stored
    assert "fetched.db      gone" in home.run("doctor").stdout
    done = home.run("stories")
    assert done.returncode == 1
    assert done.stdout


def test_each_mistake_in_a_written_file_is_told(home: Home) -> None:
    folder = home.folder / ".config" / "news-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('brwoser = "x"\n[keys]\nopn = "o"\n[list]\nlines = 9\n')
    (folder / "views.toml").write_text('[[view]]\nname = "Mine"\nquery = "titel:x"\n')
    (folder / "topics.toml").write_text('[[topic]]\nname = "A"\nkeyword = 1\nparent = 3\n')
    good = '[[account]]\nname = "A"\nkind = "bazqux"\npassword = "x"\n'
    (folder / "accounts.toml").write_text(f'{good}[[account]]\nname = "B"\nkind = "bazquux"\n')
    (folder / "accounts.toml").chmod(0o644)
    done = home.run("doctor")
    assert done.returncode == 1
    files = ("config.toml", "views.toml", "topics.toml", "accounts.toml")
    told = [line for line in done.stdout.splitlines() if line.startswith(files)]
    (exposed,) = [line for line in told if "other users can read the passwords in it" in line]
    told.remove(exposed)
    assert exposed.startswith("accounts.toml")
    assert len(told) == 7
    assert all("→ correct the line" in line for line in told)
    for words in (
        "config.toml:1: unknown",
        "config.toml:5: lines in",
        "config.toml:3: there is no command",
        "views.toml:3: view ‘Mine’: there is no field ‘titel:’",
        "topics.toml:4: ",
        "accounts.toml:7: account ‘B’: unknown kind",
    ):
        assert any(words in line for line in told), words
