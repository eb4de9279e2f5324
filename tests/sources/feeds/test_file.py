"""Feeds in files on disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import Home
from tests.support.feeds import Item, item, rss
from tests.support.index import dump, indexed, opened
from tui_reader.errors import SourceError
from tui_reader.model.query import Query, Sort
from tui_reader.sources.feeds import file as feed_file
from tui_reader.sources.feeds.file import FeedFile, is_feed_file

STORM = ("A storm closes the port of Rotterdam", "Port of Rotterdam closed by a storm")


def titles(index: Path) -> list[str]:
    with opened(index) as (reader, _):
        order = reader.order(Query(Sort.NEWEST, folded=True))
        rows = reader.rows(order)
        return [rows[number].title for number in order]


def test_the_name_decides_whether_a_file_is_a_feed() -> None:
    assert all(map(is_feed_file, ("a.xml", "A.RSS", "b.atom", "c.rdf", "feed.json")))
    assert not any(map(is_feed_file, ("a.md", "feed", "feed.json.gz", "news.opml")))


def test_the_index_follows_changes_of_the_file(tmp_path: Path) -> None:
    file, index = tmp_path / "paper.xml", tmp_path / "index.db"
    file.write_bytes(rss(item(1), item(2)))
    assert indexed(index, file).changed == 2
    assert indexed(index, file).changed == 0
    file.write_bytes(rss(item(2), item(3, title="Something else"), item(4)))
    progress = indexed(index, file)
    assert (progress.changed, progress.removed) == (2, 1)
    assert titles(index) == ["Headline 4 of the day", "Something else", "Headline 2 of the day"]
    with opened(index) as (reader, _):
        assert reader.summary().title == "The Paper"
    indexed(tmp_path / "anew.db", file)
    assert dump(index) == dump(tmp_path / "anew.db")


def test_articles_become_stories(tmp_path: Path) -> None:
    file = tmp_path / "paper.rss"
    file.write_bytes(rss(*(item(at, title=title, link=f"https://{at}.example/") for at, title in enumerate(STORM))))
    indexed(tmp_path / "index.db", file)
    with opened(tmp_path / "index.db") as (reader, _):
        (number,) = reader.order(Query())
        assert reader.rows([number])[number].related == 1


def test_a_large_json_feed_is_read_completely(tmp_path: Path) -> None:
    file = tmp_path / "archive.json"
    items = [{"id": str(n), "url": f"https://{n}.example/", "title": f"Title {n}"} for n in range(3000)]
    file.write_text(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "All", "items": items}))
    assert len(FeedFile(str(file)).read(0).entries) == 3000


def test_a_file_that_is_not_a_feed_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, index = tmp_path / "paper.xml", tmp_path / "index.db"
    file.write_bytes(rss(item(1)))
    indexed(index, file)
    file.write_text("<html><body>Please log in</body></html>")
    (failure,) = indexed(index, file).failures
    assert failure.startswith(f"{file}: a web page, not a feed")
    assert titles(index) == ["Headline 1 of the day"]
    monkeypatch.setattr(feed_file, "MAX_FEED_BYTES", 20)
    with pytest.raises(SourceError, match="larger than 0 MB"):
        FeedFile(str(file)).read(0)
    file.unlink()
    for ask in (FeedFile(str(file)).stamp, lambda: FeedFile(str(file)).read(0)):
        with pytest.raises(SourceError, match="cannot be read: No such file"):
            ask()


def test_notes_on_a_feed_are_problems_of_the_file(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), tmp_path / "odd.xml"
    file.write_bytes(rss(item(1, link="javascript:alert(1)", guid="a"), item(2), Item("")))
    first, second = home.run("index", "-v", file).stderr.splitlines()
    assert first == f"{file}: entries left out because they have no title, text or address: 1"
    assert second.startswith(f"{file}#")
    assert second.endswith(": Headline 1 of the day: link is not an http or https address: javascript:alert(1)")


def test_an_added_feed_file_has_its_own_title(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), tmp_path / "paper.xml"
    file.write_bytes(rss(Item("First", "https://paper.example/1"), Item("Second", "https://paper.example/2")))
    assert home.run("add", file).stdout == f"added The Paper ({file})\n"
    assert [story["title"] for story in home.objects("stories", "--folded")] == ["First", "Second"]
    (source,) = home.objects("sources")
    assert (source["kind"], source["title"]) == ("feed", "The Paper")
    other = tmp_path / "settings.json"
    other.write_text("{}")
    done = home.run("add", other)
    assert (done.returncode, done.stdout) == (1, "")
    assert "not a feed" in done.stderr
