"""One attempt of the campaign: its random numbers, a home of its own, what was tried and what was lost."""

from __future__ import annotations

import os
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.support.command import Home

ROOT = Path(__file__).parents[2]
GUARD = Path(__file__).parent / "guard"
MARK = "NEWS_TUI_CAMPAIGN"
"""The variable that every process of an attempt has: its value is the folder of the attempt."""


class Stage:
    """What an attempt works with. ``amount`` says how much of a kind it is to do, such as how many keys to press."""

    def __init__(self, kind: str, seed: int, number: int, folder: Path, *, short: bool) -> None:
        self.number = number
        self.folder = folder
        self.short = short
        self.random = Random(f"{kind} {seed} {number}")
        self.tries: Counter[str] = Counter()
        self.losses: list[tuple[str, str]] = []

    @contextmanager
    def trying(self, what: str, tries: int = 1) -> Iterator[None]:
        """Count the block as so many tries of ``what``; whatever it raises is a loss."""
        self.tries[what] += tries
        try:
            yield
        except AssertionError as error:
            notes: list[str] = getattr(error, "__notes__", [])
            self.losses.append((what, "\n".join([str(error) or _place(error), *notes])))
        except Exception as error:  # noqa: BLE001 - reported as a loss, whatever it is
            self.losses.append((what, "".join(traceback.format_exception(error))))

    def home(self, name: str = "home", **variables: str) -> Home:
        """Return a home in the folder of this attempt; its commands reach nothing outside of this machine."""
        return Home(self.folder / name, **environment(self.folder), **variables)


def environment(folder: Path) -> dict[str, str]:
    """Return the variables of every process that works in ``folder``."""
    return {MARK: str(folder), "PYTHONPATH": os.pathsep.join((str(GUARD), str(ROOT)))}


def _place(error: AssertionError) -> str:
    """Return where a bare ``assert`` failed."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}: {frame.line}"
