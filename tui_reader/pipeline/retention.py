"""Keeps what was fetched, and drops that of removed sources a month after they were removed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tui_reader.config import Folders
from tui_reader.errors import StoreError
from tui_reader.model.dates import DAY
from tui_reader.sources.locations import RemotePaths, is_remote, is_remote_archive
from tui_reader.storage.feed_store import FeedStore
from tui_reader.storage.marks import kept_pages
from tui_reader.storage.traces import was_there
from tui_reader.subscriptions.edit import remove_subscriptions
from tui_reader.subscriptions.subscription import load_subscriptions

REMOVED_DAYS = 30
"""How long the articles of a removed source stay; added again in that time, it has them all."""

_REMEMBERED = 400 * DAY  # how long it is remembered what was dropped: no index in use is older
_PARTIAL = (".", "new-")  # how the names of downloads begin that are not complete


def remove_sources(folders: Folders, locations: Sequence[str], now: float | None = None) -> None:
    """Remove subscriptions; what was fetched from them stays for :data:`REMOVED_DAYS` days.

    ``now`` is in seconds since 1970. Raises :class:`UsageError`,
    :class:`StoreError` and :class:`OSError`.
    """
    remove_subscriptions(folders.sources, locations)
    remote = [location for location in locations if is_remote(location)]
    if remote and folders.fetched.exists():
        with FeedStore.opened(folders.fetched) as store:
            store.set_removed(remote, store.age(int(time.time() if now is None else now)))


def removed_sources(folders: Folders) -> set[str]:
    """Return the sources that were removed: others may only be missing from the list. Raises :class:`StoreError`."""
    if not folders.fetched.exists():
        return set()
    with FeedStore.opened(folders.fetched) as store:
        return {address for address, source in store.sources().items() if source.removed}


def drop_removed(folders: Folders, now: float | None = None) -> None:
    """Drop what was fetched from sources that were removed :data:`REMOVED_DAYS` ago.

    Articles stay that are saved, tagged or have a note. A source that is only
    missing from the list was not removed: nothing of it is dropped. Raises :class:`StoreError` and :class:`UsageError`.
    """
    listed = {subscription.location for subscription in load_subscriptions(folders.sources)}
    if folders.fetched.exists() or was_there(folders.fetched):
        with FeedStore.opened(folders.fetched) as store:
            age = store.age(int(time.time() if now is None else now))
            removed = {address: source.removed for address, source in store.sources().items() if source.removed}
            store.set_removed(removed.keys() & listed, 0)
            before = age - REMOVED_DAYS * DAY
            if any(when <= before for address, when in removed.items() if address not in listed):
                try:
                    kept = kept_pages(folders.marks)
                except StoreError:
                    return  # nobody knows what is to stay, so all of it stays; whoever needs the marks next says why
                _drop_archives(folders, store.drop_removed(before, kept))
            store.forget_dropped(age - _REMEMBERED)
    _drop_partial_downloads(folders.downloads)


def rename_old_downloads(folders: Folders) -> None:
    """Give archives downloaded by version 0.1 their present names; one that several sources may own is left alone."""
    if not folders.downloads.exists():
        return
    paths = RemotePaths(folders.fetched, folders.downloads)
    archives = [each.location for each in load_subscriptions(folders.sources) if is_remote_archive(each.location)]
    owners = Counter(paths.old_archive(location) for location in archives)
    for location in archives:
        old, new = paths.old_archive(location), paths.archive(location)
        if owners[old] == 1 and old.exists() and not new.exists():
            old.rename(new)


def _drop_archives(folders: Folders, locations: Iterable[str]) -> None:
    paths = RemotePaths(folders.fetched, folders.downloads)
    for location in locations:
        if is_remote_archive(location):
            paths.archive(location).unlink(missing_ok=True)


def _drop_partial_downloads(folder: Path) -> None:
    """Delete downloads that a process that was killed has left."""
    if folder.exists():
        long_ago = time.time() - DAY
        for path in folder.iterdir():
            if path.name.startswith(_PARTIAL) and path.stat().st_mtime < long_ago:
                path.unlink(missing_ok=True)
