"""Presses random keys in a reader of changing size: afterwards, its screen equals that of a reopened one."""

from __future__ import annotations

import asyncio
import os
import time
from difflib import ndiff
from random import Random

from tests.campaign.checks import check_log
from tests.campaign.sources import serve
from tests.campaign.stage import Stage
from tests.support.servers import Loopback
from tests.ui.reader import Reader, reading
from tui_reader.config import SAMPLE, folders
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription
from tui_reader.ui.controllers.updates import _WATCH_SECONDS
from tui_reader.ui.keymap import Keymap

SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))
_KEYS, _SHORT_KEYS = 1250, 50  # of one attempt: a seed makes 5,000 at the four sizes
_RESTING = 0.3  # how often a key waits for what the one before led to
_RESIZING = 0.01
_TYPED = (
    *"abcdefgilmnoprstuvwxyz",
    *"ABCDEFG",
    *"0123456789",
    "space",
    "backspace",
    "enter",
    "escape",
    "delete",
    "tab",
)


def attempt(stage: Stage) -> None:
    """Press the keys that the number of the attempt stands for: one seed at one of the sizes."""
    size = SIZES[stage.number % len(SIZES)]
    count = _SHORT_KEYS if stage.short else _KEYS
    with stage.trying(f"keys at {size[0]}×{size[1]}", count), Loopback() as net:
        site = net.site()
        addresses = serve(site, feeds=4, newest=12)
        sources = [Subscription(str(SAMPLE)), *(Subscription(each, folder=("News",)) for each in addresses)]
        add_subscriptions(folders().sources, sources)
        os.environ["BROWSER"] = "true"
        asyncio.run(_run(stage.random, size, count))
        check_log(folders().log)


async def _run(random: Random, size: tuple[int, int], count: int) -> None:
    now = int(time.time())
    while count > 0:
        async with reading(size=size, indexed=False, now=now) as reader:
            count = await _press(reader, random, count)
            if reader.app.is_running:
                # The reader looks every three seconds for what its indexer and others have written.
                await _close_windows(reader)
                end = time.monotonic() + 2 * _WATCH_SECONDS
                await reader.until(lambda end=end: time.monotonic() > end, "two looks")  # type: ignore[misc]
                before = await _picture(reader, size)
    async with reading(size=size, indexed=False, now=now) as reader:
        after = await _picture(reader, size)
    assert before == after, "not as it was:\n" + "\n".join(ndiff(before, after))


async def _press(reader: Reader, random: Random, count: int) -> int:
    """Press so many keys; return how many are left where one of them quit."""
    keymap = Keymap()
    quits = keymap.keys("quit")
    keys = [key for each in keymap.commands for key in keymap.keys(each.id) if key not in quits]
    for left in range(count, 0, -1):
        if not reader.app.is_running:
            return left
        if random.random() < _RESIZING:
            await reader.resize(*random.choice(SIZES))
        # Where one types, letters are more use than commands.
        typing = len(reader.app.screen_stack) > 1 and random.random() < 0.5
        reader.push(random.choice(_TYPED if typing else keys))
        if random.random() < _RESTING:
            await reader.rest()
        else:
            await asyncio.sleep(0)
    return 0


async def _picture(reader: Reader, size: tuple[int, int]) -> list[str]:
    """Return what is on the screen once all windows are closed and all stories are listed from the top."""
    await _close_windows(reader)
    await reader.resize(*size)
    await reader.press("full_stop", "T", "g", "enter", "g")
    # Similar articles are shown from when a story is first opened: both readers open it. The story after it
    # is opened before, so that no walk from the first one is left to go on with.
    await reader.press("j", "enter", "escape", "k", "enter", "escape")
    # The story under the cursor may have been scrolled: the one after it and back show it from its beginning.
    await reader.press("j", "k")
    return reader.lines()[1:-1]


async def _close_windows(reader: Reader) -> None:
    await reader.rest()
    for _ in range(10):
        await reader.press("escape")
    await reader.until_indexed()
