"""Folders are compared part by part, and no change is missed by that."""

from __future__ import annotations

import os
import random
import zipfile
from pathlib import Path

import pytest

from tests.support.collections import write_article
from tests.support.index import indexed, opened
from tui_reader.model.query import Query
from tui_reader.pipeline import indexer
from tui_reader.storage.connection import open_index
from tui_reader.storage.open_files import Connection

_SECOND = 1_000_000_000  # nanoseconds


def put(folder: Path, number: int, title: str, changed: int) -> None:
    """Write an article of which the file was last changed at that time, in seconds."""
    path = folder / f"{number}.md"
    write_article(path, {"title": title, "webUrl": f"https://a.example/{number}"})
    os.utime(path, ns=(0, changed * _SECOND))


def titles(index: Path) -> list[str]:
    with opened(index) as (reader, _):
        numbers = reader.order(Query(folded=True))
        return sorted(row.title for row in reader.rows(numbers).values())


def test_a_file_that_is_put_back_as_it_was_is_read_again(tmp_path: Path) -> None:
    index, site = tmp_path / "i.db", tmp_path / "site"
    site.mkdir()
    for title, changed, read in (("Old", 1, 1), ("Old", 1, 0), ("New", 2, 1), ("Old", 1, 1), ("Old", 1, 0)):
        put(site, 1, title, changed)
        assert indexed(index, site).changed == read
        assert titles(index) == [title]


@pytest.mark.parametrize("seed", range(3))
def test_every_change_is_found(tmp_path: Path, seed: int) -> None:
    """Files come, change, go and come back, all with few different times of change."""
    rng = random.Random(seed)
    index, site = tmp_path / "i.db", tmp_path / "site"
    site.mkdir()
    there: dict[int, tuple[str, int]] = {}
    for _ in range(12):
        before = dict(there)
        for number in rng.sample(range(12), rng.randrange(4)):
            if number in there and rng.random() < 0.4:
                del there[number]
                (site / f"{number}.md").unlink()
            else:
                there[number] = f"Title {rng.randrange(2)}", rng.randrange(40)
                put(site, number, *there[number])
        done = indexed(index, site)
        assert done.total == len(there)
        assert done.removed == len(before.keys() - there.keys())
        again = {number for number in there if before.get(number, ("", -1))[1] != there[number][1]}
        assert done.changed == len(again)


def test_one_new_file_makes_few_others_be_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index, site = tmp_path / "i.db", tmp_path / "site"
    site.mkdir()
    for number in range(310):
        put(site, number, f"Article {number}", number)
    indexed(index, site)
    looked_up: list[int] = []

    def traced(path: Path) -> Connection:
        connection = open_index(path)
        connection.set_trace_callback(
            lambda statement: (
                looked_up.append(statement.count(",")) if statement.startswith("SELECT key, stamp") else None
            )
        )
        return connection

    monkeypatch.setattr(indexer, "open_index", traced)
    for new, most in ((None, 311), (None, 1), (400, 20), (None, 20), (None, 1)):
        looked_up.clear()
        if new is not None:
            put(site, new, "One more", new)
        assert indexed(index, site).changed == (new is not None)
        assert sum(looked_up) <= most


def test_a_source_that_comes_back_is_read_whole(tmp_path: Path) -> None:
    index = tmp_path / "i.db"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        put(tmp_path / name, 1, f"From {name}", 1)
    for names in (["one"], ["one"], ["two"], ["one"], ["two"]):
        indexed(index, *(tmp_path / name for name in names))
        assert titles(index) == [f"From {names[0]}"]


def test_metadata_of_nikola_in_a_file_of_their_own_belong_to_the_article(tmp_path: Path) -> None:
    index, posts = tmp_path / "i.db", tmp_path / "site" / "posts"
    posts.mkdir(parents=True)
    (tmp_path / "site" / "conf.py").write_text("SITE_URL = 'https://e.org/'\n")
    metadata = ".. title: {}\n.. date: 2024-01-02\n.. type: text\n"
    (posts / "rain.rst").write_text(".. image:: rain.png\n\nRain has *fallen*.\n")
    (posts / "snow.md").write_text("Snow has fallen.\n")
    (posts / "hail.md").write_text("# Hail\n\nIt fell.\n")
    os.mkfifo(posts / "hail.meta")
    (posts / "own.org").write_text("#+begin_comment\n.. title: Its own\n#+end_comment\n\nText.\n")
    for name in ("rain", "snow", "own"):
        (posts / f"{name}.meta").write_text(metadata.format(name.upper()))
    indexed(index, tmp_path / "site")
    assert titles(index) == ["Hail", "OWN", "RAIN", "SNOW"]
    assert indexed(index, tmp_path / "site").changed == 0
    (posts / "rain.meta").write_text(metadata.format("Much rain"))
    indexed(index, tmp_path / "site")
    assert titles(index) == ["Hail", "Much rain", "OWN", "SNOW"]
    (posts / "snow.meta").write_text("fileFormatVersion: 2\n")  # of another program
    indexed(index, tmp_path / "site")
    assert titles(index) == ["Hail", "Much rain", "OWN", "Snow"]
    # The same in an archive, where a change of the metadata is one of the article too.
    archive = tmp_path / "a.zip"
    for number, title in enumerate(("Much rain", "More rain")):
        (posts / "rain.meta").write_text(metadata.format(title))
        with zipfile.ZipFile(archive, "w") as packed:
            packed.write(posts.parent / "conf.py", "site/conf.py")
            for path in sorted(path for path in posts.iterdir() if path.is_file()):
                packed.write(path, f"site/posts/{path.name}")
        assert indexed(index, archive).changed == 4 - 3 * number
        assert titles(index) == sorted(["Hail", "OWN", title, "Snow"])
