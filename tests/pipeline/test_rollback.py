"""A source that is refused midway leaves nothing behind: not in the index, and not in what is read after it."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from tests.support.collections import article_fields, file_name, front_matter, make_collection
from tests.support.command import Home
from tests.support.index import dump
from tui_reader.pipeline.indexer import update_index

SOME = 90
MANY = 3000  # articles: several batches, written one after the other in one transaction


def pack(path: Path, articles: int, *, outside: bool = False, **fields: object) -> Path:
    """Write an archive of a site; with a last member that lies ``outside``, it is refused when all else was read."""
    files = {
        f"site/_news/{number // 500}/{file_name(number)}": front_matter(article_fields(number, articles, **fields))
        for number in range(articles)
    }
    if outside:
        files["../evil.md"] = front_matter({"title": "Evil"})
    with tarfile.open(path, "w") as tar:
        for name, text in files.items():
            data = text.encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_refused_archive_of_many_batches_leaves_the_index_as_it_was(home: Home, tmp_path: Path) -> None:
    packed = pack(tmp_path / "site.tar", 30)
    home.lines("index", packed)
    before = home.lines("stories", packed, "--folded", "--sort", "newest")
    assert len(before) == 30
    pack(packed, MANY, outside=True)
    done = home.run("index", packed)
    assert (done.returncode, "lies outside of the archive" in done.stderr) == (1, True)
    assert done.stdout.startswith("30 articles, 10 stories · 0 files read, 0 gone · no problems")
    pack(packed, 30)
    assert home.lines("index", packed)[0].startswith("30 articles, 10 stories")
    assert home.lines("stories", packed, "--folded", "--sort", "newest") == before


@pytest.mark.parametrize("refused_first", [True, False])
def test_what_is_read_after_a_refused_archive_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused_first: bool
) -> None:
    """The folder has articles, topics and related entries of the archive: none of them is there already."""
    monkeypatch.setattr("tui_reader.pipeline.indexer._JOB", 4)  # so that several are written before the refusal
    site = make_collection(tmp_path / "site", 9, site=False)
    for number in range(3):
        (site / file_name(number)).unlink()
    packed = pack(tmp_path / "site.tar", SOME, outside=True, topics=["Snow", "Hail", "Rain", "Weather"])
    sources = [str(packed), str(site)]
    *_, last = update_index(tmp_path / "both.db", sources if refused_first else sources[::-1])
    assert (len(last.failures), last.changed) == (1, 6)
    *_, last = update_index(tmp_path / "one.db", [str(site)])
    assert last.failures == ()
    both, one = dump(tmp_path / "both.db"), dump(tmp_path / "one.db")
    assert {name for name in one if both[name] != one[name]} <= {"summary"}
