"""Fetches the pages of articles and stores their full texts, as a generator of results."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui_reader.config import Folders
from tui_reader.error_log import log_fault
from tui_reader.errors import SourceError, StoreError
from tui_reader.model.full_text import FullText
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.fetch_thread import FetchThread
from tui_reader.pipeline.page_process import PageProcess
from tui_reader.storage.connection import open_index
from tui_reader.storage.full_texts import FullTexts
from tui_reader.storage.index_writer import IndexWriter
from tui_reader.storage.locks import exclusive_lock
from tui_reader.storage.text_wishes import TextWish
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions

if TYPE_CHECKING:
    from tui_reader.pipeline.page_fetcher import PageFetcher
    from tui_reader.sources.http.client import NetLimits

TICK = 0.1  # seconds
_AT_ONCE = 8  # hosts that are asked at a time
_PAUSE = 1.0  # seconds between two pages of a host
_GIVE_UP = 3  # pages of a host in a row that could not be reached
_AGAIN = 86_400  # seconds after which a page that gave nothing is asked again
OFFLINE = "there is no network connection; what is stored can still be read"


class TextResult(NamedTuple):
    """What became of one wish: ``text`` if the page was asked, else ``failure``.

    ``ends_host`` says that the other pages of the host need not be asked now.
    """

    wish: TextWish
    text: FullText | None = None
    failure: str = ""
    ends_host: bool = False

    @property
    def has_text(self) -> bool:
        """Whether the page gave a text."""
        return self.text is not None and bool(self.text.text)

    @property
    def reason(self) -> str:
        """Why there is no text, or only the beginning of one; empty if all is well."""
        return self.failure or (self.text.problem if self.text is not None else "")


class TextRun:
    """Fetches the pages of articles: several hosts at a time, and of each host one page after the other."""

    def __init__(
        self,
        folders: Folders,
        *,
        limits: NetLimits | None = None,
        pause: float = _PAUSE,
        process: PageProcess | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """``pause`` is how many seconds a host is left alone between two pages; ``process`` replaces the usual one."""
        self._folders = folders
        self._limits = limits
        self._pause = pause
        self._process = process or PageProcess()
        self._clock = clock

    def open_wishes(self, wishes: Iterable[TextWish]) -> list[TextWish]:
        """Return the wishes without a text whose page was not asked within the last day."""
        wanted = [wish for wish in wishes if not wish.has_text]
        with FullTexts.opened(self._folders.fetched) as store:
            tried = store.tried(wish.page for wish in wanted)
        now = self._clock()
        return [
            wish
            for wish in wanted
            if wish.page not in tried or not (tried[wish.page][1] or 0 <= now - tried[wish.page][0] < _AGAIN)
        ]

    def run(self, wishes: Sequence[TextWish]) -> Generator[TextResult | None, None, None]:
        """Fetch the pages of ``wishes`` and store what they give; yield each, and ``None`` while nothing comes.

        What was stored stays when the caller stops. Raises :class:`StoreError` and :class:`UsageError`.
        """
        subscriptions = {each.location: each for each in load_subscriptions(self._folders.sources)}
        # Before any thread, and while no database is open: the process is forked if possible.
        with closing(self._process):
            self._process.start()
            with FetchThread.running(partial(self._results, wishes, subscriptions)) as thread:
                for found in thread.results(TICK):
                    yield from found or (None,)

    async def _results(
        self, wishes: Sequence[TextWish], subscriptions: dict[str, Subscription]
    ) -> AsyncGenerator[TextResult, None]:
        """Fetch and store all pages; runs in a thread of its own, with its own connection to the store."""
        from tui_reader.pipeline.page_fetcher import PageFetcher
        from tui_reader.sources.http.client import Fetcher, NetLimits

        results: asyncio.Queue[TextResult | BaseException] = asyncio.Queue()
        with FullTexts.opened(self._folders.fetched) as store:
            limits = self._limits or NetLimits(max_concurrent_per_host=1, read_seconds=15, total_seconds=30)
            async with Fetcher(limits) as client:
                fetcher = PageFetcher(client, self._process, subscriptions)
                room = asyncio.Semaphore(_AT_ONCE)
                tasks = [
                    asyncio.create_task(self._host(fetcher, store, each, room, results)) for each in _by_host(wishes)
                ]
                try:
                    for _ in wishes:
                        result = await results.get()
                        if isinstance(result, BaseException):
                            raise result
                        yield result
                finally:
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)

    async def _host(
        self,
        fetcher: PageFetcher,
        store: FullTexts,
        wishes: Sequence[TextWish],
        room: asyncio.Semaphore,
        results: asyncio.Queue[TextResult | BaseException],
    ) -> None:
        """Fetch the pages of one host; give up once it asks to wait, or does not answer."""
        unreached = 0  # in a row
        why = ""
        try:
            async with room:
                for number, wish in enumerate(wishes):
                    if why:
                        results.put_nowait(TextResult(wish, failure=why, ends_host=True))
                        continue
                    if number and wish.links.best() is not None:
                        await asyncio.sleep(self._pause)
                    result = await self._fetch(fetcher, wish)
                    if result.text is not None:
                        store.put([result.text])
                    unreached = unreached + 1 if result.failure else 0
                    if result.ends_host or unreached >= _GIVE_UP:
                        why = f"not asked, because of this: {result.failure}"
                    results.put_nowait(result)
        except Exception as error:  # noqa: BLE001 - raised again by whoever takes the results
            results.put_nowait(error)

    async def _fetch(self, fetcher: PageFetcher, wish: TextWish) -> TextResult:
        """Fetch one page; whatever goes wrong, even in this program, is the failure of this page alone."""
        from tui_reader.pipeline.page_fetcher import Unreached

        try:
            return TextResult(wish, await fetcher.full_text(wish, int(self._clock())))
        except Unreached as error:
            ends_host = error.is_offline or error.must_wait
            return TextResult(wish, failure=OFFLINE if error.is_offline else str(error), ends_host=ends_host)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - logged and shown
            return TextResult(wish, failure=str(error) if isinstance(error, SourceError) else log_fault(error))


def _by_host(wishes: Iterable[TextWish]) -> list[list[TextWish]]:
    """Return the wishes of each host, in their order."""
    hosts: dict[str, list[TextWish]] = {}
    for wish in wishes:
        hosts.setdefault(urlsplit(wish.links.best() or "").hostname or "", []).append(wish)
    return list(hosts.values())


def index_texts(index: Path, fetched: Path) -> None:
    """Give the articles of the index at ``index`` the full texts in the feed store; waits while another updates it."""
    with exclusive_lock(index), closing(open_index(index)) as connection, FullTexts.to_read(fetched) as store:
        IndexWriter(connection).update_texts(store)
