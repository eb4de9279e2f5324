"""Signals in a real terminal: the reader ends or stops, and gives the terminal back as it was."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.servers import Site
from tests.ui.pages import BRIDGE
from tests.ui.reader import bring
from tests.ui.terminal import PATIENCE, Terminal, command
from tests.ui.terminal import installed as terminal
from tests.ui.test_living_index import write_many
from tests.ui.test_terminal import assert_restored, until_alone
from tui_reader.config import folders, load_view
from tui_reader.model.query import Sort
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.selection import select_sources
from tui_reader.subscriptions.subscription import Subscription

READY = "⏎ read"
PROMPT = "shell> "


def until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.01)


def state(pid: int) -> str:
    """The state of a process as ``ps`` shows it: R, S, T for stopped; empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # the latter if it ends between opening and reading
        return ""


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


# -- the end -----------------------------------------------------------------------


def test_sigterm_ends_the_reader_as_its_key_does(town: Path, environ: dict[str, str]) -> None:
    with terminal(str(town), columns=120, lines=40, environ=environ) as screen:
        before = screen.settings()
        screen.until_seen(BRIDGE, "36 stories", READY)
        # No shell could continue this reader, so it goes on.
        screen.press("\x1a")
        screen.press("\r")
        screen.until_seen("⏎ open")
        screen.press("S")
        screen.until_seen("newest first")
        screen.process.terminate()
        assert screen.until_ended() == 128 + signal.SIGTERM
        assert_restored(screen, before)
    until_alone(environ)
    assert load_view(folders().view).sort is Sort.NEWEST
    with closing(sqlite3.connect(folders().marks)) as marks:
        ((covered,),) = marks.execute("SELECT count(*) FROM coverage")
    assert covered > 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_while_a_refresh_runs_leaves_no_process(
    site: Site,
    environ: dict[str, str],
    number: signal.Signals,
) -> None:
    add_subscriptions(folders().sources, [Subscription(site.hang(f"/{place}")) for place in range(10)])
    with terminal(columns=80, lines=24, environ=environ) as screen:
        before = screen.settings()
        screen.until_seen("0 of 10 sources")
        site.wait_for_requests(4)
        screen.process.send_signal(number)
        assert screen.until_ended() == 128 + number
        assert_restored(screen, before)
    until_alone(environ)


def test_a_closed_window_ends_a_reader_that_refreshes_and_everything_it_started(
    site: Site,
    environ: dict[str, str],
) -> None:
    add_subscriptions(folders().sources, [Subscription(site.hang(f"/{place}")) for place in range(10)])
    with terminal(columns=80, lines=24, environ=environ) as screen:
        screen.until_seen("0 of 10 sources")
        site.wait_for_requests(4)
        screen.hang_up()
        screen.process.wait(PATIENCE)
    until_alone(environ)


def test_a_terminal_that_vanishes_without_a_signal_ends_the_reader(
    town: Path,
    environ: dict[str, str],
) -> None:
    with terminal(
        "-c", f"trap '' HUP; exec '{command()[0]}' '{town}'", columns=80, lines=24, environ=environ, program=["/bin/sh"]
    ) as screen:
        screen.until_seen(BRIDGE, READY)
        screen.hang_up()
        screen.process.wait(PATIENCE)
    until_alone(environ)


def test_a_reader_that_hangs_gives_the_terminal_back_at_the_second_signal(
    town: Path,
    environ: dict[str, str],
    tmp_path: Path,
) -> None:
    # The event loop is kept busy by the clock: only what runs in signal handlers still does.
    (tmp_path / "hang").mkdir()
    (tmp_path / "hang" / "sitecustomize.py").write_text(HANGS)
    with terminal(str(town), columns=80, lines=24, environ={**environ, "PYTHONPATH": str(tmp_path / "hang")}) as screen:
        before = screen.settings()
        screen.until_seen(BRIDGE, READY)
        screen.press("?")
        until((tmp_path / "home" / "hanging").exists, "the reader to hang")
        screen.process.send_signal(signal.SIGTERM)
        screen.process.send_signal(signal.SIGTERM)
        assert screen.until_ended() == 128 + signal.SIGTERM
        assert_restored(screen, before)


HANGS = """
import os, time
from pathlib import Path
import importlib.abc, sys

def hang(self):
    Path(os.environ["HOME"], "hanging").touch()
    while True:
        time.sleep(0.01)

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "tui_reader.ui.driver":
            import tui_reader.ui.screens.dialogs as dialogs
            dialogs.Dialogs.help = hang
        return None

sys.meta_path.insert(0, Finder())
"""


def test_a_reader_that_crashes_restores_the_terminal_and_says_so_in_one_sentence(
    town: Path,
    environ: dict[str, str],
    tmp_path: Path,
) -> None:
    (tmp_path / "crash").mkdir()
    (tmp_path / "crash" / "sitecustomize.py").write_text(CRASHES)
    with terminal(
        str(town), columns=120, lines=40, environ={**environ, "PYTHONPATH": str(tmp_path / "crash")}
    ) as screen:
        before = screen.settings()
        screen.until_seen(BRIDGE, READY)
        screen.press("j")
        assert screen.until_ended() == 1
        assert_restored(screen, before)
        text = " ".join(screen.text().split())  # wherever the lines of a long path break
        assert "news-tui: Internal error, written to" in text
        assert "; please report" in text
    assert "ZeroDivisionError: drawing" in folders().log.read_text()
    until_alone(environ)


CRASHES = """
import importlib.abc, sys

def crash(self, event):
    raise ZeroDivisionError("drawing")

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "tui_reader.ui.driver":
            import tui_reader.ui.widgets.line_list as lines
            lines.LineList.on_key = crash
            import tui_reader.ui.screens.front_page as page
            page.FrontPage.on_key = crash
        return None

sys.meta_path.insert(0, Finder())
"""


# -- suspending ----------------------------------------------------------------------


def job_shell(screen: Terminal) -> None:
    """Wait for the prompt of a shell with job control, in which the reader is a job."""
    screen.until_seen(PROMPT)


def start_reader(screen: Terminal, *sources: str) -> int:
    """Type the command, and return the process of the reader."""
    before = set(children(screen.process.pid))
    screen.press(" ".join([*command(), *sources]) + "\r")
    until(lambda: set(children(screen.process.pid)) - before, "the reader")
    (pid,) = set(children(screen.process.pid)) - before
    return pid


@pytest.fixture
def shell() -> list[str]:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here")
    return [bash]


SHELL = ("--norc", "--noprofile", "-i")


def test_ctrl_z_and_sigtstp_suspend_the_reader_and_fg_goes_on(
    town: Path, environ: dict[str, str], shell: list[str]
) -> None:
    environ = {**environ, "PS1": PROMPT}
    bring(select_sources([str(town)], folders()))
    with terminal(*SHELL, columns=100, lines=30, environ=environ, program=shell) as screen:
        job_shell(screen)
        pid = start_reader(screen, str(town))
        screen.until_seen(BRIDGE, READY, "1 of 36")
        for place in ("2 of 36", "3 of 36"):
            screen.press("j")
            screen.until_seen(place)
            written = len(screen.written)
            if place == "2 of 36":
                screen.press("\x1a")
            else:
                os.kill(pid, signal.SIGTSTP)
            until_prompted(screen, written)
            assert state(pid) == "T"
            given_back = screen.written[written:]
            for off in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[<u"):
                assert off in given_back
            screen.press("echo $((1111*7))\r")
            screen.until_seen("7777")
            screen.press("fg\r")
            screen.until_gone("7777")  # all of the screen is drawn again
            screen.until_seen(place, BRIDGE, READY)
        screen.press("q")
        screen.until(lambda: state(pid) == "", "the end of the reader")
        screen.press("exit\r")
        assert screen.until_ended() == 0
    until_alone(environ)


def until_prompted(screen: Terminal, written: int) -> None:
    """Wait until the shell prompts again, ``written`` bytes into what was sent to the terminal."""
    screen.until(lambda: PROMPT.encode() in screen.written[written:], "the prompt")


def test_a_suspended_reader_keeps_nobody_from_the_index_and_refreshes_after_fg(
    site: Site,
    environ: dict[str, str],
    shell: list[str],
) -> None:
    environ = {**environ, "PS1": PROMPT}
    add_subscriptions(folders().sources, [Subscription(site.hang(f"/{place}")) for place in range(3)])
    with terminal(*SHELL, columns=100, lines=30, environ=environ, program=shell) as screen:
        job_shell(screen)
        pid = start_reader(screen)
        screen.until_seen("0 of 3 sources")
        site.wait_for_requests(3)
        assert children(pid)
        screen.press("\x1a")
        screen.until(lambda: state(pid) == "T", "the reader to stop")
        screen.until(lambda: not children(pid), "the end of the refresh")
        # The refresh of the reader would keep this one waiting forever.
        screen.press(f"{' '.join(command())} refresh --offline\r")
        screen.until_seen("no source was due")
        screen.press("fg\r")
        screen.until(lambda: len(site.requests) == 6, "the refresh to go on")
        screen.until_seen("0 of 3 sources")
        screen.press("q")
        screen.until(lambda: state(pid) == "", "the end of the reader")
    until_alone(environ)


# -- commands --------------------------------------------------------------------------


def test_sigterm_ends_a_command_that_indexes_quietly(
    tmp_path: Path,
    environ: dict[str, str],
) -> None:
    write_many(tmp_path / "news")
    with terminal("index", str(tmp_path / "news"), columns=80, lines=24, environ=environ) as screen:
        screen.until_seen("files")
        screen.process.terminate()
        assert screen.until_ended() == 128 + signal.SIGTERM
        assert b"Traceback" not in screen.written
    until_alone(environ)
