"""Selects the tests that a fault can concern: those that call its function, the quickest first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_CALLS = Path("tests/mutation/calls")
_AT_ONCE = 30  # tests for each run of pytest: most faults are noticed by one of the first


class Stage(NamedTuple):
    """Tests that run together, and the seconds they take."""

    tests: Sequence[str]
    seconds: float


class Selection:
    """The calls of every test, found by running it once; kept in a file for a run that goes on."""

    def __init__(self, tree: Path, cache: Path) -> None:
        self._tree = tree
        self._cache = cache
        self._lock = threading.Lock()
        # By test file, then test: the seconds it takes and the functions it calls.
        self._files: dict[str, dict[str, tuple[float, list[str]]]] = {}
        if cache.exists():
            self._files = json.loads(cache.read_text(encoding="utf-8"))

    def tests(self, paths: Iterable[str], file: str, scope: str) -> Iterator[Stage]:
        """Yield the tests below ``paths`` that call the function ``scope`` of ``file``, or its class or module."""
        prefix = f"{file} " if scope == "module" else f"{file} {scope}."
        found = sorted(
            (seconds, test)
            for each in self._run_new(paths)
            for test, (seconds, calls) in self._files[each].items()
            if any(f"{call}.".startswith(prefix) for call in calls)
        )
        for start in range(0, len(found), _AT_ONCE):
            part = found[start : start + _AT_ONCE]
            yield Stage([test for _, test in part], sum(seconds for seconds, _ in part))

    def _run_new(self, paths: Iterable[str]) -> list[str]:
        """Run the tests that were not run yet; return all their files."""
        files = sorted(
            found.relative_to(self._tree).as_posix()
            for path in paths
            for found in ([self._tree / path] if path.endswith(".py") else (self._tree / path).glob("**/test_*.py"))
        )
        with self._lock:
            if new := [each for each in files if each not in self._files]:
                print(f"looking at what {len(new)} files of tests call", flush=True)
                self._files |= _calls(self._tree, new)
                self._cache.write_text(json.dumps(self._files), encoding="utf-8")
        return files


def _calls(tree: Path, files: Sequence[str]) -> dict[str, dict[str, tuple[float, list[str]]]]:
    seconds: defaultdict[str, float] = defaultdict(float)
    calls: defaultdict[str, set[str]] = defaultdict(set)
    with tempfile.TemporaryDirectory(prefix="calls-") as folder:
        output = Path(folder) / "calls"
        subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "sitecustomize", *files],
            cwd=tree,
            env=environment(tree) | {"NEWS_TUI_CALLS": str(output), "PYTHONPATH": f"{tree / _CALLS}:{tree}"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,  # some tests look at what a process imports, and fail
        )
        if not output.exists():
            raise RuntimeError(f"the tests do not begin: {' '.join(files)}")
        for line in output.read_text(encoding="utf-8", errors="replace").splitlines():
            name, *parts = line.split("\t")
            test = name.partition("[")[0]  # all examples together
            if len(parts) == 1:
                seconds[test] += float(parts[0])
            elif len(parts) == 2:
                calls[test].add(f"{parts[0]} {parts[1].replace('.<locals>', '')}")
    found: dict[str, dict[str, tuple[float, list[str]]]] = {each: {} for each in files}
    for test, duration in seconds.items():
        found[test.partition("::")[0]][test] = (duration, sorted(calls[test]))
    return found


def environment(tree: Path) -> dict[str, str]:
    """Return the environment for tests in a copy of the tree."""
    variables = {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(tree / "home")}
    return os.environ | variables | {"NEWS_TUI_MUTATION": "1"}
