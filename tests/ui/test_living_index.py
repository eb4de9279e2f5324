"""An index that changes while one reads: stories that come and go, two readers, files that cannot be read."""

from __future__ import annotations

from pathlib import Path

from tests.ui.pages import BRIDGE
from tests.ui.reader import reading


async def test_two_readers_that_start_at_once_both_show_all(town: Path) -> None:
    async with reading(town, indexed=False) as one, reading(town, indexed=False) as other:
        for reader in (one, other):
            await reader.until_indexed()
            await reader.until(lambda reader=reader: len(reader.shown()) == 36, "all stories")  # type: ignore[misc]
            assert reader.cursor == reader.opened == BRIDGE
