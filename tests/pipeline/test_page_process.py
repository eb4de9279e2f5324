"""A page that ends the process that reads pages, or never ends, is a failure of this page alone."""

from __future__ import annotations

import os
import time

import pytest

from tests.support.articles_on_the_web import PARAGRAPHS, web_page
from tui_reader.errors import SourceError
from tui_reader.pipeline.page_process import FetchedPage, PageProcess
from tui_reader.sources.pages.page_text import PageText


def page(data: bytes) -> FetchedPage:
    return FetchedPage(data, "text/html", "https://paper.example/1")


def hostile(fetched: FetchedPage) -> PageText:
    if fetched.data == b"deadly":
        os._exit(1)
    if fetched.data == b"endless":
        time.sleep(600)
    if fetched.data == b"deep":
        return hostile(fetched)
    if fetched.data == b"large":
        return PageText("x" * 10**10)
    return fetched.read()


async def test_other_pages_go_on() -> None:
    process = PageProcess(hostile, seconds=5)
    try:
        process.start()
        for data, reason in (
            (b"deadly", "ended the process"),
            (b"deep", "nested too deeply"),
            (b"large", "too much memory"),
        ):
            with pytest.raises(SourceError, match=reason):
                await process.text(page(data))
            assert PARAGRAPHS[0] in (await process.text(page(web_page()))).text
        process._seconds = 0.2
        with pytest.raises(SourceError, match=r"did not end within 0.2 seconds"):
            await process.text(page(b"endless"))
        process._seconds = 60
        assert PARAGRAPHS[0] in (await process.text(page(web_page()))).text
    finally:
        process.close()
