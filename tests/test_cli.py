"""The command line as a whole: help, errors, pipes, terminals, start-up."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.collections import make_collection
from tests.support.command import Home
from tui_reader import __version__
from tui_reader.commands import COMMANDS, handler
from tui_reader.commands.parser import parse

ESCAPE = "\x1b"
ROOT = Path(__file__).parents[1]
REQUIRED = {"similar": ["-"], "add": ["a"], "remove": ["a"], "import": ["a"], "show": ["a"], "mark": ["read", "a"]}
"""The required arguments of commands that have any."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def one_line(text: str) -> str:
    assert text.endswith("\n")
    assert text.count("\n") == 1, text
    assert text.startswith("news-tui: ")
    return text


# -- version and help -----------------------------------------------------------


def test_version(home: Home) -> None:
    assert home.lines("--version") == [f"news-tui {__version__}"]


def test_python_m_is_the_same_command(home: Home) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui_reader", "--version"],
        env=home.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"news-tui {__version__}\n"


def test_help_has_one_line_for_every_command_and_little_else(home: Home) -> None:
    lines = home.lines("--help")
    assert len(lines) <= len(COMMANDS) + 11
    assert all(len(line) <= 80 for line in lines)
    for name, summary in COMMANDS.items():
        assert re.search(rf"^ +{name} +{re.escape(summary)}$", "\n".join(lines), re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(home: Home, name: str) -> None:
    lines = home.lines(name, "--help")
    assert all(len(line) <= 82 for line in lines)
    text = "\n".join(lines)
    assert text.startswith(f"usage: news-tui {name}")
    assert "--help" in text


# -- what is imported -------------------------------------------------------------


def imported(home: Home, *arguments: str | Path, status: int = 0) -> set[str]:
    """Return the modules that a run of the command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tui_reader", *map(str, arguments)],
        env=home.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return set(re.findall(r"^import time:.*\| +(\S+)$", done.stderr, re.MULTILINE))


def test_version_imports_nothing_of_the_reader(home: Home) -> None:
    names = imported(home, "--version")
    own = {name for name in names if name.startswith("tui_reader")}
    assert own == {"tui_reader", "tui_reader.cli"}
    assert names.isdisjoint({"argparse", "sqlite3", "yaml", "textual", "platformdirs", "dataclasses", "json"})


def test_stories_with_a_current_index_imports_no_heavy_module(home: Home, tmp_path: Path) -> None:
    source = make_collection(tmp_path / "site", 3)
    home.run("index", source)
    names = imported(home, "stories", source)
    assert "tui_reader.storage.index_reader" in names
    heavy = {"yaml", "textual", "multiprocessing", "concurrent.futures", "tarfile", "zipfile", "tomlkit", "tomllib"}
    assert names.isdisjoint(heavy)


# -- errors ------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--nonsense"], "--nonsense"),
        (["stories", "--sort", "size"], "newest"),
        (["stories", "--window", "year"], "month"),
        (["stories", "--limit", "-3"], "limit"),
        (["stories", "--limit", "few"], "few"),
        (["stories", "--lim", "3"], "--lim"),
        (["topics", "--folded"], "--folded"),
        (["add"], "SOURCE"),
        (["remove"], "SOURCE"),
        (["sources", "here"], "here"),
        (["sources", "--", "--here"], "arguments: --here:"),
        (["similar"], "URL"),
        (["show", "--text", "--json", "a"], "--json"),
        (["show"], "are required: URL: see"),
        (["stories", "--bodies"], "--bodies is for --json"),
        (["digest", "--to", "me@example.org"], "--format mail"),
    ],
)
def test_usage_error_is_one_line_with_status_2(home: Home, arguments: list[str], word: str) -> None:
    done = home.run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    line = one_line(done.stderr)
    assert word in line
    assert "--help" in line


@pytest.mark.parametrize("name", ["index", "stories", "topics", "add"])
def test_missing_source_is_one_line_with_status_1(home: Home, name: str) -> None:
    done = home.run(name, "/nowhere/at all")
    assert (done.returncode, done.stdout) == (1, "")
    assert "/nowhere/at all" in one_line(done.stderr)


def test_control_characters_in_a_name_are_escaped(home: Home) -> None:
    done = home.run("index", "/nowhere/\x1b[31m\nred")
    assert done.returncode == 1
    assert ESCAPE not in one_line(done.stderr)


def test_invalid_sources_file_is_one_line(home: Home) -> None:
    file = home.folder / ".config" / "news-tui" / "sources.toml"
    file.parent.mkdir(parents=True)
    file.write_text("not [ toml")
    for name in ("stories", "sources", "index"):
        done = home.run(name)
        assert done.returncode == 1
        assert "sources.toml" in one_line(done.stderr)


def test_unreadable_marks_are_not_changed(home: Home, tmp_path: Path) -> None:
    source = make_collection(tmp_path / "site", 3)
    marks = home.folder / ".local" / "share" / "news-tui" / "marks.db"
    marks.parent.mkdir(parents=True)
    marks.write_bytes(b"not a database, but perhaps precious" * 40)
    before = marks.read_bytes()
    done = home.run("stories", source)
    assert done.returncode == 1
    assert str(marks) in one_line(done.stderr)
    assert marks.read_bytes() == before


def test_the_reader_needs_a_terminal(home: Home) -> None:
    done = home.run()
    assert (done.returncode, done.stdout) == (1, "")
    assert "news-tui stories" in one_line(done.stderr)


def test_full_disk_is_one_line(home: Home, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    source = make_collection(tmp_path / "site", 3)
    done = home.shell(f"$NEWS stories '{source}' > /dev/full")
    assert done.returncode == 1
    assert "No space left" in one_line(done.stderr)


def test_options_can_follow_sources_and_two_dashes_end_them(home: Home, tmp_path: Path) -> None:
    first = make_collection(tmp_path / "one", 3)
    second = make_collection(home.folder / "--folded", 6, site=False)
    assert len(home.lines("stories", first, "--limit", "9", tmp_path / "one" / "_news")) == 1
    assert len(home.lines("stories", "--", second.name)) == 2


@pytest.mark.parametrize(
    ("words", "sources", "offline"),
    [
        ([], [], False),
        (["here", "./index"], ["here", "./index"], False),
        (["--offline", "stories"], ["stories"], True),
        (["here", "--offline", "there"], ["here", "there"], True),
        (["read", "index", "--offline"], ["index"], True),
        (["--", "--offline"], ["--offline"], False),
    ],
)
def test_arguments_without_a_command_are_for_the_reader(words: list[str], sources: list[str], offline: bool) -> None:
    parsed = parse(words)
    assert (parsed.command, parsed.sources, parsed.offline) == ("read", sources, offline)


def test_reader_without_options_starts_without_argparse(home: Home, tmp_path: Path) -> None:
    names = imported(home, tmp_path, status=1)
    assert "tui_reader.commands.read" in names
    assert "argparse" not in names


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_handler_and_arguments(name: str) -> None:
    assert callable(handler(name))
    assert parse([name, *REQUIRED.get(name, [])]).command == name


def test_only_the_arguments_of_the_command_that_runs_are_imported(home: Home) -> None:
    code = """import sys; from tui_reader.commands.parser import parse
try: parse(sys.argv[1:])
except SystemExit: print(*(name for name in sys.modules if ".declarations." in name))"""

    def declared(*arguments: str) -> set[str]:
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, env=home.environment, capture_output=True, text=True, check=True)
        return {name.rpartition(".")[2] for name in done.stdout.splitlines()[-1].split()}

    assert declared("topics", "--help") == {"options", "topics"}
    assert declared("--help") == {"options"}


def test_parser_needs_only_the_standard_library() -> None:
    code = "import sys; sys.path[:0] = [sys.argv[1]]; from tui_reader.commands.parser import build_parser as b; b()"
    subprocess.run([sys.executable, "-I", "-S", "-c", code, ROOT], check=True)


# -- pipes -----------------------------------------------------------------------------


@pytest.mark.parametrize("options", ["--folded", "--folded --json"])
def test_output_cut_off_by_head_is_not_an_error(home: Home, tmp_path: Path, options: str) -> None:
    # Enough output to fill the pipe after its reader has ended.
    source = make_collection(tmp_path / "site", 900)
    done = home.shell(f"$NEWS stories {options} '{source}' | head -n 1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


def test_pipe_closed_before_the_last_flush_is_not_an_error(home: Home, tmp_path: Path) -> None:
    source = make_collection(tmp_path / "site", 3)
    done = home.shell(f"$NEWS topics '{source}' | true")
    assert (done.returncode, done.stderr) == (0, "")


def test_closed_stdout_is_not_an_error(home: Home, tmp_path: Path) -> None:
    source = make_collection(tmp_path / "site", 3)
    done = home.shell(f"$NEWS stories '{source}' >&-")
    assert (done.returncode, done.stderr) == (0, "")


def test_json_is_ascii_if_the_output_is_not_utf8(home: Home, tmp_path: Path) -> None:
    source = make_collection(tmp_path / "site", 3)
    done = home.run("stories", source, "--folded", "--json", variables={"PYTHONIOENCODING": "latin-1"})
    assert done.stdout.isascii()
    names = {json.loads(line)["provider"]["name"] for line in done.stdout.splitlines()}
    assert "Снег" in names


# -- terminals ---------------------------------------------------------------------------


def test_terminal_gets_colours_and_fitted_lines(home: Home, tmp_path: Path) -> None:
    source = make_collection(tmp_path / "site", 30)
    status, written = home.on_terminal("stories", source, columns=70)
    assert status == 0
    assert ESCAPE in written
    plain = re.sub(r"\x1b\[[0-9;]*m", "", written)
    lines = [line for line in plain.split("\n") if line and "\r" not in line]
    assert lines[0].split() == ["HEAT", "TITLE", "PROVIDER", "DATE", "MORE"]
    assert len(lines) == 1 + 10
    assert all(len(line) <= 70 for line in lines)


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_if_the_environment_forbids_it(home: Home, tmp_path: Path, variables: dict[str, str]) -> None:
    source = make_collection(tmp_path / "site", 30)
    for name in ("stories", "topics", "index"):
        status, written = home.on_terminal(name, source, variables=variables)
        assert status == 0
        assert ESCAPE not in written


def test_no_colour_in_a_pipe(home: Home, tmp_path: Path) -> None:
    source = make_collection(tmp_path / "site", 6)
    done = home.run("stories", source, variables={"FORCE_COLOR": "1"})
    assert ESCAPE not in done.stdout + done.stderr


@pytest.mark.parametrize("columns", [1, 12, 25, 40])
def test_narrow_terminals_omit_columns_but_no_story(home: Home, tmp_path: Path, columns: int) -> None:
    source = make_collection(tmp_path / "site", 6)
    status, written = home.on_terminal("stories", source, columns=columns, variables={"NO_COLOR": "1"})
    assert status == 0
    lines = [line for line in written.split("\n") if line and "\r" not in line]
    assert len(lines) == 3
    if columns >= 12:
        assert all(len(line) <= columns for line in lines)
