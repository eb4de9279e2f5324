"""``news-tui index``: progress, problems, interruptions, rebuilding."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import sqlite3
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.support.collections import article_fields, file_name, make_collection, write_article
from tests.support.command import TIMEOUT, Home
from tui_reader.commands.output.progress_bar import progress_line
from tui_reader.model.progress import Progress

MANY = 1500
"""Articles; enough that indexing can be interrupted."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return make_collection(tmp_path / "site")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_collection(tmp_path_factory.mktemp("large") / "site", MANY)


def summary(home: Home, *arguments: str | Path) -> str:
    """Return the summary line without its time."""
    (line,) = home.lines("index", *arguments)
    assert re.search(r" · \d+\.\d s$", line), line
    return line.rpartition(" · ")[0]


def test_summary(home: Home, source: Path) -> None:
    assert summary(home, source) == "12 articles, 4 stories · 12 files read, 0 gone · no problems"
    assert summary(home, source) == "12 articles, 4 stories · 0 files read, 0 gone · no problems"


def test_only_changed_files_are_read(home: Home, source: Path) -> None:
    summary(home, source)
    write_article(source / "_news" / file_name(1), article_fields(1, 12, title="Another title, and longer"))
    (source / "_news" / file_name(2)).unlink()
    assert summary(home, source).startswith("11 articles, 4 stories · 1 file read, 1 gone")


def test_several_sources_share_one_index(home: Home, tmp_path: Path) -> None:
    first, second = make_collection(tmp_path / "a", 3), make_collection(tmp_path / "b", 6, site=False)
    # The first three articles are the same pages in both.
    assert summary(home, first, second).startswith("6 articles, 2 stories · 9 files read")


def test_a_folder_with_two_names_is_read_once(home: Home, source: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(source)
    assert "12 files read" in summary(home, source, tmp_path / "link", source / "_news")


def test_problems_are_counted_and_listed(home: Home, source: Path) -> None:
    bad = source / "_news" / "2024-01-01-bad.md"
    bad.write_text("---\ntitle: Fine\nexcerpt: [never closed\n---\n")
    odd = write_article(source / "_news" / "2024-01-02-odd.md", article_fields(12, 13, quality="much"))
    evil = source / "_news" / "2024-01-03-\x1b[31m.md"
    evil.write_text("---\nnever closed\n")
    assert summary(home, source).endswith(
        "13 articles, 5 stories · 15 files read, 0 gone · 3 problems (‘-v’ lists them)"
    )
    done = home.run("index", source, "-v")
    assert done.returncode == 0
    assert "3 problems ·" in done.stdout
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert "\x1b" not in done.stderr
    assert re.match(rf"{re.escape(str(bad))}:[34]: \S", lines[0])
    assert lines[1].startswith(f"{odd}: quality is not a number")
    assert lines[2].endswith(":1: the front matter is not closed: no second ‘---’ line")


def test_what_was_mended_is_no_problem_any_more(home: Home, source: Path) -> None:
    article = source / "_news" / "2024-01-01-bad.md"
    topic = source / "_data" / "topics" / "00-weather.yaml"
    whole = topic.read_text()
    article.write_text("---\ntitle: [\n---\n")
    topic.write_text("name: [\n")
    assert "2 problems" in summary(home, source)
    article.write_text("---\ntitle: Mended, and of another length\n---\n")
    assert "1 problem (" in summary(home, source)
    topic.write_text(whole)
    assert "no problems" in summary(home, source)


def test_problems_and_titles_come_in_the_order_of_the_sources(home: Home, tmp_path: Path) -> None:
    names = ("first", "second")
    for name in names:
        site = make_collection(tmp_path / name, 3, title=name.title())
        (site / "_news" / "2024-01-01-bad.md").write_text("---\ntitle: [\n---\n")
        home.run("add", site)
    listed = home.folder / ".config" / "news-tui" / "sources.toml"
    for order in (names, names[::-1]):
        listed.write_text("".join(f"[[source]]\nlocation = '{tmp_path / name}'\n" for name in order))
        done = home.run("index", "-v")
        assert [Path(line.split(":")[0]).parts[-3] for line in done.stderr.splitlines()] == list(order)


def test_another_half_life_changes_what_is_hot(home: Home, tmp_path: Path) -> None:
    write_article(tmp_path / "news" / "old.md", {"title": "Old", "date": "2024-01-01", "heat": 90})
    write_article(tmp_path / "news" / "new.md", {"title": "New", "date": "2024-01-02", "heat": 40})
    settings = home.folder / ".config" / "news-tui" / "config.toml"
    settings.parent.mkdir(parents=True)
    for hours, hottest in ((8000, "Old"), (2, "New"), (8000, "Old")):
        settings.write_text(f"[hot]\nhalf_life = {hours}\n")
        assert home.objects("stories", tmp_path / "news", "--sort", "hot")[0]["title"] == hottest


def test_problems_of_a_single_file_source_name_the_file(home: Home, tmp_path: Path) -> None:
    source = make_collection(tmp_path / "site", 3)
    bad = source / "_news" / "bad.md"
    bad.write_text("---\ntitle: [\n---\n")
    for name in (bad, source / "_news"):
        done = home.run("index", name, "-v")
        assert done.stderr.startswith(f"{bad}:")


def test_unreadable_source_does_not_stop_the_others(home: Home, source: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and no more")
    done = home.run("index", broken, source)
    assert done.returncode == 1
    assert done.stdout.startswith("12 articles")
    assert done.stderr.startswith(f"news-tui: {broken} ")
    assert done.stderr.count("\n") == 1


def test_no_progress_without_a_terminal(home: Home, source: Path) -> None:
    assert home.run("index", source).stderr == ""


def test_progress_bar_is_erased_at_the_end(home: Home, large: Path) -> None:
    status, written = home.on_terminal("index", large, columns=70)
    assert status == 0
    assert re.search(rf"\r[\d,]+ of {MANY:,} files  ━+─*  [\d,]+ a second", written)
    drawn = written.split("\r")
    assert drawn[-1].startswith(f"{MANY:,} articles")
    assert drawn[-2].isspace()
    assert all(len(line) < 70 for line in drawn[:-1])


@pytest.mark.parametrize("width", [0, 5, 20, 40, 79, 200])
def test_progress_line_fits_its_width(width: int) -> None:
    line = progress_line(Progress(done=1_234, total=26_620, changed=1_000), 2.0, width, fine=True)
    assert len(line) <= width
    if width >= 40:
        assert line.startswith("1,234 of 26,620 files  ")
        assert line.endswith("  500 a second")
    plain = progress_line(Progress(done=1, total=2, changed=1), 1.0, 79, fine=False)
    assert plain.isascii()
    assert plain.count("#") == plain.count("-")


# -- JSON -------------------------------------------------------------


def test_json_is_one_object_per_line(home: Home, source: Path) -> None:
    done = home.run("index", "--json", "--", source)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    keys = ["done", "total", "changed", "gone", "stored", "finished"]
    keys += ["failures", "asked", "asking", "new", "gathering"]
    assert all(list(line) == keys for line in lines)
    assert [line["finished"] for line in lines] == [False] * (len(lines) - 1) + [True]
    last = lines[-1]
    assert (last["done"], last["total"], last["changed"], last["failures"]) == (12, 12, 12, [])


def test_json_of_the_sample_is_only_json(home: Home) -> None:
    done = home.run("index", "--json")
    assert done.stderr == ""
    assert json.loads(done.stdout.splitlines()[-1])["finished"]


def test_json_has_failures(home: Home, source: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"no archive")
    done = home.run("index", "--json", source, broken)
    assert done.returncode == 1
    (failure,) = json.loads(done.stdout.splitlines()[-1])["failures"]
    assert str(broken) in failure


def test_json_has_the_error_that_ends_the_run(home: Home, source: Path) -> None:
    topics = home.folder / ".config" / "news-tui" / "topics.toml"
    topics.parent.mkdir(parents=True)
    topics.write_text("[[topics]]\n")
    done = home.run("index", "--json", source)
    assert done.returncode == 1
    (line,) = map(json.loads, done.stdout.splitlines())
    assert (line["finished"], line["failures"]) == (False, [done.stderr.strip().removeprefix("news-tui: ")])
    assert "put each topic under a [[topic]] line" in done.stderr


# -- interruptions -------------------------------------------------------------------


def first_commits(process: subprocess.Popen[str], commits: int) -> None:
    """Read the progress until this many batches are committed, with much left to do."""
    assert process.stdout is not None
    for line in process.stdout:
        progress = json.loads(line)
        if progress["stored"] >= commits:
            assert not progress["finished"]
            return
    raise AssertionError("indexing ended before it could be interrupted")


def children(pid: int) -> list[int]:
    return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for_end(pids: list[int]) -> None:
    """Wait until processes that are not our children have ended."""
    for pid in pids:
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            assert select.select([descriptor], [], [], TIMEOUT)[0], f"process {pid} lives on"
        finally:
            os.close(descriptor)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_interrupted_run_continues_where_it_stopped(home: Home, large: Path, number: signal.Signals) -> None:
    with home.start("index", "--json", large) as process:
        first_commits(process, 1)
        helpers = children(process.pid)
        process.send_signal(number)
        status = process.wait(TIMEOUT)
        wait_for_end(helpers)
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert status == (-number if number == signal.SIGKILL else 128 + number)
    (index,) = home.index_files()
    db = sqlite3.connect(index)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    (kept,) = db.execute("SELECT count(*) FROM file").fetchone()
    db.close()
    assert 0 < kept < MANY
    assert (
        summary(home, large)
        == f"{MANY:,} articles, {MANY // 3} stories · {MANY - kept:,} files read, 0 gone · no problems"
    )


def test_index_ends_quietly_when_its_output_is_closed(home: Home, large: Path) -> None:
    done = home.shell(f"$NEWS index --json '{large}' | head -n 1")
    assert (done.returncode, done.stderr) == (0, "")


def test_concurrent_runs_wait_for_each_other(home: Home, large: Path) -> None:
    with home.start("index", large) as first, home.start("index", large) as second:
        outputs = [process.communicate(timeout=TIMEOUT)[0] for process in (first, second)]
    read = sorted(int(re.search(r"([\d,]+) files? read", text)[1].replace(",", "")) for text in outputs)  # type: ignore[index]
    assert read == [0, MANY]


def test_waiting_run_can_be_interrupted(home: Home, source: Path) -> None:
    home.run("index", source)
    (index,) = home.index_files()
    lock = sqlite3.connect(f"{index}.lock", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        with home.start("index", "--json", source) as process:
            wait_for_open(process, f"{index}.lock")
            process.send_signal(signal.SIGINT)
            assert process.wait(TIMEOUT) == 130
            assert process.stdout is not None
            assert process.stdout.read() == ""
    finally:
        lock.close()


def wait_for_open(process: subprocess.Popen[str], path: str) -> None:
    """Wait until a process has a file open."""
    folder = Path(f"/proc/{process.pid}/fd")
    while process.poll() is None:
        try:
            if any(os.path.realpath(link) == os.path.realpath(path) for link in folder.iterdir()):
                return
        except (FileNotFoundError, ProcessLookupError):
            continue  # a descriptor was closed, or the process ended, while we looked
    raise AssertionError("the process ended")


# -- damage and rebuilding --------------------------------------------------------------


@pytest.mark.parametrize("damage", ["garbage", "emptied", "overwritten"])
def test_damaged_index_is_rebuilt(home: Home, source: Path, damage: str) -> None:
    before = summary(home, source)
    (index,) = home.index_files()
    data = index.read_bytes()
    if damage == "garbage":
        index.write_bytes(b"this was no database" * 500)
    elif damage == "emptied":
        index.write_bytes(b"")
    else:
        index.write_bytes(data[:100] + b"\xff" * (len(data) - 100))
    assert summary(home, source) == before


def test_rebuild_reads_everything_and_keeps_the_marks(home: Home, source: Path) -> None:
    home.run("stories", source)
    marks = home.folder / ".local" / "share" / "news-tui" / "marks.db"
    db = sqlite3.connect(marks)
    with db:
        db.execute("INSERT INTO mark VALUES (1, 'https://kept.example', 1, NULL)")
    db.close()
    assert "0 files read" in summary(home, source)
    assert "12 files read" in summary(home, source, "--rebuild")
    db = sqlite3.connect(marks)
    assert db.execute("SELECT page FROM mark").fetchall() == [(1,)]
    db.close()


def test_unwritable_cache_is_one_line(home: Home, source: Path) -> None:
    cache = home.folder / ".cache"
    cache.write_text("a file where a folder should be")
    done = home.run("index", source)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("news-tui: ")
    assert done.stderr.count("\n") == 1
    assert ".cache" in done.stderr


def test_xdg_folders_are_honoured(source: Path, tmp_path: Path) -> None:
    places = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    home = Home(tmp_path / "home", **places)
    home.run("add", source)
    home.run("stories")
    assert (tmp_path / "config" / "news-tui" / "sources.toml").is_file()
    assert (tmp_path / "cache" / "news-tui" / "kept.db").is_file()
    assert (tmp_path / "data" / "news-tui" / "marks.db").is_file()
    assert list(home.folder.iterdir()) == []


def test_archive_is_read_without_unpacking(home: Home, source: Path, tmp_path: Path) -> None:
    packed = tmp_path / "site.tar.xz"
    with tarfile.open(packed, "w:xz") as archive:
        archive.add(source, "site-main")
    assert summary(home, packed) == "12 articles, 4 stories · 12 files read, 0 gone · no problems"
    assert summary(home, packed) == "12 articles, 4 stories · 0 files read, 0 gone · no problems"
