"""``news-tui add``, ``remove`` and ``sources``."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from tests.support.collections import entry_fields, file_name, front_matter, make_collection
from tests.support.command import Home
from tests.support.feeds import api_page, api_topics, item, rss
from tests.support.index import opened
from tests.support.servers import Site, page
from tests.ui.terminal import terminal
from tui_reader.model.query import Query


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return make_collection(tmp_path / "site")


def failure(home: Home, *arguments: str | Path) -> str:
    done = home.run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("news-tui: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_added_sources_open_by_default(home: Home, source: Path) -> None:
    assert home.lines("add", source) == [f"added {source}"]
    assert home.lines("sources") == [str(source)]
    done = home.run("stories")
    assert len(done.stdout.splitlines()) == 4
    assert done.stderr == ""


def test_paths_are_resolved_and_added_once(home: Home, source: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(source)
    assert home.run("add", "../site", cwd=home.folder).stdout == f"added {source}\n"
    assert home.lines("add", tmp_path / "link") == [f"already added: {source}"]
    assert home.lines("sources") == [str(source)]


def test_several_sources_in_their_order(home: Home, source: Path, tmp_path: Path) -> None:
    second = make_collection(tmp_path / "another", 3, site=False)
    archive = tmp_path / "third.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(source / "_news" / file_name(0), "only.md")
    home.run("add", source, second, archive)
    assert home.lines("sources") == [str(source), str(second), str(archive)]
    found = home.objects("sources")[2]
    assert (found["location"], found["there"], found["kind"]) == (str(archive), True, "archive")


def test_a_folder_inside_another_source_is_read_once(home: Home, source: Path) -> None:
    home.run("add", source / "_news")
    home.run("add", source)
    assert " 12 files read" in home.lines("index")[0]


def test_if_one_source_is_refused_the_others_are_added(home: Home, source: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "one.md").write_text("---\nnever closed\n")
    (notes / "two.html").write_text("<p>no front matter</p>\n")
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(b"no zip")
    blank = tmp_path / "blank.zip"
    with zipfile.ZipFile(blank, "w") as packed:
        packed.writestr("image.png", b"")
    climbing = tmp_path / "climbing.zip"
    with zipfile.ZipFile(climbing, "w") as packed:
        packed.writestr("../out.md", front_matter({"title": "Out"}))
    unfit = [empty, notes, picture, damaged, blank, climbing, tmp_path / "missing"]
    last = make_collection(tmp_path / "last", 3, site=False)
    done = home.run("add", source, *unfit, last)
    assert done.returncode == 1
    assert done.stdout == f"added {source}\nadded {last}\n"
    lines = done.stderr.splitlines()
    assert len(lines) == len(unfit)
    for line, path in zip(lines, unfit, strict=True):
        assert line.startswith("news-tui: ")
        assert str(path) in line
    assert "none of its 2 files" in failure(home, "add", notes)
    assert home.lines("sources") == [str(source), str(last)]


def test_of_several_addresses_those_that_answer_are_added(home: Home, site: Site) -> None:
    good, bad, last = site.page("/a", rss(item(1))), site.page("/b", b"", 500), site.page("/c", rss(item(2)))
    done = home.run("add", good, bad, "http://x: ", "http://[::1", last)
    assert done.returncode == 1
    assert [line.split("(")[-1].rstrip(")") for line in done.stdout.splitlines()] == [good, last]
    first, *others = done.stderr.splitlines()
    assert bad in first
    assert len(others) == 2
    assert all("http://" in line for line in others)


def test_without_sources_there_is_a_hint(home: Home) -> None:
    done = home.run("sources")
    assert (done.returncode, done.stdout) == (0, "")
    assert "news-tui add" in done.stderr
    assert home.run("sources", "--json").stderr == ""


@pytest.mark.parametrize("name", ["as typed", "real", "link", "relative"])
def test_remove_by_any_name(home: Home, source: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "link").symlink_to(source)
    home.run("add", source)
    names: dict[str, str | Path] = {
        "as typed": source,
        "real": source.resolve(),
        "link": tmp_path / "link",
        "relative": "../site/../site",
    }
    assert home.lines("remove", names[name]) == [f"removed {source}"]
    assert home.run("sources").stdout == ""


def test_remove_a_source_that_no_longer_exists(home: Home, source: Path, tmp_path: Path) -> None:
    home.run("add", source)
    shutil.rmtree(source)
    assert home.lines("sources") == [f"{source}  (gone)"]
    assert home.lines("remove", os.path.relpath(source, home.folder)) == [f"removed {source}"]


def test_remove_an_unknown_source(home: Home, source: Path, tmp_path: Path) -> None:
    home.run("add", source)
    assert "news-tui sources" in failure(home, "remove", source, tmp_path / "other")
    assert home.lines("sources") == [str(source)]


def test_comments_in_the_file_are_preserved(home: Home, source: Path) -> None:
    file = home.folder / ".config" / "news-tui" / "sources.toml"
    file.parent.mkdir(parents=True)
    file.write_text('# mine\n[[source]]\nlocation = "/old"  # gone since May\n')
    home.run("add", source)
    home.run("remove", source)
    assert file.read_text().strip() == '# mine\n[[source]]\nlocation = "/old"  # gone since May'


def test_marks_survive_removing_and_adding(home: Home, source: Path) -> None:
    home.run("add", source)
    home.run("stories")
    marks = home.folder / ".local" / "share" / "news-tui" / "marks.db"
    before = marks.read_bytes()
    home.run("remove", source)
    home.run("index")
    assert marks.read_bytes() == before


# -- on the network ------------------------------------------------------------


def web_page(site: Site, path: str, **feeds: str) -> str:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'
        for title, href in feeds.items()
    )
    return site.page(path, f"<!DOCTYPE html><html><head>{links}</head></html>".encode(), kind="text/html")


def kept(home: Home) -> list[str]:
    return [source["location"] for source in home.objects("sources")]


def test_a_feed_is_added_with_its_title(home: Home, site: Site) -> None:
    feed = site.page("/feed", rss(item(1), title="The Paper"))
    assert home.lines("add", feed) == [f"added The Paper ({feed})"]
    assert home.lines("add", feed) == [f"already added: The Paper ({feed})"]
    assert home.lines("add", "--title", "Mine", "--folder", "Papers/Daily", site.page("/two", rss())) == [
        f"added Mine ({site.url('/two')})"
    ]
    assert home.objects("sources")[1]["folder"] == ["Papers", "Daily"]


def test_a_page_with_one_feed_adds_the_feed(home: Home, site: Site) -> None:
    assert home.lines("add", web_page(site, "/", News="/news.xml")) == [f"added News ({site.url('/news.xml')})"]


def test_a_page_with_several_feeds_lists_them(home: Home, site: Site) -> None:
    web = web_page(site, "/", News="/news.xml", Sport="/sport.xml")
    done = home.run("add", web)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        f"  1  News · {site.url('/news.xml')}",
        f"  2  Sport · {site.url('/sport.xml')}",
        f"news-tui: {web} has several feeds: name one of them, or use --all to add them all",
    ]
    assert kept(home) == []
    assert len(home.lines("add", "--all", web)) == 2
    assert kept(home) == [site.url("/news.xml"), site.url("/sport.xml")]


@pytest.mark.parametrize(
    ("answer", "added"),
    [("", ["News"]), ("2 1 2", ["Sport", "News"]), ("1 3", []), ("0", [])],
)
def test_who_is_asked_which_feed_gets_what_they_answered(home: Home, site: Site, answer: str, added: list[str]) -> None:
    web = web_page(site, "/", News="/news.xml", Sport="/sport.xml")
    with terminal("add", web, columns=120, lines=24, environ=home.environment) as screen:
        screen.until_seen("1  News", "2  Sport", "Which?")
        screen.press(f"{answer}\r")
        assert screen.until_ended() == (0 if added else 1)
        assert screen.sees("was added") is not bool(added)
    assert kept(home) == [site.url(f"/{name.lower()}.xml") for name in added]


def test_an_api_an_archive_and_a_repository(home: Home, site: Site) -> None:
    api = site.page("/w/api/news/index.json", api_page(entry_fields(1)), kind="application/json")
    site.page("/w/api/topics/index.json", api_topics("Rain"), kind="application/json")
    home.lines("add", web_page(site, "/w/"), site.url("/site.tar.gz"), "github:things/site")
    assert kept(home) == [api, site.url("/site.tar.gz"), "github:things/site"]
    assert [source["kind"] for source in home.objects("sources")] == ["site API", "archive", "archive"]


def test_a_page_without_feeds_is_refused(home: Home, site: Site) -> None:
    assert "no feed found" in failure(home, "add", web_page(site, "/"))
    assert kept(home) == []


def test_a_password_is_stored_separately_and_never_printed(home: Home, site: Site) -> None:
    feed = site.page("/feed?token=Geheim", rss(item(1)))
    typed = site.url("/feed?token=Geheim", user="me:Secret")
    done = [home.run("add", typed), home.run("refresh"), home.run("sources")]
    site.page("/feed?token=Geheim", b"", 401)
    done += [home.run("refresh"), home.run("sources"), home.run("sources", "--json")]
    found = done.pop().stdout
    done.append(home.run("remove", typed))
    assert [each.returncode for each in done] == [0, 0, 0, 1, 0, 0]
    for each in done:
        assert "Secret" not in each.stdout + each.stderr
        assert "Geheim" not in each.stdout + each.stderr
    assert "Secret" not in found
    assert json.loads(found)["location"] == feed
    assert all(asked.headers.get("authorization") for asked in site.requests)


def test_a_file_with_a_password_is_private(home: Home, site: Site) -> None:
    site.page("/feed", rss(item(1)))
    home.lines("add", site.url("/feed", user="me:Secret"))
    file = home.folder / ".config" / "news-tui" / "sources.toml"
    assert 'password = "Secret"' in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_sources_prints_numbers_and_errors(home: Home, site: Site) -> None:
    good = site.page("/good", rss(item(1), item(2), title="Good"))
    bad = site.put("/bad", *[page(rss(item(3), title="Bad"))] * 2, page(status=404))
    home.lines("add", good, bad)
    assert [line.endswith(" · 0 articles, 0 a week · never fetched") for line in home.lines("sources")] == [True, True]
    home.run("refresh")
    home.run("refresh")
    first, second = home.lines("sources")
    minute = r"\d{4}-\d\d-\d\d \d\d:\d\d"
    assert re.fullmatch(rf"Good \({good}\) · 2 articles, [\d.]+ a week · fetched {minute}", first)
    assert re.fullmatch(
        rf"Bad \({bad}\) · 1 article, [\d.]+ a week · fetched {minute} · failing since {minute}: "
        rf"{bad}: there is nothing at this address \(404\); check it in a browser",
        second,
    )
    found = home.objects("sources")[1]
    assert (found["health"], found["articles"], "(404)" in found["error"]) == ("failing", 1, True)


@pytest.mark.parametrize("by", ["address", "title"])
def test_saved_articles_outlive_their_source(home: Home, site: Site, by: str, tmp_path: Path) -> None:
    feed = site.page("/feed", rss(item(1), item(2), title="The Paper"))
    home.lines("add", feed, make_collection(tmp_path / "made", 3))
    home.lines("refresh")
    index, marks = home.index_files()[0], home.folder / ".local" / "share" / "news-tui" / "marks.db"
    with opened(index, marks) as (reader, made):
        (number,) = (n for n, row in reader.rows(reader.order(Query())).items() if row.title == item(1).title)
        made.set_saved([number], 1)
    assert home.lines("remove", feed if by == "address" else "The Paper") == [
        f"removed {feed}",
        "what was fetched stays for 30 days: ‘news-tui add’ brings it back",
    ]
    titles = [story["title"] for story in home.objects("stories", "--folded")]
    assert item(1).title in titles
    assert item(2).title not in titles
    assert feed not in kept(home)


def test_a_feed_is_added_to_an_account(home: Home, source: Path, site: Site) -> None:
    feed = site.page("/feed", rss(item(1)))
    assert "there is no account" in home.run("add", feed, "--account", "work").stderr
    config = home.folder / ".config" / "news-tui"
    config.mkdir(parents=True, exist_ok=True)
    (config / "accounts.toml").write_text(
        '[[account]]\nname = "Work"\nkind = "miniflux"\naddress = "https://x.example"\nuser = "me"\n'
    )
    assert "is no feed" in failure(home, "add", source, "--account", "work")
    home.run("add", feed, "--account", "work")
    assert 'account = "Work"' in (config / "sources.toml").read_text()
