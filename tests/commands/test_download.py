"""``news-tui download``: full texts before a journey, against servers on the loopback."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest

from tests.support.articles_on_the_web import PARAGRAPHS, SCRIPTED, web_page
from tests.support.collections import front_matter
from tests.support.command import Home
from tests.support.feeds import item, rss
from tests.support.servers import Loopback, Site, page

HTML = "text/html; charset=utf-8"
TITLES = ("Council votes on bus fares", "Ferry strike ends", "Comet seen from the harbour", "Old mill burns down")
"""Events that have nothing to do with one another: each is a story."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def subscribe(home: Home, site: Site, *numbers: int) -> None:
    """Add a feed of the pages with these numbers, and fetch it."""
    items = [item(number, title=TITLES[number], link=site.url(f"/{number}")) for number in numbers]
    home.lines("add", site.page("/feed", rss(*items, title=f"Paper {site.host}")))
    home.lines("refresh")


def write_article(folder: Path, name: str, link: str) -> None:
    folder.mkdir(exist_ok=True)
    fields = {"title": f"On disk: {name}", "webUrl": link, "publishedDateTime": "2026-01-01T10:00:00Z"}
    (folder / f"{name}.md").write_text(front_matter(fields))


def test_texts_are_fetched_and_failures_told_in_a_line_each(home: Home, net: Loopback) -> None:
    good, bad = net.site(), net.site("127.0.0.2")
    subscribe(home, good, 1)
    subscribe(home, bad, 2, 3)
    good.page("/1", web_page(), kind=HTML)
    bad.page("/2", SCRIPTED, kind=HTML)
    done = home.run("download")
    assert done.returncode == 1
    assert re.fullmatch(r"1 of 3 full texts · \d+\.\d s\n", done.stdout)
    scripts, gone = sorted(done.stderr.splitlines())
    assert scripts.startswith(f"news-tui: {TITLES[2]}: the page shows its text only with scripts")
    assert (
        gone == f"news-tui: {TITLES[3]}: {bad.url('/3')}: there is nothing at this address (404); check it in a browser"
    )
    assert home.lines("download") == ["no story without its full text"]
    assert good.paths().count("/1") == bad.paths().count("/2") == 1
    assert "1 full text" in home.run("doctor").stdout
    home.lines("index", "--rebuild")
    assert home.lines("download") == ["no story without its full text"]


def test_only_what_was_asked_for_is_fetched(home: Home, net: Loopback) -> None:
    sites = [net.site(f"127.0.0.{number}") for number in (1, 2, 3)]
    for number, site in enumerate(sites):
        site.page(f"/{number}", web_page(), kind=HTML)
        subscribe(home, site, number)
    (found,) = home.objects("download", "--source", "127.0.0.2")
    assert (found["title"], found["url"], found["problem"]) == (TITLES[1], sites[1].url("/1"), None)
    assert found["text"].split("\n\n") == list(PARAGRAPHS)
    assert home.objects("download", "--saved") == []
    assert len(home.objects("download", "--limit", "1")) == 1
    assert sum("/feed" not in path for site in sites for path in site.paths()) == 2
    assert "there is no topic ‘Sport’" in home.run("download", "--topic", "Sport").stderr


def test_articles_of_folders_get_the_text_of_their_page(home: Home, site: Site, tmp_path: Path) -> None:
    """A page in the private network is asked only where a source of the person is there too."""
    site.page("/1", web_page(), kind=HTML)
    write_article(tmp_path / "notes", "one", site.url("/1"))
    home.lines("add", tmp_path / "notes")
    done = home.run("download")
    assert "in a private network" in done.stderr
    subscribe(home, site, 1)
    (text,) = home.objects("download", "--page", str(page_of(site.url("/1"))))
    assert text["problem"] is None
    home.lines("remove", site.url("/feed"))
    assert home.lines("download") == ["no story without its full text"]
    assert home.lines("download", tmp_path / "notes") == ["no story without its full text"]


def page_of(address: str) -> int:
    from tui_reader.model.fingerprint import page_id
    from tui_reader.model.urls import page_key

    return page_id(page_key(address))


def test_a_site_that_asks_to_wait_is_left_alone(home: Home, site: Site) -> None:
    subscribe(home, site, 1, 2, 3)
    for number in (1, 2, 3):
        site.put(f"/{number}", page(status=429, headers={"Retry-After": "1000"}))
    done = home.run("download")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 3
    assert done.stderr.count("not asked, because of this") == 2
    assert len([path for path in site.paths() if path != "/feed"]) == 1
    site.put("/3", page(web_page(), kind=HTML))
    site.put("/2", page(web_page(), kind=HTML))
    site.put("/1", page(web_page(), kind=HTML))
    assert home.lines("download", "--limit", "1")[0].startswith("1 of 1 full text ")


def test_ctrl_c_keeps_what_is_there(home: Home, site: Site) -> None:
    subscribe(home, site, 1, 2)
    site.page("/1", web_page(), kind=HTML)
    site.hang("/2")
    with home.start("download", "--json") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["text"]
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    done = home.run("stories", "--json")
    assert done.returncode == 0
    assert "1 full text" in home.run("doctor").stdout
    site.page("/2", web_page(), kind=HTML)
    assert home.lines("download")[0].startswith("1 of 1 full text ")


def test_a_terminal_shows_how_far_it_is(home: Home, site: Site) -> None:
    subscribe(home, site, 1)
    site.page("/1", web_page(), kind=HTML)
    status, written = home.on_terminal("download")
    assert status == 0
    assert "of 1 pages" in written
    assert "1 of 1 full text" in written


def test_always_for_a_source_and_only_what_its_selector_selects(home: Home, site: Site) -> None:
    subscribe(home, site, 1)
    site.page("/1", web_page([*PARAGRAPHS, "What else is told here is left out of it."]), kind=HTML)
    sources = home.folder / ".config" / "news-tui" / "sources.toml"
    before = sources.read_text()
    sources.write_text(f'{before}full_text = true\nselector = "p:not(:last-child)"\n')
    assert home.lines("refresh")[0].startswith("1 source fetched")
    assert site.paths().count("/1") == 1
    home.lines("refresh")
    assert site.paths().count("/1") == 1
    (found,) = home.objects("download", "--page", str(page_of(site.url("/1"))))
    assert found["text"].split("\n\n") == list(PARAGRAPHS)
    sources.write_text(f'{before}selector = "p:::x"\n')
    done = home.run("download", "--json", "--page", str(page_of(site.url("/1"))))
    assert "‘p:::x’ is no CSS selector" in json.loads(done.stdout)["problem"]
