"""A list that is longer than its head, which alone is read at first: all keys reach its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.pages import write_page
from tests.ui.reader import reading
from tui_reader.ui.library import AHEAD

MANY = AHEAD + 10


def title(number: int) -> str:
    return f"Page {number:03}"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder of stories by heat: page 0 is the hottest."""
    for number in range(MANY):
        write_page(tmp_path / "news", title(number), quality=900 - number)
    return tmp_path / "news"


async def test_all_are_marked_and_the_only_unread_one_is_found(news: Path) -> None:
    async with reading(news) as reader:
        reader.push("A")  # at once, while the rest of the list is read
        await reader.rest()
        assert f"{MANY} marked as read" in reader.footer
        assert all(row.read for row in reader.marks().values())
        await reader.press("G")
        assert (reader.cursor, f"{MANY} of {MANY}" in reader.footer) == (title(MANY - 1), True)
        await reader.press("m", "g", "n")
        assert reader.cursor == title(MANY - 1)
        await reader.press("m", "g", "m", "G", "N")
        assert reader.cursor == title(0)
        await reader.press("z", "z", "z", "z")
        assert not any(row.read for row in reader.marks().values())
