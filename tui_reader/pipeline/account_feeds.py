"""Brings the subscriptions of an account and its sources here together.

Both are compared with what they were when both sides last agreed, so that what
changed on one side is done on the other, and neither undoes the other. Titles
and folders are remembered as each side has them: many servers have no folders
in folders, and would otherwise flatten those here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Unpack

from tui_reader.config import Folders
from tui_reader.model.counted import counted
from tui_reader.model.dates import DAY
from tui_reader.model.text import clean_line, visible
from tui_reader.model.urls import safe_url
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.remote_batch import RemoteSource
from tui_reader.pipeline.retention import remove_sources, removed_sources
from tui_reader.sources.sync.client import RemoteFeed, SyncClient
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.storage.accounts import Accounts, AgreedFeed
from tui_reader.subscriptions.edit import SubscriptionChanges, add_subscriptions, change_subscription
from tui_reader.subscriptions.subscription import (
    MAX_FOLDERS,
    Subscription,
    display_name,
    is_address,
    load_subscriptions,
    source_key,
    split_credentials,
)

_FEW = 10  # feeds: if more than these, and more than half of all, vanish at once, that may be a mistake
_OF_ONE_FEED = frozenset({SyncProblem.PROTOCOL, SyncProblem.UNSUPPORTED, SyncProblem.VERSION})


class FeedsTogether(NamedTuple):
    """The sources of the feeds of an account, by what the server calls them.

    ``notices`` are sentences on what could not be done; ``changed`` says
    whether the list of sources has changed.
    """

    sources: Mapping[str, RemoteSource]
    notices: tuple[str, ...] = ()
    changed: bool = False


class AccountFeeds:
    """Compares the feeds of one account with its sources, once."""

    def __init__(
        self, account: str, client: SyncClient, accounts: Accounts, folders: Folders, now: int, *, identity: str = ""
    ) -> None:
        """``identity`` is who the account has to be."""
        self._account = account
        self._identity = identity
        self._client = client
        self._accounts = accounts
        self._folders = folders
        self._now = now
        self._notices: list[str] = []
        self._changed = False
        self._remote: dict[str, RemoteFeed] = {}
        self._agreed: dict[str, AgreedFeed] = {}
        self._present: dict[str, Subscription] = {}

    async def agree(self) -> FeedsTogether:
        """Do on each side what was done on the other.

        Raises :class:`SyncError`, :class:`UsageError` and :class:`OSError`:
        what has been done by then is remembered, or found out the next time.
        Raises :class:`AccountGone` if the account was removed meanwhile.
        """
        await self._look()
        self._agreed = self._accounts.feeds(self._account)
        await self._removed_there()
        await self._removed_here()
        await self._added_there()
        await self._added_here()
        await self._moved()
        sources = {
            feed.id: RemoteSource(feed.location, remote.title, remote.page)
            for feed in self._agreed.values()
            if feed.location and (remote := self._remote.get(feed.id)) is not None
        }
        return FeedsTogether(sources, tuple(self._notices), self._changed)

    async def _look(self) -> None:
        """Read what both sides have now."""
        found = map(cleaned, await self._client.feeds())
        self._remote = {feed.id: feed for feed in found if feed is not None}
        self._read()

    def _read(self) -> None:
        sources = load_subscriptions(self._folders.sources)
        self._present = {source_key(source.location): source for source in sources}

    def _here(self, location: str) -> Subscription | None:
        return self._present.get(source_key(location))

    # -- removed -------------------------------------------------------------------

    async def _removed_there(self) -> None:
        """Remove the sources of feeds that the server no longer has, unless it suddenly lacks most of them."""
        gone = [feed for feed in self._agreed.values() if feed.id not in self._remote]
        state = self._accounts.state(self._account)
        if _is_suspicious(len(gone), len(self._agreed)):
            since = state.few_since or self._now
            if since > self._now - DAY:
                self._accounts.update_state(state._replace(few_since=since))
                self._notices.append(
                    f"the server no longer has {_of(len(gone), len(self._agreed))}: they stay here for a day, in "
                    "case that is a mistake; ‘news-tui remove’ removes them now"
                )
                return
        if state.few_since:
            self._accounts.update_state(state._replace(few_since=0))
        self._forget(gone)
        # A feed that has another id now is still there.
        kept = {source_key(feed.location) for feed in self._agreed.values() if feed.location}
        kept |= {source_key(feed.address) for feed in self._remote.values()}
        here = [self._here(feed.location) for feed in gone if source_key(feed.location) not in kept]
        mine = [source.location for source in here if source is not None and source.account == self._account]
        for location in list(mine):
            if other := self._accounts.other_with(self._account, location):
                self._change(location, account=other)
                mine.remove(location)
        if mine:
            await asyncio.to_thread(remove_sources, self._folders, mine, self._now)
            self._changed = True
            self._read()

    async def _removed_here(self) -> None:
        """End the subscriptions to feeds whose sources were removed. One that is only missing here comes back."""
        wanted = [feed for feed in self._agreed.values() if feed.location and feed.id in self._remote]
        gone = [feed for feed in wanted if self._here(feed.location) is None]
        if not gone:
            return
        removed = await asyncio.to_thread(removed_sources, self._folders)
        lost = [feed for feed in gone if feed.location not in removed]
        if lost:
            self._notices.append(
                f"{_name(lost[0]) if len(lost) == 1 else counted(len(lost), 'feed')} had gone from the list of sources "
                f"without being removed, and {'is' if len(lost) == 1 else 'are'} brought back: "
                "‘news-tui remove’ ends a subscription"
            )
            self._forget(lost)
            gone = [feed for feed in gone if feed.location in removed]
        for feed in gone:
            try:
                await self._client.unsubscribe(self._remote[feed.id])
            except SyncError as error:
                if error.problem is not SyncProblem.UNSUPPORTED:
                    self._tell_of(_name(feed), error)
                    continue
                self._notices.append(f"{_name(feed)}: end the subscription on the server's page too: {error}")
                self._agree(feed._replace(location=""))
                continue
            self._forget([feed])
            del self._remote[feed.id]

    # -- added ---------------------------------------------------------------------

    async def _added_there(self) -> None:
        """Add sources for the feeds that are new on the server; one that is here already becomes the account's."""
        new = [feed for feed in self._remote.values() if feed.id not in self._agreed]
        strange = [
            feed
            for feed in new
            if (here := self._here(feed.address)) is None or not here.account  # one of another account stays its own
        ]
        if strange:
            await asyncio.to_thread(add_subscriptions, self._folders.sources, sources_of(strange, self._account))
            self._changed = True
            self._read()
        for feed in new:
            if (source := self._here(feed.address)) is not None:
                self._agree_on(feed, source)

    async def _added_here(self) -> None:
        """Subscribe to the feeds that were added here."""
        agreed = {source_key(feed.location) for feed in self._agreed.values() if feed.location}
        for key, source in list(self._present.items()):
            if source.account != self._account or key in agreed:
                continue
            try:
                feed = cleaned(await self._client.subscribe(source.location, source.title, source.folder))
            except SyncError as error:
                if error.problem is SyncProblem.UNSUPPORTED:
                    self._change(source.location, account="")
                    self._notices.append(f"{display_name(source)}: the feed itself is fetched from now on: {error}")
                else:
                    self._tell_of(display_name(source), error)
                continue
            if feed is not None:
                self._remote[feed.id] = feed
                self._agree_on(feed, source)

    # -- other titles and folders --------------------------------------------------

    async def _moved(self) -> None:
        """Give feeds the titles and folders that they have on the other side; if both changed, those here."""
        sent = []
        for feed in list(self._agreed.values()):
            source, remote = self._here(feed.location), self._remote.get(feed.id)
            if not feed.location or source is None or remote is None:
                continue
            if (source.title, source.folder) != (feed.own_title, feed.own_folder):
                try:
                    await self._client.change(remote, source.title or remote.title, source.folder)
                except SyncError as error:
                    self._tell_of(display_name(source), error)
                    if error.problem is not SyncProblem.UNSUPPORTED:
                        continue
                sent.append(feed._replace(own_title=source.title, own_folder=source.folder))
            elif (remote.title, remote.folder) != (feed.title, feed.folder):
                changes: SubscriptionChanges = {}
                if remote.title != feed.title:
                    changes["title"] = remote.title
                if remote.folder != feed.folder:
                    changes["folder"] = remote.folder
                self._agree_on(remote, self._change(source.location, **changes))
        if sent:
            await self._look()  # what the server has made of it
        for feed in sent:
            remote = self._remote.get(feed.id)
            if remote is not None:
                self._agree(feed._replace(title=remote.title, folder=remote.folder))

    def _change(self, place: str, /, **changes: Unpack[SubscriptionChanges]) -> Subscription:
        self._changed = True
        source = change_subscription(self._folders.sources, place, **changes)
        self._present[source_key(place)] = source
        return source

    # -- what both sides agree on --------------------------------------------------

    def _agree_on(self, feed: RemoteFeed, source: Subscription) -> None:
        self._agree(
            AgreedFeed(feed.id, source.location, feed.title, feed.folder, source.title, source.folder),
        )

    def _agree(self, feed: AgreedFeed) -> None:
        self._agreed[feed.id] = feed
        self._accounts.put_feed(self._account, feed, self._identity)

    def _forget(self, feeds: Iterable[AgreedFeed]) -> None:
        for feed in feeds:
            self._agreed.pop(feed.id, None)
            self._accounts.remove_feed(self._account, feed.id)

    def _tell_of(self, name: str, error: SyncError) -> None:
        """Tell why one feed could not be changed; raise what is wrong with the whole account."""
        if error.problem not in _OF_ONE_FEED:
            raise error
        self._notices.append(f"{name}: {error}")


def cleaned(feed: RemoteFeed) -> RemoteFeed | None:
    """Return a feed with texts that can be shown; ``None`` if its address cannot be opened."""
    address = split_credentials(feed.address)[0]
    if not is_address(address) or safe_url(address) is None:
        return None
    folder = tuple(name for name in map(clean_line, feed.folder) if name)[:MAX_FOLDERS]
    return feed._replace(address=address, title=clean_line(feed.title), page=safe_url(feed.page) or "", folder=folder)


def sources_of(feeds: Iterable[RemoteFeed], account: str) -> list[Subscription]:
    """Return feeds, cleaned, as sources of an account."""
    # The server names them: should they be fetched one day, then not from a private network.
    return [
        Subscription(feed.address, title=feed.title, folder=feed.folder, account=account, only_public=True)
        for feed in feeds
    ]


def _is_suspicious(gone: int, of: int) -> bool:
    return 0 < gone == of or (gone > _FEW and gone * 2 > of)


def _of(some: int, of: int) -> str:
    return "any of its feeds" if some == of else f"{some:,} of its {of:,} feeds"


def _name(feed: AgreedFeed) -> str:
    return visible(feed.own_title or feed.title or feed.location)
