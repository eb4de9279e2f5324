"""What is kept together of the articles of each day is what they are now, whatever has happened to them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.pipeline.test_clusterer import write, write_rated
from tests.support.index import dump
from tui_reader.model.preferences import Preferences
from tui_reader.pipeline.indexer import update_index
from tui_reader.storage.clustered_days import ClusteredDays
from tui_reader.storage.connection import open_index
from tui_reader.stories.similarity import HEAD, STEM_BYTES, head_of


def update(index: Path, *sources: Path, apart: Sequence[Path] = ()) -> None:
    """Update ``index``, keeping some of its sources apart."""
    preferences = Preferences(sources_apart=frozenset(map(str, apart)))
    *_, progress = update_index(index, [str(source) for source in sources], preferences=preferences)
    assert progress.finished


def kept_days(index: Path) -> int:
    """Check that the days that are kept are as if they were made now; return how many have articles."""
    with closing(open_index(index)) as connection:
        days = ClusteredDays(connection, head_of, head=HEAD, stems=STEM_BYTES)
        (kept,) = connection.execute("SELECT count(*) FROM clustered_day WHERE articles <> x''").fetchone()
        first, last = connection.execute("SELECT min(published), max(published) + 86400 FROM assignment").fetchone()
        connection.execute("BEGIN")
        known = days.read(first, last)
        connection.execute("DELETE FROM clustered_day")
        assert days.read(first, last) == known
        connection.execute("ROLLBACK")
    return int(kept)


def test_a_day_is_made_again_when_one_of_its_articles_changes(tmp_path: Path) -> None:
    wire, blog, site, index = tmp_path / "wire", tmp_path / "blog", tmp_path / "site", tmp_path / "index.db"
    sources = wire, blog, site
    site.mkdir()
    for number in range(6):
        write(wire if number % 2 else blog, number, number, 24 * number)
    late = 24 * 10

    def changed(apart: Sequence[Path] = ()) -> int:
        """Update the index, then again with a later article, for which the days before are kept."""
        nonlocal late
        late += 24
        update(index, *sources, apart=apart)
        kept_days(index)
        write(wire, late, 6, late)
        update(index, *sources, apart=apart)
        update(tmp_path / f"{late}.db", *sources, apart=apart)
        assert dump(index) == dump(tmp_path / f"{late}.db")
        return kept_days(index)

    assert changed() == 6
    write(wire, 1, 1, 24 * 3 + 1)  # another date, on a day that is kept
    assert changed() == 6  # one day less, and the later article of before
    write(blog, 2, 3, 24 * 2)  # another text
    assert changed() == 7
    (wire / "3.md").unlink()
    assert changed() == 8
    assert changed(apart=[blog]) == 6  # nobody may join what is apart
    assert changed() == 10
    write_rated(site, 4, 4, 24 * 4, webUrl="https://wire4.example/4")  # the source decides about its story
    assert changed() == 11
    (site / "4.md").unlink()
    assert changed() == 12
