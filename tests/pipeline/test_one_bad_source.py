"""One bad source never ends a refresh: not with an odd answer, not through a bug, not by ending a process."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.test_clusterer import EVENTS, stories, write
from tests.pipeline.test_refresher import Desk, headlines
from tests.support.collections import make_collection
from tests.support.feeds import START, item, rss
from tests.support.index import dump, indexed, opened
from tests.support.servers import Handler, Site
from tui_reader.config import folders
from tui_reader.errors import SourceError
from tui_reader.model.query import Query
from tui_reader.pipeline import parse_pool
from tui_reader.pipeline.feed_answer import Answer, StoredAnswer, store_answer
from tui_reader.pipeline.feed_process import FeedProcess
from tui_reader.pipeline.folder_plan import plan_folder
from tui_reader.pipeline.indexer import update_index
from tui_reader.pipeline.parse_pool import Item, Job, parse_in_processes
from tui_reader.pipeline.plan import plan_fetched
from tui_reader.pipeline.publisher import Publisher
from tui_reader.sources.feeds.response import parse_response
from tui_reader.sources.files.folder import read_file
from tui_reader.storage.clusters import Clusters
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.storage.index_writer import IndexWriter
from tui_reader.stories.grouping import Grouping

FORKING = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")
MANY = 12  # feeds: enough for a process that parses


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own, for the log."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk")


def feeds(site: Site, count: int) -> list[str]:
    return [site.page(f"/{number}", rss(item(number), title=f"Paper {number}")) for number in range(count)]


def failing_for(name: str, function: Callable[..., Any], error: BaseException) -> Callable[..., Any]:
    """Return ``function``, which now raises ``error`` where an argument mentions ``name``."""

    def fail(*arguments: Any) -> Any:
        if any(name in repr(argument) for argument in arguments):
            raise error
        return function(*arguments)

    return fail


# -- bugs of our own -----------------------------------------------------------


@pytest.mark.parametrize("error", [KeyError("guid"), RecursionError(), MemoryError(), UnicodeError(), AssertionError()])
def test_any_exception_in_a_visit_is_the_failure_of_that_source_alone(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    desk.keep(*feeds(site, 3))
    broken = failing_for(site.url("/1"), parse_response, error)
    with monkeypatch.context() as patch:
        patch.setattr("tui_reader.sources.feeds.response.parse_response", broken)
        done = desk.refresh()
    assert desk.titles() == headlines(2, 0)
    (failure,) = done.failures
    assert failure == f"{site.url('/1')}: Internal error, written to {desk.folders.log}; please report"
    assert desk.facts(site.url("/1")).error in failure
    log = desk.folders.log.read_text()
    assert "Traceback" in log
    assert type(error).__name__ in log
    assert desk.refresh(later=4000).failures == ()
    assert desk.titles() == headlines(2, 1, 0)


def test_a_source_that_raises_while_it_is_indexed_keeps_its_articles(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.keep(*feeds(site, 4))
    desk.refresh()
    for number in range(4):
        site.page(f"/{number}", rss(item(number), item(number + 10), title=f"Paper {number}"))
    with monkeypatch.context() as patch:
        broken = failing_for(site.url("/2"), plan_fetched, KeyError("bad row"))
        patch.setattr("tui_reader.pipeline.indexer.plan_fetched", broken)
        done = desk.refresh(later=4000)
    assert desk.titles() == headlines(13, 11, 10, 3, 2, 1, 0)
    (failure,) = done.failures
    assert failure.startswith(f"{site.url('/2')}: Internal error")
    assert "KeyError: 'bad row'" in folders().log.read_text()
    desk.refresh(later=4000)
    assert desk.titles() == headlines(13, 12, 11, 10, 3, 2, 1, 0)


def test_what_was_written_of_a_source_before_it_raises_is_undone(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.keep(*feeds(site, 3))
    store = IndexWriter.store

    def fail_after(self: IndexWriter, source_id: int, files: list[Any]) -> None:
        store(self, source_id, files)
        if any(file.article.title == headlines(1)[0] for file in files):
            raise LookupError("half way")

    with monkeypatch.context() as patch:
        patch.setattr(IndexWriter, "store", fail_after)
        done = desk.refresh()
    assert len(done.failures) == 1
    assert desk.titles() == headlines(2, 0)
    with opened(desk.folders.cache / "kept.db", desk.folders.marks) as (reader, _):
        assert len(reader.order(Query(folded=True))) == reader.summary().articles == 2
    desk.refresh(later=1)
    assert desk.titles() == headlines(2, 1, 0)


def test_a_folder_that_raises_does_not_end_the_indexing_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites = [make_collection(tmp_path / name, 3) for name in ("first", "second", "third")]
    monkeypatch.setattr("tui_reader.pipeline.indexer.plan_folder", failing_for("second", plan_folder, TypeError("odd")))
    *_, done = update_index(tmp_path / "index.db", [str(site) for site in sites])
    assert done.finished
    (failure,) = done.failures
    assert str(sites[1]) in failure
    monkeypatch.undo()
    *_, expected = update_index(tmp_path / "expected.db", [str(site) for site in (sites[0], sites[2])])
    assert done.changed == expected.changed > 0


def raising_after(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function``, which now does its work, and then raises."""

    def fail(*arguments: Any) -> Any:
        function(*arguments)
        raise IndexError("no such article")

    return fail


@pytest.mark.parametrize("place", [(Grouping, "place"), (Clusters, "assign"), (Publisher, "publish")])
def test_stories_that_cannot_be_made_keep_no_article_from_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: tuple[type, str]
) -> None:
    news, index = tmp_path / "news", tmp_path / "index.db"
    for number in range(3):
        write(news, number, number, number)
    with monkeypatch.context() as patch:
        patch.setattr(*place, raising_after(getattr(*place)))
        (failure,) = indexed(index, news).failures
    log = folders().log
    assert failure == (
        "Articles were not grouped into stories, the next update tries again: "
        f"Internal error, written to {log}; please report"
    )
    assert "IndexError: no such article" in log.read_text()
    assert stories(index) == {(EVENTS[number][0],) for number in range(3)}
    assert indexed(index, news).failures == ()
    indexed(tmp_path / "new.db", news)
    assert len(stories(index)) == 1
    assert dump(index) == dump(tmp_path / "new.db")


# -- processes that die ----------------------------------------------------------


def test_a_parser_process_that_is_killed_is_held_against_nobody(desk: Desk, site: Site) -> None:
    killed = []

    def kill(handler: Handler) -> None:
        """Kill the process that parses, then answer as all feeds do."""
        for child in multiprocessing.active_children():
            killed.append(child.pid)
            child.kill()
        handler.send(200, {"Content-Type": "application/xml"}, rss(item(0), title="Paper 0"))

    desk.keep(*feeds(site, MANY))
    site.put("/0", kill)
    done = desk.refresh()
    assert killed
    assert done.failures == ()
    assert desk.titles() == headlines(*reversed(range(MANY)))
    assert not multiprocessing.active_children()


def deadly(store: FeedStore, answer: Answer) -> StoredAnswer:
    """Store an answer, unless it is one that ends the process, as a parser that needs too much memory does."""
    if b"deadly" in answer.body:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"endless" in answer.body:
        while True:
            time.sleep(1)
    return store_answer(store, answer)


def all_stored(path: Path, bodies: list[bytes], *, seconds: float = 60) -> list[StoredAnswer | BaseException]:
    """Give all ``bodies`` to a process at once, and then the first one again."""

    async def run() -> list[StoredAnswer | BaseException]:
        process = FeedProcess(path, deadly, seconds=seconds)
        answers = [
            Answer(FetchedSource(f"https://{at}.example/"), "", body, "", 200, {}, None, START, START)
            for at, body in enumerate(bodies)
        ]
        try:
            process.start()
            found = await asyncio.gather(*map(process.store, answers), return_exceptions=True)
            # And whoever comes later finds a process that works.
            return [*found, await process.store(answers[0])]
        finally:
            await process.disconnect()
            process.close()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("word", "reason", "seconds"), [("deadly", "ended the process", 60), ("endless", "did not end within", 2)]
)
def test_only_the_answer_that_ends_processes_or_never_ends_fails(
    tmp_path: Path, word: str, reason: str, seconds: float
) -> None:
    bodies = [rss(item(number), title=word if number == 5 else "fine") for number in range(MANY)]
    found = all_stored(tmp_path / "fetched.db", bodies, seconds=seconds)
    failures = [place for place, answer in enumerate(found) if isinstance(answer, BaseException)]
    assert failures == [5]
    assert isinstance(found[5], SourceError)
    assert reason in str(found[5])
    assert isinstance(found[-1], StoredAnswer)
    with FeedStore.opened(tmp_path / "fetched.db") as store:
        for number in range(MANY):
            articles = store.articles(f"https://{number}.example/", dict(store.stamps(f"https://{number}.example/")))
            assert [each.title for each in articles.values()] == ([] if number == 5 else headlines(number))
    assert not multiprocessing.active_children()
    assert threading.active_count() == 1


def test_answers_that_are_being_sent_when_the_process_is_given_up_are_stored_by_another(tmp_path: Path) -> None:
    async def run() -> list[StoredAnswer | BaseException]:
        process = FeedProcess(tmp_path / "fetched.db", deadly, seconds=1)
        page = rss(item(0), title="Paper").ljust(1024 * 1024)  # more than the pipe holds
        fine = Answer(FetchedSource("https://fine.example/"), "", page, "", 200, {}, None, START, START)

        async def endless() -> StoredAnswer:
            with pytest.raises(SourceError, match="did not end"):
                await process.store(fine._replace(body=rss(item(0), title="endless")))
            return await process.store(fine)  # at once: the process may not be gone yet

        try:
            process.start()
            many = (process.store(fine) for _ in range(4))
            return await asyncio.wait_for(asyncio.gather(endless(), *many, return_exceptions=True), 30)
        finally:
            await process.disconnect()
            process.close()

    assert all(isinstance(stored, StoredAnswer) for stored in asyncio.run(run()))
    assert not multiprocessing.active_children()


def jobs_of(root: Path, count: int) -> Iterator[Job]:
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("_news/*.md"))
    items = [Item(number, path, number) for number, path in enumerate(files)]
    return iter([Job(str(root), items[start : start + count]) for start in range(0, len(items), count)])


@FORKING
def test_a_file_that_ends_two_processes_is_a_problem_and_all_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_collection(tmp_path / "site", 40)
    usual = {file.key: file for files in parse_in_processes([jobs_of(root, 10)]) for file in files}

    def read(root: str, path: str) -> bytes:
        if path == usual[17].path:
            os.kill(os.getpid(), signal.SIGKILL)
        return read_file(root, path)

    monkeypatch.setattr(parse_pool, "read_file", read)
    found = {file.key: file for files in parse_in_processes([jobs_of(root, 10)]) for file in files}
    assert found.keys() == usual.keys()
    assert found[17].article is None
    assert "ended the process" in found[17].problems[0][1]
    assert all(found[key].article == usual[key].article for key in usual.keys() - {17})
    assert not multiprocessing.active_children()


@FORKING
def test_a_process_that_is_killed_once_costs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_collection(tmp_path / "site", 40)
    usual = {file.key: file for files in parse_in_processes([jobs_of(root, 10)]) for file in files}

    def read(root: str, path: str) -> bytes:
        if path == usual[17].path and not (tmp_path / "killed").exists():
            (tmp_path / "killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return read_file(root, path)

    monkeypatch.setattr(parse_pool, "read_file", read)
    found = {file.key: file for files in parse_in_processes([jobs_of(root, 10)]) for file in files}
    assert (tmp_path / "killed").exists()
    assert {key: file.article for key, file in found.items()} == {key: file.article for key, file in usual.items()}


@FORKING
def test_processes_that_die_again_and_again_are_the_failure_of_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(root: str, path: str) -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        return b""

    monkeypatch.setattr(parse_pool, "read_file", read)
    monkeypatch.setattr("tui_reader.pipeline.indexer.WORTH_A_PROCESS", 10)
    root = make_collection(tmp_path / "site", 60)
    *_, done = update_index(tmp_path / "index.db", [str(root)])
    (failure,) = done.failures
    assert "killed again and again" in failure
    assert not multiprocessing.active_children()
