"""``--view``: the commands that list stories list those of a smart view, in its order and time span."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Home
from tests.ui.pages import BRIDGE, DREDGING, FARES, FERRY, TARIFF, write_town

VIEWS = """\
[[view]]
name = "On the water"
query = "topic:harbour"
sort = "newest"

[[view]]
name = "Boats"
query = "ferry"
window = "week"
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    write_town(home.folder / "town")
    home.lines("add", home.folder / "town")
    write_views(home, VIEWS)
    return home


def write_views(home: Home, text: str) -> Path:
    file = home.folder / ".config" / "news-tui" / "views.toml"
    file.write_text(text, encoding="utf-8")
    return file


def titles(home: Home, *arguments: str) -> list[str]:
    return [story["title"] for story in home.objects("stories", *arguments)]


def test_stories_of_a_view_are_in_its_order_unless_another_is_named(home: Home) -> None:
    assert titles(home, "--view", "on the water") == [BRIDGE, FERRY, FARES, DREDGING]
    assert titles(home, "--view", "On the water", "--sort", "heat", "--limit", "2") == [BRIDGE, FERRY]
    assert titles(home, "--view", "On the water", "--sort", "provider")[-1] == FARES
    assert titles(home, "--view", "On the water", "--search", "captain") == [FERRY]


def test_the_time_span_of_a_view_holds_unless_another_is_named(home: Home) -> None:
    assert titles(home, "--view", "Boats") == [FERRY]
    assert titles(home, "--view", "Boats", "--window", "all") == [FERRY, FARES]
    assert TARIFF in titles(home)


def test_an_unknown_view_offers_others(home: Home) -> None:
    done = home.run("stories", "--view", "Boat")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "news-tui: there is no view ‘Boat’: did you mean ‘Boats’?\n"


@pytest.mark.parametrize("command", [["stories"], ["export", "--format", "text"], ["digest", "--since", "3d"]])
def test_a_view_that_names_what_is_gone_is_told_with_its_query(home: Home, command: list[str]) -> None:
    write_views(home, VIEWS.replace("topic:harbour", "boat topic:harbuor"))
    done = home.run(*command, "--view", "on the water")
    write_views(home, VIEWS)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "news-tui: the view ‘On the water’, ‘boat topic:harbuor’, cannot be listed: "
        "there is no topic ‘harbuor’: did you mean ‘Harbour’?\n"
    )


def test_a_view_can_be_exported(home: Home) -> None:
    assert home.run("export", "--view", "Boats", "--format", "markdown").stdout.startswith(f"# [{FERRY}](")
    assert home.run("export", "--view", "On the water", "--format", "text").stdout.startswith("On the water\n\n\n1. ")


def test_the_digest_of_a_view_is_remembered_by_its_name(home: Home) -> None:
    told = home.lines("digest", "--view", "On the water", "--since", "last")
    assert told[0] == "The Town Crier: On the water"
    assert told[1].startswith("News in 1 known story since")
    write_views(home, VIEWS.replace("topic:harbour", "topic:harbour OR topic:sky"))
    assert home.lines("digest", "--view", "on the water", "--since", "last")[1].startswith("Nothing new since")
    assert home.lines("digest", "--view", "Boats", "--since", "3d")[1].startswith("1 new story since")
