"""Doubles the size of hostile input three times, for every parser: the time must grow no faster than the size."""

from __future__ import annotations

from collections.abc import Callable

from tests.campaign.stage import Stage
from tests.support.growth import assert_linear_in
from tests.test_growth import FEEDS, READERS, read_feed


def attempt(stage: Stage) -> None:
    """Measure every parser; the test command does so too, so there is no short form."""
    for name, (make, size) in FEEDS.items():
        with stage.trying("growth of feeds"):
            _measure(name, read_feed, make, size)
    for name, (read, make, size) in READERS.items():
        with stage.trying("growth of other input"):
            _measure(name, read, make, size)


def _measure(name: str, read: Callable[[str], object], make: Callable[[int], str], size: int) -> None:
    try:
        assert_linear_in(read, make, size)
    except AssertionError as error:
        raise AssertionError(f"{name}: {error}") from error
