"""Extracts texts from web pages in a process beside this one, which is ended when a page takes too long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from tui_reader.errors import SourceError
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.parse_pool import process_context, start_worker
from tui_reader.sources.pages.page_text import PageText, read_page

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

PAGE_SECONDS = 20.0
"""How long the extraction of one page may take; most take a tenth of a second."""

_MEMORY = 2 * 1024**3  # bytes of address space for the process
_DEADLY = "reading the page ended the process that reads pages"
_ENDLESS = "reading the page did not end within {:g} seconds"


class FetchedPage(NamedTuple):
    """A page that was fetched from ``address``; ``title`` and ``selector`` are those of :func:`read_page`."""

    data: bytes
    content_type: str
    address: str
    title: str = ""
    selector: str = ""

    def read(self) -> PageText:
        """Return the text of the article in it. Raises :class:`SourceError`."""
        return read_page(self.data, self.content_type, self.address, title=self.title, selector=self.selector)


Read: TypeAlias = Callable[[FetchedPage], PageText]


class PageProcess:
    """A process that reads pages, one after the other; one that dies or takes too long is replaced.

    The parsers are loaded into it, and not into the process that fetches.
    """

    def __init__(self, read: Read = FetchedPage.read, *, seconds: float = PAGE_SECONDS) -> None:
        """``seconds`` is how long one page may take."""
        self._read = read
        self._seconds = seconds
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._one_at_a_time = asyncio.Lock()

    def start(self) -> None:
        """Start the process now, while this one can be forked: before it has threads, or a database is open."""
        context = process_context()
        here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there, self._read), daemon=True)
        self._process.start()
        there.close()  # the child then has the only one, so this end notices when it is gone
        self._connection = here

    async def text(self, page: FetchedPage) -> PageText:
        """Return what a page gives. Raises :class:`SourceError`, also if that ends the process or takes too long."""
        async with self._one_at_a_time:
            result = await asyncio.to_thread(self._ask, page)
        if isinstance(result, Exception):
            raise result
        return result

    def _ask(self, page: FetchedPage) -> PageText | Exception:
        if self._connection is None:
            self.start()
        connection = self._connection
        if connection is None:
            raise ValueError("the process was not started")
        try:
            connection.send(page)
            if connection.poll(self._seconds):
                result: PageText | Exception = connection.recv()
                return result
            failure = _ENDLESS.format(self._seconds)
        except (EOFError, OSError):
            failure = _DEADLY
        self.close()
        return SourceError(failure)

    def close(self) -> None:
        """End the process, which has nothing to tidy up."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if process is not None:
            process.kill()
            process.join()
            process.close()
        if connection is not None:
            connection.close()


def _serve(connection: Connection, read: Read) -> None:
    """Read pages as they come."""
    start_worker()
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    # While the first page is on its way; they take a while to import.
    import readability  # noqa: F401 - used by the extraction

    import tui_reader.sources.pages.extraction  # noqa: F401 - used to read a page

    while True:
        try:
            page: FetchedPage = connection.recv()
        except EOFError:
            return
        result: PageText | Exception
        try:
            result = read(page)
        except SourceError as error:
            result = SourceError(str(error))
        except MemoryError:
            result = SourceError("the page takes too much memory to be read")
        except RecursionError:
            result = SourceError("the page is nested too deeply to be read")
        except Exception as error:  # noqa: BLE001 - logged; it is the failure of this page
            from tui_reader.error_log import log_fault

            result = SourceError(log_fault(error))
        connection.send(result)
