"""``news-tui import --newsboat``: feeds, query feeds, rules and settings of newsboat come along."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.command import Home
from tests.support.feeds import item, rss
from tests.support.servers import Site
from tui_reader.model.article_filter import MOST_FILTERS


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def newsboat(home: Home, urls: str, config: str = "", folder: str = ".newsboat") -> Path:
    """Write the files of newsboat."""
    place = home.folder / folder
    place.mkdir(parents=True)
    (place / "urls").write_text(urls, encoding="utf-8")
    (place / "config").write_text(config, encoding="utf-8")
    return place


def test_what_is_used_goes_on_working(home: Home, site: Site) -> None:
    feed = site.page(
        "/feed",
        rss(item(1, title="Sponsored: a car"), item(2, title="Kernel 6.9 is out"), item(3, title="A walk in the park")),
    )
    newsboat(
        home,
        f"""{feed} tech "~The Paper"
"query:Kernel news:tags # \\"tech\\" and title =~ \\"kernel\\""
exec:{home.folder}/run.sh
""",
        """ignore-article "*" "title =~ \\"Sponsored\\""
ignore-article "*" "title =~ \\"^Ad\\""
reload-time 60
bind-key N toggle-article-read
macro y set browser "mpv %u"; open-in-browser
""",
    )
    (home.folder / "run.sh").write_text(f"#!/bin/sh\ntouch {home.folder}/ran\n")
    (home.folder / "run.sh").chmod(0o755)
    lines = home.lines("import", "--newsboat", "--private")
    text = "\n".join(lines)
    assert lines[0] == f"{home.folder}/.newsboat: added 1 feed"
    carried, rest = text.split("Not carried over:")
    left_out, for_config = rest.split("For ")
    assert "the view ‘Kernel news’: folder:tech title:kernel" in carried
    assert "the filter  mute ‘title:Sponsored’" in carried
    assert "never run" in left_out
    assert "it would hide more" in left_out
    assert "[refresh]\nevery = 60" in for_config
    assert 'toggle_read = "N,m"' in for_config
    assert 'mpv = {command = "mpv {url}", input = "none", terminal = true, key = "y"}' in for_config
    home.lines("refresh")
    assert [story["title"] for story in home.objects("stories", "--sort", "newest")] == [
        "A walk in the park",
        "Kernel 6.9 is out",
    ]
    (view,) = tomllib.loads((home.folder / ".config" / "news-tui" / "views.toml").read_text())["view"]
    assert view["name"] == "Kernel news"
    assert [story["title"] for story in home.objects("stories", "--search", view["query"])] == ["Kernel 6.9 is out"]
    assert not (home.folder / "ran").exists()


def test_repeating_it_adds_nothing(home: Home) -> None:
    newsboat(home, "https://paper.example/feed news\n", 'ignore-article "*" "title =~ \\"x\\""\n')
    home.lines("import", "--newsboat")
    lines = home.lines("import", "--newsboat")
    assert lines[0].endswith(": added 0 feeds, 1 already added")
    assert len(home.lines("filter", "--list")) == 1


def test_a_dry_run_changes_nothing(home: Home) -> None:
    newsboat(home, "https://paper.example/feed news\n", 'ignore-article "*" "title =~ \\"x\\""\n')
    lines = home.lines("import", "--newsboat", "--dry-run")
    assert lines[0].endswith(": would add 1 feed")
    assert home.lines("sources") == []
    assert "there are no filters" in home.run("filter").stderr


URLS = """# feeds
https://paper.example/feed news
http://192.168.0.7/feed
https://user%40home:pass@club.example/rss "two words" linux "~A \\"Club\\"" "!hidden"
exec:~/bin/feed
"filter:~/bin/f:https://a.example/"
"query:Kernel:title =~ \\"kernel\\"" tag
"query:Again:title =~ \\"again\\" and feedtitle =~ \\"LWN|Club\\""
"""
KEYS = """bind-key G end
bind-key x quit
bind-key x reload
unbind-key R
text-width 70\\"""
CONFIG = """include keys
include config
include ~/nowhere
browser "~/bin/open %u > /dev/null &"
cookie-cache ~/cookies
auto-reload no
max-items 10
max-items \\
20
macro m set browser "mpv %u" ; open-in-browser -- "watch"
ignore-article "regex:https?://paper\\\\.example/.*" "title =~ \\"rumour\\""
ignore-article "regex:[a-z]+" "title =~ \\"rumour\\""
define-filter "Kernel" "title =~ \\"linux\\""
ignore-article "http://192.168.0.7/feed" "title =~ \\"x\\""
ignore-article "*" "title =~ \\"y\\""
ignore-article "*" "title =~ \\"y\\""
"""


OUTCOMES = {
    "keys:1:": "[keys] last, which has the key anyway",
    "keys:2:": "keys:3 is about the same, and the last one counts",
    "keys:3:": "[keys] refresh, as config.toml has it",
    "keys:5:": "[text] measure",
    "config:1:": "is read too",
    "config:2:": "it cannot be read: it is read already",
    "config:3:": "it cannot be read: No such file or directory",
    "config:4:": "the setting browser",
    "config:5:": "there are no cookies and no proxy",
    "config:6:": "refreshing is automatic; ‘news-tui --offline’ does without",
    "config:7:": "line 8 is about the same, and the last one counts",
    "config:8:": "[keep] articles, of each source",
    "config:11:": "the filter  mute ‘title:rumour source:paper.example/’",
    "config:12:": "‘[a-z]+’ is a pattern, and ‘source:’ takes a name",
}


@pytest.mark.parametrize(("views", "too_many"), [(0, 0), (99, 1), (100, 3)])
def test_a_dry_run_says_what_the_run_does(home: Home, views: int, too_many: int) -> None:
    folder = newsboat(home, URLS, CONFIG)
    (folder / "keys").write_text(KEYS)
    config = home.folder / ".config" / "news-tui"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('[keep]\ndays = 9\narticles = 30\n[keys]\nrefresh = "x,r"\n')
    kept = "".join(f'[[view]]\nname = "{number}"\nquery = "otters"\n' for number in range(views))
    (config / "views.toml").write_text(kept)
    tried = home.run("import", "--newsboat", "--dry-run")
    assert home.lines("sources") == []
    assert (config / "views.toml").read_text() == kept
    assert "there are no filters" in home.run("filter").stderr
    done = home.run("import", "--newsboat")
    assert tried.returncode == done.returncode == 0
    assert tried.stdout.replace("would add", "added") == done.stdout
    assert "refused http://192.168.0.7/feed: it is in your private network" in done.stdout
    assert "its feed is not one of your sources" in done.stdout
    assert "which is there already" in done.stdout
    outcome = {line.split()[0]: words.strip() for line, words in pairwise(done.stdout.splitlines()) if line[:2] == "  "}
    assert {place: words for place, words in outcome.items() if place in OUTCOMES} == OUTCOMES
    assert all(f"config:{number}:" in outcome for number in (*range(1, 9), *range(10, 17)))
    assert done.stdout.endswith(
        f'# above the first line in brackets:\nbrowser = "{home.folder}/bin/open %s"\n'
        "[keep]  # put these below the line that is there\n"
        "articles = 20  # in place of 30\n[pipe]\n"
        'mpv = {command = "mpv {url}", input = "none", terminal = true, key = "m"}\n[text]\nmeasure = 70\n'
    )
    assert ("there is a view ‘Kernel’ already" in done.stdout) is (views < 100)
    assert done.stdout.count("there are 100 views already") == too_many


@pytest.mark.parametrize("option", [[], ["--dry-run"]])
def test_rules_for_which_there_is_no_room_are_named(home: Home, option: list[str]) -> None:
    rules = "".join(f'ignore-article "*" "title =~ \\"word{number}\\""\n' for number in range(MOST_FILTERS + 2))
    newsboat(home, "https://paper.example/feed\n", rules)
    report = home.lines("import", "--newsboat", *option)
    assert sum("the filter  mute" in line for line in report) == MOST_FILTERS
    assert sum("there are 500 filters already" in line for line in report) == 2


def test_nothing_in_its_files_reaches_the_terminal_as_it_is(home: Home) -> None:
    newsboat(
        home,
        "https://paper.example/feed\n",
        'bind-key \x1b]0;a quit\nreload-time \x1b[2J\nbrowser "open\x9b2J %u"\n'
        'ignore-article "*" "title =~ \\"(\x1b[2J\\""\n',
    )
    text = "\n".join(home.lines("import", "--newsboat"))
    assert "is not known" in text and "is not a number" in text and "browser = " in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


def test_a_table_that_is_none_in_the_settings_is_written_anew(home: Home) -> None:
    newsboat(home, "https://paper.example/feed\n", "reload-time 60\n")
    settings = home.folder / ".config" / "news-tui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("refresh = 30\n")
    assert home.lines("import", "--newsboat")[-2:] == ["[refresh]", "every = 60"]


def test_a_rule_for_one_feed_is_a_filter_for_its_source(home: Home) -> None:
    newsboat(
        home,
        "https://paper.example/feed\n",
        'ignore-article "https://paper.example/feed" "title =~ \\"x\\""\n'
        'ignore-article "https://gone.example/feed" "title =~ \\"x\\""\n',
        ".config/newsboat",
    )
    lines = home.lines("import", str(home.folder / ".config" / "newsboat"))
    assert any("its feed is not one of your sources" in line for line in lines)
    assert home.lines("filter", "--list") == ["   1        0  mute          title:x  only https://paper.example/feed"]


def test_without_newsboat_it_is_said_where_its_files_were_looked_for(home: Home) -> None:
    done = home.run("import", "--newsboat")
    assert done.returncode == 1
    assert (
        f"there is no file ‘urls’ of newsboat in {home.folder}/.config/newsboat or {home.folder}/.newsboat"
        in done.stderr
    )
