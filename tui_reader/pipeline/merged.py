"""Merges asynchronous generators that run side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import TypeVar

T = TypeVar("T")


async def merged(generators: Iterable[AsyncGenerator[T, None]]) -> AsyncGenerator[T, None]:
    """Yield what each of the generators yields, as it comes; raise what one of them raises, and end the others."""
    found: asyncio.Queue[T | None] = asyncio.Queue()

    async def forward(generator: AsyncGenerator[T, None]) -> None:
        try:
            async with aclosing(generator) as results:
                async for result in results:
                    found.put_nowait(result)
        finally:
            found.put_nowait(None)

    tasks = [asyncio.create_task(forward(generator)) for generator in generators]
    running = len(tasks)
    try:
        while running:
            result = await found.get()
            if result is not None:
                yield result
                continue
            running -= 1
            for task in tasks:
                if task.done():
                    task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
