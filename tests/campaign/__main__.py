"""Run the campaign: ``python -m tests.campaign``; prints what was tried and lost, and exits with 1 on any loss."""

from __future__ import annotations

import argparse
import platform
import random
import sys
import time
from collections import Counter
from pathlib import Path

from tests.campaign.campaign import Results, run_long, run_one
from tests.campaign.kinds import KINDS

PAGE = Path(__file__).parents[2] / "docs" / "campaign.md"
_BEGIN, _END = "<!-- campaign -->\n", "<!-- end of campaign -->\n"


def main() -> int:
    """Run what the command line asks for and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaign",
        description="Try to lose something.",
        epilog="\n".join(f"{kind.name:<10} {kind.what}" for kind in KINDS.values()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, default=30, help="stop after so many minutes (default: 30)")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="of the random numbers")
    parser.add_argument(
        "--only", action="append", metavar="KIND[:NUMBER]", help="only this kind, or this attempt of it"
    )
    parser.add_argument("--jobs", type=int, default=2, help="attempts at a time (default: 2)")
    parser.add_argument("--write-docs", action="store_true", help="put the table into docs/campaign.md")
    asked = parser.parse_args()
    start = time.monotonic()
    print(f"seed {asked.seed}", flush=True)
    kind, _, number = (asked.only or [""])[-1].partition(":")
    if number:
        results = run_one(kind, int(number), asked.seed)
    else:
        results = run_long(asked.only or list(KINDS), asked.seed, asked.minutes, asked.jobs)
    summary = table(results)
    took = (time.monotonic() - start) / 60
    note = (
        f"Seed {asked.seed}, {time.strftime('%d %B %Y', time.gmtime())}, {took:.0f} minutes, "
        f"Python {platform.python_version()} on {platform.system()}."
    )
    print(f"{summary}\n\n{note}")
    for loss in results.losses:
        print(f"\nLOST in {loss.kind}, {loss.what}: {loss.words}\nagain: {loss.again}")
    if asked.write_docs:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
        after = rest.partition(_END)[2]
        PAGE.write_text(f"{before}{_BEGIN}\n{summary}\n\n{note}\n\n{_END}{after}", encoding="utf-8")
    return 1 if results.losses else 0


def table(results: Results) -> str:
    """Return the table of tries and losses, in Markdown."""
    lines = ["| kind | what | tries | losses |", "|---|---|---|---|"]
    for kind in KINDS:
        tries = results.tries.get(kind, Counter())
        lost = [loss for loss in results.losses if loss.kind == kind]
        parts = dict.fromkeys([*tries, *(loss.what for loss in lost)])
        for place, what in enumerate(parts):
            losses = sum(loss.what == what for loss in lost)
            lines.append(f"| {kind if place == 0 else ''} | {what} | {tries.get(what, 0):,} | {losses} |")
    tried = sum(count for each in results.tries.values() for count in each.values())
    return "\n".join([*lines, f"| all | | {tried:,} | {len(results.losses)} |"])


if __name__ == "__main__":
    sys.exit(main())
