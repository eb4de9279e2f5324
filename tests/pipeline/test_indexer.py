"""Indexing: an index that was updated, interrupted or stopped equals one built anew."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.collections import entry_fields, front_matter, make_collection, write_article
from tests.support.command import TIMEOUT
from tests.support.feeds import item, rss
from tests.support.index import dump, indexed, opened
from tui_reader.model.query import Query, Sort
from tui_reader.pipeline import indexer, parse_pool, plan
from tui_reader.pipeline.indexer import update_index
from tui_reader.storage.connection import open_index
from tui_reader.storage.index_writer import IndexWriter

PAGES = range(5)


def page(number: int, form: str = "{}") -> str:
    return form.format(f"example.com/p{number}")


FORMS = [
    {"webUrl": "https://{}"},
    {"webUrl": "http://www.{}/?utm_source=x#top"},
    {"originalUrl": "https://{}"},
    {"webUrl": "https://example-com.cdn.ampproject.org/c/s/{}"},
    {"ampWebUrl": "https://m.{}/mobile"},  # another page key for the same article
]


def entry(number: int, form: dict[str, str]) -> dict[str, Any]:
    urls = {name: page(number, pattern) for name, pattern in form.items()}
    facts = {"title": f"Entry {number}", "excerpt": "What an entry says.", "quality": number}
    return facts | {"provider": {"name": "Entry News"}, "publishedDateTime": "2020-01-01"} | urls


@st.composite
def articles(draw: st.DrawFn) -> str:
    number = draw(st.sampled_from(PAGES))
    related = draw(st.lists(st.builds(entry, st.sampled_from(PAGES), st.sampled_from(FORMS)), max_size=4))
    fields = {
        "title": draw(st.sampled_from(["Title", "Title two", ""])),
        "excerpt": "Excerpt",
        "webUrl": page(number, "https://{}"),
        "ampWebUrl": page(number, "https://m.{}/mobile"),
        "originalUrl": draw(st.none() | st.just(page(number, "https://www.{}"))),
        "publishedDateTime": draw(st.sampled_from([None, "2020-01-01", "2020-01-02", "2020-01-09", "2020-03-01"])),
        "quality": draw(st.sampled_from([None, 0, 5, "none"])),
        "heat": draw(st.sampled_from([None, -1, 0, 40])),
        "published": draw(st.sampled_from([None, True, False])),
        "topics": draw(st.lists(st.sampled_from(["AI", "IoT", "Law"]), max_size=3)),
        "provider": draw(st.sampled_from([None, {"name": "B News"}, {"name": "a news"}])),
        "related": related,
    }
    return front_matter({k: v for k, v in fields.items() if v is not None}, draw(st.sampled_from(["", "Body."])))


NAMES = ["one/a.md", "one/b.md", "one/c.md", "two/a.md", "two/d.md"]
edit = st.tuples(
    st.sampled_from(NAMES),
    articles() | st.none() | st.just("bad"),
    st.sampled_from(["", "", "run", "break off", "one only"]),
)


class Desk:
    """Two folders to edit and an index of both to update."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.index = root / "kept.db"
        self.now = 0
        self.good: set[str] = set()
        for name in NAMES:
            (root / name).parent.mkdir(exist_ok=True)

    def sources(self) -> list[Path]:
        return [self.root / "one", self.root / "two"]

    def put(self, name: str, text: str | None) -> None:
        path = self.root / name
        self.now += 1
        if text is None:
            path.unlink(missing_ok=True)
        elif text != "bad" or name not in self.good:
            # An invalid file keeps the article it had, which an index built anew cannot have.
            path.write_text(text)
            self.good |= {name} if text != "bad" else set()
            os.utime(path, (self.now, self.now))

    def run(self, how: str) -> None:
        if how == "run":
            indexed(self.index, *self.sources())
        elif how == "one only":
            indexed(self.index, self.root / "one")
        elif how == "break off":
            steps = update_index(self.index, [str(source) for source in self.sources()])
            assert isinstance(steps, Generator)
            next(steps)
            next(steps, None)
            steps.close()

    def check(self) -> None:
        indexed(self.index, *self.sources())
        anew = self.root / "anew.db"
        indexed(anew, *self.sources())
        kept, made = dump(self.index), dump(anew)
        assert kept == made
        for index in (self.index, anew):
            assert indexed(index, *self.sources()).changed == 0
            with closing(open_index(index)) as connection:
                assert IndexWriter(connection).settle() == []
        with opened(self.index) as (reader, _):
            for folded in (False, True):
                for count in reader.topics(Query(folded=folded)):
                    query = Query(topic=count.topic.name, folded=folded)
                    assert count.stories == len(reader.order(query)) == reader.count(query)


@settings(deadline=None, max_examples=10)
@given(st.lists(edit, max_size=14))
def test_an_updated_index_equals_one_built_anew(edits: list[tuple[str, str | None, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        for name, text, how in edits:
            desk.put(name, text)
            desk.run(how)
        desk.check()


def titles(index: Path, query: Query = Query(folded=True)) -> list[str]:  # noqa: B008
    with opened(index) as (reader, _):
        numbers = reader.order(query)
        rows = reader.rows(numbers)
        return [rows[number].title for number in numbers]


def problems(index: Path) -> list[tuple[str, int, str]]:
    with opened(index) as (reader, _):
        return [(problem.path, problem.line, problem.reason) for problem in reader.problems()]


def archive(path: Path, folder: Path) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        tar.add(folder, path.name.split(".")[0])
    return path


def test_unchanged_files_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_collection(tmp_path / "site", 12)
    first = indexed(tmp_path / "i.db", site)
    assert (first.total, first.changed, first.removed) == (12, 12, 0)
    again = indexed(tmp_path / "i.db", site)
    assert (again.total, again.changed, again.removed) == (12, 0, 0)
    write_article(site / "_news" / "2024-03-01-report-1.md", entry_fields(1) | {"title": "Changed"})
    (site / "_news" / "2024-03-01-report-2.md").unlink()
    read: list[str] = []

    def noted(root: str, path: str) -> bytes:
        read.append(path)
        return (Path(root) / path).read_bytes()

    monkeypatch.setattr(parse_pool, "read_file", noted)
    third = indexed(tmp_path / "i.db", site)
    assert (third.total, third.changed, third.removed) == (11, 1, 1)
    # The changed file, and the one that lists the removed article as related: only its entry is left.
    assert read == ["_news/2024-03-01-report-1.md", "_news/2024-03-01-report-0.md"]


def test_the_later_of_two_files_of_a_page_wins_and_either_can_publish_it(tmp_path: Path) -> None:
    def put(name: str, day: int, shown: bool, heat: int) -> None:
        fields = {"title": f"{name} {day}", "webUrl": "https://a.example/x", "publishedDateTime": f"2020-01-{day:02}"}
        write_article(tmp_path / "news" / name, fields | {"published": shown, "heat": heat})
        indexed(tmp_path / "i.db", tmp_path / "news")

    def seen() -> tuple[str, bool, int | None]:
        with opened(tmp_path / "i.db") as (reader, _):
            (number,) = reader.order(Query(folded=True))
            row = reader.rows([number])[number]
            return row.title, row.shown, row.heat

    put("b.md", 2, False, -1)
    put("a.md", 1, True, 30)
    assert seen() == ("b.md 2", True, 30)
    put("c.md", 1, True, 50)
    assert seen() == ("b.md 2", True, 50)
    put("a.md", 3, True, 20)
    assert seen() == ("a.md 3", True, 20)
    put("a.md", 1, False, -1)
    put("c.md", 1, False, -1)
    assert seen() == ("b.md 2", False, -1)
    put("b.md", 1, False, -1)
    assert seen()[0] == "c.md 1"  # the last by name among those of the same date


def test_a_file_that_becomes_invalid_keeps_its_article(tmp_path: Path) -> None:
    path = write_article(tmp_path / "news" / "a.md", entry_fields(1))
    write_article(tmp_path / "news" / "b.md", entry_fields(2))
    indexed(tmp_path / "i.db", tmp_path / "news")
    before = dump(tmp_path / "i.db")
    path.write_text("---\ntitle: x\ntopics: !all\n---\n")
    indexed(tmp_path / "i.db", tmp_path / "news")
    assert problems(tmp_path / "i.db") == [("a.md", 3, "the YAML tag '!all' is not supported: use plain values")]
    after = dump(tmp_path / "i.db")
    assert {name for name in before if before[name] != after[name]} == {"problems", "summary"}
    path.unlink()
    indexed(tmp_path / "i.db", tmp_path / "news")
    assert titles(tmp_path / "i.db") == ["Report 2 on the weather"]
    assert problems(tmp_path / "i.db") == []


def test_an_unreadable_file_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_article(tmp_path / "news" / "a.md", entry_fields(1))

    def refused(root: str, path: str) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(parse_pool, "read_file", refused)
    indexed(tmp_path / "i.db", tmp_path / "news")
    assert problems(tmp_path / "i.db") == [("a.md", 0, "cannot be read: Permission denied")]
    monkeypatch.undo()
    indexed(tmp_path / "i.db", tmp_path / "news")
    assert titles(tmp_path / "i.db") == ["Report 1 on the weather"]


def test_control_characters_in_problems_are_made_visible(tmp_path: Path) -> None:
    (tmp_path / "news" / "_data" / "topics").mkdir(parents=True)
    for name in ("a\x1b[31m\n&amp;.md", "_data/topics/1\x9b.yml", os.fsdecode(b"caf\xe9.md")):
        (tmp_path / "news" / name).write_text("---\ntitle: !\x1bfoo x\n---\n")
    indexed(tmp_path / "i.db", tmp_path / "news")
    found = problems(tmp_path / "i.db")
    assert sorted(path for path, _, _ in found) == ["_data/topics/1⟨9B⟩.yml", "a␛[31m␊&amp;.md", "caf�.md"]
    assert all(reason.isprintable() for _, _, reason in found)


def test_a_changed_text_of_a_related_entry_is_updated(tmp_path: Path) -> None:
    def coverage(title: str) -> list[str]:
        fields = entry_fields(0) | {"related": [{"title": title, "webUrl": "https://b.example/1"}]}
        write_article(tmp_path / "news" / "a.md", fields)
        indexed(tmp_path / "i.db", tmp_path / "news")
        with opened(tmp_path / "i.db") as (reader, _):
            story = reader.story(reader.order(Query())[0])
            assert story is not None
            return [row.title for row in story.related]

    for title in ("Teh news", "The news", "The News"):
        assert coverage(title) == [title]


def test_an_archive_gives_the_same_articles_as_its_folder(tmp_path: Path) -> None:
    site = make_collection(tmp_path / "site", 30)
    indexed(tmp_path / "folder.db", site)
    packed = archive(tmp_path / "site.tar.gz", site)
    indexed(tmp_path / "packed.db", packed)
    assert titles(tmp_path / "packed.db") == titles(tmp_path / "folder.db")
    assert indexed(tmp_path / "packed.db", packed).changed == 0
    # A changed archive is read completely, but only its changed files are parsed.
    write_article(site / "_news" / "2024-03-01-report-3.md", entry_fields(3) | {"title": "Changed"})
    (site / "_news" / "2024-03-01-report-4.md").unlink()
    progress = indexed(tmp_path / "packed.db", archive(packed, site))
    assert (progress.total, progress.changed, progress.removed) == (29, 1, 1)
    indexed(tmp_path / "folder.db", site)
    assert titles(tmp_path / "packed.db") == titles(tmp_path / "folder.db")


def test_in_an_archive_either_of_two_files_of_a_page_can_win(tmp_path: Path) -> None:
    for day in (2, 1):
        for name, date in (("a.md", 1), ("b.md", day)):
            fields = entry_fields(0) | {"title": name, "publishedDateTime": f"2020-01-{date:02}"}
            write_article(tmp_path / "news" / name, fields | {"quality": day})
        write_article(
            tmp_path / "news" / "a.md", entry_fields(0) | {"title": "a.md", "publishedDateTime": "2020-01-01T12:00"}
        )
        packed = archive(tmp_path / "news.tar.gz", tmp_path / "news")
        indexed(tmp_path / "i.db", packed)
        assert titles(tmp_path / "i.db") == ["b.md" if day == 2 else "a.md"]
    assert indexed(tmp_path / "i.db", packed).changed == 0


def test_site_files_may_follow_the_articles_in_an_archive(tmp_path: Path) -> None:
    site = make_collection(tmp_path / "site", 6, title="Late Site")
    with tarfile.open(tmp_path / "late.tar", "w") as tar:
        for part in ("README.md", "_news", "_data", "_config.yml"):
            (site / "README.md").write_text("---\ntitle: no article\n---\n")
            tar.add(site / part, part)
    indexed(tmp_path / "i.db", tmp_path / "late.tar")
    with opened(tmp_path / "i.db") as (reader, _):
        assert reader.summary().title == "Late Site"
        assert [count.topic.name for count in reader.topics(Query())] == ["", "Weather", "Rain", "Snow"]
        assert reader.summary().articles == 6


def test_files_outside_article_folders_count_only_if_there_are_no_such_folders(tmp_path: Path) -> None:
    write_article(tmp_path / "bare" / "a.md", entry_fields(1))
    write_article(tmp_path / "bare" / "assets" / "b.md", entry_fields(2))
    indexed(tmp_path / "i.db", archive(tmp_path / "bare.tar.gz", tmp_path / "bare"))
    assert titles(tmp_path / "i.db") == ["Report 1 on the weather"]
    write_article(tmp_path / "bare" / "_posts" / "assets" / "c.md", entry_fields(3))
    indexed(tmp_path / "i.db", archive(tmp_path / "bare.tar.gz", tmp_path / "bare"))
    assert titles(tmp_path / "i.db") == ["Report 3 on the weather"]


def refuse(path: Path) -> None:
    """Append a member to an archive whose path leads out of it."""
    with tarfile.open(path) as tar:
        tar.extractall(path.parent / "again", filter="data")
    with tarfile.open(path, "w:gz") as tar:
        tar.add(path.parent / "again" / "site", "site")
        tar.addfile(tarfile.TarInfo("../out.md"))


def test_a_refused_archive_changes_nothing(tmp_path: Path) -> None:
    site = make_collection(tmp_path / "site", 30)
    packed = archive(tmp_path / "site.tar.gz", site)
    indexed(tmp_path / "i.db", packed)
    before = titles(tmp_path / "i.db")
    for number in range(30, 60):
        write_article(site / "_news" / f"{number}.md", entry_fields(number))
    refuse(archive(packed, site))
    progress = indexed(tmp_path / "i.db", packed)
    assert len(progress.failures) == 1
    assert "'../out.md' lies outside" in progress.failures[0]
    assert titles(tmp_path / "i.db") == before
    # What was rolled back with the archive is parsed again for the next source.
    indexed(tmp_path / "mixed.db", packed, site)
    indexed(tmp_path / "plain.db", site)
    assert {name: seen for name, seen in dump(tmp_path / "mixed.db").items() if name != "problems"} == {
        name: seen for name, seen in dump(tmp_path / "plain.db").items() if name != "problems"
    }


def test_a_missing_source_keeps_its_articles_until_it_is_removed(tmp_path: Path) -> None:
    one, two = make_collection(tmp_path / "one", 3), make_collection(tmp_path / "two", 6)
    indexed(tmp_path / "i.db", one, two)
    assert len(titles(tmp_path / "i.db")) == 6
    shutil.rmtree(two)
    assert "is gone" in indexed(tmp_path / "i.db", one, two).failures[0]
    assert len(titles(tmp_path / "i.db")) == 6
    indexed(tmp_path / "i.db", one)
    indexed(tmp_path / "anew.db", one)
    assert dump(tmp_path / "i.db") == dump(tmp_path / "anew.db")


def test_parsing_in_processes_gives_the_same_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_collection(tmp_path / "site", parse_pool.WORTH_A_PROCESS + 50)
    indexed(tmp_path / "two.db", site)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    indexed(tmp_path / "one.db", site)
    for sort in Sort:
        assert titles(tmp_path / "two.db", Query(sort, folded=True)) == titles(
            tmp_path / "one.db", Query(sort, folded=True)
        )


def test_a_killed_worker_is_a_failure_and_the_next_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_collection(tmp_path / "site", parse_pool.WORTH_A_PROCESS + 50)
    monkeypatch.setattr(parse_pool, "read_file", lambda root, path: os._exit(9))
    *_, progress = update_index(tmp_path / "i.db", [str(site)])
    assert "run again" in progress.failures[0]
    monkeypatch.undo()
    indexed(tmp_path / "i.db", site)
    assert len(titles(tmp_path / "i.db")) == parse_pool.WORTH_A_PROCESS + 50


RUN = """
import os, sys
from pathlib import Path
from tui_reader.pipeline.indexer import update_index

for step in update_index(Path(sys.argv[1]), sys.argv[2:]):
    """


def start(then: str, index: Path, *sources: Path) -> subprocess.Popen[bytes]:
    root = Path(indexer.__file__).parents[2]
    command = [sys.executable, "-c", RUN + then, *map(str, (index, *sources))]
    # The pipes stay open until all child processes have ended.
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_collection(tmp_path_factory.mktemp("large") / "site", 600)


@pytest.mark.parametrize("commits", [0, 1, 2])
def test_a_run_killed_at_any_commit_is_completed_by_the_next(tmp_path: Path, large: Path, commits: int) -> None:
    code = f"step.commits >= {commits} and os.kill(os.getpid(), 9)"
    process = start(code, tmp_path / "i.db", large)
    process.communicate(timeout=TIMEOUT)
    assert process.returncode == -9
    indexed(tmp_path / "i.db", large)
    indexed(tmp_path / "anew.db", large)
    assert titles(tmp_path / "i.db") == titles(tmp_path / "anew.db")


def test_ctrl_c_reaches_the_parent_only(tmp_path: Path, large: Path) -> None:
    """Worker processes neither print a traceback nor outlive their parent."""
    # Background jobs of a shell start with SIGINT ignored; tests may run as one.
    heeded = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = start("print(step.commits, flush=True)", tmp_path / "i.db", large)
    finally:
        signal.signal(signal.SIGINT, heeded)
    assert process.stdout is not None
    # The first lines are printed before the workers start.
    while process.stdout.readline() == b"0\n":
        pass
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=TIMEOUT)
    assert errors.count(b"Traceback") == errors.count(b"KeyboardInterrupt") == 1
    assert b"Process" not in errors


def test_two_concurrent_runs_make_one_index(tmp_path: Path, large: Path) -> None:
    both = [start("pass", tmp_path / "i.db", large) for _ in range(2)]
    assert [process.communicate(timeout=TIMEOUT) for process in both] == [(b"", b"")] * 2
    assert indexed(tmp_path / "i.db", large).changed == 0
    indexed(tmp_path / "anew.db", large)
    assert titles(tmp_path / "i.db") == titles(tmp_path / "anew.db")


def test_a_stopped_run_keeps_what_it_committed(tmp_path: Path, large: Path) -> None:
    steps = update_index(tmp_path / "i.db", [str(large)])
    assert isinstance(steps, Generator)
    for progress in steps:
        if progress.commits:
            break
    steps.close()
    assert 0 < len(titles(tmp_path / "i.db")) < 600


def test_a_run_leaves_no_connection_open(tmp_path: Path) -> None:
    indexed(tmp_path / "i.db", make_collection(tmp_path / "site", 3))
    assert {path.name for path in tmp_path.iterdir()} == {"site", "i.db", "i.db.lock"}  # no -wal or -shm


def test_rereading_ends_if_a_source_is_missing(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_article(tmp_path / name / "a.md", entry_fields(0) | {"title": name})
    indexed(tmp_path / "i.db", tmp_path / "one", tmp_path / "two")
    shutil.rmtree(tmp_path / "two")
    write_article(tmp_path / "one" / "a.md", entry_fields(0) | {"title": "changed"})
    assert len(indexed(tmp_path / "i.db", tmp_path / "one", tmp_path / "two").failures) == 1
    connection = open_index(tmp_path / "i.db")
    assert len(IndexWriter(connection).settle()) == 1
    connection.close()


def test_a_member_that_stands_twice_in_an_archive_is_told_and_the_first_stays(tmp_path: Path) -> None:
    for day in (1, 2):  # an archive that is written anew is read again
        with tarfile.open(tmp_path / "a.tar", "w") as tar:
            for number in (1, 2, 3):
                write_article(tmp_path / "a.md", entry_fields(number))
                tar.add(tmp_path / "a.md", "_news/a.md" if number < 3 else f"_news/{day}.md")
        indexed(tmp_path / "i.db", tmp_path / "a.tar")
        assert sorted(titles(tmp_path / "i.db")) == ["Report 1 on the weather", "Report 3 on the weather"]
        ((path, _, reason),) = problems(tmp_path / "i.db")
        assert path == "_news/a.md"
        assert "more than once" in reason


def test_of_too_many_data_files_in_an_archive_the_first_that_is_not_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "_MAX_SITE_FILES", 2)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for number in range(1, 6):
            packed.writestr(f"_data/topics/{number}.yml", f"name: Topic {number}")
        packed.writestr("_news/a.md", front_matter(entry_fields(1)))
    indexed(tmp_path / "i.db", tmp_path / "a.zip")
    ((path, _, reason),) = problems(tmp_path / "i.db")
    assert path == "_data/topics/3.yml"
    assert reason == "is one data file of the site too many: only the first 2 are read"


def test_a_feed_in_a_file_is_indexed_and_read_again_when_it_changes(tmp_path: Path) -> None:
    for count in (1, 2):
        (tmp_path / "feed.xml").write_bytes(rss(*map(item, range(count)), title="Paper"))
        assert indexed(tmp_path / "i.db", tmp_path / "feed.xml").failures == ()
        assert len(titles(tmp_path / "i.db")) == count


def test_an_article_that_is_a_link_in_an_archive_is_told(tmp_path: Path) -> None:
    make_collection(tmp_path / "site", 2)
    (tmp_path / "site" / "_news" / "linked.md").symlink_to("2024-03-01-report-1.md")
    indexed(tmp_path / "i.db", archive(tmp_path / "site.tar.gz", tmp_path / "site"))
    ((path, _, reason),) = problems(tmp_path / "i.db")
    assert path == "site/_news/linked.md"
    assert reason == "is a link, and links in archives are not followed"


@pytest.mark.parametrize("folder", ["", "_news/"])
def test_empty_files_of_an_archive_are_told_and_not_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """An archive of a few MB can have 500,000 of them."""
    monkeypatch.setattr(plan, "_MAX_NOTES", 20)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("site/about.md", "")  # no article beside an article folder
        for number in range(30):
            packed.writestr(f"site/{folder}{number}.md", "")
        packed.writestr(f"site/{folder}full.md", front_matter(entry_fields(1)))
    assert indexed(tmp_path / "i.db", tmp_path / "a.zip").changed == 1
    assert len(titles(tmp_path / "i.db")) == 1
    found = problems(tmp_path / "i.db")
    assert sorted(reason for _, _, reason in found) == ["is empty"] * 20 + ["is empty, and so may be files after it"]
    assert ("site/about.md" in [path for path, _, _ in found]) == (folder == "")


def test_articles_that_are_too_large_to_wait_in_memory_are_read_in_a_second_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "_MAX_WAITING", 300)
    for number in (1, 2, 3):
        write_article(tmp_path / "bare" / f"{number}.md", entry_fields(number))
    indexed(tmp_path / "i.db", archive(tmp_path / "bare.tar.gz", tmp_path / "bare"))
    assert len(titles(tmp_path / "i.db")) == 3


def test_a_link_out_of_a_folder_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    site = make_collection(tmp_path / "site", 2)
    write_article(tmp_path / "secret.md", entry_fields(7))
    (site / "_news" / "out.md").symlink_to(tmp_path / "secret.md")
    (site / "_news" / "all").symlink_to(tmp_path)
    for _ in range(2):
        indexed(tmp_path / "i.db", site)
        assert len(titles(tmp_path / "i.db")) == 2
        told = problems(tmp_path / "i.db")
        assert [path for path, _, _ in told] == ["_news/all", "_news/out.md"]
        assert all("leads out of the collection, and is not followed" in reason for _, _, reason in told)
