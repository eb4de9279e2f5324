"""Hooks run once for each new story that their query finds, after a refresh, and their failures are told."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import TIMEOUT, Home
from tests.support.feeds import Item, item, rss
from tests.support.servers import Site

TITLES = (
    *("A bridge opens", "Volcano erupts on Iceland", "Parliament votes on fishing", "Comet seen from Chile"),
    *("Rust compiler gets faster", "Bakers strike in Lyon", "Museum buys a Vermeer", "Flood warning lifted"),
)


def entry(number: int) -> Item:
    """Return an entry that makes a story of its own."""
    return item(number, title=TITLES[number])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def configure(home: Home, text: str) -> None:
    folder = home.folder / ".config" / "news-tui"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text)


def writing(home: Home, field: str = "") -> str:
    """Return the settings with a hook that writes the address of each story into a file."""
    script = f"cat >> {home.folder}/told"
    return f"""[hooks]\nnew = {{query = "is:unread", command = ["sh", "-c", "{script}"], input = "url"{field}}}\n"""


def told(home: Home) -> list[str]:
    path = home.folder / "told"
    return path.read_text().split() if path.exists() else []


def addresses(*numbers: int) -> list[str]:
    return [str(item(number).link) for number in numbers]


def publish(site: Site, number: int) -> str:
    """Put a feed with the first entries there, and return its address."""
    return site.page("/feed", rss(*map(entry, range(1, number + 1))))


def test_a_hook_runs_once_for_each_story_that_is_new(home: Home, site: Site) -> None:
    home.lines("add", publish(site, 1))
    configure(home, writing(home))
    home.lines("refresh", "--force")
    assert told(home) == []  # what is there when it begins is not new
    publish(site, 2)
    home.lines("refresh", "--force")
    assert told(home) == addresses(2)
    publish(site, 3)
    home.lines("refresh", "--force")
    home.lines("refresh", "--offline")
    assert told(home) == addresses(2, 3)
    home.index_files()[0].unlink()
    publish(site, 4)
    home.lines("refresh", "--force")
    assert told(home) == addresses(2, 3, 4)


def test_a_limit_holds_and_the_others_follow(home: Home, site: Site) -> None:
    home.lines("add", publish(site, 1))
    configure(home, writing(home, ", most = 4"))
    home.lines("refresh", "--force")
    publish(site, 7)
    for expected in (4, 6, 6):
        home.lines("refresh", "--force")
        assert len(told(home)) == expected
    assert sorted(told(home)) == addresses(2, 3, 4, 5, 6, 7)


def test_failures_are_told_and_logged_and_the_others_run(home: Home, site: Site) -> None:
    home.lines("add", publish(site, 1))
    configure(
        home,
        writing(home)
        + """missing = {query = "is:unread", command = "no-such-command {url}"}
bad = {query = "is:unread", command = ["sh", "-c", "echo oh no >&2; exit 3"]}
wrong = {query = "heat:high", command = "true"}
""",
    )
    first = home.run("refresh", "--force")
    assert "the hook 'wrong' does not run: heat: takes a number" in first.stderr
    publish(site, 2)
    done = home.run("refresh", "--force")
    assert done.returncode == 0
    assert "the hook 'missing' does not run: there is no command 'no-such-command'" in done.stderr
    assert "the hook 'bad': sh failed with status 3: oh no" in done.stderr
    assert told(home) == addresses(2)
    log = home.folder / ".local" / "state" / "news-tui" / "errors.log"
    assert "the hook 'bad': sh failed with status 3: oh no" in log.read_text()
    assert "oh no" not in home.run("refresh", "--force").stderr  # it is not tried again


def test_a_refresh_that_is_ended_ends_the_command_and_runs_it_again_after_the_next(home: Home, site: Site) -> None:
    home.lines("add", publish(site, 1))
    configure(home, writing(home))
    home.lines("refresh", "--force")
    publish(site, 2)
    slow, begun = home.folder / "slow", home.folder / "begun"
    slow.touch()
    script = f"[ -e {slow} ] && echo $$ >> {begun} && sleep 600; cat >> {home.folder}/told"
    configure(home, writing(home).replace(f"cat >> {home.folder}/told", script))
    with home.start("refresh", "--force") as refresh:
        until(lambda: begun.exists() and begun.read_text().endswith("\n"))
        refresh.send_signal(signal.SIGHUP)
        refresh.communicate(timeout=TIMEOUT)
    number = int(begun.read_text())
    until(lambda: not is_running(number))
    assert told(home) == []
    slow.unlink()
    home.lines("refresh", "--offline")
    home.lines("refresh", "--offline")
    assert told(home) == addresses(2)


def is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + TIMEOUT
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_muted_and_read_stories_are_left_out(home: Home, site: Site) -> None:
    home.lines("add", publish(site, 1))
    configure(home, writing(home))
    home.lines("refresh", "--force")
    home.lines("mute", "parliament")
    publish(site, 3)
    home.lines("refresh", "--force")
    assert told(home) == addresses(3)


def test_a_notification_is_shown_by_what_there_is(home: Home, site: Site) -> None:
    home.lines("add", publish(site, 1))
    configure(home, '[hooks]\nnew = {query = "is:unread source:paper", notify = true}\n')
    home.lines("refresh", "--force")
    # Without a desktop and a terminal, as under cron, it is printed.
    publish(site, 2)
    assert home.lines("refresh", "--force")[0] == f"{TITLES[2]} · The Paper"
    publish(site, 3)
    status, written = home.on_terminal("refresh", "--force")
    assert status == 0
    assert f"\x1b]9;{TITLES[3]} · The Paper\x1b\\" in written
    programs = home.folder / "bin"
    programs.mkdir()
    (programs / "notify-send").write_text(f"#!/bin/sh\nprintf '%s|' \"$@\" > {home.folder}/shown\n")
    (programs / "notify-send").chmod(0o755)
    home.environment |= {"PATH": f"{programs}:{home.environment['PATH']}", "DISPLAY": ":0"}
    publish(site, 4)
    home.lines("refresh", "--force")
    assert (home.folder / "shown").read_text() == f"--app-name=news-tui|--|{TITLES[4]}|The Paper|"


def test_the_progress_for_programs_has_notifications_and_problems(home: Home, site: Site) -> None:
    home.lines("add", publish(site, 1))
    configure(home, '[hooks]\nnew = {query = "is:unread", notify = true}\nbad = {query = "is:x", command = "true"}\n')
    *_, last = home.objects("refresh", "--force")
    assert "notifications" not in last
    publish(site, 2)
    *_, last = home.objects("refresh", "--force")
    assert last["notifications"] == [f"{TITLES[2]} · The Paper"]
    assert any("the hook 'bad' does not run: is: takes" in notice for notice in last["notices"])
