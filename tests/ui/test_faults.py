"""Faults of the reader's own: they are logged and shown, and the reader goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ui.pages import BRIDGE, FERRY, write_page
from tests.ui.reader import Reader, reading
from tui_reader import error_log
from tui_reader.config import folders
from tui_reader.error_log import log_fault
from tui_reader.errors import StoreError
from tui_reader.ui.library import Library


def failing(error: Exception) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


async def faulty(town: Path, act: Callable[[Reader], Any]) -> str:
    """Run a reader in which something goes wrong; return the log."""
    with pytest.raises(AssertionError, match="went wrong"):  # the harness tells of every fault
        async with reading(town) as reader:
            await reader.until_indexed()
            await act(reader)
            assert reader.app.is_running
    return folders().log.read_text()


async def test_a_fault_of_an_action_is_logged_and_the_reader_goes_on(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(reader: Reader) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(reader.library.marks, "set_saved", failing(LookupError("no such shelf")))
            await reader.press("s")
        assert "please report" in reader.text()
        await reader.press("j", "m")
        assert reader.is_read(FERRY)

    log = await faulty(town, act)
    assert "Traceback" in log
    assert "LookupError: no such shelf" in log


async def test_a_fault_in_the_background_is_logged_and_the_reader_goes_on(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(reader: Reader) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Library, "story", failing(ZeroDivisionError("in a preview")))
            await reader.press("j")
        await reader.until_seen("please report")
        await reader.press("k")
        assert reader.opened == BRIDGE

    assert "ZeroDivisionError: in a preview" in await faulty(town, act)


async def test_an_error_while_following_the_indexer_leaves_the_next_refresh_working(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("j")
        write_page(town / "_news", "Hot from the press", quality=300)
        with monkeypatch.context() as patch:
            patch.setattr(Library, "difference", failing(StoreError("the index cannot be read just now")))
            await reader.press("r")
            await reader.until_indexed()
            assert reader.sees("the index cannot be read just now")
        write_page(town / "_news", "And another one", quality=301)
        await reader.press("r")
        await reader.until_indexed()
        await reader.until_seen("2 new stories · . shows")


async def test_a_fault_while_following_the_indexer_leaves_the_next_refresh_working(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(reader: Reader) -> None:
        await reader.press("j")
        write_page(town / "_news", "Hot from the press", quality=300)
        with monkeypatch.context() as patch:
            patch.setattr(Library, "difference", failing(KeyError("lost")))
            await reader.press("r")
            await reader.until(lambda: not reader.page.updates.running(), "the end of the refresh")
        await reader.press("r")
        await reader.until_indexed()
        await reader.until_seen("1 new story · . shows")

    assert "KeyError: 'lost'" in await faulty(town, act)


def test_a_log_that_cannot_be_written_is_no_further_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    words = log_fault(LookupError("x"), tmp_path / "file" / "errors.log")
    assert words.startswith("Internal error: LookupError")


def test_a_full_log_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_log, "MAX_LOG_BYTES", 20)
    log = tmp_path / "errors.log"
    for name in ("first", "second"):
        log_fault(LookupError(name), log)
    assert "second" in log.read_text()
    assert "first" not in log.read_text()
    assert "first" in (tmp_path / "errors.log.1").read_text()
