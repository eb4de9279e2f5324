"""Find the sources at an address and add those that are chosen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from tui_reader.config import Folders, read_settings
from tui_reader.model.text import visible
from tui_reader.model.urls import domain_of, safe_url
from tui_reader.sources.locations import is_remote
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription, split_credentials

if TYPE_CHECKING:
    from tui_reader.queries.find_sources import FoundSource

T = TypeVar("T")


async def run_in_daemon_thread(function: Callable[[], T]) -> T:
    """Return the result of ``function``, run in a thread that the program does not wait for at exit.

    Unlike with :func:`asyncio.to_thread`, a server that takes its time does not
    delay a user who quits.
    """
    future: Future[T] = Future()

    def run() -> None:
        future.set_running_or_notify_cancel()
        try:
            future.set_result(function())
        except BaseException as error:  # noqa: BLE001 - raised again by whoever awaits the future
            future.set_exception(error)

    threading.Thread(target=run, name="find-sources", daemon=True).start()
    return await asyncio.wrap_future(future)


def display_host(address: str) -> str:
    """Return the host of a URL, to show; return any other ``address`` unchanged."""
    bare = split_credentials(address)[0]
    return visible(domain_of(bare) if safe_url(bare) else bare)


def find_candidates(address: str, folders: Folders) -> tuple[FoundSource, ...]:
    """Return the sources found at ``address``.

    Blocks while it asks the network. Raises :class:`NewsError` if there is none.
    """
    from tui_reader.queries.find_sources import find_sources

    return find_sources(address, folders, read_settings(folders.settings).settings)


def add_candidates(candidates: Sequence[FoundSource], folders: Folders) -> list[Subscription]:
    """Add ``candidates`` to the subscriptions; return those that are new.

    Raises :class:`UsageError` if the file of subscriptions is invalid and
    :class:`OSError` if it cannot be written.
    """
    return add_subscriptions(
        folders.sources,
        [
            Subscription(
                each.location,
                # A source on disk gives its title with its articles.
                title=visible(each.title) if is_remote(each.location) else "",
                auth=each.auth,
                # Who adds one in a private network was told, and confirmed it.
                only_public=bool(each.named_by) and not each.is_private,
            )
            for each in candidates
        ],
    )
