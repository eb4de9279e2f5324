"""The Fever client, two of it, with a real server: coldsweat, of the extra ``dev-servers``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.coldsweat import PASSWORD, USER, Pages, coldsweat
from tests.support.servers import Site
from tui_reader.sources.sync.client import Batch, MarkedIds, MarkKind
from tui_reader.sources.sync.errors import SyncError
from tui_reader.sources.sync.fever import FeverClient

ITEM = (
    "<item><title>{name} {number} &amp;lt;new&amp;gt;</title><guid>{name}-{number}</guid>"
    "<link>http://news.example/{name}/{number}</link>"
    "<description>&lt;p&gt;Text {number}&lt;/p&gt;</description>"
    "<pubDate>Tue, 03 Nov 2026 {hour:02}:{minute:02}:00 GMT</pubDate></item>"
)


def put_feed(site: Site, name: str, count: int) -> str:
    """Put a feed with items, each of another minute."""
    items = "".join(
        ITEM.format(name=name, number=number, hour=number // 60, minute=number % 60) for number in range(count)
    )
    feed = f'<rss version="2.0"><channel><title>{name}</title><link>http://news.example/</link>{items}</channel></rss>'
    return site.page(f"/{name}.xml", feed.encode())


@asynccontextmanager
async def signed_in(address: str) -> AsyncIterator[FeverClient]:
    client = FeverClient(address, USER, PASSWORD)
    try:
        assert await client.sign_in() == "Fever API 3"
        yield client
    finally:
        await client.close()


async def everything(client: FeverClient, cursor: str = "") -> list[Batch]:
    return [batch async for batch in client.entries(cursor)]


@pytest.mark.skipif(find_spec("coldsweat") is None, reason="coldsweat is not installed: it is in the extra dev-servers")
async def test_two_readers_and_a_real_server_agree(site: Site, tmp_path: Path) -> None:
    alpha, beta = put_feed(site, "Alpha", 70), put_feed(site, "Beta", 70)
    opml = (
        f'<opml version="1.0"><body><outline text="Tech"><outline text="Alpha" xmlUrl="{alpha}"/></outline>'
        f'<outline text="Beta" xmlUrl="{beta}"/></body></opml>'
    )
    with coldsweat(tmp_path, opml) as address, Pages(address) as pages:
        async with signed_in(address) as here, signed_in(f"{address}/fever") as there:
            feeds = await here.feeds()
            assert [(feed.title, feed.folder) for feed in feeds] == [("Alpha", ("Tech",)), ("Beta", ("Default",))]

            found = await everything(here)
            entries = {entry.id: entry for batch in found for entry in batch.entries}
            assert len(entries) == sum(len(batch.entries) for batch in found) == 140
            titles = {entry.raw.title: own for own, entry in entries.items()}
            last = entries[titles["Beta 69 &lt;new&gt;"]]
            assert (last.raw.link, last.raw.dates) == ("http://news.example/Beta/69", ("2026-11-03T01:09:00Z",))
            assert last.raw.content.strip() == "<p>Text 69</p>"
            assert await here.marked() == MarkedIds(frozenset(entries), frozenset())

            first, second = titles["Alpha 69 &lt;new&gt;"], titles["Beta 3 &lt;new&gt;"]
            await here.mark(MarkKind.READ, [first, second, "999999"], on=True)
            await there.mark(MarkKind.STARRED, [second, last.id], on=True)
            await there.mark(MarkKind.READ, [first], on=False)
            await here.mark(MarkKind.STARRED, [last.id], on=False)
            await here.mark(MarkKind.STARRED, [second], on=True)
            assert await here.marked() == await there.marked()
            assert await here.marked() == MarkedIds(frozenset(entries) - {second}, frozenset({second}))
            assert [(each.is_read, each.is_starred) for each in await there.entries_of([second, first])] == [
                (True, True),
                (False, False),
            ]
            assert pages.shown("saved") == {"Beta 3 <new>": frozenset({"status-saved", "status-read"})}
            assert pages.shown("unread")["Alpha 69 <new>"] == frozenset()

            pages.subscribe(put_feed(site, "Gamma", 60))
            assert [feed.title for feed in await there.feeds()] == ["Alpha", "Beta", "Gamma"]
            later = await everything(here, found[-1].cursor)
            assert {entry.raw.title for batch in later for entry in batch.entries} == {
                f"Gamma {number} &lt;new&gt;" for number in range(60)
            }
            assert not any(batch.entries for batch in await everything(here, later[-1].cursor))
        wrong = FeverClient(address, USER, "another password")
        with pytest.raises(SyncError, match="refuses the user name or the password"):
            await wrong.feeds()
        await wrong.close()
