"""Replaces the address of a source that has moved for good, wherever it is stored."""

from __future__ import annotations

from urllib.parse import urlsplit

from tui_reader.config import Folders
from tui_reader.errors import StoreError, UsageError
from tui_reader.model.text import visible
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.locations import RemotePaths
from tui_reader.storage.feed_store import FeedStore
from tui_reader.storage.filters import move_filters
from tui_reader.subscriptions.edit import change_subscription
from tui_reader.subscriptions.subscription import Subscription


def move_source(folders: Folders, store: FeedStore, subscription: Subscription, address: str) -> tuple[bool, str]:
    """Replace the address of ``subscription``; return whether it is replaced, and the reason of a failure or ``""``."""
    location = subscription.location
    try:
        # The new address was named by a redirect, not by a person.
        named_by_redirect = urlsplit(address).hostname != urlsplit(location).hostname
        change_subscription(
            folders.sources, location, location=address, only_public=subscription.only_public or named_by_redirect
        )
    except UsageError:
        return False, ""  # the new address is a subscription already
    except OSError as error:
        where = visible(redact_url(address))
        return False, f"it has moved to {where}, but {folders.sources} cannot be written: {error.strerror}"
    store.move(location, address)
    paths = RemotePaths(folders.fetched, folders.downloads)
    if paths.archive(location).exists():
        paths.archive(location).replace(paths.archive(address))
    try:
        if folders.marks.exists():
            move_filters(folders.marks, location, address)
    except StoreError as error:
        return True, f"it has moved to {visible(redact_url(address))}, and filters for it alone do not follow: {error}"
    return True, ""
