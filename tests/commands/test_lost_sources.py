"""A list of sources that was lost: the commands say so, instead of greeting a new user."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Home
from tests.support.feeds import item, rss
from tests.support.servers import Site


@pytest.fixture
def home(tmp_path: Path, site: Site) -> Home:
    """Two articles were fetched from the only source."""
    home = Home(tmp_path / "home")
    home.lines("add", site.page("/feed", rss(item(1), item(2))))
    home.lines("refresh")
    return home


@pytest.mark.parametrize("command", ["refresh", "sources", "stories"])
def test_a_list_that_is_gone_is_told(home: Home, command: str) -> None:
    path = home.folder / ".config" / "news-tui" / "sources.toml"
    before = path.read_bytes()
    path.unlink()
    told = home.run(command).stderr
    assert f"{path} is gone: ‘news-tui doctor’ lists the copies of it" in told
    assert "no sources yet" not in told
    home.lines("doctor", "--restore", "sources")
    assert path.read_bytes() == before


def test_a_refresh_without_its_list_fails(home: Home) -> None:
    (home.folder / ".config" / "news-tui" / "sources.toml").unlink()
    done = home.run("refresh", "--force")
    assert (done.returncode, done.stdout) == (1, "")


def test_a_list_that_is_empty_is_told(home: Home) -> None:
    path = home.folder / ".config" / "news-tui" / "sources.toml"
    path.write_text("")
    assert f"{path} lists no sources: ‘news-tui add SOURCE’ adds one, ‘news-tui doctor’" in home.run("stories").stderr


def test_what_was_fetched_is_restored_from_the_index_without_a_copy(home: Home) -> None:
    before = home.objects("stories", "--folded")
    for path in (home.folder / ".local" / "share" / "news-tui").glob("**/fetched.db*"):
        if path.suffix != ".known":
            path.unlink()
    assert "‘news-tui doctor --put-back’ fills it with the articles of the index" in home.run("doctor").stdout
    home.run("doctor", "--set-aside", "fetched")
    assert home.lines("doctor", "--put-back") == ["2 articles of the index are in fetched.db again"]
    assert home.objects("stories", "--folded") == before


def test_a_refresh_that_cannot_begin_does_not_say_that_nothing_was_due(home: Home) -> None:
    (home.folder / ".local" / "share" / "news-tui" / "fetched.db").write_bytes(b"")
    done = home.run("refresh", "--force")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the file is empty" in done.stderr
