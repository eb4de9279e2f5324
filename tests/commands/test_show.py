"""``news-tui show``: one article with its text and its coverage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import Home
from tests.support.index import opened
from tests.ui.pages import BRIDGE, COST, DREDGING, ENGINEERS, WALK, address, write_page, write_town


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    write_town(home.folder / "town")
    home.lines("add", home.folder / "town")
    return home


def shown(home: Home, *arguments: str) -> str:
    done = home.run("show", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_plain_text_is_what_a_pager_shows(home: Home) -> None:
    lines = shown(home, address(DREDGING)).splitlines()
    assert lines[:3] == [DREDGING, "Harbour Post, 1 Mar 2024, 09:00", address(DREDGING)]
    assert "Part 20" in lines
    assert max(map(len, lines)) <= 72


def test_any_address_of_it_and_its_id_are_taken(home: Home) -> None:
    (story,) = [each for each in home.objects("stories") if each["title"] == BRIDGE]
    texts = {shown(home, name) for name in (story["id"], story["webUrl"], story["originalUrl"], story["ampWebUrl"])}
    assert len(texts) == 1
    assert "More on this story: 4" in texts.pop()


def test_of_a_folded_article_its_lead_is_named(home: Home) -> None:
    text = shown(home, address(COST))
    assert (
        f"Part of the story: {BRIDGE}\nHarbour Post, 9 Jun 2024, 09:00\nhttps://example.org/the-bridge-itself" in text
    )
    assert json.loads(shown(home, address(COST), "--json"))["lead"]["title"] == BRIDGE
    assert json.loads(shown(home, address(BRIDGE), "--json"))["lead"] is None


def test_a_page_that_others_only_list_is_shown_with_what_is_known(home: Home) -> None:
    assert shown(home, address(WALK)).startswith(f"{WALK}\nOther Voices, 1 Jun 2024, 12:00\n{address(WALK)}\n")


def test_the_formats(home: Home) -> None:
    story = json.loads(shown(home, address(DREDGING), "--json"))
    assert story["body"].endswith("The dredger lifts mud for the *20th* time.")
    assert shown(home, address(DREDGING), "--markdown").startswith(f"# [{DREDGING}]({address(DREDGING)})\n")
    assert f'<h1><a href="{address(DREDGING)}">{DREDGING}</a></h1>' in shown(home, address(DREDGING), "--html")


@pytest.mark.parametrize(
    "name", ["https://example.org/nothing", "12", "9" * 19, "not an address", "-5", "javascript:x"]
)
def test_what_is_not_there_is_told(home: Home, name: str) -> None:
    done = home.run("show", "--", name)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"news-tui: {name} is not in the index: ‘news-tui stories --json’ lists addresses\n"


def test_an_article_of_other_sources(home: Home, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: Alone\nwebUrl: https://a.example/1\n---\nIts text.\n")
    assert shown(home, "https://a.example/1", str(tmp_path)) == "Alone\na.example\nhttps://a.example/1\n\nIts text.\n"


def test_stories_have_bodies_on_request_and_leads(home: Home) -> None:
    stories = {each["title"]: each for each in home.objects("stories", "--folded", "--bodies")}
    assert "20th" in stories[DREDGING]["body"]
    assert stories[BRIDGE]["body"] is None
    assert stories[ENGINEERS]["lead"]["title"] == BRIDGE
    assert stories[ENGINEERS]["lead"]["webUrl"] == address(BRIDGE)
    assert "body" not in home.objects("stories")[0]


def test_tags_and_notes_go_with_the_article(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    write_town(home.folder / "town")
    home.lines("add", home.folder / "town")
    home.lines("index")
    (index,) = home.index_files()
    with opened(index, home.folder / ".local/share/news-tui/marks.db") as (reader, marks):
        article = reader.article_at(address(DREDGING))
        assert article is not None
        marks.tags.add([article], ["mud", "to read"])
        marks.tags.set_note([article], "Ask Ann\nabout it", 1)
    text = shown(home, address(DREDGING))
    assert "Tags: mud, to read\nNote: Ask Ann\nabout it\n" in text
    story = json.loads(shown(home, address(DREDGING), "--json"))
    assert (story["tags"], story["note"]) == (["mud", "to read"], "Ask Ann\nabout it")
    assert "Tags: mud, to read\n\nNote:  \nAsk Ann  \nabout it\n" in shown(home, address(DREDGING), "--markdown")


def test_json_is_valid_in_any_encoding(home: Home) -> None:
    write_page(home.folder / "town" / "_news", "Grüße aus 東京")
    done = home.run("show", address("Grüße aus 東京"), "--json", variables={"PYTHONIOENCODING": "ascii"})
    assert done.stdout.isascii()
    assert json.loads(done.stdout)["title"] == "Grüße aus 東京"
