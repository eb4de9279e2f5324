"""The screens above the front page: each closes once, drops late answers and leaves no memory behind."""

from __future__ import annotations

import asyncio
import gc
import os
from pathlib import Path

import pytest
from textual.screen import Screen
from textual.strip import Strip

from tests.ui.pages import BRIDGE
from tests.ui.reader import Reader, reading
from tests.ui.terminal import terminal
from tui_reader.config import folders
from tui_reader.errors import UsageError
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription
from tui_reader.ui.screens.modal import ChildScreen
from tui_reader.ui.widgets.bars import FooterBar, MessageBar
from tui_reader.ui.widgets.source_footer import KeyLine


class Probe(ChildScreen[str]):
    """A screen that records the errors it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[str] = []

    def show_error(self, message: str) -> None:
        self.errors.append(message)


async def open_probe(reader: Reader) -> tuple[Probe, list[str | None]]:
    """Open a probe; its results come into the list."""
    probe, results = Probe(), list[str | None]()
    await reader.app.push_screen(probe, results.append)
    return probe, results


async def test_a_screen_that_is_closed_twice_closes_once(town: Path) -> None:
    async with reading(town) as reader:
        probe, results = await open_probe(reader)
        probe.close("first")
        probe.close("second")
        await reader.until(lambda: results, "the result")
        await reader.rest()
        assert results == ["first"]
        assert reader.app.screen is reader.page


async def test_a_screen_below_another_closes_after_it(town: Path) -> None:
    async with reading(town) as reader:
        probe, results = await open_probe(reader)
        above, results_above = await open_probe(reader)
        probe.close("below")
        await reader.rest()
        assert reader.app.screen is above
        above.close("above")
        await reader.until(lambda: results, "the results")
        assert (results, results_above) == (["below"], ["above"])
        await reader.until(lambda: reader.app.screen is reader.page, "the front page")


async def test_an_answer_after_closing_is_dropped(town: Path) -> None:
    async with reading(town) as reader:
        probe, results = await open_probe(reader)
        answered = asyncio.Event()

        async def answer() -> None:
            await answered.wait()
            probe.close("late")

        probe.start(answer(), group="answer")
        await asyncio.sleep(0.01)
        probe.close("early")
        answered.set()
        await reader.until(lambda: results, "the result")
        await reader.rest()
        assert results == ["early"]


async def test_errors_of_workers_are_shown_in_words(town: Path) -> None:
    async with reading(town) as reader:
        probe, _ = await open_probe(reader)

        async def fail(error: Exception) -> None:
            raise error

        for error in (
            UsageError("Not like this."),
            PermissionError(13, "Permission denied", "/a/file"),
            OSError("odd"),
        ):
            probe.start(fail(error), group="fail")
        await reader.until(lambda: len(probe.errors) == 3, "the errors")
        assert probe.errors == ["Not like this.", "/a/file: Permission denied", "odd"]
        probe.close("")
        await reader.rest()


@pytest.mark.parametrize("kind", [FooterBar, KeyLine])
async def test_a_message_shown_again_stays_its_full_time(town: Path, kind: type[MessageBar]) -> None:
    async with reading(town) as reader:
        bar = kind()
        await reader.page.mount(bar)
        bar.say("Saved", seconds=60)
        bar.say("Saved", seconds=0.05)
        await reader.until(lambda: not bar.message, "the end of the message")
        bar.say("Saved", seconds=0.05)
        bar.say("Saved", seconds=60)
        await asyncio.sleep(0.2)
        assert bar.message == "Saved"


SCREENS = {"L": "Sources", "?": "Keys", "w": "Why", "u": "Links", "P": "Problems", "+": "Add a source", "K": "packs"}


async def test_a_screen_that_is_closed_leaves_nothing_in_memory(town: Path) -> None:
    add_subscriptions(folders().sources, [Subscription("https://example.org/feed", title="A feed", paused=True)])

    async def open_and_close(key: str, times: int) -> None:
        for _ in range(times):
            reader.push(key)
            await reader.until(lambda: reader.app.screen is not reader.page, "the screen")
            await reader.rest()
            reader.push("escape")
            await reader.until(lambda: reader.app.screen is reader.page, "the front page")
            await reader.rest()

    async with reading(town, offline=True) as reader:
        await reader.until_indexed()
        for key in SCREENS:
            await open_and_close(key, 2)
            before = count_objects()
            await open_and_close(key, rounds := 4)

            def is_freed(before: dict[str, int] = before, rounds: int = rounds) -> bool:
                after = count_objects()
                # The last screen may still be on its way out. Drawn lines are the bulk: one screen has 30 and more.
                return after["screens"] - before["screens"] <= 1 and after["strips"] - before["strips"] < rounds

            # Textual's timers hold a closed screen for a moment.
            await reader.until(is_freed, f"the memory of the closed screens of {key}")


def count_objects() -> dict[str, int]:
    """Return how many screens and drawn lines are in memory."""
    gc.collect()
    kinds = {"screens": Screen, "strips": Strip}
    objects = gc.get_objects()
    return {name: sum(isinstance(each, kind) for each in objects) for name, kind in kinds.items()}


@pytest.mark.parametrize(
    ("key", "burst"),
    [("+", "\r\r"), ("+", "\x1b\x1b"), ("u", "yy"), ("u", "\x1b\x1b"), ("?", "jj\x1b\x1b"), ("w", "Gg\x1b\x1b"),
     ("P", "jj\x1b\x1b"), ("K", "jk\x1b\x1b"), ("L", "jda\x1b\x1b\x1b")],
)  # fmt: skip
def test_keys_in_one_write_close_a_screen_once(town: Path, home: Path, key: str, burst: str) -> None:
    environ = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    with terminal(str(town), columns=100, lines=30, environ=environ) as screen:
        screen.until_seen(BRIDGE, "1 of 36")
        screen.press(key)
        screen.until_seen(SCREENS[key])
        screen.press(burst)
        screen.until_gone(SCREENS[key])
        screen.press("G")
        screen.until(lambda: screen.sees("36 of 36") or screen.sees("⏎ open"), "the front page")
        screen.press("q")
        assert screen.until_ended() == 0
        assert b"Traceback" not in screen.written
