"""``news-tui filter``: what a query finds is hidden, marked, tagged, raised or lowered."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.collections import article_fields, file_name, make_collection, write_article
from tests.support.command import Home
from tests.support.feeds import item, rss
from tests.support.servers import Site


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def news(home: Home, tmp_path: Path) -> Path:
    """A site of 12 articles in 4 stories, which is the only source."""
    site = make_collection(tmp_path / "site", 12)
    home.lines("add", site)
    return site


def arrive(site: Path, number: int, **changes: Any) -> None:
    """Let one more article arrive at a site, in a story of its own."""
    fields = article_fields(number, number + 1, published=True, heat=50, related=[], **changes)
    write_article(site / "_news" / file_name(number), fields)


def by_title(home: Home) -> dict[str, dict[str, Any]]:
    return {story["title"]: story for story in home.objects("stories", "--folded")}


def test_a_muted_query_is_hidden_until_the_filter_is_removed(home: Home, news: Path) -> None:
    everything = home.lines("stories")
    assert home.lines("filter", "title:3 OR title:6", "--mute") == [
        "filter 1: mute ‘title:3 OR title:6’: hides 2 stories (2 articles)"
    ]
    assert len(home.lines("stories")) == len(everything) - 2
    assert home.lines("filter", "--list") == ["   1        2  mute          title:3 OR title:6"]
    assert home.lines("filter", "--remove", "1") == ["removed filter 1: mute ‘title:3 OR title:6’"]
    assert home.lines("stories") == everything


def test_a_filter_can_be_paused(home: Home, news: Path) -> None:
    everything = home.lines("stories")
    home.lines("filter", "title:3", "--mute")
    home.lines("filter", "--pause", "1")
    assert home.lines("filter") == ["   1        1  mute          title:3 (off)"]
    assert home.lines("stories") == everything
    home.lines("filter", "--resume", "1")
    assert len(home.lines("stories")) == len(everything) - 1


def test_the_number_of_a_filter_is_its_place_in_the_list(home: Home, news: Path) -> None:
    for number in (3, 6, 9):
        home.lines("filter", f"title:{number}", "--mute")
    home.lines("filter", "--remove", "1", "--pause", "3")
    assert [line.split() for line in home.lines("filter")] == [
        ["1", "1", "mute", "title:6"],
        ["2", "1", "mute", "title:9", "(off)"],
    ]
    assert home.lines("filter", "title:0", "--mute")[0].startswith("filter 3: ")
    assert home.lines("filter", "title:9", "--mute") == ["filter 2 does that already: mute ‘title:9’"]
    assert home.lines("filter", "--remove", "2") == ["removed filter 2: mute ‘title:9’"]
    assert "there is no filter 3" in home.run("filter", "--resume", "3").stderr


def test_a_filter_of_a_folder_that_is_gone_is_told(home: Home, tmp_path: Path) -> None:
    home.lines("add", "--folder", "Rain", make_collection(tmp_path / "site", 3))
    home.lines("filter", "folder:Rain", "--mute")
    sources = home.folder / ".config" / "news-tui" / "sources.toml"
    sources.write_text(sources.read_text().replace("Rain", "Train"))
    done = home.run("filter")
    assert done.stdout.split() == ["1", "0", "mute", "folder:Rain"]
    assert done.stderr == "news-tui: filter 1 finds nothing: there is no folder ‘Rain’: did you mean ‘Train’?\n"


def test_what_a_filter_finds_is_counted_in_another_folder(home: Home, news: Path, tmp_path: Path) -> None:
    other = make_collection(tmp_path / "other", 3)
    counted = ("filter", "report", "--mute", "--dry-run")
    assert home.lines(*counted)[0] == "mute ‘report’: hides 4 stories (12 articles)"
    assert home.lines(*counted, "--in", other)[0] == "mute ‘report’: hides 1 story (3 articles)"
    done = home.run(*counted, other)
    assert (done.returncode, f"{other} is no part of a query: --in {other} counts" in done.stderr) == (2, True)


def test_a_dry_run_names_what_would_be_found_and_changes_nothing(home: Home, news: Path) -> None:
    everything = home.lines("stories")
    done = home.run("filter", "report", "--mute", "--dry-run")
    assert done.stdout.splitlines()[:2] == [
        "mute ‘report’: hides 4 stories (12 articles)",
        "  Report 11 on the weather · Снег",
    ]
    assert "nothing was changed" in done.stderr
    assert home.lines("stories") == everything
    assert "there are no filters" in home.run("filter", "--list").stderr


def test_mutes_of_words_are_in_the_list_too(home: Home, news: Path) -> None:
    home.lines("mute", "Report 3")
    assert home.lines("filter") == ["            1  mute          keyword report 3"]


def test_what_arrives_is_marked_as_read_and_what_was_there_is_not(home: Home, news: Path) -> None:
    assert home.lines("filter", "rain", "--read") == [
        "filter 1: read ‘rain’: finds 4 articles",
        "they stay as they are; --now does it with them too",
    ]
    arrive(news, 13)
    arrive(news, 14)
    found = by_title(home)
    assert [title for title, story in found.items() if story["read"]] == ["Report 13 on the weather"]


def test_what_a_refresh_brings_is_marked_and_tagged(home: Home, site: Site) -> None:
    home.lines("add", site.page("/feed", rss(item(1, title="Otters return"))))
    home.lines("refresh")
    home.lines("filter", "otters", "--tag", "River animals")
    home.lines("filter", "otters", "--read")
    home.index_files()[0].unlink()  # it is made again, as after an update of the program
    site.page("/feed", rss(item(1, title="Otters return"), item(2, title="Otters stay")))
    home.lines("refresh", "--force")
    assert [story["title"] for story in home.objects("stories", "--folded", "--search", "is:read")] == ["Otters stay"]
    assert [story["title"] for story in home.objects("stories", "--folded", "--search", 'tag:"river animals"')] == [
        "Otters stay"
    ]


def test_what_a_filter_cannot_do_is_told_once_by_a_refresh(home: Home, site: Site, tmp_path: Path) -> None:
    note, fields = tmp_path / "notes" / "1.md", {"date": "2026-06-01", "webUrl": "https://notes.example/1"}
    write_article(note, {"title": "A new bridge", **fields})
    home.lines("add", tmp_path / "notes")
    home.lines("add", site.page("/feed", rss(item(1))))
    home.lines("refresh")
    home.lines("mark", "tag", ",".join(f"tag {at}" for at in range(50)), "--search", "bridge")
    home.lines("filter", "otters", "--tag", "rivers")
    home.lines("filter", "herons", "--read")
    with closing(sqlite3.connect(home.folder / ".local" / "share" / "news-tui" / "marks.db")) as marks, marks:
        marks.execute("UPDATE filter SET query = '(herons' WHERE id = 2")  # as another version might
    write_article(note, {"title": "A new bridge for otters", **fields})
    site.page("/feed", rss(item(1), item(2)))
    said = home.run("refresh", "--force").stderr
    assert said.count("the filter ‘otters’ left out 1 article: an article can have 50 tags") == 1
    assert said.count("the filter ‘(herons’ does nothing") == 1
    assert "left out" not in home.run("refresh", "--force").stderr


def test_what_is_there_is_saved_too_if_wanted(home: Home, news: Path) -> None:
    assert home.lines("filter", "--save", "--now", "title:3")[1] == "they are done too"
    arrive(news, 33, title="Report 3, again")
    assert {title for title, story in by_title(home).items() if story["saved"]} == {
        "Report 3 on the weather",
        "Report 3, again",
    }


def test_a_filter_is_about_one_source(home: Home, news: Path, tmp_path: Path) -> None:
    other = make_collection(tmp_path / "other", 3, title="Another")
    home.lines("add", other)
    everything = home.lines("stories")
    home.lines("filter", "--source", str(other), "--mute", "report")
    assert len(home.lines("stories")) == len(everything) - 1


def test_points_change_the_heat_of_stories_that_are_rated_here(home: Home, site: Site) -> None:
    items = [item(1, title="Otters return to the river"), item(2, title="A new bridge for trains")]
    home.lines("add", site.page("/feed", rss(*items)))
    home.lines("refresh")
    before = {title: story["heat"] for title, story in by_title(home).items()}
    assert home.lines("filter", "otters", "--raise", "30") == ["filter 1: raise 30 ‘otters’: finds 1 article"]
    assert {title: story["heat"] - before[title] for title, story in by_title(home).items()} == {
        "Otters return to the river": 30,
        "A new bridge for trains": 0,
    }
    home.lines("filter", "bridge", "--lower", "10")
    home.lines("index", "--rebuild")
    assert by_title(home)["A new bridge for trains"]["heat"] == before["A new bridge for trains"] - 10
    home.lines("filter", "--remove", "1", "--remove", "2")
    assert {title: story["heat"] for title, story in by_title(home).items()} == before


def test_points_are_added_to_what_arrives_and_to_what_is_changed(home: Home, site: Site) -> None:
    home.lines("add", site.page("/feed", rss(item(1, title="A new bridge for trains"))))
    home.lines("refresh")
    home.lines("filter", "otters", "--raise", "30")
    site.page("/feed", rss(item(1, title="A new bridge, for otters"), item(2, title="Otters return")))
    home.lines("refresh", "--force")
    found = by_title(home)
    assert found["A new bridge, for otters"]["quality"] == found["Otters return"]["quality"] == 66


def test_points_are_added_for_words_in_the_body_of_what_arrives(home: Home, tmp_path: Path) -> None:
    fields = {"date": "2026-06-01", "excerpt": "Short."}
    write_article(tmp_path / "notes" / "1.md", {"title": "A new bridge", **fields}, "Herons are seen there.")
    home.lines("add", tmp_path / "notes")
    home.lines("filter", "otters", "--raise", "30")
    write_article(tmp_path / "notes" / "2.md", {"title": "A new tower", **fields}, "Otters are seen there.")
    found = by_title(home)
    assert found["A new tower"]["quality"] == found["A new bridge"]["quality"] + 30


def test_points_by_folder_follow_a_source_that_is_put_into_another_folder(home: Home, site: Site) -> None:
    home.lines("add", "--folder", "Rivers", site.page("/rivers", rss(item(1, title="Otters return"))))
    home.lines("add", "--folder", "Bridges", site.page("/bridges", rss(item(2, title="A new bridge"))))
    home.lines("refresh")
    before = by_title(home)
    home.lines("filter", "folder:Rivers", "--raise", "30")
    sources = home.folder / ".config" / "news-tui" / "sources.toml"
    sources.write_text(sources.read_text().replace("Bridges", "Rivers"))
    changes = {title: story["quality"] - before[title]["quality"] for title, story in by_title(home).items()}
    assert changes == {"Otters return": 30, "A new bridge": 30}


WRONG: list[tuple[list[str], int, str]] = [
    (["otters"], 2, "say what to do with it"),
    (["otters", "--mute", "--read"], 2, "say what to do with it"),
    (["--mute"], 1, "a filter needs a query"),
    (["is:unread", "--raise", "20"], 1, "‘is:’ cannot decide about heat"),
    (["age:<3d otters", "--lower", "20"], 1, "‘age:’ cannot decide about heat"),
    (["has:image OR -has:tag", "--raise", "20"], 1, "‘has:tag’ cannot decide about heat"),
    (["otters", "--raise", "many"], 1, "say by how many points to raise"),
    (["otters", "--raise", "5000"], 1, "by 1,000 points at most"),
    (["titel:otters", "--mute"], 1, "did you mean ‘title:’"),
    (["otters", "--tag", "#"], 1, "is no tag"),
    (["a" * 5000 + "/b", "--mute"], 1, "the query is longer than"),
    (["--remove", "7"], 1, "there is no filter 7"),
    (["otters", "--mute", "--source", "Nobody"], 1, "Nobody is not one of your sources"),
]


def test_what_is_no_filter_is_said_and_nothing_is_made(home: Home, news: Path) -> None:
    for arguments, status, words in WRONG:
        done = home.run("filter", *arguments)
        assert (done.returncode, words in done.stderr) == (status, True), (arguments, done.stderr)
    assert home.lines("filter", "--list") == []
