"""``news-tui mark``: articles are marked by address, by id and by a search, and it is said how many."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.collections import make_collection
from tests.support.command import Home
from tui_reader.config import Folders
from tui_reader.storage.copies import make_copies


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("before")
    home = Home(folder / "home")
    home.lines("add", make_collection(folder / "site", 12))
    home.lines("index")
    return home.folder


@pytest.fixture
def home(tmp_path: Path, before: Path) -> Home:
    shutil.copytree(before, tmp_path / "home")
    return Home(tmp_path / "home")


def stories(home: Home) -> dict[str, dict[str, Any]]:
    return {each["title"]: each for each in home.objects("stories", "--folded")}


def found(home: Home, query: str) -> set[str]:
    return {each["title"] for each in home.objects("stories", "--folded", "--search", query)}


def test_articles_are_named_by_address_and_id(home: Home) -> None:
    first, second, *_ = stories(home).values()
    assert home.lines("mark", "saved", first["webUrl"], second["webUrl"]) == ["saved: 2 articles"]
    assert {title for title, each in stories(home).items() if each["saved"]} == {first["title"], second["title"]}
    assert home.lines("mark", "saved", first["webUrl"]) == ["saved: 0 articles, 1 were so already"]
    assert home.lines("mark", "unsaved", first["webUrl"]) == ["unsaved: 1 article"]
    assert found(home, "is:saved") == {second["title"]}


def test_what_a_search_finds_is_marked_and_a_dry_run_only_counts(home: Home) -> None:
    said = home.lines("mark", "read", "--search", "report", "--dry-run")
    assert said[0] == "would be read: 12 articles"
    assert len(said) == 1 + 10 + 1
    assert said[-1] == "  … and 2 more"
    assert not any(each["read"] for each in stories(home).values())
    assert home.lines("mark", "read", "--search", "report source:site") == ["read: 12 articles"]
    assert all(each["read"] for each in stories(home).values())
    assert home.lines("mark", "unread", "--search", "is:read") == ["unread: 12 articles"]


def test_tags_and_notes_are_found_and_exported(home: Home) -> None:
    (title, first), (other, second), *_ = stories(home).items()
    assert home.lines("mark", "tag", "To read, Linux", first["webUrl"], second["webUrl"]) == ["tagged: 2 articles"]
    assert home.lines("mark", "untag", "linux", second["webUrl"]) == ["untagged: 1 article"]
    assert home.lines("mark", "note", "Ask [Ann]\nabout it", first["webUrl"]) == ["noted: 1 article"]
    assert found(home, 'tag:"to READ"') == {title, other}
    assert found(home, "tag:linux") == found(home, "has:note") == found(home, "note:ann") == {title}
    assert found(home, "NOT has:tag") == set(stories(home)) - {title, other}
    assert home.lines("mark", "note", "", first["webUrl"]) == ["noted: 1 article"]
    assert found(home, "has:note") == set()


def test_undo_takes_back_what_commands_have_done_one_after_the_other(home: Home) -> None:
    first, *_ = stories(home).values()
    home.lines("mark", "read", "--search", "report")
    home.lines("mark", "tag", "One, Two", first["webUrl"])
    home.lines("mute", "rain")
    home.lines("filter", "report", "--raise", "5")
    assert home.lines("undo", "--dry-run") == ["would be undone: filter · report"]
    assert home.lines("undo") == ["undone: filter · report"]
    assert [line.split() for line in home.lines("filter")] == [["0", "mute", "keyword", "rain"]]
    assert home.lines("undo") == ["undone: muted · rain"]
    assert home.run("mute").stdout == ""
    assert home.lines("undo") == ["undone: tagged · 1 article"]
    assert found(home, "has:tag") == set()
    assert home.lines("undo") == ["undone: read · 12 articles"]
    assert found(home, "is:read") == set()
    done = home.run("undo")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "news-tui: there is nothing to undo\n")


def test_names_come_from_standard_input_too(home: Home) -> None:
    lines = 'grep -o \'"id": *"[^"]*\' | cut -d\'"\' -f4'
    done = home.shell(f"$NEWS stories --json | {lines} | $NEWS mark saved -")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("saved: ")
    assert found(home, "is:saved")


def test_what_is_not_there_is_said_and_the_rest_is_marked(home: Home) -> None:
    first = next(iter(stories(home).values()))
    done = home.run("mark", "read", "https://example.org/nowhere", "12345", first["webUrl"])
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "news-tui: https://example.org/nowhere is not in the index",
        "news-tui: 12345 is not in the index",
    ]
    assert done.stdout.startswith("read: ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["read"], "name articles, or find them with --search"),
        (["tag"], "needs a TAG"),
        (["tag", "linux"], "name articles"),
        (["note", "Text", "--search", "report"], "a note is for articles that are named"),
        (["loved", "1"], "invalid choice"),
        (["tag", "#", "--search", "report"], "is no tag"),
        (["tag", "x" * 61, "--search", "report"], "longer than 60 characters"),
        (["read", "--search", "heat:high"], "heat: takes a number"),
    ],
)
def test_mistakes_change_nothing(home: Home, arguments: list[str], words: str) -> None:
    done = home.run("mark", *arguments)
    assert done.returncode in {1, 2}
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert found(home, "is:read OR is:saved OR has:tag") == set()


def test_tags_are_copied_counted_and_restored(home: Home) -> None:
    home.lines("mark", "tag", "linux", "--search", "report")
    home.lines("mark", "note", "A note", next(iter(stories(home).values()))["webUrl"])
    data = home.folder / ".local" / "share" / "news-tui"
    here = Folders(home.folder / ".config" / "news-tui", data, home.folder / "cache", home.folder / "state")
    assert make_copies(here, time.time() + 90_000) == []
    assert "12 tagged, 1 note" in home.run("doctor").stdout
    for path in data.glob("marks.db*"):
        path.unlink()
    assert "12 tagged, 1 note" in home.run("doctor", "--restore", "marks").stdout
    assert len(found(home, "tag:LINUX")) == 12
