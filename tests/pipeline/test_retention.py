"""What was fetched stays: with a list of sources that is lost, a store that is lost, and a clock that jumps."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.pipeline.test_refresher import DAY, Desk, headlines
from tests.support.collections import article_fields, file_name
from tests.support.feeds import archive, item, rss
from tests.support.servers import Site, page
from tui_reader.errors import SourceError
from tui_reader.model.preferences import Preferences
from tui_reader.pipeline.rebuild import rebuild_index
from tui_reader.sources.locations import RemotePaths
from tui_reader.storage.copies import kept_files
from tui_reader.storage.feed_store import FeedStore
from tui_reader.storage.put_back import put_back
from tui_reader.storage.restore import begin_anew
from tui_reader.subscriptions.selection import select_sources


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize("loss", ["missing", "empty", "another list"])
def test_without_the_list_of_sources_nothing_is_dropped(desk: Desk, site: Site, loss: str) -> None:
    desk.keep(site.put("/feed", page(rss(item(1), item(2))), page(rss(item(3)))))
    desk.refresh()
    listed = desk.folders.sources.read_bytes()
    if loss == "missing":
        desk.folders.sources.unlink()
    else:
        desk.folders.sources.write_bytes(b"")
    if loss == "another list":
        desk.keep(site.page("/other", rss(item(4))))
    for _ in range(10):
        desk.refresh(later=6 * DAY)
    desk.folders.sources.write_bytes(listed)
    desk.refresh(later=1)
    assert desk.titles() == headlines(3, 2, 1)


def test_saved_articles_of_a_source_missing_from_the_list_are_shown(desk: Desk, site: Site) -> None:
    feed = site.page("/feed", rss(item(1), item(2)))
    desk.keep(feed)
    desk.refresh()
    desk.refresh(later=1, offline=True)  # compares what is stored, and finds that the index has it all
    desk.mark(headlines(1)[0], saved=True)
    desk.folders.sources.unlink()
    desk.keep(site.page("/other", rss(item(3))))
    desk.refresh(later=1)
    assert desk.titles() == headlines(3, 1)
    desk.keep(feed)
    desk.refresh(later=2, offline=True)
    assert desk.titles() == headlines(3, 2, 1)


def test_a_source_added_again_within_a_month_has_all_its_articles(desk: Desk, site: Site) -> None:
    feed = site.put("/feed", page(rss(item(1), item(2))), page(rss(item(3))))
    desk.keep(feed, site.page("/other", rss(item(4))))
    desk.refresh()
    desk.mark(headlines(2)[0], read=True)
    desk.remove(feed)
    for _ in range(4):
        desk.refresh(later=7 * DAY)
        assert desk.titles() == headlines(4)
    desk.keep(feed)
    desk.refresh(later=DAY)
    assert desk.titles() == headlines(4, 3, 2, 1)
    assert [story.row.title for story in desk.stories() if story.row.read] == headlines(2)


def test_a_removed_source_is_dropped_after_a_month(desk: Desk, site: Site) -> None:
    feed = site.put("/feed", page(rss(item(1), item(2))), page(rss(item(2))))
    desk.keep(feed, site.page("/other", rss(item(4))))
    desk.refresh()
    desk.remove(feed)
    for _ in range(5):
        desk.refresh(later=7 * DAY)
    desk.keep(feed)
    desk.refresh(later=DAY)
    assert desk.titles() == headlines(4, 2)


def test_a_clock_that_jumps_drops_nothing(desk: Desk, site: Site) -> None:
    feed = site.put("/feed", page(rss(item(1), item(2))), page(rss(item(2))))
    gone = site.page("/gone", rss(item(3)))
    desk.keep(feed, gone, site.page("/other", rss(item(4))))
    desk.refresh()
    desk.remove(gone)
    for later in (400 * DAY, -400 * DAY, 400 * DAY, -399 * DAY):
        desk.refresh(later=later, force=True)
        assert desk.titles() == headlines(4, 2, 1)
    desk.keep(gone)
    desk.refresh(later=DAY)
    assert desk.titles() == headlines(4, 3, 2, 1)


def test_damage_that_hides_entries_is_called_damage(desk: Desk, site: Site) -> None:
    desk.keep(site.put("/feed", page(rss(item(1), item(2)))))
    desk.refresh()
    hide_entries(desk.folders.fetched)
    (failure,) = desk.refresh(offline=True).failures
    assert f"{desk.folders.fetched} is damaged" in failure
    assert "‘news-tui doctor’" in failure
    assert desk.titles() == headlines(2, 1)
    selection = select_sources((), desk.folders)
    with pytest.raises(SourceError, match=r"the index stays as it is: .* is damaged"):
        list(rebuild_index(selection.database, selection.locations, selection.remote, Preferences()))
    assert desk.titles() == headlines(2, 1)


@pytest.mark.parametrize("loss", ["missing", "empty", "without rows"])
def test_a_lost_store_beside_a_full_index_is_said_and_not_obeyed(desk: Desk, site: Site, loss: str) -> None:
    feed = site.put("/feed", page(rss(item(1), item(2))), page(rss(item(2), item(3))))
    desk.keep(feed)
    desk.refresh()
    desk.mark(headlines(1)[0], read=True)
    lose(desk.folders.fetched, loss)
    said = desk.refresh(offline=True).failures
    assert desk.titles() == headlines(2, 1)
    assert len(said) == 1
    assert str(desk.folders.fetched) in said[0]
    assert "doctor" in said[0]
    if loss != "without rows":
        assert len(site.requests) == 1  # nothing could be stored
        (kept,) = (kept for kept in kept_files(desk.folders) if kept.name == "fetched")
        begin_anew(kept)
    desk.refresh(later=1)
    for _ in range(20):
        (failure,) = desk.refresh(later=7 * DAY).failures
        assert "--put-back" in failure
    assert desk.titles() == headlines(3, 2, 1)
    with FeedStore.opened(desk.folders.fetched) as store:
        assert put_back(desk.folders.database((), kept=True), store, desk.now) == 1
    assert desk.refresh(later=1).failures == ()
    desk.folders.database((), kept=True).unlink()
    desk.refresh(later=1)
    assert desk.titles() == headlines(3, 2, 1)
    assert [story.row.title for story in desk.stories() if story.row.read] == headlines(1)


def lose(store: Path, loss: str) -> None:
    """Lose the feed store: the file, its contents, or the rows in it."""
    if loss == "without rows":
        db = sqlite3.connect(store)
        with db:
            db.execute("DELETE FROM entry")
            db.execute("DELETE FROM source")
        db.close()
        return
    for suffix in ("-wal", "-shm"):
        Path(f"{store}{suffix}").unlink(missing_ok=True)
    store.unlink()
    if loss == "empty":
        store.touch()


# -- downloads ---------------------------------------------------------------


def test_archives_whose_addresses_have_one_checksum_are_two_files(desk: Desk, tmp_path: Path) -> None:
    paths = RemotePaths(tmp_path / "fetched.db", tmp_path)
    first, second = "https://example.org/plumless.tar.gz", "https://example.org/buckeroo.tar.gz"
    # These two words have the same CRC-32, and so have the addresses that end alike.
    assert paths.old_archive(first) == paths.old_archive(second)
    assert paths.archive(first) != paths.archive(second)


def test_an_archive_downloaded_by_an_older_version_is_not_downloaded_again(desk: Desk, site: Site) -> None:
    packed = archive({file_name(number): article_fields(number, 3) for number in range(3)})
    location = site.page("/site.tar.gz", packed, kind="application/gzip", etag='"one"')
    desk.keep(location)
    desk.refresh()
    paths = RemotePaths(desk.folders.fetched, desk.folders.downloads)
    paths.archive(location).rename(paths.old_archive(location))
    done = desk.refresh(later=DAY)
    assert (done.changed, done.failures, len(desk.titles())) == (0, (), 3)
    assert site.requests[1].headers["if-none-match"] == '"one"'
    assert [path.name for path in desk.folders.downloads.iterdir()] == [paths.archive(location).name]


def hide_entries(path: Path) -> None:
    """Damage the pages of the entries and of their indexes so that SQLite lists none and reports nothing."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        pages = connection.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'entry'").fetchall()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    contents = bytearray(path.read_bytes())
    for (number,) in pages:
        cells = (number - 1) * size + 3  # the number of cells, in the header of a page
        contents[cells : cells + 2] = bytes(2)
    path.write_bytes(contents)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM entry").fetchone() == (0,)
