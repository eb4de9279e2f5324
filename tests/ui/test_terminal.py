"""The installed ``news-tui`` in a real pseudo-terminal: from the command to the page in the browser, and out again."""

from __future__ import annotations

import base64
import os
import time
from pathlib import Path

import pytest

from tests.support.feeds import item, rss
from tests.support.servers import Site
from tests.ui.browser import Browser
from tests.ui.pages import BRIDGE, COMET, ENGINEERS, FERRY, write_town
from tests.ui.reader import bring
from tests.ui.terminal import PATIENCE, Terminal, command, run
from tests.ui.terminal import installed as terminal
from tests.ui.test_living_index import write_many
from tui_reader.config import folders
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.selection import select_sources
from tui_reader.subscriptions.subscription import Subscription

SIZES = [(80, 24), (120, 40)]


def of_this_test(environ: dict[str, str]) -> list[str]:
    """The command lines of all processes that run in this environment, wherever they come from."""
    mark = f"NEWS_TUI_TEST={environ['NEWS_TUI_TEST']}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # it has ended meanwhile, or belongs to somebody else
    return found


def until_alone(environ: dict[str, str]) -> None:
    """Wait until no process of the test is left; fails with those that are."""
    end = time.monotonic() + PATIENCE
    while left := of_this_test(environ):
        assert time.monotonic() < end, f"still running: {left}"
        time.sleep(0.02)


def assert_restored(screen: Terminal, before: object) -> None:
    """The terminal is as the program found it: its own screen, a cursor, no mouse, and it echoes."""
    for on, off in (
        (b"\x1b[?1049h", b"\x1b[?1049l"),  # the alternate screen
        (b"\x1b[?25l", b"\x1b[?25h"),  # a hidden cursor
        (b"\x1b[?1000h", b"\x1b[?1000l"),  # the mouse
        (b"\x1b[?1003h", b"\x1b[?1003l"),
        (b"\x1b[?2004h", b"\x1b[?2004l"),  # pasting in brackets
    ):
        assert screen.written.rfind(on) < screen.written.rfind(off), off
    assert b"\x1b[?1049h" in screen.written
    assert screen.settings() == before
    assert b"Traceback" not in screen.written


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_from_the_command_to_the_page_in_the_browser(
    town: Path, browser: Browser, environ: dict[str, str], columns: int, lines: int
) -> None:
    with terminal(str(town), columns=columns, lines=lines, environ=environ) as screen:
        before = screen.settings()
        screen.until_seen("The Town Crier", BRIDGE, FERRY, "36 stories", "What is to be said about it")
        screen.press("j")
        screen.until_seen("2 of 36")
        screen.press("\x1b[B")
        screen.until_seen("3 of 36")
        screen.press("G")
        screen.until_seen("36 of 36")
        screen.press("g")
        screen.until_seen("1 of 36")
        screen.press("\r")
        screen.until_seen("⏎ open")
        screen.press("]")
        screen.until_seen("1 of 5")
        screen.press("\r")
        screen.until_seen("All that the engineers say", "FOLDED UNDER")
        # The footer follows in a frame of its own, and is what tells the way back below.
        screen.until_gone("1 of 5")
        screen.press("o")
        screen.until(browser.calls, "the browser")
        screen.press("\x7f")
        screen.until_seen("1 of 5")
        screen.press("o")
        screen.until(lambda: len(browser.calls()) == 2, "the browser again")
        assert [len(call) for call in browser.calls()] == [1, 1]
        assert browser.calls()[0][0].endswith(ENGINEERS.lower().replace(" ", "-"))
        assert browser.calls()[1] == ["https://example.org/the-bridge-itself"]
        screen.press("q")
        assert screen.until_ended() == 0
        assert_restored(screen, before)
    until_alone(environ)


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_the_sample_opens_where_nothing_is_kept(
    tmp_path: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, columns: int, lines: int
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('this is no part of the program')")
    monkeypatch.chdir(tmp_path)
    with terminal(columns=columns, lines=lines, environ=environ) as screen:
        screen.until_seen("Sample edition", "by heat", "stories", "⏎ read")
        screen.press("?")
        screen.until_seen("Keys", "MOVE")
        screen.press("\x1b")
        screen.until_gone("MOVE")
        screen.press("q")
        assert screen.until_ended() == 0


def test_a_lone_esc_and_keys_that_begin_with_one_are_told_apart(town: Path, environ: dict[str, str]) -> None:
    with terminal(str(town), columns=120, lines=40, environ=environ) as screen:
        screen.until_seen(BRIDGE, "36 stories", "1 of 36")
        screen.press("\x1b[B")
        screen.until_seen("2 of 36")
        screen.press("\r")
        screen.until_seen("⏎ open")
        screen.press("\x1b")
        screen.until_seen("⏎ read")
        screen.press("\x1b[A\x1b[B\x1b[B")
        screen.until_seen("3 of 36")
        screen.press("q")
        assert screen.until_ended() == 0


def test_the_link_is_copied_through_the_terminal(town: Path, environ: dict[str, str]) -> None:
    link = b"https://example.org/the-bridge-itself"
    sent = b"\x1b]52;c;" + base64.b64encode(link)
    with terminal(str(town), columns=80, lines=24, environ=environ) as screen:
        screen.until_seen(BRIDGE, "36 stories")
        screen.press("y")
        screen.until(lambda: screen.written.count(sent) == 1, "the copied link")
        screen.until_seen("Sent to the terminal's clipboard")
        # There is no browser and no desktop: the link is shown whole, to click it or to copy it.
        screen.press("o")
        screen.until_seen(link.decode(), "$BROWSER")
        assert b"\x1b]8;" in screen.written
        assert link + b"\x1b\\" in screen.written
        screen.press("y")
        screen.until(lambda: screen.written.count(sent) == 2, "the link, copied again")
        screen.press("\x1b")
        screen.until_gone("$BROWSER")
        screen.press("q")
        assert screen.until_ended() == 0


def test_mouse_and_wheel(town: Path, environ: dict[str, str]) -> None:
    with terminal(str(town), columns=120, lines=40, environ=environ) as screen:
        screen.until_seen(COMET, "36 stories", "What is to be said about it")
        line = next(number for number, text in enumerate(screen.text().split("\n"), 1) if COMET in text)
        column = screen.text().split("\n")[line - 1].index(COMET) + 2
        screen.press(f"\x1b[<0;{column};{line}M\x1b[<0;{column};{line}m")
        screen.until_seen("3 of 36")
        screen.press(f"\x1b[<65;{column};{line}M" * 30)
        screen.until_gone(FERRY)
        screen.press("q")
        assert screen.until_ended() == 0


def test_the_terminal_changes_its_size(town: Path, environ: dict[str, str]) -> None:
    with terminal(str(town), columns=120, lines=40, environ=environ) as screen:
        screen.until_seen("TOPICS", BRIDGE, "36 stories")
        screen.press("j")
        screen.until_seen("2 of 36")
        screen.resize(60, 20)
        screen.until(lambda: "TOPICS" not in screen.text() and screen.sees("2 of 36", FERRY), "the narrow screen")
        screen.resize(120, 40)
        screen.until_seen("TOPICS", "2 of 36")
        screen.press("q")
        assert screen.until_ended() == 0


def test_q_during_indexing_leaves_nothing_behind(tmp_path: Path, environ: dict[str, str]) -> None:
    write_many(tmp_path / "news")
    with terminal(str(tmp_path / "news"), columns=80, lines=24, environ=environ) as screen:
        before = screen.settings()
        screen.until_seen("⏎ read")
        screen.press("q")
        assert screen.until_ended() == 0
        assert_restored(screen, before)
    until_alone(environ)


def test_a_closed_window_ends_everything(tmp_path: Path, environ: dict[str, str]) -> None:
    write_many(tmp_path / "news")
    with terminal(str(tmp_path / "news"), columns=80, lines=24, environ=environ) as screen:
        screen.until_seen("⏎ read")
        screen.hang_up()
        screen.process.wait(PATIENCE)
    until_alone(environ)


def test_what_was_read_and_chosen_is_there_the_next_time(town: Path, environ: dict[str, str]) -> None:
    with terminal(str(town), columns=120, lines=40, environ=environ) as screen:
        screen.until_seen(BRIDGE, "36 stories")
        screen.press("s")
        screen.until_seen("★")
        screen.press("S")
        screen.until_seen("newest first")
        screen.press("q")
        assert screen.until_ended() == 0
    with terminal(str(town), columns=120, lines=40, environ=environ) as screen:
        screen.until_seen("★", "newest first", BRIDGE)
        screen.press("q")
        assert screen.until_ended() == 0


def test_a_source_is_added_and_opened(tmp_path: Path, environ: dict[str, str]) -> None:
    write_town(tmp_path / "town")
    with terminal(columns=120, lines=40, environ=environ) as screen:
        before = screen.settings()
        screen.until_seen("Sample edition", "⏎ read")
        screen.press("+")
        screen.until_seen("Add a source")
        screen.press(f"{tmp_path / 'town'}")
        screen.until_seen("town")
        screen.press("\r")
        screen.until_seen("The Town Crier", BRIDGE, "36 stories")
        assert not screen.sees("Sample edition")
        screen.press("q")
        assert screen.until_ended() == 0
        assert_restored(screen, before)


def test_a_mistake_in_the_settings_is_shown_in_the_reader(home: Path, environ: dict[str, str]) -> None:
    path = home / ".config" / "news-tui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[keys]\nfly = "x"\n')
    with terminal(columns=80, lines=24, environ=environ) as screen:
        screen.until_seen("config.toml:2: there is no command ‘fly’")
        screen.press("q")
        assert screen.until_ended() == 0
        assert b"Traceback" not in screen.written


def test_q_ends_a_refresh_that_waits_for_a_site(site: Site, environ: dict[str, str]) -> None:
    add_subscriptions(folders().sources, [Subscription(site.hang("/feed"))])
    program = ["/bin/sh", "-c", '"$@"; echo It has ended; read line', "sh", *command()]
    # The end of a terminal ends all that runs in it, but that of a program in a shell does not.
    with terminal(columns=80, lines=24, environ=environ, program=program) as screen:
        screen.until(lambda: site.requests, "the request")
        screen.until_seen("? keys")
        screen.press("q")
        screen.until_seen("It has ended")
        screen.until(lambda: len(of_this_test(environ)) == 1, "the end of all but the shell")
        assert len(site.requests) == 1, "who lives on asks again"
        screen.press("\r")
        assert screen.until_ended() == 0


def test_the_browser_outlives_the_reader(town: Path, browser: Browser, environ: dict[str, str]) -> None:
    closed, told = browser.command.with_name("closed"), browser.command.with_name("told")
    browser.command.write_text(
        f"#!/bin/sh\ntouch {told}.begun\nuntil test -e {closed}; do sleep 0.02; done\ntouch {told}\n"
    )
    with terminal(str(town), columns=80, lines=24, environ=environ) as screen:
        screen.until_seen(BRIDGE, "36 stories")
        screen.press("o")
        screen.until(Path(f"{told}.begun").exists, "the browser")
        screen.hang_up()
        screen.process.wait(PATIENCE)
    assert of_this_test(environ), "the browser has ended with the window of the reader"
    closed.touch()
    until_alone(environ)
    assert told.exists()


def test_a_browser_of_the_terminal_gets_the_terminal_and_gives_it_back(
    town: Path, browser: Browser, environ: dict[str, str]
) -> None:
    command = browser.command.with_name("w3m")
    command.write_text('#!/bin/sh\necho "The text of $1"\nread line\necho "$line" > "$0.answer"\n')
    command.chmod(0o755)
    with terminal(str(town), columns=80, lines=24, environ=environ | {"BROWSER": "w3m"}) as screen:
        screen.until_seen(BRIDGE, "36 stories", "1 of 36")
        screen.press("o")
        screen.until_seen("The text of https://example.org/the-bridge-itself")
        assert not screen.sees("36 stories"), "the terminal has not left the screen of the reader"
        screen.press("j\r")
        screen.until_seen("36 stories", "1 of 36")
        assert command.with_name("w3m.answer").read_text() == "j\n"
        screen.press("j")
        screen.until_seen("2 of 36")
        screen.press("q")
        assert screen.until_ended() == 0


def test_a_command_for_the_story_gets_the_terminal_and_gives_it_back(
    town: Path, home: Path, environ: dict[str, str]
) -> None:
    path = home / ".config" / "news-tui" / "config.toml"
    path.parent.mkdir(parents=True)
    script = "read title; echo It is $title; read answer </dev/tty; echo $answer"
    path.write_text(
        f"""[pipe]
ask = {{command = ["sh", "-c", "{script}"], input = "url", terminal = true}}
wait = {{command = ["sh", "-c", "echo $0 waits; exec sleep 600", "It"], terminal = true}}
"""
    )
    with terminal(str(town), columns=80, lines=24, environ=environ) as screen:
        before = screen.settings()
        screen.until_seen(BRIDGE, "36 stories", "1 of 36")
        screen.press("|")
        screen.until_seen("a  ask")
        screen.press("a")
        screen.until_seen("It is https://example.org/the-bridge-itself")
        assert not screen.sees("36 stories"), "the terminal has not left the screen of the reader"
        screen.press("j\r")
        screen.until_seen("⏎ goes back to the reader")
        screen.press("\r")
        screen.until_seen("36 stories", "1 of 36")
        screen.press("j")
        screen.until_seen("2 of 36")
        screen.press("|")
        screen.until_seen("w  wait")
        screen.press("w")
        screen.until_seen("It waits")
        screen.press("\x03")  # ends the command, and not the reader
        screen.until_seen("sh was ended by signal 2: ⏎ goes back")
        screen.press("\x03\r")
        screen.until_seen("36 stories", "2 of 36")
        screen.press("q")
        assert screen.until_ended() == 0
        assert_restored(screen, before)


def test_the_terminal_shows_what_a_hook_tells(site: Site, home: Path, environ: dict[str, str]) -> None:
    first, second = (item(number, title=title) for number, title in enumerate(["A bridge opens", "A comet; seen"]))
    add_subscriptions(folders().sources, [Subscription(site.page("/feed", rss(first)))])
    (home / ".config" / "news-tui" / "config.toml").write_text('[hooks]\nnew = {query = "is:unread", notify = true}\n')
    run("refresh", environ=environ)
    site.page("/feed", rss(first, second))
    with terminal("refresh", "--force", columns=80, lines=24, environ=environ) as screen:
        assert screen.until_ended() == 0
        assert f"\x1b]9;{second.title} · The Paper\x1b\\".encode() in screen.written
        assert screen.written.count(b"\x1b]9;") == 1


def test_a_notification_is_told_though_its_refresh_was_ended(site: Site, home: Path, environ: dict[str, str]) -> None:
    first, second = (item(number, title=title) for number, title in enumerate(["A bridge opens", "A comet; seen"]))
    add_subscriptions(folders().sources, [Subscription(site.page("/feed", rss(first)))])
    waits = home / "waits"
    (home / ".config" / "news-tui" / "config.toml").write_text(
        f"""[hooks]
new = {{query = "is:unread", notify = true}}
slow = {{query = "is:unread", command = ["sh", "-c", "[ -e {waits} ] || {{ touch {waits}; sleep 60; }}"]}}
"""
    )
    run("refresh", environ=environ)
    with terminal(columns=80, lines=24, environ=environ) as screen:
        screen.until_seen(str(first.title), "? keys")
        site.page("/feed", rss(first, second))
        screen.press("RR")  # also within the time that the source asks for
        screen.until(waits.exists, "the command of the other hook")
        screen.press("RR")  # the refresh that waits for the command is ended, and another begins
        told = f"\x1b]9;{second.title} · The Paper\x1b\\".encode()
        screen.until(lambda: told in screen.written, "the notification")
        screen.press("q")
        assert screen.until_ended() == 0
        assert screen.written.count(b"\x1b]9;") == 1


def test_indexes_that_nobody_has_used_for_long_are_removed(town: Path, environ: dict[str, str]) -> None:
    selection = select_sources([str(town)], folders())
    bring(selection)
    cache = selection.database.parent
    ages = {
        "opened-old-00000000.db": 61,
        "opened-old-00000000.db-wal": 61,
        "opened-young-11111111.db": 59,
        "kept.db": 99,
    }
    for name, days in {**ages, selection.database.name: 99}.items():
        with (cache / name).open("ab"):
            os.utime(cache / name, (time.time() - days * 86_400,) * 2)
    with terminal(str(town), columns=80, lines=24, environ=environ) as screen:
        screen.until_seen(BRIDGE, "36 stories")
        screen.press("q")
        assert screen.until_ended() == 0
    left = {path.name for path in cache.glob("*.db*")} & {*ages, selection.database.name}
    assert left == {"opened-young-11111111.db", "kept.db", selection.database.name}
    assert time.time() - selection.database.stat().st_mtime < 86_400
