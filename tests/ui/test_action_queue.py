"""The queue that runs the actions of a screen one at a time, without a screen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tui_reader.ui.action_queue import ActionQueue


class Bench:
    """A queue with everything around it, and what happened in order."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.errors: list[Exception] = []
        self.pending: Callable[[], Awaitable[object]] | None = None
        self.tasks: list[asyncio.Task[None]] = []
        self.queue = ActionQueue(
            start=lambda work: self.tasks.append(asyncio.create_task(work())),
            pending=lambda: self.pending,
            fail=self.errors.append,
            released=lambda: self.done.append("released"),
        )

    def note(self, name: str) -> None:
        self.done.append(name)

    async def slow(self, name: str, gate: asyncio.Event) -> None:
        self.done.append(f"{name} begins")
        await gate.wait()
        self.done.append(f"{name} ends")

    async def finished(self) -> None:
        await asyncio.gather(*self.tasks)


async def test_an_action_that_waits_for_nothing_runs_at_once() -> None:
    bench = Bench()
    bench.queue.run(bench.note, "one")
    assert bench.done == ["one"]
    assert not bench.queue.busy
    assert not bench.tasks


async def test_actions_run_in_the_order_in_which_they_were_added() -> None:
    bench, gate = Bench(), asyncio.Event()
    bench.queue.run(bench.slow, "one", gate)
    bench.queue.run(bench.note, "two")
    bench.queue.run(bench.slow, "three", gate)
    bench.queue.run(bench.note, "four")
    assert bench.queue.busy
    assert bench.done == []
    gate.set()
    await bench.finished()
    assert bench.done == ["one begins", "one ends", "two", "three begins", "three ends", "four", "released"]
    assert not bench.queue.busy
    assert bench.queue.seconds == 0


async def test_an_action_waits_for_the_list_that_is_being_read() -> None:
    bench, listed = Bench(), asyncio.Event()
    bench.pending = listed.wait
    bench.queue.run(bench.note, "one")
    assert bench.queue.busy
    await asyncio.sleep(0)
    assert bench.done == []
    bench.pending = None
    listed.set()
    await bench.finished()
    assert bench.done == ["one", "released"]


async def test_an_error_is_reported_and_the_next_action_runs() -> None:
    bench, gate = Bench(), asyncio.Event()
    gate.set()

    def broken() -> None:
        raise LookupError("at once")

    async def broken_later() -> None:
        raise LookupError("later")

    bench.queue.run(broken)
    bench.queue.run(broken_later)
    bench.queue.run(broken)
    bench.queue.run(bench.note, "after")
    await bench.finished()
    assert [str(error) for error in bench.errors] == ["at once", "later", "at once"]
    assert bench.done == ["after", "released"]
    assert not bench.queue.busy


async def test_an_action_added_by_an_action_runs_after_it() -> None:
    bench, gate = Bench(), asyncio.Event()
    gate.set()

    async def outer() -> None:
        bench.queue.run(bench.note, "inner")
        bench.done.append("outer")

    bench.queue.run(outer)
    await bench.finished()
    assert bench.done == ["outer", "inner", "released"]
