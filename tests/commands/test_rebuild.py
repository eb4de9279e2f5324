"""``news-tui index --rebuild``: the old index stays until the new one is complete."""

from __future__ import annotations

import shutil
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.collections import article_fields, file_name, make_collection
from tests.support.command import Home
from tests.support.feeds import archive, item, rss
from tests.support.servers import Site
from tui_reader.model.query import Query
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.export import ExportReader
from tui_reader.storage.generations import generation


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def files(home: Home) -> set[str]:
    return {path.name for path in (home.folder / ".cache" / "news-tui").iterdir()}


def titles(home: Home) -> list[str]:
    return sorted(story["title"] for story in home.objects("stories", "--folded"))


def test_a_source_that_cannot_be_read_leaves_the_index_as_it_is(home: Home, tmp_path: Path) -> None:
    one, other = make_collection(tmp_path / "one", 3), make_collection(tmp_path / "other", 6, site=False)
    home.lines("add", one, other)
    before = titles(home)
    shutil.move(other, tmp_path / "elsewhere")
    done = home.run("index", "--rebuild")
    assert (done.returncode, done.stdout) == (1, "")
    assert str(other) in done.stderr
    assert "the index stays as it is" in done.stderr
    assert titles_without_update(home) == before
    shutil.move(tmp_path / "elsewhere", other)
    assert "9 files read" in home.lines("index", "--rebuild")[0]
    assert titles(home) == before


def titles_without_update(home: Home) -> list[str]:
    """The titles in the index as it is now."""
    (index,) = home.index_files()
    with closing(open_index(index)) as connection:
        attach_marks(connection, home.folder / ".local" / "share" / "news-tui" / "marks.db")
        reader = ExportReader(connection)
        return sorted(row.title for row in reader.rows(reader.order(Query(folded=True))).values())


@pytest.mark.parametrize("command", [("index", "--rebuild"), ("index",), ("stories",)])
def test_a_folder_in_the_place_of_the_index_is_set_aside(home: Home, tmp_path: Path, command: tuple[str, ...]) -> None:
    home.lines("add", make_collection(tmp_path / "one", 3))
    before = titles(home)
    (index,) = home.index_files()
    for path in index.parent.glob(f"{index.name}*"):
        path.unlink()
    index.mkdir()
    (index / "of-another-program").write_text("stays")
    home.lines(*command)
    assert titles(home) == before
    assert index.is_file()
    assert (index.parent / f"{index.name}.folder" / "of-another-program").read_text() == "stays"


def test_a_damaged_archive_leaves_the_index_as_it_is(home: Home, site: Site) -> None:
    packed = archive({file_name(number): article_fields(number, 3) for number in range(3)})
    home.lines("add", site.page("/site.tar.gz", packed, kind="application/gzip"))
    home.lines("refresh")
    before = titles(home)
    (download,) = (home.folder / ".local" / "share" / "news-tui" / "downloads").iterdir()
    download.write_bytes(download.read_bytes()[:-40])
    assert "the index stays as it is" in home.run("index", "--rebuild").stderr
    assert titles_without_update(home) == before
    download.unlink()
    assert "must be downloaded again" in home.run("index", "--rebuild").stderr
    assert titles_without_update(home) == before


@pytest.mark.parametrize("loss", ["missing", "another"])
def test_articles_that_only_the_index_has_are_not_thrown_away(home: Home, site: Site, loss: str) -> None:
    home.lines("add", site.page("/feed", rss(item(1), item(2))))
    home.lines("refresh")
    before = titles(home)
    store = home.folder / ".local" / "share" / "news-tui" / "fetched.db"
    for path in store.parent.glob("fetched.db*"):
        path.unlink()
    if loss == "another":
        site.page("/feed", rss(item(3)))
        home.run("doctor", "--set-aside", "fetched")
        home.run("refresh")
        before = titles_without_update(home)
        assert len(before) == 3
    done = home.run("index", "--rebuild")
    assert done.returncode == 1
    assert "fetched.db" in done.stderr
    assert "doctor" in done.stderr
    assert titles_without_update(home) == before
    if loss == "another":
        assert "2 articles of the index are missing" in home.run("doctor").stdout
        assert home.lines("doctor", "--put-back") == ["2 articles of the index are in fetched.db again"]
        assert "missing" not in home.run("doctor").stdout
        home.lines("index", "--rebuild")
        assert titles(home) == before


def test_a_rebuild_that_is_stopped_changes_nothing(home: Home, tmp_path: Path) -> None:
    source = make_collection(tmp_path / "site", 400)
    home.lines("add", source)
    before = titles(home)
    with home.start("index", "--rebuild", "--json") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert titles_without_update(home) == before
    home.lines("index", "--rebuild")
    assert not [name for name in files(home) if ".new" in name]


def test_an_open_reader_of_the_index_sees_the_old_one_and_then_the_new_one(home: Home, tmp_path: Path) -> None:
    home.lines("add", make_collection(tmp_path / "site", 3))
    home.lines("index")
    (index,) = home.index_files()
    with closing(open_index(index)) as connection, closing(open_index(index)) as other:
        before = generation(connection)
        connection.execute("BEGIN")
        seen = connection.execute("SELECT count(*) FROM article").fetchone()
        with home.start("index", "--rebuild") as process:
            while generation(other) == before:
                assert process.poll() in {None, 0}
                time.sleep(0.01)
            assert generation(connection) == before
            connection.execute("COMMIT")
            process.communicate()
        assert process.returncode == 0
        assert generation(connection) not in {None, before}
        assert connection.execute("SELECT count(*) FROM article").fetchone() == seen


def test_a_missing_folder_is_told_once_with_what_to_do(home: Home, tmp_path: Path) -> None:
    one = make_collection(tmp_path / "one", 3)
    home.lines("add", one)
    home.lines("index")
    shutil.move(one, tmp_path / "elsewhere")
    told = home.run("index", "--rebuild").stderr
    assert told == (
        f"news-tui: the index stays as it is: {one} is gone: put it back, or remove the source with ‘news-tui remove’\n"
    )
