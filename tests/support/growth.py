"""Checks how the time for an input grows with its length, whatever the speed and the load of the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_DOUBLINGS = 3
_LINEAR = 24.0  # 8 times the size takes 8 times as long if the growth is linear, and 64 times if it is quadratic
_TRIES = 4  # the processor time of one run varies with what else uses the caches
_NEGLIGIBLE = 0.02  # seconds that start-up costs and the clock's resolution decide


def assert_linear(run: Callable[[str], object], piece: str, times: int, start: str = "", end: str = "") -> None:
    """Assert that the processor time of ``run(start + piece * times + end)`` grows no faster than the number of pieces.

    ``times`` is the largest of the numbers that are tried.
    """
    assert_linear_in(run, lambda size: start + piece * size + end, times)


def assert_linear_in(run: Callable[[T], object], make: Callable[[int], T], size: int) -> None:
    """Assert that the processor time of ``run(make(size))`` grows no faster than ``size``, doubled three times.

    Inputs are made outside of the time that is measured. The best of several
    tries counts for each size, so other programs cannot make a test fail; the
    smallest time counts as at least an eighth of 20 ms, so a size whose run
    takes less than 20 ms proves nothing.
    """
    sizes = [size >> step for step in range(_DOUBLINGS, -1, -1)]
    inputs = [make(each) for each in sizes]
    best = [float("inf")] * len(sizes)
    for _ in range(_TRIES):
        for at, each in enumerate(inputs):
            best[at] = min(best[at], max(_seconds(run, each), _NEGLIGIBLE / 2**_DOUBLINGS))
            if best[at] > best[0] * _LINEAR:
                break  # a longer one would only take longer
        else:
            return
    seconds = ", ".join(f"{each}: {taken:.3f} s" for each, taken in zip(sizes, best, strict=True))
    raise AssertionError(f"the time grows faster than the size: {seconds}")


def _seconds(run: Callable[[T], object], value: T) -> float:
    start = time.thread_time()
    run(value)
    return time.thread_time() - start
