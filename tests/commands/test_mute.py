"""``news-tui mute``: muted stories are hidden, and shown again when unmuted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.collections import PROVIDERS, make_collection
from tests.support.command import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.run("add", make_collection(tmp_path / "site", 12))
    return home


def listed(home: Home, *arguments: str) -> list[list[str]]:
    return [line.split(maxsplit=2) for line in home.lines("mute", *arguments)]


def test_nothing_is_muted_at_first(home: Home) -> None:
    done = home.run("mute")
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing is muted" in done.stderr


def test_muted_stories_are_hidden_until_unmuted(home: Home) -> None:
    everything = home.lines("stories")
    assert home.lines("mute", "Report 3", "--topic", "SNOW") == [
        "muted: the keyword ‘report 3’",
        "muted: the topic ‘snow’",
    ]
    left = home.lines("stories")
    assert len(left) == 2
    assert set(left) < set(everything)
    assert listed(home) == [["1", "keyword", "report 3"], ["2", "topic", "snow"]]
    assert home.lines("mute", "Report  3", "--remove") == ["unmuted: the keyword ‘report 3’"]
    home.lines("mute", "--remove", "--topic", "Snow")
    assert home.lines("stories") == everything


@pytest.mark.parametrize("name", PROVIDERS[0])
def test_provider_by_name_or_domain(home: Home, name: str) -> None:
    # Every story of the collection is from its first provider.
    assert home.lines("mute", "--provider", name, "--list")[1:] == [f"      4  provider  {name.casefold()}"]
    assert home.lines("stories") == []


def test_muting_twice_is_reported(home: Home) -> None:
    home.lines("mute", "rain")
    assert home.lines("mute", "Rain") == ["already muted: the keyword ‘rain’"]
    assert len(listed(home)) == 1


@pytest.mark.parametrize(
    ("arguments", "status", "word"),
    [
        (["--remove"], 2, "name what to unmute"),
        (["rain", "snow", "--remove"], 1, "the keyword ‘snow’ is not muted"),
        (["snow", "--provider", " "], 1, "has no letter"),
    ],
)
def test_errors_are_one_line_and_change_nothing(home: Home, arguments: list[str], status: int, word: str) -> None:
    home.lines("mute", "rain")
    done = home.run("mute", *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.count("\n") == 1
    assert word in done.stderr
    assert [word for _, _, word in listed(home)] == ["rain"]


def test_control_characters_are_escaped(home: Home) -> None:
    assert "\x1b" not in home.run("mute", "a\x1b[31m").stdout
