"""``news-tui stories`` with --search, --since, --until and --provider."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.collections import write_article
from tests.support.command import Home

STORIES = {
    "Ferry stops": ("2020-05-31T12:00:00Z", "The Harbour", "harbour.example"),
    "Ferry sails": ("2020-06-01T00:00:00Z", "The Harbour", "news.harbour.example"),
    "Tram stops": ("2020-08-31T23:00:00Z", "Rail & Road", "rail.example"),
    "Ferry fares": ("2020-09-01T00:00:00Z", "Rail & Road", "rail.example"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with two sources in folders."""
    home = Home(tmp_path_factory.mktemp("home"))
    for title, (when, provider, domain) in STORIES.items():
        place = home.folder / ("boats" if title.startswith("Ferry") else "trams")
        fields = {
            "title": title,
            "heat": 9,
            "publishedDateTime": when,
            "provider": {"name": provider, "domain": domain},
        }
        write_article(place / f"{title}.md", fields | {"webUrl": f"https://{domain}/{title.replace(' ', '-')}"})
    home.lines("add", home.folder / "boats", "--title", "On the water", "--folder", "Travel/Boats")
    home.lines("add", home.folder / "trams", "--title", "On rails", "--folder", "Travel")
    return home


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--search", "ferry"], {"Ferry stops", "Ferry sails", "Ferry fares"}),
        (["--search", "ferry -stop"], {"Ferry sails", "Ferry fares"}),
        (["--search", "tram OR fares"], {"Tram stops", "Ferry fares"}),
        (["--search", "folder:travel -folder:boats"], {"Tram stops"}),
        (["--search", 'source:"on rails"'], {"Tram stops"}),
        (["--since", "2020-06"], {"Ferry sails", "Tram stops", "Ferry fares"}),
        (["--since", "2020-06", "--until", "2020-08"], {"Ferry sails", "Tram stops"}),
        (["--until", "2020-08-31"], {"Ferry stops", "Ferry sails", "Tram stops"}),
        (["--since", "1d"], {"Tram stops", "Ferry fares"}),
        (["--until", "1d"], {"Ferry stops", "Ferry sails"}),
        (["--provider", "the harbour"], {"Ferry stops", "Ferry sails"}),
        (["--provider", "harbour.example"], {"Ferry stops", "Ferry sails"}),
        (["--provider", "Rail & Road", "--search", "ferry OR stops"], {"Tram stops", "Ferry fares"}),
        (["--provider", "rail", "--provider", "news.harbour.example"], {"Ferry sails", "Tram stops", "Ferry fares"}),
        (["--search", "stops", "--source", "on rails"], {"Tram stops"}),
        (["--search", "xylophone"], set()),
    ],
)
def test_what_the_options_find(home: Home, options: list[str], found: set[str]) -> None:
    assert {story["title"] for story in home.objects("stories", *options)} == found


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--search", "tittle:ferry"], "there is no field ‘tittle:’: did you mean ‘title:’?"),
        (["--search", "heat:>"], "heat: takes a number, such as heat:>100"),
        (["--search", "folder:Boots"], "there is no folder ‘Boots’"),
        (["--search", "!!!"], "there is no word to search for"),
        (
            ["--since", "last week"],
            "--since takes a year, month, day or age, such as 2021-06-15 or 3d, not ‘last week’",
        ),
        (["--provider", "&"], "--provider: ‘&’ is not the name of a provider"),
    ],
)
def test_a_wrong_query_is_told_in_a_line(home: Home, options: list[str], message: str) -> None:
    done = home.run("stories", *options)
    assert done.returncode == 1
    assert done.stderr.startswith("news-tui: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_names_that_nothing_has_are_told_with_those_that_may_be_meant(home: Home, tmp_path: Path) -> None:
    done = home.run("stories", "--search", "ferry lead:harbur")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "news-tui: there is no provider ‘harbur’: did you mean ‘The Harbour’?\n"
    done = home.run("export", "provider:harbur", "--format", "text")
    assert "did you mean ‘The Harbour’?" in done.stderr
    folded = {"title": "Traffic", "webUrl": "https://harbour.example/1", "provider": {"name": "The Harbour"}}
    lead = {"title": "Traffic", "webUrl": "https://rail.example/1", "provider": {"name": "Rail"}}
    write_article(tmp_path / "a.md", lead | {"heat": 9, "related": [folded]})
    write_article(tmp_path / "b.md", folded | {"heat": -1, "published": False})
    said = home.run("stories", tmp_path, "--search", "lead:harbour").stderr
    assert said == "news-tui: ‘harbour’ leads no story: provider:harbour finds what it tells\n"


def test_the_first_example_finds_one_story_of_the_sample(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")
    query = page.split("```text\n")[1].partition("\n")[0]
    (story,) = Home(tmp_path).objects("stories", "--search", query)
    assert (story["provider"]["name"], story["publishedDateTime"][:4]) == ("CISA", "2024")


def test_an_article_that_matches_is_named_by_its_story(home: Home, tmp_path: Path) -> None:
    entry = {"title": "The bridge is open", "webUrl": "https://b.example/1"}
    write_article(
        tmp_path / "a.md", {"title": "Traffic", "webUrl": "https://a.example/1", "heat": 9, "related": [entry]}
    )
    write_article(tmp_path / "b.md", entry | {"heat": -1, "published": False})
    (story,) = home.objects("stories", tmp_path, "--search", "bridge is:folded heat:9")
    assert story["title"] == "Traffic"
    assert (story["match"]["title"], story["match"]["webUrl"]) == (entry["title"], entry["webUrl"])
    _, found = home.lines("stories", tmp_path, "--search", "bridge")
    assert found.strip() == "↳ The bridge is open · b.example"
    (story,) = home.objects("stories", tmp_path, "--search", "traffic")
    assert story["match"] is None
