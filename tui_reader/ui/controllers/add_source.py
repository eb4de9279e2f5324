"""Adds a source from inside the reader: finds what was meant, keeps it, and opens what is kept."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from tui_reader.config import Folders, load_settings
from tui_reader.model.text import visible
from tui_reader.model.urls import domain_of, safe_url
from tui_reader.sources.locations import is_remote
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription, split_credentials

if TYPE_CHECKING:
    from tui_reader.queries.find_sources import Candidate

T = TypeVar("T")


async def aside(question: Callable[[], T]) -> T:
    """Wait for the answer to ``question`` in a thread that nobody waits for at the end of the program.

    A server may take its time, and a person who leaves does not.
    """
    answer: Future[T] = Future()

    def ask() -> None:
        answer.set_running_or_notify_cancel()
        try:
            answer.set_result(question())
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            answer.set_exception(error)

    threading.Thread(target=ask, name="looking", daemon=True).start()
    return await asyncio.wrap_future(answer)


def place_of(name: str) -> str:
    """Return the host that ``name`` leads to, for showing; what is no address comes back as it is."""
    bare = split_credentials(name)[0]
    return visible(domain_of(bare) if safe_url(bare) else bare)


def look(name: str, folders: Folders) -> tuple[Candidate, ...]:
    """Return the sources that ``name`` may mean; may take long. Raises :class:`NewsError` where there is none."""
    from tui_reader.queries.find_sources import find

    return find(name, folders, load_settings(folders.settings))


def keep(wanted: Sequence[Candidate], folders: Folders) -> list[Subscription]:
    """Keep these sources; return those that were not kept before. Raises :class:`UsageError` and :class:`OSError`."""
    return add_subscriptions(
        folders.sources,
        [
            Subscription(
                each.location,
                # What is on the disk says its title with its articles.
                title=visible(each.title) if is_remote(each.location) else "",
                auth=each.auth,
            )
            for each in wanted
        ],
    )
