"""Runs the actions of a screen one at a time, in the order of the keys."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, ParamSpec

P = ParamSpec("P")

Action = Callable[[], Awaitable[object] | None]


class ActionQueue:
    """A serial queue of actions.

    An action that does not wait for anything runs at once, so moving a cursor
    costs nothing. One that returns an awaitable makes the queue :attr:`busy`
    until it is done; what is added meanwhile runs after it. The app holds
    back the keyboard and mouse while the queue is busy, so that every key
    finds the screen as the key before left it.
    """

    def __init__(
        self,
        *,
        start: Callable[[Callable[[], Coroutine[Any, Any, None]]], object],
        pending: Callable[[], Callable[[], Awaitable[object]] | None],
        fail: Callable[[Exception], None],
        released: Callable[[], object],
    ) -> None:
        """``start`` runs a coroutine function in the background.

        ``pending`` returns what waits for something that the next action
        needs, such as a list that is being read, or ``None``. ``fail`` is called with
        every exception of an action; the next action runs all the same.
        ``released`` is called each time the queue is empty again.
        """
        self._start = start
        self._pending = pending
        self._fail = fail
        self._released = released
        self._waiting: deque[Action] = deque()
        self._since: float | None = None

    @property
    def busy(self) -> bool:
        """Whether an action is running or waiting."""
        return self._since is not None

    @property
    def seconds(self) -> float:
        """How long the queue has been busy, in seconds; 0 when it is not."""
        return 0.0 if self._since is None else time.monotonic() - self._since

    def run(self, action: Callable[P, Awaitable[object] | None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Run ``action`` now, or after the actions that were added before it."""
        step: Action = partial(action, *args, **kwargs)
        if self.busy:
            self._waiting.append(step)
            return
        if self._pending() is None:
            try:
                rest = step()
            except Exception as error:  # noqa: BLE001 - reported by whoever owns the queue
                self._fail(error)
                return
            if rest is None:
                return
            step = partial(_return, rest)
        self._waiting.append(step)
        self._since = time.monotonic()
        self._start(self._drain)

    async def _drain(self) -> None:
        try:
            while self._waiting:
                step = self._waiting.popleft()
                try:
                    wait = self._pending()
                    if wait is not None:
                        await wait()
                    rest = step()
                    if rest is not None:
                        await rest
                except Exception as error:  # noqa: BLE001 - reported by whoever owns the queue
                    self._fail(error)
        finally:
            self._since = None
            self._released()


def _return(awaitable: Awaitable[object]) -> Awaitable[object]:
    """Return the rest of an action that has already begun."""
    return awaitable
