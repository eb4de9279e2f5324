"""Mutation testing: ``python -m tests.mutation --sample 25 --seed 1`` puts in 25 faults for each package.

Every fault is put into a copy of the tree. The tests that call its function
run, those of its package first, then wider ones, until one fails: then it was
noticed, if the same test fails again alone and passes without the fault.
What was tried is kept in ``--results``, so that a run which was stopped goes on
where it was. The reasons for survivors that change nothing a person can see are
in ``tests/mutation/survivors.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Queue
from typing import NamedTuple

import pytest

from tests.mutation.mutants import Mutant, find_mutants, modules
from tests.mutation.selection import Selection, Stage, environment

ROOT = Path(__file__).parents[2]
SURVIVORS = Path(__file__).with_name("survivors.md")
WANTED = 90  # per cent of the faults

# The tests of each package, in the order in which they are tried.
TESTS: Mapping[str, Sequence[str]] = {
    "storage": ("storage", "pipeline", "commands queries test_odd_input.py test_private_files.py", "ui"),
    "pipeline": ("pipeline", "commands", "ui/test_refresh.py ui/test_living_index.py ui/test_sources.py"),
    "subscriptions": (
        "subscriptions",
        "commands queries test_odd_input.py",
        "pipeline/test_refresher.py ui/test_sources.py ui/test_starter_packs.py",
    ),
    "sources/http": ("sources/http", "pipeline/test_fetch_run.py pipeline/test_refresher.py queries commands"),
}
_LONGEST = 900.0  # seconds for the tests of one stage; a fault may make a program wait for ever


class Result(NamedTuple):
    """A fault that was tried. ``by`` is a test that noticed it, empty if none did."""

    name: str
    by: str


def main() -> int:
    """Run the command line; return 1 if too few faults are noticed, or survivors have no reason."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--package", action="append", choices=TESTS, help="only this package; repeatable")
    parser.add_argument("--sample", type=int, default=25, metavar="N", help="faults for each package (default: 25)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="choose others (default: 1)")
    parser.add_argument("--workers", type=int, default=2, metavar="W", help="faults at a time (default: 2)")
    parser.add_argument(
        "--stages",
        type=int,
        default=None,
        metavar="K",
        help="only the first K groups of tests; a run without it goes on with what they do not notice",
    )
    parser.add_argument("--results", type=Path, default=ROOT / ".mutation.jsonl", help="where to keep what was tried")
    arguments = parser.parse_args()
    chosen: dict[str, list[Mutant]] = {}
    for package in arguments.package or TESTS:
        every = [mutant for file in modules(ROOT, package) for mutant in find_mutants(ROOT, file)]
        chance = random.Random(f"{arguments.seed} {package}")
        chosen[package] = chance.sample(every, min(arguments.sample, len(every)))
        print(f"{package}: {len(chosen[package])} of {len(every):,} faults", flush=True)
    known = _read(arguments.results)
    todo = [(package, each) for package, mutants in chosen.items() for each in mutants if each.name not in known]
    with arguments.results.open("a", encoding="utf-8") as file:
        for result in _try_all(todo, arguments.results.with_suffix(".calls"), arguments.workers, arguments.stages):
            known[result.name] = result.by
            if result.by or arguments.stages is None:
                file.write(json.dumps(result._asdict(), ensure_ascii=False) + "\n")
                file.flush()
    return _report(chosen, known)


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    return {each["name"]: each["by"] for each in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def _try_all(todo: Sequence[tuple[str, Mutant]], calls: Path, workers: int, stages: int | None) -> Iterator[Result]:
    """Try faults, as many at a time as there are ``workers``, each in a copy of the tree of its own."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        selection = Selection(_copy(Path(folder) / "calls"), calls)
        trees: Queue[Path] = Queue()
        for number in range(workers):
            trees.put(_copy(Path(folder) / str(number)))

        def attempt(package: str, mutant: Mutant) -> Result:
            tree = trees.get()
            try:
                return _try(tree, selection, package, mutant, stages)
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(workers) as pool:
            for at, result in enumerate(pool.map(lambda each: attempt(*each), todo), 1):
                print(f"{at}/{len(todo)} {'noticed ' if result.by else 'SURVIVED'} {result.name}", flush=True)
                yield result


def _copy(tree: Path) -> Path:
    files = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    for name in subprocess.run(files, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    (tree / "home").mkdir()
    return tree


def _try(tree: Path, selection: Selection, package: str, mutant: Mutant, stages: int | None) -> Result:
    path = tree / mutant.file
    source = path.read_bytes()
    fault = mutant.apply(source)
    path.write_bytes(fault)
    try:
        for stage in _stages(selection, package, mutant, stages):
            doubtful: list[str] = []
            while (by := _failure(tree, stage, doubtful)) and by not in doubtful:
                alone = Stage([by], stage.seconds)
                path.write_bytes(source)
                # Selected tests have passed without the fault.
                fails_anyway = by not in stage.tests and _failure(tree, alone)
                path.write_bytes(fault)
                if not fails_anyway and _failure(tree, alone):
                    return Result(mutant.name, by)
                doubtful.append(by)
        return Result(mutant.name, "")
    finally:
        path.write_bytes(source)


def _stages(selection: Selection, package: str, mutant: Mutant, most: int | None) -> Iterator[Stage]:
    """Yield tests that call the function of a fault, else those that use its module, else all."""
    stages = [[f"tests/{name}" for name in stage.split()] for stage in TESTS[package][:most]]
    for scope in (mutant.scope, "module"):
        is_called = False
        for paths in stages:
            for stage in selection.tests(paths, mutant.file, scope):
                is_called = True
                yield stage
        if is_called:
            return
    yield from (Stage(paths, _LONGEST) for paths in stages)


def _failure(tree: Path, stage: Stage, doubtful: Sequence[str] = ()) -> str:
    """Run tests in a tree, but not the ``doubtful``; return the first that fails, empty if all pass."""
    without = [f"--deselect={test}" for test in doubtful]
    command = [sys.executable, "-m", "pytest", "-x", "-vv", "-p", "no:cacheprovider", *without, *stage.tests]
    with subprocess.Popen(
        command,
        cwd=tree,
        env=environment(tree),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=60 + min(_LONGEST, 15 * stage.seconds))
        except subprocess.TimeoutExpired as error:
            begun = re.findall(r"^(tests/\S+::\w+)", (error.output or b"").decode(errors="replace"), re.MULTILINE)
            return begun[-1] if begun else stage.tests[0]
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # with what the tests have started
    if process.returncode < 0:
        raise RuntimeError(f"the tests were ended from outside: {' '.join(stage.tests)}")
    if process.returncode in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        return ""
    failed = re.search(r"^(?:FAILED|ERROR) ([^\s\[]+)", output.decode(errors="replace"), re.MULTILINE)
    return failed[1] if failed else stage.tests[0]


def explained() -> set[str]:
    """Return the names of the survivors that have a reason."""
    return set(re.findall(r"^- (tui_reader/.*)$", SURVIVORS.read_text(encoding="utf-8"), re.MULTILINE))


def _report(chosen: Mapping[str, Sequence[Mutant]], known: Mapping[str, str]) -> int:
    """Print the table and the survivors."""
    reasons_given = explained()
    print(f"\n{'package':<14} {'faults':>7} {'noticed':>8} {'explained':>10} {'survived':>9}")
    tried = noticed = unexplained = 0
    for package, mutants in chosen.items():
        left = [mutant for mutant in mutants if not known[mutant.name]]
        reasons = sum(mutant.name in reasons_given for mutant in left)
        print(f"{package:<14} {len(mutants):>7} {len(mutants) - len(left):>8} {reasons:>10} {len(left) - reasons:>9}")
        tried, noticed = tried + len(mutants), noticed + len(mutants) - len(left)
        unexplained += len(left) - reasons
    print(f"\n{noticed} of {tried} noticed: {100 * noticed / max(1, tried):.0f} %")
    for mutant in (mutant for mutants in chosen.values() for mutant in mutants):
        if not known[mutant.name] and mutant.name not in reasons_given:
            print(f"\n{mutant.file}:{mutant.line}\n  {mutant.name.partition(' ')[2]}")
    return 0 if 100 * noticed >= WANTED * tried and not unexplained else 1


if __name__ == "__main__":
    sys.exit(main())
