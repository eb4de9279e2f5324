"""``python -m tests.benchmarks``: measures and prints a table; see ``--help``."""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.measures import MEASURES, Bench
from tests.benchmarks.results import Figure, load, machine, save, table


def main() -> None:
    """Run the measures that are asked for and print their table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"any of {', '.join(MEASURES)}; without, all")
    parser.add_argument("--runs", type=int, default=9, help="how often each thing is measured (default: 9)")
    parser.add_argument("--articles", type=int, default=100_000, choices=(1_000, 10_000, 100_000))
    parser.add_argument("--folder", type=Path, help="keep collections and homes here for the next time")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the figures to FILE")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="set the figures against those in FILE")
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
