"""Odd arguments and odd files: a sentence on standard error, never a traceback and never a bug in the log."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.collections import make_collection
from tui_reader import cli
from tui_reader.commands import COMMANDS
from tui_reader.config import folders

NOBODY = "http://127.0.0.1:1"  # nobody listens there
UNDECODABLE = b"caf\xe9".decode(errors="surrogateescape")
ODD = [
    "",
    " ",
    "\0",
    UNDECODABLE,
    "\ud800",
    "a" * 5_000,
    "/" + "a/" * 3_000,
    "~nobody-at-all/x",
    "~\0",
    "x\ny\x1b[31m",
    "%s",
    "-",
    "--",
    "-x",
    "9" * 5_000,
    "-1",
    "nan",
    "²",
    "file://",
    "file://\0",
    "github:",
    "github:a/b@" + "x" * 300,
    f"github:{UNDECODABLE}/x",
    "feed://[",
    "http://[::1",
    "http://x: ",
    "http://127.0.0.1: ",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:-1/",
    f"{NOBODY}/{UNDECODABLE}",
    f"{NOBODY}/ a b\n",
    f"{NOBODY}/x.zip",
    f"http://u:{UNDECODABLE}@127.0.0.1:1/",
]
VALUES = {
    "stories": ("--limit", "--topic", "--source", "--folder"),
    "topics": ("--test",),
    "similar": ("--limit",),
    "mute": ("--provider", "--topic", "--remove"),
    "add": ("--title", "--folder"),
}


class Ended(NamedTuple):
    """How a command ended: its exit status and what it printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process, in a home with one source; any exception that is not caught fails the test."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def run(*arguments: str) -> Ended:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        given = io.TextIOWrapper(io.BytesIO(b"\xff\n"), encoding="utf-8", errors="surrogateescape")
        with monkeypatch.context() as patch:
            for name, stream in (("stdout", out), ("stderr", err), ("stdin", given)):
                patch.setattr(sys, name, stream)
            try:
                status = cli.main(list(arguments))
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else 1
            for stream in (out, err):
                stream.flush()
        return Ended(status, *(stream.buffer.getvalue().decode() for stream in (out, err)))

    return run


def assert_told(done: Ended, arguments: Sequence[str]) -> None:
    """The command did what was asked, or says in a sentence why not."""
    assert done.status in {0, 1, 2}, arguments
    assert "Traceback" not in done.err, arguments
    assert "\x1b" not in done.out + done.err, arguments
    if done.status:
        assert done.err.startswith("news-tui: ") or "refused" in done.out or done.out, arguments
    log = folders().log
    assert not log.exists(), (arguments, log.read_text())


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in {"read", "serve"}])
def test_odd_arguments_end_in_a_sentence(run: Run, tmp_path: Path, command: str) -> None:
    run("add", str(make_collection(tmp_path / "site", 3)))
    run("index")
    for odd in ODD:
        assert_told(run(command, odd), (command, odd))
    for option, odd in product(VALUES.get(command, ()), ODD):
        assert_told(run(command, option, odd), (command, option, odd))


def test_odd_arguments_without_a_command_end_in_a_sentence(run: Run) -> None:
    for odd in ODD:
        assert_told(run(odd), (odd,))


def test_a_limit_beyond_all_numbers_is_no_limit(run: Run, tmp_path: Path) -> None:
    site = str(make_collection(tmp_path / "site", 6))
    run("index", site)
    everything = run("stories", "--folded", "--json", site).out
    for limit in ("100000000000000000000", "9" * 5_000, "0" * 5_000 + "9"):
        assert run("stories", "--folded", "--json", "--limit", limit, site).out == everything
    assert run("stories", "--folded", "--json", "--limit", "0", site).out == ""


# -- files ------------------------------------------------------------------------

DEEP = 3_000
ODD_TOML = [
    "x = " + "[" * DEEP + "]" * DEEP,
    "x = " + "{a = " * DEEP + "1" + "}" * DEEP,
    ".".join(["a"] * DEEP) + " = 1",
    "[" + ".".join(["a"] * DEEP) + "]",
    "x = " + "9" * 5_000,
    "x = nan",
    "x = 0x" + "f" * 5_000,
    "x = 9999-99-99",
    "\0",
    "\ufeff",
    "[[x",
    '"\\ud800" = 1',
]
ODD_VALUES = ["nan", "inf", "-1", "9" * 400, "true", '"\\u0000"', "[]", "{}", "[[1]]", "1979-05-27"]
SETTINGS = [
    *("title", "theme", "browser", "new_coverage", "keys", "sidebar", "quality", "tiers", "refresh", "keep", "hot"),
    *("limits", "refresh.every", "keep.days", "keep.articles", "hot.half_life", "limits.feed_mb", "keys.down"),
    *("sidebar.read_feeds", "quality.image", 'tiers."example.org"'),
]
FIELDS = ["title", "folder", "paused", "topics", "auth", "every", "weight", "apart", "attributes"]
TOPIC_FIELDS = ["parent", "keywords", "not"]


@pytest.mark.parametrize("name", ["config.toml", "sources.toml", "topics.toml"])
def test_odd_toml_is_told_in_a_sentence(run: Run, tmp_path: Path, name: str) -> None:
    path = folders().config / name
    path.parent.mkdir(parents=True)
    site = str(make_collection(tmp_path / "site", 3))
    for text in ODD_TOML:
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        for arguments in (("refresh", "--offline"), ("add", site), ("sources",)):
            assert_told(run(*arguments), (name, text[:40], *arguments))
        assert path.read_text(encoding="utf-8", errors="surrogatepass").startswith(text)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("config.toml", [f"{setting} = {{}}" for setting in SETTINGS]),
        (
            "sources.toml",
            ['[[source]]\nlocation = "/nowhere"\n' * (field != "location") + f"{field} = {{}}" for field in FIELDS],
        ),
        (
            "topics.toml",
            ['[[topic]]\nname = "Rust"\n' * (field != "name") + f"{field} = {{}}" for field in TOPIC_FIELDS],
        ),
    ],
)
def test_values_of_another_kind_are_told_in_a_sentence(run: Run, name: str, lines: list[str]) -> None:
    path = folders().config / name
    path.parent.mkdir(parents=True)
    for line, value in product(lines, ODD_VALUES):
        path.write_text(line.replace("{}", value))
        assert_told(run("refresh", "--offline"), (line, value))


ODD_JSON = ["", "[" * DEEP, '{"sort":' * DEEP, "null", "[]", "1e999", '{"sort": [], "window": {}}', "\0", "9" * 5_000]


@pytest.mark.parametrize("name", ["view", "sidebar"])
def test_an_odd_view_is_the_usual_one(name: str, run: Run) -> None:
    from tui_reader.config import View, load_open_folders, load_view

    path: Path = getattr(folders(), name)
    path.parent.mkdir(parents=True)
    for text in [*ODD_JSON, json.dumps({"open": [[[]]], "closed": 1}), json.dumps({"open": [1], "closed": []})]:
        path.write_text(text)
        assert load_view(path) == View()
        assert load_open_folders(path) == {}


def test_json_nested_deeply_is_no_feed(run: Run, tmp_path: Path) -> None:
    for number, text in enumerate(
        ['{"version": "https://jsonfeed.org/version/1.1", "items": ' + "[" * 100_000, "[" * 100_000]
    ):
        feed = tmp_path / f"{number}.json"
        feed.write_text(text)
        done = run("add", str(feed))
        assert done.status == 1
        assert_told(done, (text[:60],))
