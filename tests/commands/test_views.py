"""``--view NAME``: the stories of a smart view, in its order and window."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.collections import make_collection
from tests.support.command import Home

VIEWS = """\
[[view]]
name = "Weather reports"
query = "title:9 OR title:6"

[[view]]
name = "Newest"
query = "weather"
sort = "newest"
window = "day"

[[view]]
name = "Broken"
query = "titel:report"
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    path = home.folder / ".config" / "news-tui" / "views.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(VIEWS)
    return home


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_collection(tmp_path_factory.mktemp("made") / "site", 12)


def titles(home: Home, *words: str | Path) -> list[object]:
    return [story["title"] for story in home.objects("stories", *words)]


def test_a_view_is_the_search_under_its_name(home: Home, source: Path) -> None:
    found = titles(home, source, "--view", "weather REPORTS")
    assert found == ["Report 9 on the weather", "Report 6 on the weather"]
    assert titles(home, source, "--view", "weather reports", "--search", "title:6 OR title:3") == found[1:]


def test_a_view_has_its_order_and_window_unless_others_are_named(home: Home, source: Path) -> None:
    options = ("--search", "weather")
    assert titles(home, source, "--view", "Newest") == titles(
        home, source, *options, "--sort", "newest", "--window", "day"
    )
    assert titles(home, source, "--view", "Newest", "--sort", "heat", "--window", "all") == titles(
        home, source, *options
    )


def test_a_wrong_view_and_an_unknown_one_are_told(home: Home, source: Path) -> None:
    for command in ("stories", "digest"):
        done = home.run(command, source, "--view", "Broken")
        assert done.returncode == 1
        assert "views.toml:13: view ‘Broken’: there is no field ‘titel:’" in done.stderr
        assert "title" in done.stderr
        done = home.run(command, source, "--view", "Newst")
        assert done.returncode == 1
        assert "did you mean ‘Newest’" in done.stderr
