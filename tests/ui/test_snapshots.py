"""The sample at three sizes, compared with SVG snapshots.

After an intended change, write new snapshots and look at them:

    NEWS_TUI_SNAPSHOTS=write pytest tests/ui/test_snapshots.py
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.ui.reader import reading

SNAPSHOTS = Path(__file__).parent / "snapshots"
# Later than everything in the sample, so that no age in it is counted in hours.
NOW = int(datetime(2026, 6, 1, 12, tzinfo=UTC).timestamp())


def normalized(svg: str) -> str:
    """Return ``svg`` without the unique number in its ids."""
    return re.sub(r"terminal-\d+", "terminal", svg)


@pytest.mark.parametrize(
    ("name", "size", "keys"),
    [
        ("list-60x20", (60, 20), ""),
        ("list-80x24", (80, 24), ""),
        ("list-120x40", (120, 40), ""),
        ("light-120x40", (120, 40), "D"),
    ],
)
async def test_the_sample_matches_its_snapshots(name: str, size: tuple[int, int], keys: str, tmp_path: Path) -> None:
    async with reading(size=size, now=NOW) as reader:
        await reader.until_indexed()
        await reader.press(*keys)
        picture = normalized(reader.app.export_screenshot(title="news-tui"))
    kept = SNAPSHOTS / f"{name}.svg"
    if os.environ.get("NEWS_TUI_SNAPSHOTS") == "write":
        kept.write_text(picture, encoding="utf-8")
    if picture != kept.read_text(encoding="utf-8"):
        fresh = tmp_path / f"{name}.svg"
        fresh.write_text(picture, encoding="utf-8")
        pytest.fail(f"{fresh} is not what {kept} shows; see {Path(__file__).name} for how to keep the new picture")
