"""``python -m tests.benchmarks``: run the measures and print a table; see ``--help``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.measures import MEASURES, Bench
from tests.benchmarks.results import Figure, load, machine, save, table, write

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
_QUICK_RUNS = 3
_QUICK_FEEDS = 200


def main() -> None:
    """Run the chosen measures and print their table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "measures", nargs="*", metavar="MEASURE", help=f"one or more of {', '.join(MEASURES)}; default: all"
    )
    parser.add_argument("--runs", type=int, default=9, help="number of runs of each measure (default: 9)")
    parser.add_argument("--articles", type=int, default=100_000, choices=(1_000, 10_000, 100_000))
    parser.add_argument("--feeds", type=int, default=1_000, metavar="N", help="the most feeds that growth measures")
    parser.add_argument("--quick", action="store_true", help=f"the same as --runs {_QUICK_RUNS} --feeds {_QUICK_FEEDS}")
    parser.add_argument("--folder", type=Path, help="keep generated collections here for the next run")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the figures to FILE")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="show the figures beside those in FILE")
    parser.add_argument("--write", action="store_true", help="write the table to docs/performance.md")
    chosen = parser.parse_args()
    unknown = set(chosen.measures) - MEASURES.keys()
    if unknown:
        parser.error(f"there is no measure {', '.join(sorted(unknown))}")
    if chosen.write and (chosen.measures or chosen.quick):
        parser.error("--write needs all measures, and no --quick")
    if chosen.quick:
        chosen.runs, chosen.feeds = _QUICK_RUNS, _QUICK_FEEDS
    with tempfile.TemporaryDirectory(prefix="news-tui-bench-") as temporary:
        folder = (chosen.folder or Path(temporary)).absolute()
        figures, failed = _measure(
            Bench(folder, chosen.runs, chosen.articles, chosen.feeds), chosen.measures or [*MEASURES]
        )
    printed = table(figures, load(chosen.compare) if chosen.compare else {})
    where = f"{datetime.now(UTC):%Y-%m-%d}; {machine()}"
    print(f"{printed}\n\n{where}")
    if chosen.save:
        save(figures, chosen.save)
    if failed:
        parser.exit(1, f"not measured: {', '.join(failed)}\n")
    if chosen.write:
        write(f"{printed}\n\n{where}", PAGE)


def _measure(bench: Bench, names: Sequence[str]) -> tuple[list[Figure], list[str]]:
    """Return the figures, and the names of the measures that failed: the others are not lost."""
    figures: list[Figure] = []
    failed = []
    for name in names:
        begin = time.monotonic()
        try:
            figures += list(MEASURES[name](bench))
        except Exception:  # noqa: BLE001 - printed, and the exit status tells
            traceback.print_exc()
            failed.append(name)
        print(f"{name}: {time.monotonic() - begin:.0f} s", file=sys.stderr)
    return figures, failed


if __name__ == "__main__":
    main()
