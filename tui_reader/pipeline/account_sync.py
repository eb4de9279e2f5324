"""One run with the server of an account: what is new there comes here, then what was done here goes there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from shlex import quote

from tui_reader.config import Folders
from tui_reader.error_log import log_fault
from tui_reader.errors import SourceError, StoreError, UsageError
from tui_reader.model.counted import counted
from tui_reader.model.dates import DAY
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.account_feeds import AccountFeeds, FeedsTogether
from tui_reader.pipeline.account_send import MarkSender
from tui_reader.pipeline.feed_process import FeedProcess
from tui_reader.pipeline.fetch_result import FetchResult
from tui_reader.pipeline.forget_account import release_sources
from tui_reader.pipeline.refused_passwords import digest_of, is_digest_of
from tui_reader.pipeline.remote_batch import RemoteBatch, StoredBatch, store_batch
from tui_reader.sources.http.caching import FetchState
from tui_reader.sources.sync.client import Batch, RemoteEntry, SyncClient, in_batches
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.storage.accounts import FRESH_SECONDS, Accounts, AccountState
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.storage.remote_marks import AccountGone, RemoteMarks

SYNC_LOCK = "accounts"
"""In the folder of the marks: whose lock is held by what asks or tells servers of accounts, one process at a time."""

_RATE_LIMIT_SECONDS = 1800.0  # where the server does not say how long to wait
_LONGEST_WAIT = 86_400.0
_FIRST = 200  # entries that are stored at once, so that there is something to read


class SyncAccount(NamedTuple):
    """An account to synchronise with.

    ``password`` looks the password up, and raises :class:`SourceError` or
    :class:`UsageError` where there is none, and :class:`AccountGone` where the
    account was removed. ``connect`` returns a client with it. ``identity`` is
    who the account is on which server.
    """

    name: str
    password: Callable[[], str]
    connect: Callable[[str], SyncClient]
    identity: str = ""


def is_account_due(state: AccountState, now: int, *, every: int, automatic: bool = False) -> bool:
    """Return whether an account may be asked at ``now``; ``every`` is the usual interval in seconds.

    ``automatic`` leaves out one asked less than ``every`` ago.
    """
    if now < state.held_until <= now + _LONGEST_WAIT:
        return False
    return not (automatic and now - every < state.tried <= now)


class AccountSync:
    """One run with one account, at ``now`` (seconds since 1970)."""

    def __init__(
        self,
        account: SyncAccount,
        folders: Folders,
        *,
        now: int,
        age: int,
        asked: bool = False,
        parser: FeedProcess[RemoteBatch, StoredBatch] | None = None,
    ) -> None:
        """``age`` is that of the feed store. Without a ``parser``, this process parses.

        ``asked`` says that a person asked for the run: only then is a password
        tried again that the server has refused. More would lock the account.
        """
        self._account = account
        self._folders = folders
        self._now = now
        self._age = age
        self._asked = asked
        self._parser = parser
        self._feeds = FeedsTogether({})
        self._notices: list[str] = []
        self._password: str | None = None  # that which is used, with whose it is
        self._first = _FIRST

    async def run(self) -> AsyncGenerator[FetchResult, None]:
        """Yield what is new as it is stored, and at the end what went wrong, as sentences with the account's name.

        Whatever goes wrong is the failure of this account alone; only :class:`StoreError` is raised.
        """
        name, identity = self._account.name, self._account.identity
        with Accounts.opened(self._folders.marks) as accounts:
            is_new = accounts.begin(name, identity)
            try:
                async with self._noting(accounts, whole=True):
                    async for result in self._run(accounts):
                        yield result
            except AccountGone:
                if is_new:
                    accounts.forget(name)  # it may have been gone before that
                if not accounts.knows(name):
                    try:
                        await asyncio.to_thread(release_sources, self._folders, accounts, name)
                    except (UsageError, OSError) as error:
                        self._notices.append(str(error))
                    yield FetchResult("", subscribed=True)
        for notice in self._told():
            yield FetchResult("", failure=notice)
        yield FetchResult(f"account {name}")

    async def send(self) -> Sequence[str]:
        """Send what was done here a short while ago, if nothing was wrong that stays so; return what went wrong.

        What is older waits for :meth:`run`, which asks first what was done elsewhere since.
        Only :class:`StoreError` is raised.
        """
        name, identity = self._account.name, self._account.identity
        begun, since = time.time(), self._now - FRESH_SECONDS
        with Accounts.opened(self._folders.marks) as accounts, suppress(AccountGone):
            state, marks = accounts.state(name), accounts.marks(name, identity)
            if state.identity == identity and state.may_send(self._now, again=True) and marks.queued(since):
                async with self._noting(accounts, whole=False):
                    client = self._account.connect(await self._looked_up(accounts))
                    try:
                        await client.sign_in()
                        slept = max(0, int(time.time() - begun))  # as does a machine whose lid is closed
                        await MarkSender(client, marks).send(since + slept)
                    finally:
                        await client.close()
        return self._told()

    def _told(self) -> list[str]:
        """Return what went wrong, as sentences with the account's name."""
        name = visible(self._account.name)
        return [f"{name}: {visible(notice)}" for notice in (*self._feeds.notices, *self._notices)]

    @asynccontextmanager
    async def _noting(self, accounts: Accounts, *, whole: bool) -> AsyncIterator[None]:
        """Note how the block goes, which is a ``whole`` run, or only sends."""
        name = self._account.name
        failure, kind, refused = "", "", ""
        held_until: int | None = None
        try:
            yield
        except SyncError as error:
            failure, kind, held_until = str(error), error.problem.name, self._held(error)
            if error.problem is SyncProblem.PASSWORD and self._password is not None:
                refused = await asyncio.to_thread(digest_of, self._password)
                failure += f". It is not tried again by itself: {_another_password(name)}"
        except (UsageError, SourceError, OSError) as error:
            failure = str(error)
        except (StoreError, AccountGone):
            raise
        except Exception as error:  # noqa: BLE001 - logged and shown
            failure = log_fault(error, self._folders.log)
        state = accounts.state(name)._replace(problem=failure, problem_kind=kind)
        if whole:
            state = state._replace(tried=self._now)
        if whole and not failure:
            state = state._replace(succeeded=self._now, held_until=0, refused="")
        elif held_until is not None:
            state = state._replace(held_until=held_until, refused=refused or state.refused)
        accounts.update_state(state)
        if failure and accounts.waiting().get(name):
            failure += "; what you marked waits to be sent"
        self._notices += filter(None, [failure])

    def _held(self, error: SyncError) -> int:
        wait = error.retry_after
        if wait is None and error.problem is SyncProblem.RATE_LIMIT:
            wait = _RATE_LIMIT_SECONDS
        return self._now + int(min(wait, _LONGEST_WAIT)) if wait else 0

    async def _run(self, accounts: Accounts) -> AsyncGenerator[FetchResult, None]:
        client = self._account.connect(await self._looked_up(accounts))
        try:
            name, identity = self._account.name, self._account.identity
            server = await client.sign_in()
            if await asyncio.to_thread(self._is_another, accounts):
                yield FetchResult("", subscribed=True)
            accounts.update_state(accounts.state(name)._replace(server=visible(server)))
            self._feeds = await AccountFeeds(
                name, client, accounts, self._folders, self._now, identity=identity
            ).agree()
            marks = accounts.marks(name, identity)
            if self._feeds.changed:
                yield FetchResult("", subscribed=True)
                await asyncio.to_thread(marks.ask_again)
            # First what was done there, then what was done here: where the server
            # has times, a deed that is older than one on another device is not sent.
            async for result in self._entries(client, accounts.state(name).cursor, marks):
                yield result
            is_first_today = accounts.state(name).succeeded < self._now - self._now % DAY
            async for result in self._marks(client, marks, tidy=is_first_today):
                yield result
            await MarkSender(client, marks).send()
            await asyncio.to_thread(self._note_success)
        finally:
            await client.close()

    async def _looked_up(self, accounts: Accounts) -> str:
        """Return the password. Raises :class:`SyncError` for one that was refused, unless a person asks to try it."""
        name = self._account.name
        password = await asyncio.to_thread(self._account.password)  # it may ask for a passphrase
        used, state = f"{self._account.identity} {password}", accounts.state(name)
        if state.refused and not self._asked and await asyncio.to_thread(is_digest_of, used, state.refused):
            known = state.problem if state.problem_kind == SyncProblem.PASSWORD.name else ""
            raise SyncError(
                known or f"the server refused this password: {_another_password(name)}", SyncProblem.PASSWORD
            )
        self._password = used
        return password

    def _is_another(self, accounts: Accounts) -> bool:
        """Return whether this is another account than the one of this name that is known; if so, forget that one.

        Not before the server takes the password: an address may only be misspelt.
        """
        name, identity = self._account.name, self._account.identity
        before = accounts.state(name).identity
        if before == identity:
            return False
        release_sources(self._folders, accounts, name)  # first: else they would be subscribed to on the other server
        lost = accounts.replace(name, before, identity)
        unsent = f", and {counted(lost, 'mark')} had not been sent to it" if lost else ""
        self._notices.append(
            "it is another account now: the feeds of the one before stay as your own, with all articles and marks"
            + unsent
        )
        return True

    # -- entries -------------------------------------------------------------------

    async def _entries(self, client: SyncClient, cursor: str, marks: RemoteMarks) -> AsyncGenerator[FetchResult, None]:
        """Store the new entries, while those after them are on their way."""
        batches = client.entries(cursor)
        coming = _next(batches)
        try:
            while (batch := await coming) is not None:
                coming = _next(batches)
                async for result in self._store(batch.entries, marks, batch.cursor):
                    yield result
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)

    async def _store(
        self, entries: Sequence[RemoteEntry], marks: RemoteMarks, cursor: str = ""
    ) -> AsyncGenerator[FetchResult, None]:
        """Store entries with their marks, the first of a run in a small piece; the cursor with the last of them."""
        first, self._first = self._first, 0
        pieces = [*in_batches(entries[:first]), *in_batches(entries[first:])]
        for piece in pieces[:-1]:
            yield await self._store_piece(piece, marks)
        yield await self._store_piece(pieces[-1] if pieces else (), marks, cursor)

    async def _store_piece(self, entries: tuple[RemoteEntry, ...], marks: RemoteMarks, cursor: str = "") -> FetchResult:
        known = await asyncio.to_thread(marks.pages, [each.id for each in entries])
        batch = RemoteBatch(self._account.identity, self._feeds.sources, entries, known, self._now, self._age)
        stored = await self._parsed(batch) if entries else StoredBatch()
        await asyncio.to_thread(marks.store, stored.listed, self._now, cursor)
        return FetchResult("", stored.new, others=stored.changed)

    async def _parsed(self, batch: RemoteBatch) -> StoredBatch:
        """Store a batch; of an entry that ends every process that reads it, only the marks."""
        if self._parser is None:
            with FeedStore.opened(self._folders.fetched) as store:
                return store_batch(store, batch)
        try:
            return await self._parser.store(batch)
        except SourceError:
            if len(batch.entries) == 1:
                raw = batch.entries[0].raw
                if not raw.content and not raw.summary:
                    return StoredBatch()
                bare = batch.entries[0]._replace(raw=replace(raw, content="", summary=""))
                return await self._parsed(batch._replace(entries=(bare,)))
            half = len(batch.entries) // 2
            first = await self._parsed(batch._replace(entries=batch.entries[:half]))
            second = await self._parsed(batch._replace(entries=batch.entries[half:]))
            return first.joined(second)

    # -- marks ---------------------------------------------------------------------

    async def _marks(self, client: SyncClient, marks: RemoteMarks, *, tidy: bool) -> AsyncGenerator[FetchResult, None]:
        """Take over what is read and starred on the server; ``tidy`` forgets what nobody needs any more."""
        found = await client.marked()
        feeds = self._feeds.sources
        missing = await asyncio.to_thread(marks.compare, found.unread, found.starred, feeds, self._now)
        there: set[str] = set()
        wanted = [*(missing.unread | missing.starred), *missing.unknown]
        for ids in in_batches(wanted):
            entries = await client.entries_of(ids)
            there |= {each.id for each in entries}
            async for result in self._store(entries, marks):
                yield result
        if wanted:
            await asyncio.to_thread(marks.dropped, missing, there)
            await asyncio.to_thread(marks.leave_out, missing.unknown)
        if tidy and found.unread is not None and found.starred is not None:
            pages = await asyncio.to_thread(self._pages)
            await asyncio.to_thread(marks.forget_old, found.unread, found.starred, pages)

    def _pages(self) -> set[int]:
        with FeedStore.opened(self._folders.fetched) as store:
            return store.all_pages()

    def _note_success(self) -> None:
        """Note that all sources of the account were asked now, and forget why one was not fetched before."""
        state = FetchState(last_success=float(self._now)).as_text()
        with FeedStore.opened(self._folders.fetched) as store, store.together():
            known = store.sources()
            for feed in self._feeds.sources.values():
                source = known.get(feed.location, FetchedSource(feed.location))
                store.put_source(source._replace(title=feed.title, page=feed.page, state=state, removed=0))


def _another_password(account: str) -> str:
    return f"‘news-tui account password {quote(account)}’ stores another"


def _next(batches: AsyncIterator[Batch]) -> asyncio.Task[Batch | None]:
    """Wait for the next batch in the background; ``None`` when there are no more."""

    async def next_batch() -> Batch | None:
        return await anext(batches, None)

    return asyncio.create_task(next_batch())
