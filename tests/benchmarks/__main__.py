"""``python -m tests.benchmarks``: run the measures and print a table; see ``--help``."""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.measures import MEASURES, Bench
from tests.benchmarks.results import Figure, load, machine, save, table


def main() -> None:
    """Run the chosen measures and print their table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "measures", nargs="*", metavar="MEASURE", help=f"one or more of {', '.join(MEASURES)}; default: all"
    )
    parser.add_argument("--runs", type=int, default=9, help="number of runs of each measure (default: 9)")
    parser.add_argument("--articles", type=int, default=100_000, choices=(1_000, 10_000, 100_000))
    parser.add_argument("--folder", type=Path, help="keep generated collections here for the next run")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the figures to FILE")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="show the figures beside those in FILE")
    chosen = parser.parse_args()
    unknown = set(chosen.measures) - MEASURES.keys()
    if unknown:
        parser.error(f"there is no measure {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="news-tui-bench-") as temporary:
        bench = Bench(chosen.folder or Path(temporary), chosen.runs, chosen.articles)
        figures: list[Figure] = []
        for name in chosen.measures or MEASURES:
            figures += MEASURES[name](bench)
    print(table(figures, load(chosen.compare) if chosen.compare else {}))
    print(f"\n{datetime.now(UTC):%Y-%m-%d}; {machine()}")
    if chosen.save:
        save(figures, chosen.save)


if __name__ == "__main__":
    main()
