"""``news-tui similar``: the articles most similar to one, as text and as JSON."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.collections import address, make_collection, write_article
from tests.support.command import TIMEOUT, Home, command

NOWHERE = "https://elsewhere.example/x"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_collection(tmp_path_factory.mktemp("made") / "site", 9)
    fields = {"title": "Harbour strike ends", "webUrl": "https://port.example/", "heat": 3}
    write_article(folder / "_news" / "2024-04-01-port.md", fields)
    return folder


def asked(home: Home, lines: bytes, *arguments: str | Path) -> tuple[int, list[str], str]:
    done = subprocess.run(
        [*command(), "similar", "-", *map(str, arguments)],
        env=home.environment,
        cwd=home.folder,
        input=lines,
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )
    return done.returncode, done.stdout.decode().splitlines(), done.stderr.decode()


def test_one_url_as_json(home: Home, source: Path) -> None:
    (found,) = home.objects("similar", address(2), source, "--limit", "3")
    assert list(found) == ["url", "similar"]
    assert found["url"] == address(2)
    assert len(found["similar"]) == 3
    assert all(list(one) == ["webUrl", "title", "score"] for one in found["similar"])
    scores = [one["score"] for one in found["similar"]]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[-1] <= scores[0] <= 1
    assert address(2) not in [one["webUrl"] for one in found["similar"]]


def test_one_url_as_text(home: Home, source: Path) -> None:
    lines = home.lines("similar", address(2), source)
    assert len(lines) == 5
    score, title, url = lines[0].split("  ")
    assert 0.5 < float(score) <= 1
    assert title.startswith("Report ")
    assert url.startswith("https://")
    assert home.lines("similar", "https://port.example/", source) == []


def test_urls_from_standard_input_are_answered_in_their_order(home: Home, source: Path) -> None:
    lines = f"{address(3)}\n\n {NOWHERE}\r\n{address(1)}".encode() + b"\n\xff\n"
    status, found, err = asked(home, lines, source, "--json", "--limit", "2")
    answers = [json.loads(line) for line in found]
    assert [answer["url"] for answer in answers] == [address(3), NOWHERE, address(1), "\\xff"]
    assert [len(answer["similar"]) for answer in answers] == [2, 0, 2, 0]
    assert status == 1
    assert err.splitlines() == [
        f"news-tui: {NOWHERE} is not in the index",
        "news-tui: \\xff is not in the index",
    ]


def test_urls_from_standard_input_as_text(home: Home, source: Path) -> None:
    status, found, err = asked(home, f"{address(3)}\n{address(1)}\n".encode(), source, "--limit", "1")
    assert (status, err) == (0, "")
    assert [found[0], found[2]] == [address(3), address(1)]
    assert found[1].startswith("  ")


def test_unknown_url_is_one_line_with_status_1(home: Home, source: Path) -> None:
    done = home.run("similar", "https://x.example/\x1b[31m", source, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["similar"] == []
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize(("arguments", "word"), [([], "URL"), (["x", "--limit", "few"], "few")])
def test_usage_errors(home: Home, arguments: list[str], word: str) -> None:
    done = home.run("similar", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert word in done.stderr


def test_default_is_your_sources_or_the_sample(tmp_path: Path, source: Path) -> None:
    home = Home(tmp_path)
    (story, *_) = home.objects("stories", "--limit", "1")
    done = home.run("similar", story["webUrl"])
    assert done.returncode == 0
    assert "news-tui add" in done.stderr
    home.run("add", source)
    assert len(home.lines("similar", address(0))) == 5
