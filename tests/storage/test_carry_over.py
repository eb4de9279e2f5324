"""Files without address and date are articles of their own, and keep the marks that they had by their titles."""

from __future__ import annotations

from pathlib import Path

from tests.support.index import Store, indexed, opened
from tui_reader.model.fingerprint import page_id
from tui_reader.model.query import Query

READ = 1_790_000_000


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntitle: Overview\n---\nAbout {name}.\n")


def read(store: Store) -> dict[str, bool]:
    """Return which articles are read, by their excerpts."""
    rows = store.reader.rows(store.reader.order(Query(folded=True)))
    return {row.excerpt: row.read for row in rows.values()}


def test_two_files_with_one_title_are_two_articles(tmp_path: Path) -> None:
    folder, index = tmp_path / "notes", tmp_path / "index.db"
    write(folder, "one.md")
    indexed(index, folder)
    with opened(index) as store:
        store.marks.set_read(store.reader.order(Query(folded=True)), READ)
    write(folder, "a/one.md", "two.md")
    indexed(index, folder)
    with opened(index) as store:
        assert read(store) == {"About one.md.": True, "About a/one.md.": False, "About two.md.": False}


def test_marks_by_the_title_alone_move_to_the_file_that_was_shown(tmp_path: Path) -> None:
    folder, index = tmp_path / "notes", tmp_path / "index.db"
    write(folder, "one.md", "two.md")
    indexed(index, folder)
    for _ in range(2):
        with opened(index) as store:
            store.marks._db.execute(
                "INSERT OR IGNORE INTO marks.mark (page, address, read) VALUES (?, 'text:None:Overview', ?)",
                (page_id("text:None:Overview"), READ),
            )
            assert store.marks.carry_over() == 1
            assert read(store) == {"About one.md.": False, "About two.md.": True}
            # Marks of this version stay where they are.
            store.marks.set_read(store.reader.order(Query(folded=True)), None)
            store.marks.set_read(store.reader.order(Query(folded=True)), READ)
            assert store.marks.carry_over() == 0
            store.marks.set_read(store.reader.order(Query(folded=True)), None)
            store.marks._db.execute("DELETE FROM marks.mark")
