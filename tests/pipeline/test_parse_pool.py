"""Worker processes: started safely on every platform, in order, and errors reach the parent."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support.collections import make_collection
from tests.support.index import dump
from tui_reader.config import folders
from tui_reader.pipeline import parse_pool
from tui_reader.pipeline.indexer import update_index
from tui_reader.pipeline.parse_pool import Item, Job, parse_here, parse_in_processes, process_context

FORKING = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")

# Counts the threads at every fork, as Python 3.12 and later do before they warn.
WATCHED = """
import os, sys
from pathlib import Path
from tui_reader.pipeline.indexer import update_index

fork, threads = os.fork, []

def watched():
    threads.append(len(os.listdir("/proc/self/task")))
    return fork()

os.fork = watched
for index in ("a.db", "b.db"):
    for step in update_index(Path(sys.argv[1]) / index, sys.argv[2:]):
        pass
assert not step.failures, step.failures
print(threads)
"""


def jobs(root: Path, count: int) -> list[Job]:
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("_news/*.md"))
    items = [Item(number, path, number) for number, path in enumerate(files)]
    return [Job(str(root), items[start : start + count]) for start in range(0, len(items), count)]


@FORKING
def test_all_workers_are_forked_while_there_is_one_thread(tmp_path: Path) -> None:
    site = make_collection(tmp_path / "site", parse_pool.WORTH_A_PROCESS + 10)
    command = [sys.executable, "-W", "error", "-c", WATCHED, str(tmp_path), str(site)]
    ended = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.stderr) == ("[1, 1, 1, 1]\n", "")


@FORKING
def test_a_process_with_threads_spawns_its_workers() -> None:
    assert process_context().get_start_method() == "fork"
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        assert process_context().get_start_method() == "spawn"
    finally:
        end.set()
        thread.join()


def test_macos_spawns_workers_and_makes_the_same_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_collection(tmp_path / "site", parse_pool.WORTH_A_PROCESS + 10)
    *_, usual = update_index(tmp_path / "usual.db", [str(site)])
    monkeypatch.setattr(sys, "platform", "darwin")
    assert process_context().get_start_method() == "spawn"
    *_, spawned = update_index(tmp_path / "spawned.db", [str(site)])
    monkeypatch.undo()
    # How often it commits depends on how fast the machine is.
    assert spawned._replace(commits=0) == usual._replace(commits=0)
    assert dump(tmp_path / "spawned.db") == dump(tmp_path / "usual.db")


def test_results_of_a_queue_arrive_in_its_order(tmp_path: Path) -> None:
    parts = jobs(make_collection(tmp_path / "site", 60), 5)
    halves = [parts[:6], parts[6:]]
    results = list(parse_in_processes([iter(half) for half in halves]))
    for half in halves:
        keys = {item.key for job in half for item in job.items}
        found = [[file.key for file in files] for files in results if files[0].key in keys]
        assert found == [[item.key for item in job.items] for job in half]


def test_an_entry_arrives_once_from_each_worker_and_before_the_articles_that_refer_to_it(tmp_path: Path) -> None:
    parts = jobs(make_collection(tmp_path / "site", 40), 5)
    sent: set[int] = set()
    for files in parse_in_processes([iter(parts)]):
        for file in files:
            assert sent.isdisjoint(file.entries)
            sent |= file.entries.keys()
            assert file.article is not None
            assert sent.issuperset(file.article.related)
    assert sent


def test_jobs_and_results_larger_than_a_pipe_pass(tmp_path: Path) -> None:
    text = "---\ntitle: Long\nwebUrl: https://a.example/{}\n---\n" + "Many words follow each other here.\n\n" * 10_000
    parts = [Job("", [Item(number, f"{number}.md", 1, text.format(number).encode())]) for number in range(8)]
    found = {file.key: file for files in parse_in_processes([iter(parts), iter([])]) for file in files}
    expected = {file.key: file for files in parse_here(iter(parts), ()) for file in files}
    assert found == expected


@FORKING
def test_a_bug_met_by_one_file_is_its_problem_and_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(root: str, path: str) -> bytes:
        if path == "a.md":
            raise LookupError("a bug")
        return b"---\ntitle: B\nwebUrl: https://b.example/\n---\n"

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setattr(parse_pool, "read_file", broken)
    job = Job(str(tmp_path), [Item(1, "a.md", 5), Item(2, "b.md", 6)])
    ((bad, good),) = parse_in_processes([iter([job])])
    assert [(file.key, file.stamp) for file in (bad, good)] == [(1, 5), (2, 6)]  # it is not read again
    assert bad.article is None
    assert good.article is not None
    log = folders().log
    assert bad.problems == ((0, f"Internal error, written to {log}; please report"),)
    assert "in broken" in log.read_text()
    assert "LookupError: a bug" in log.read_text()


def test_no_worker_outlives_a_run_that_is_stopped(tmp_path: Path) -> None:
    results = parse_in_processes([iter(jobs(make_collection(tmp_path / "site", 60), 5))])
    assert isinstance(results, Generator)
    next(results)
    assert multiprocessing.active_children()
    results.close()
    assert not multiprocessing.active_children()
