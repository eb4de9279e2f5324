"""Requests wait while too much of what was fetched is not stored yet."""

from __future__ import annotations

import asyncio

from tests.support.servers import Loopback
from tui_reader.pipeline.backlog import Backlog
from tui_reader.sources.http.client import Fetcher, Response


async def test_no_request_is_sent_while_too_much_waits_to_be_stored(net: Loopback) -> None:
    site = net.site()
    address = site.page("/feed", b"x" * 100)
    backlog = Backlog(most=250)

    async with Fetcher(ready=backlog.room) as fetcher:

        async def fetched() -> Response:
            return await fetcher.get(address, trusted=(address,))

        answers = [await fetched() for _ in range(3)]
        with backlog.holding(100), backlog.holding(100):
            await asyncio.wait_for(fetched(), 10)
            with backlog.holding(100):
                waiting = asyncio.create_task(fetched())
                # Another host is asked as little as this one.
                assert not (await asyncio.wait({waiting}, timeout=0.2))[0]
                assert len(site.requests) == 4
            answers.append(await asyncio.wait_for(waiting, 10))
    assert [answer.body for answer in answers] == [b"x" * 100] * 4
    assert len(site.requests) == 5
