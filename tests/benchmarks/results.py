"""Figures: printed as a table, saved to a file, and compared with an earlier run."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One row of the table.

    ``values`` are the runs, in ``unit``; ``limit`` is the goal as a number, the
    largest value that meets it. ``beside`` is a note on the baseline or on
    another program. ``of`` is ``median`` or ``p95``.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    goal: str
    limit: float | None = None
    beside: str = ""
    of: str = "median"

    @property
    def value(self) -> float:
        """The median of the runs, or their 95th percentile."""
        return percentile(self.values, 95) if self.of == "p95" else statistics.median(self.values)

    @property
    def met(self) -> str:
        """``yes`` or ``no``, or empty if there is no goal."""
        if self.limit is None:
            return ""
        return "yes" if self.value <= self.limit else "no"


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value below which ``percent`` of ``values`` lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def machine() -> str:
    """Describe the machine in one line."""
    model = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass  # not Linux: the platform's name is enough
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(figures: Sequence[Figure], earlier: dict[str, float]) -> str:
    """Return the figures as a Markdown table, with the values of an ``earlier`` run if there is one."""
    head = ["what", "measured", "range", "goal", "met", "compared"] + (["earlier"] if earlier else [])
    rows = [head, ["---"] * len(head)]
    for figure in figures:
        kind = "" if figure.of == "median" else " (95th percentile)"
        row = [
            figure.name + kind,
            f"{_number(figure.value)} {figure.unit}",
            f"{_number(min(figure.values))} – {_number(max(figure.values))}, n={len(figure.values)}",
            figure.goal,
            figure.met,
            figure.beside,
        ]
        if earlier:
            before = earlier.get(figure.name + figure.of)
            row.append("" if before is None else f"{_number(before)} ({figure.value / before - 1:+.0%})")
        rows.append(row)
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def write(text: str, page: Path) -> None:
    """Put ``text`` between the marks ``<!-- figures -->`` and ``<!-- end of figures -->`` of a page."""
    before, begin, rest = page.read_text(encoding="utf-8").partition("<!-- figures -->\n")
    _, end, after = rest.partition("<!-- end of figures -->\n")
    if not begin or not end:
        raise ValueError(f"{page} has no place for the figures")
    page.write_text(f"{before}{begin}\n{text}\n\n{end}{after}", encoding="utf-8")


def save(figures: Sequence[Figure], path: Path) -> None:
    """Write the figures to ``path`` as JSON."""
    path.write_text(json.dumps({"machine": machine(), "figures": [asdict(figure) for figure in figures]}, indent=1))


def load(path: Path) -> dict[str, float]:
    """Return the values of an earlier run by name."""
    raw = json.loads(path.read_text())["figures"]
    figures = [Figure(**{**item, "values": tuple(item["values"])}) for item in raw]
    return {figure.name + figure.of: figure.value for figure in figures}
