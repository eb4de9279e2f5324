"""A server with the front page of a town, in a home of its own, and a browser; both serve all tests of a module."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from tests.support.command import Home
from tests.ui.pages import write_town
from tests.web.chromium import PROGRAM, Chromium, chromium


class Served(NamedTuple):
    """A server that runs: its address, and the home of its readers."""

    address: str
    home: Home
    town: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a town."""
    folder = tmp_path_factory.mktemp("served")
    home, town = Home(folder / "home"), folder / "town"
    write_town(town)
    with home.start("serve", "--offline", "--port", "0", "--", town) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://\S+/", server.stdout.readline())
            assert found is not None, server.stderr.read() if server.stderr else ""
            yield Served(found[0], home, town)
        finally:
            server.terminate()
            assert server.wait() == 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Chromium]:
    """Start Chromium."""
    if not PROGRAM:
        pytest.skip("Chromium is not installed")
    # Without WebGL, which takes long in software; the pictures of the documentation are made with it.
    async with chromium(tmp_path_factory.mktemp("chromium"), "--disable-3d-apis") as browser:
        yield browser
