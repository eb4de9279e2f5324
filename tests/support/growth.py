"""Checks how the time for an input grows with its length, whatever the speed and the load of the machine."""

from __future__ import annotations

import time
from collections.abc import Callable

_TIMES_LONGER = 4
_LINEAR = 9.0  # 4 times as long takes 4 times as long if the growth is linear, and 16 times if it is quadratic
_TRIES = 4  # the processor time of one run varies with what else uses the caches
_NEGLIGIBLE = 0.02  # seconds that start-up costs and the clock's resolution decide


def assert_linear(run: Callable[[str], object], piece: str, times: int, start: str = "") -> None:
    """Assert that the processor time of ``run(start + piece * times)`` grows no faster than the number of pieces.

    ``times`` is the larger of the two numbers that are tried.
    """
    short, long = (start + piece * (times // part) for part in (_TIMES_LONGER, 1))
    ratios = []
    for _ in range(_TRIES):
        before = max(_seconds(run, short), _NEGLIGIBLE / _TIMES_LONGER)
        ratios.append(_seconds(run, long) / before)
        if ratios[-1] < _LINEAR:
            return
    raise AssertionError(f"{_TIMES_LONGER} times the input took {min(ratios):.1f} times as long or more")


def _seconds(run: Callable[[str], object], text: str) -> float:
    start = time.thread_time()
    run(text)
    return time.thread_time() - start
