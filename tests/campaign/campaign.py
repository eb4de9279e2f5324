"""Makes the attempts side by side, each in a process of its own, and adds up what was tried and lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.campaign.kinds import KINDS, Kind
from tests.campaign.stage import MARK, ROOT, environment
from tests.support.forking import share_server

_GRACE = 60.0  # seconds for a process to start, and to notice that it was left alone


class Loss(NamedTuple):
    """What went wrong in an attempt, and how to repeat it."""

    kind: str
    what: str
    words: str
    again: str


class Results:
    """What was tried so far, by kind and part, and every loss."""

    def __init__(self) -> None:
        self.tries: dict[str, Counter[str]] = {}
        self.attempts: Counter[str] = Counter()
        self.losses: list[Loss] = []
        self._lock = threading.Lock()

    def add(self, kind: str, outcome: dict[str, object], again: str) -> None:
        """Add what an attempt printed."""
        tries, losses = outcome["tries"], outcome["losses"]
        assert isinstance(tries, dict)
        assert isinstance(losses, list)
        with self._lock:
            self.attempts[kind] += 1
            self.tries.setdefault(kind, Counter()).update(tries)
            self.losses += [Loss(kind, what, words, again) for what, words in losses]

    def lose(self, kind: str, words: str, again: str) -> None:
        """Add the loss of an attempt that did not come to its end."""
        with self._lock:
            self.losses.append(Loss(kind, "the attempt itself", words, again))


def run_short(kind: str, seed: int) -> Results:
    """Make the attempts of the short form of one kind."""
    results = Results()
    _run(results, KINDS[kind], range(KINDS[kind].short), seed, "short")
    return results


def run_long(kinds: Sequence[str], seed: int, minutes: float, lanes: int) -> Results:
    """Make the attempts of the long form, until they are made or the time is over, all kinds equally far."""
    results = Results()
    end = time.monotonic() + 60 * minutes
    todo = iter(sorted(_attempts(kinds)))
    lock = threading.Lock()

    def lane() -> None:
        while time.monotonic() < end:
            with lock:
                _, name, number = next(todo, (0.0, "", 0))
            if not name:
                return
            _run(results, KINDS[name], [number], seed, "long")

    with ThreadPoolExecutor(lanes) as pool:
        for done in [pool.submit(lane) for _ in range(lanes)]:
            done.result()
    return results


def run_one(kind: str, number: int, seed: int) -> Results:
    """Repeat one attempt of the long form."""
    results = Results()
    _run(results, KINDS[kind], [number], seed, "long")
    return results


def _attempts(kinds: Sequence[str]) -> Iterator[tuple[float, str, int]]:
    """Yield all attempts, each with how far its kind is when it has been made."""
    for name in kinds:
        for number in range(KINDS[name].long):
            yield (number + 1) / KINDS[name].long, name, number


def _run(results: Results, kind: Kind, numbers: Sequence[int], seed: int, length: str) -> None:
    """Make some attempts in a process, and see that it leaves nothing behind."""
    share_server()
    again = f"python -m tests.campaign --seed {seed} --only {kind.name}"
    with tempfile.TemporaryDirectory(prefix="news-tui-campaign-", ignore_cleanup_errors=True) as folder:
        command = [sys.executable, "-m", "tests.campaign.attempt", kind.name, str(seed), length, folder]
        process = subprocess.Popen(
            [*command, *map(str, numbers)],
            cwd=ROOT,
            env=os.environ | environment(Path(folder)) | {"BROWSER": "true", "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )
        try:
            printed, errors = process.communicate(timeout=_GRACE + kind.seconds * len(numbers))
        except subprocess.TimeoutExpired:
            process.kill()
            printed, errors = process.communicate()
            errors += f"did not end within {kind.seconds:.0f} s"
        outcomes = [json.loads(line) for line in printed.splitlines()]
        for outcome in outcomes:
            results.add(kind.name, outcome, f"{again}:{outcome['number']}")
        if len(outcomes) < len(numbers):
            results.lose(kind.name, errors.strip()[-4000:], f"{again}:{numbers[len(outcomes)]}")
        for number, name in _left_behind(Path(folder)):
            os.kill(number, signal.SIGKILL)
            results.lose(kind.name, f"left running: {name}", again)


def _left_behind(folder: Path) -> Iterator[tuple[int, str]]:
    """Yield the processes that an attempt left running, once they have had the time to end."""
    end = time.monotonic() + _GRACE
    while found := list(_processes(folder)):
        if time.monotonic() > end:
            yield from found
            return
        time.sleep(0.05)


def _processes(folder: Path) -> Iterator[tuple[int, str]]:
    """Yield the processes that work in ``folder``, where the system lists them in /proc."""
    marked = f"{MARK}={folder}".encode()
    here = folder.resolve()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            # One that was forked has the variables of where it was forked from, but works in a folder of its own.
            variables = (place / "environ").read_bytes().split(b"\0")
            if any(each.startswith(marked) for each in variables) or here in (place / "cwd").readlink().parents:
                name = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if name:  # a zombie has none
                    yield int(place.name), name
        except OSError:
            continue  # it has ended meanwhile, or belongs to somebody else
