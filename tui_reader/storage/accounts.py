"""Stores what is known of accounts on servers: how the last run went, and the feeds that both sides agreed on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.connection import open_marks
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.remote_marks import RemoteMarks, check_account
from tui_reader.storage.statements import insert_into
from tui_reader.storage.transactions import transaction

FRESH_SECONDS = 600
"""How old a deed may be to be sent without asking first what was done elsewhere since."""

_DOWN = "DOWN"  # the kind of a problem that may be over


class AccountState(NamedTuple):
    """What is stored of an account; times are in seconds since 1970, 0 for never.

    - ``cursor``: where the entries go on that are still to come.
    - ``server``: what the server is, such as ``Miniflux 2.2.5``.
    - ``tried``, ``succeeded``: the last run, and the last complete one.
    - ``held_until``: before that the server wants no requests.
    - ``few_since``: when it first lacked most of the feeds that it had.
    - ``problem``: the last failure as a sentence, empty if all is well; ``problem_kind`` is its kind.
    - ``identity``: who the account is on which server; empty if it was not synchronised yet.
    - ``refused``: a salted digest of the password that the server refused, empty if it took the last one.
    """

    name: str
    cursor: str = ""
    server: str = ""
    tried: int = 0
    succeeded: int = 0
    held_until: int = 0
    few_since: int = 0
    problem: str = ""
    problem_kind: str = ""
    identity: str = ""
    refused: str = ""

    def may_send(self, now: int, *, again: bool = False) -> bool:
        """Return whether deeds may be sent between two runs: one was complete, and nothing failed since.

        ``again`` tries it again where the server was down, or there was no network.
        """
        is_well = not self.problem or (again and self.problem_kind == _DOWN)
        return self.succeeded > 0 and is_well and self.held_until <= now


class AgreedFeed(NamedTuple):
    """A feed as both sides had it when they last agreed.

    ``id`` is what the server calls it, ``location`` that of its source; empty
    for one that was removed here while the server cannot end the subscription.
    ``title`` and ``folder`` are those of the server, ``own_title`` and
    ``own_folder`` those of the source.
    """

    id: str
    location: str
    title: str
    folder: tuple[str, ...]
    own_title: str
    own_folder: tuple[str, ...]


class Accounts:
    """The accounts in the file of the marks, which the connection was opened for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[Accounts]:
        """Open the marks at ``path`` during the block; create them if they are missing. Raises :class:`StoreError`."""
        connection = open_marks(path)
        try:
            yield cls(connection)
        finally:
            connection.close()

    def marks(self, account: str, identity: str = "") -> RemoteMarks:
        """Return the marks of the entries of an account."""
        return RemoteMarks(self._db, account, identity)

    @raises_store_error
    def state(self, account: str) -> AccountState:
        """Return what is known of an account."""
        columns = ", ".join(AccountState._fields)
        row = self._db.execute(f"SELECT {columns} FROM account WHERE name = ?", (account,)).fetchone()
        return AccountState(account) if row is None else AccountState._make(row)

    @raises_store_error
    def put_state(self, state: AccountState) -> None:
        """Store what is known of an account."""
        self._db.execute(insert_into("account", AccountState._fields, replace=True), state)

    @raises_store_error
    def begin(self, account: str, identity: str) -> bool:
        """Note who an account is, unless that is known already; return whether nothing was known of it."""
        with transaction(self._db):
            row = self._db.execute("INSERT OR IGNORE INTO account (name) VALUES (?)", (account,))
            self._db.execute("UPDATE account SET identity = ? WHERE name = ? AND identity = ''", (identity, account))
        return row.rowcount > 0

    @raises_store_error
    def update_state(self, state: AccountState) -> None:
        """Store what a run found out, unless the account was removed meanwhile, or is another one by now."""
        columns = ", ".join(f"{column} = :{column}" for column in AccountState._fields)
        self._db.execute(f"UPDATE account SET {columns} WHERE name = :name AND identity = :identity", state._asdict())

    @raises_store_error
    def feeds(self, account: str) -> dict[str, AgreedFeed]:
        """Return the feeds that were agreed on, by what the server calls them."""
        columns = ", ".join(AgreedFeed._fields)
        rows = self._db.execute(f"SELECT {columns} FROM remote_feed WHERE account = ?", (account,))
        return {
            row[0]: AgreedFeed(row[0], row[1], row[2], _names(row[3]), row[4], _names(row[5]))
            for row in rows.fetchall()
        }

    @raises_store_error
    def put_feed(self, account: str, feed: AgreedFeed, identity: str = "") -> None:
        """Store that both sides agree on a feed. Raises :class:`AccountGone`."""
        folder, own_folder = json.dumps(feed.folder), json.dumps(feed.own_folder)
        row = (account, feed.id, feed.location, feed.title, folder, feed.own_title, own_folder)
        with transaction(self._db):
            check_account(self._db, account, identity)
            self._db.execute(insert_into("remote_feed", ("account", *AgreedFeed._fields), replace=True), row)

    @raises_store_error
    def remove_feed(self, account: str, feed: str) -> None:
        """Forget a feed that neither side has any more."""
        self._db.execute("DELETE FROM remote_feed WHERE account = ? AND id = ?", (account, feed))

    @raises_store_error
    def other_with(self, account: str, location: str) -> str:
        """Return another account that has the feed of a source too; empty if none has."""
        row = self._db.execute(
            "SELECT min(account) FROM remote_feed WHERE account <> ? AND location = ?", (account, location)
        ).fetchone()
        return row[0] or ""

    @raises_store_error
    def knows(self, account: str) -> bool:
        """Return whether anything is known of an account."""
        return self._db.execute("SELECT 1 FROM account WHERE name = ?", (account,)).fetchone() is not None

    @raises_store_error
    def replace(self, account: str, before: str, identity: str) -> int:
        """Forget who an account was ``before``, and note who it is now. Returns as :meth:`forget`.

        Raises :class:`AccountGone` if it was removed.
        """
        with transaction(self._db):
            check_account(self._db, account, before)
            lost = self.forget(account)
            self.begin(account, identity)
        return lost

    @raises_store_error
    def forget(self, account: str) -> int:
        """Forget an account; return how many deeds are lost that its server was not told. All marks stay."""
        with transaction(self._db):
            lost = self._db.execute("DELETE FROM deed WHERE account = ?", (account,)).rowcount
            for table, column in (("remote_entry", "account"), ("remote_feed", "account"), ("account", "name")):
                self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", (account,))
        return lost

    @raises_store_error
    def newest_deed(self, now: int, *, again: bool = False) -> int:
        """Return the number of the newest deed that may be sent between two runs; 0 where there is none.

        ``again`` is that of :meth:`AccountState.may_send`.
        """
        rows = self._db.execute(
            "SELECT account, max(number) FROM deed WHERE at >= ? GROUP BY account", (now - FRESH_SECONDS,)
        )
        numbers = (number for account, number in rows.fetchall() if self.state(account).may_send(now, again=again))
        return max(numbers, default=0)

    @raises_store_error
    def waiting(self) -> dict[str, int]:
        """Return how many deeds each account has that its server was not told, without those that have none."""
        return dict(self._db.execute("SELECT account, count(*) FROM deed GROUP BY account").fetchall())


def _names(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))
