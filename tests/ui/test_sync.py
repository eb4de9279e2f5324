"""An account by keys: added, read, starred while its server is down, and the same on both sides in the end."""

from __future__ import annotations

import keyring
import pytest
from keyring.core import load_keyring

from tests.support.miniflux_server import KEY, MinifluxServer
from tests.support.servers import Loopback, page
from tests.ui.reader import reading
from tui_reader.config import folders
from tui_reader.sources.sync.errors import SyncProblem
from tui_reader.storage.accounts import Accounts
from tui_reader.ui.controllers import sending
from tui_reader.ui.screens.account import AccountScreen

MOON, BRIDGE, BREAD = "Ice found on the Moon", "Old bridge closes for repairs", "Price of bread rises again"


async def test_what_is_done_by_keys_is_done_on_the_server_and_the_other_way_round(
    net: Loopback, watchful: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_PAUSE", 0.0)
    keyring.set_keyring(load_keyring("keyring.backends.fail.Keyring"))
    site = net.site()
    server = MinifluxServer(site)
    feed = server.add_feed("https://news.example/feed.xml", "The Feed", "News")
    moon, bridge, bread = (server.add_entries(feed, title=title)[0] for title in (MOON, BRIDGE, BREAD))
    async with reading(size=(120, 30)) as reader:
        await reader.press("L", "c", "a", "j", "enter")
        await reader.until(lambda: isinstance(reader.app.screen, AccountScreen), "the form")
        await reader.paste(server.address)
        await reader.press("enter", "enter")
        await reader.paste(KEY)
        await reader.press("enter")
        await reader.until_seen("127.0.0.1: 3 new articles")
        assert reader.sees("1 feed · synchronised")
        await reader.press("escape", "escape")
        await reader.until_seen(MOON, BRIDGE, BREAD, "The Feed")
        await reader.until_indexed()
        await reader.press("g")
        while reader.cursor != MOON:
            await reader.press("j")
        await reader.press("s")
        await reader.until(server.starred, "the star, without a refresh")
        await reader.rest()

        answering = site.otherwise
        site.otherwise = page(status=503)
        await reader.press("g")
        while reader.cursor != BRIDGE:
            await reader.press("j")
        await reader.press("s")
        await reader.until_seen("the server is down for maintenance (503)", "what you marked waits to be sent")
        await reader.until_indexed()
        assert server.starred() == {moon}

        site.otherwise = answering
        server.clock += 60
        server.mark(bread, status="read")
        await reader.press("L", "c", "r")
        await reader.until_seen("127.0.0.1: 0 new articles")
        assert server.starred() == {moon, bridge}
        assert reader.is_read(BREAD)
        await reader.press("escape", "escape")
        await reader.until_indexed()
        assert reader.is_saved(BRIDGE)
        assert not reader.is_read(MOON)
        monkeypatch.setattr(sending, "_PAUSE", float("inf"))
        reader.page.updates._sending._next = float("inf")
        with Accounts.opened(folders().marks) as accounts:  # a moment ago; it may be there again
            state = accounts.state("127.0.0.1")
            accounts.put_state(state._replace(problem="the server is down", problem_kind=SyncProblem.DOWN.name))
        await reader.press("g", "s")
    assert len(server.starred()) != 2  # it is sent by who leaves
