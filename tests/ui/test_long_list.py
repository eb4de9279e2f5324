"""A list that is longer than its head, which alone is read at first: all keys reach its end."""

from __future__ import annotations

import asyncio
import threading
from array import array
from pathlib import Path

import pytest

from tests.ui.pages import write_page
from tests.ui.reader import PATIENCE, Reader, reading
from tui_reader.model.query import Query, Sort
from tui_reader.storage.index_reader import IndexReader
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


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Whether a whole list was asked for, and what lets it be answered."""
    asked, answer = threading.Event(), threading.Event()
    order = IndexReader.order

    def slowly(reader: IndexReader, query: Query, limit: int = -1) -> array[int]:
        if limit < 0 and query.sort is Sort.NEWEST:
            asked.set()
            assert answer.wait(PATIENCE)
        return order(reader, query, limit)

    monkeypatch.setattr(IndexReader, "order", slowly)
    return asked, answer


async def press_meanwhile(reader: Reader, key: str, slow: tuple[threading.Event, threading.Event]) -> None:
    """Choose another order, and press a key while only the head of its list is known."""
    asked, answer = slow
    reader.push("S")
    await reader.until(asked.is_set, "the question for the list")
    reader.push(key)
    await reader.until(lambda: reader.page.actions.busy, "the action")
    for _ in range(50):
        await asyncio.sleep(0)  # let it begin
    answer.set()
    await reader.rest()


async def test_all_are_marked_and_not_only_the_head_that_is_known(
    news: Path, slow: tuple[threading.Event, threading.Event]
) -> None:
    async with reading(news) as reader:
        await press_meanwhile(reader, "A", slow)
        assert f"{MANY} marked as read" in reader.footer
        assert all(row.read for row in reader.marks().values())
        await reader.press("z")
        assert not any(row.read for row in reader.marks().values())


async def test_the_only_unread_story_is_found_beyond_the_head(
    news: Path, slow: tuple[threading.Event, threading.Event]
) -> None:
    async with reading(news) as reader:
        await reader.press("A", "G", "m", "g")
        await press_meanwhile(reader, "n", slow)
        assert reader.cursor == title(MANY - 1)
        assert f"{MANY} of {MANY}" in reader.footer
        await reader.press("m", "g", "m", "G", "N")
        assert reader.cursor == title(0)
