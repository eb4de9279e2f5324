"""The kinds of attempts, what each is for, and how many of them a campaign makes."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from tests.campaign.stage import Stage


class Kind(NamedTuple):
    """A kind of attempt; the module of its name has ``attempt(stage)``.

    ``short`` and ``long`` are the numbers of attempts, ``seconds`` is after how
    long one counts as hanging, on a busy machine.
    """

    name: str
    what: str
    short: int
    long: int
    seconds: float

    def attempt(self) -> Callable[[Stage], None]:
        """Return the function that makes an attempt; imported late, since some need much more than others."""
        function: Callable[[Stage], None] = import_module(f"tests.campaign.{self.name}").attempt
        return function


_ALL = (
    Kind(
        "kills",
        "SIGKILL at random moments: what was acknowledged before is there, and a later run finishes.",
        5,
        40,
        300,
    ),
    Kind(
        "fuzz",
        "Every parser gets mutated and generated input: only the documented errors, in bounded time.",
        21,
        63,
        120,
    ),
    Kind("disk_full", "The disk or a quota full at every write: the message says so, and all goes on.", 1, 18, 300),
    Kind("damage", "Every file damaged in 19 ways: sentences, nothing else changed, and all of it back.", 2, 32, 300),
    Kind("together", "Readers, refresh, add, remove, mute and marks at once: nothing is lost.", 1, 8, 300),
    Kind("keys", "Random keys and sizes in the reader: then the screen equals that of a reopened one.", 1, 24, 900),
    Kind("growth", "Hostile input of double the size, three times: the time grows no faster.", 0, 1, 600),
)

KINDS = {kind.name: kind for kind in _ALL}
"""The kinds by name, in the order of the table."""
