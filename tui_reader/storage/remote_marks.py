"""Stores which entries of an account are at which pages, and brings their marks and those of the server together.

What the server says is compared with what was last agreed on: only a mark
that has changed there is taken over. A deed that still waits to be sent wins,
unless the server says that its own mark is newer. Whatever changes a mark here
queues deeds for all entries at its page, by triggers (see the schema); what is
taken over from an entry is not sent back to that entry.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby

from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.transactions import transaction

_READ, _STARRED = "read", "starred"
_COLUMN = {_READ: "read", _STARRED: "saved"}  # of `mark`
_BIT = {_READ: 1, _STARRED: 2}  # in `doubt`
_MOST_UNKNOWN = 1_000  # unread entries that are asked for by id in one run; the others come with the next ones


class Deed(NamedTuple):
    """Something the user did that the server does not know; ``kind`` is ``read`` or ``starred``."""

    number: int
    id: str
    kind: str
    done: bool


class Listed(NamedTuple):
    """An entry as the server lists it, with its page; ``changed`` as in :class:`RemoteEntry`."""

    id: str
    feed: str
    page: int
    address: str
    is_read: bool
    is_starred: bool
    changed: int | None = None


class _Known(NamedTuple):
    """A stored entry."""

    id: str
    feed: str
    page: int
    address: str
    read: int
    starred: int
    doubt: int


_KNOWN = f"SELECT {', '.join(_Known._fields)} FROM remote_entry WHERE account = ?"


class Missing(NamedTuple):
    """What is to be asked for by id.

    - ``unread``, ``starred``: entries that the server no longer has so, and may have dropped altogether.
    - ``unknown``: starred and unread entries that are not stored here; of the unread ones, the newest.
    """

    unread: frozenset[str]
    starred: frozenset[str]
    unknown: frozenset[str]


class AccountGone(Exception):
    """An account was removed while it was synchronised with, or is another one by now."""


def check_account(connection: sqlite3.Connection, account: str, identity: str) -> None:
    """Raise :class:`AccountGone` if nothing is known any more of an account as who it was."""
    known = connection.execute("SELECT 1 FROM account WHERE name = ? AND identity = ?", (account, identity))
    if known.fetchone() is None:
        raise AccountGone(account)


class RemoteMarks:
    """The marks of the entries of one account, in the file of the marks that the connection was opened for.

    What adds rows raises :class:`AccountGone` where the account was removed meanwhile, so that nothing is left of it.
    """

    def __init__(self, connection: sqlite3.Connection, account: str, identity: str = "") -> None:
        """``identity`` is who the account has to be."""
        self._db = connection
        self._account = account
        self._identity = identity

    # -- what the server says ------------------------------------------------------

    @raises_store_error
    def pages(self, ids: Collection[str]) -> dict[str, int]:
        """Return the pages of those of these entries that are stored."""
        found = ((id, self._known(id)) for id in ids)
        return {id: known.page for id, known in found if known is not None and known.feed}

    @raises_store_error
    def store(self, listed: Iterable[Listed], now: int, cursor: str = "") -> None:
        """Store entries and what the server says of their marks, and where the next ones go on, if given.

        One that is new is read, or starred, if it is so on either side: its
        page may have been read in another feed. ``now`` is in seconds since 1970.
        """
        with self._adding():
            for each in listed:
                if each.changed is not None and each.changed > now:
                    each = each._replace(changed=now)  # noqa: PLW2901 - the clock of the server is wrong
                values = {_READ: each.is_read, _STARRED: each.is_starred}
                known = self._known(each.id)
                if known is not None and not known.feed:
                    self._db.execute("DELETE FROM remote_entry WHERE account = ? AND id = ?", (self._account, each.id))
                    known = None
                if known is None:
                    self._add(each, values, now)
                else:
                    self._merge(known, values, each.changed, now)
            if cursor:
                self._db.execute("UPDATE account SET cursor = ? WHERE name = ?", (cursor, self._account))

    @raises_store_error
    def leave_out(self, ids: Iterable[str]) -> None:
        """Note that entries are of no feed that is stored here: they are not asked for again."""
        with self._adding():
            self._db.executemany(
                "INSERT OR IGNORE INTO remote_entry (account, id, feed, page, address, read, starred) "
                "VALUES (?, ?, '', 0, '', 1, 1)",
                [(self._account, id) for id in ids],
            )

    @raises_store_error
    def ask_again(self) -> None:
        """Forget what was left out: there are other feeds now."""
        self._db.execute("DELETE FROM remote_entry WHERE account = ? AND feed = ''", (self._account,))

    @raises_store_error
    def compare(
        self, unread: frozenset[str] | None, starred: frozenset[str] | None, feeds: Container[str], now: int
    ) -> Missing:
        """Take over what the server has as unread and starred; ``None`` is what it cannot say.

        ``feeds`` are those that it has. Returns what is to be asked for: it may
        be that the server has dropped it, which is no reason to change a mark
        of the user.
        """
        no_longer: dict[str, set[str]] = {_READ: set(), _STARRED: set()}
        stored: set[str] = set()
        with transaction(self._db):
            rows = self._db.execute(
                "SELECT id, feed, read, starred, EXISTS (SELECT 1 FROM mark m WHERE m.page = e.page AND m.read IS NULL)"
                " FROM remote_entry e WHERE account = ?",
                (self._account,),
            ).fetchall()
            for id, feed, was_read, was_starred, is_unread in rows:
                stored.add(id)
                if feed not in feeds:
                    continue  # a server tells nothing of a feed that it no longer has
                values: dict[str, bool] = {}
                if unread is not None and (id not in unread) != was_read:
                    if is_unread and not was_read:  # the user may want it so, and it is seldom
                        no_longer[_READ].add(id)
                    else:
                        values[_READ] = id not in unread
                if starred is not None and (id in starred) != was_starred:
                    if was_starred:
                        no_longer[_STARRED].add(id)
                    else:
                        values[_STARRED] = True
                if values and (known := self._known(id)) is not None:
                    self._merge(known, values, None, now)
        unknown = (starred or frozenset()) - stored
        # Some servers list what is new by the date that the feed gives: what comes late is found only here.
        late = sorted((unread or frozenset()) - stored, key=lambda id: (len(id), id), reverse=True)
        unknown |= frozenset(late[:_MOST_UNKNOWN])
        return Missing(frozenset(no_longer[_READ]), frozenset(no_longer[_STARRED]), unknown)

    @raises_store_error
    def dropped(self, missing: Missing, there: Container[str]) -> None:
        """Note that the server has only those of the missing entries that are ``there``.

        The marks of the others stay here, and it is not asked for them again.
        """
        with transaction(self._db):
            for column, value, ids in (("read", 1, missing.unread), ("starred", 0, missing.starred)):
                self._db.executemany(
                    f"UPDATE remote_entry SET {column} = {value} WHERE account = ? AND id = ?",
                    [(self._account, id) for id in ids if id not in there],
                )

    @raises_store_error
    def forget_old(self, unread: Container[str], starred: Container[str], pages: Container[int]) -> None:
        """Forget entries that are neither unread nor starred on the server, and of no article that is here or marked.

        Were others forgotten, they would come again. ``pages`` are those of the
        articles that are here. All marks stay, and what waits to be sent.
        """
        with transaction(self._db):
            rows = self._db.execute(
                "SELECT id, page FROM remote_entry e WHERE account = ? AND doubt = 0 AND (feed = '' OR "
                "(read = 1 AND starred = 0 AND page NOT IN (SELECT page FROM mark WHERE saved IS NOT NULL "
                "UNION SELECT page FROM tag UNION SELECT page FROM note))) "
                "AND NOT EXISTS (SELECT 1 FROM deed d WHERE d.account = e.account AND d.id = e.id)",
                (self._account,),
            ).fetchall()
            old = [id for id, page in rows if page not in pages and id not in unread and id not in starred]
            self._db.executemany(
                "DELETE FROM remote_entry WHERE account = ? AND id = ?", ((self._account, id) for id in old)
            )

    @contextmanager
    def _adding(self) -> Iterator[None]:
        """Run the block in a transaction, if the account is still there."""
        with transaction(self._db):
            check_account(self._db, self._account, self._identity)
            yield

    def _known(self, id: str) -> _Known | None:
        row = self._db.execute(f"{_KNOWN} AND id = ?", (self._account, id)).fetchone()
        return None if row is None else _Known._make(row)

    def _add(self, each: Listed, values: Mapping[str, bool], now: int) -> None:
        """Store an entry for the first time."""
        siblings = self._db.execute(
            "SELECT kind FROM deed d JOIN remote_entry e ON d.account = e.account AND d.id = e.id "
            "WHERE e.page = ? AND d.done = 0",
            (each.page,),
        ).fetchall()
        self._db.execute(
            "INSERT INTO remote_entry (account, id, feed, page, address, read, starred) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self._account, each.id, each.feed, each.page, each.address, each.is_read, each.is_starred),
        )
        for kind, value in values.items():
            is_marked = self._is_marked(each.page, kind)
            if value and (kind,) in siblings:
                self._queue(each.id, kind, done=False, now=now)  # the user has just taken that back, in another feed
            elif value and not is_marked:
                self._mark(each, kind, now if each.changed is None else each.changed)
            elif is_marked and not value:
                self._queue(each.id, kind, done=True, now=now)

    def _merge(self, known: _Known, values: Mapping[str, bool], changed: int | None, now: int) -> None:
        """Take over the marks of a stored entry that the server has changed since both sides agreed."""
        agreed = {_READ: bool(known.read), _STARRED: bool(known.starred)}
        others = [kind for kind, value in values.items() if value != agreed[kind]]
        for kind in others:
            deed = self._db.execute(
                "SELECT done, at FROM deed WHERE account = ? AND id = ? AND kind = ?", (self._account, known.id, kind)
            ).fetchone()
            if deed is not None:
                # The time is that of the last of both marks: it says nothing if both have changed, or if
                # one that was sent without an answer may be what changed them.
                is_clear = len(others) == 1 and not known.doubt
                if changed is None or changed <= deed[1] or not is_clear or bool(deed[0]) == values[kind]:
                    continue
            self._db.execute(
                f"UPDATE remote_entry SET {kind} = ? WHERE account = ? AND id = ?",
                (values[kind], self._account, known.id),
            )
            self._mark(known, kind, (now if changed is None else changed) if values[kind] else None)

    def _is_marked(self, page: int, kind: str) -> bool:
        row = self._db.execute(f"SELECT {_COLUMN[kind]} IS NOT NULL FROM mark WHERE page = ?", (page,)).fetchone()
        return row is not None and bool(row[0])

    def _mark(self, entry: Listed | _Known, kind: str, when: int | None) -> None:
        """Mark the page of an entry as the server has it: other entries at the page follow, this one needs no deed."""
        if self._is_marked(entry.page, kind) != (when is not None):
            column = _COLUMN[kind]
            self._db.execute(
                f"INSERT INTO mark (page, address, {column}) VALUES (?, ?, ?) "
                f"ON CONFLICT (page) DO UPDATE SET {column} = excluded.{column}",
                (entry.page, entry.address, when),
            )
            if kind == _READ and when is not None:
                # Other devices know no stories: that an article was read there says nothing of those beside it.
                self._db.execute("INSERT OR IGNORE INTO read_alone (page) VALUES (?)", (entry.page,))
        self._db.execute("DELETE FROM deed WHERE account = ? AND id = ? AND kind = ?", (self._account, entry.id, kind))

    # -- what is to be sent --------------------------------------------------------

    def _queue(self, id: str, kind: str, *, done: bool, now: int) -> None:
        self._db.execute("DELETE FROM deed WHERE account = ? AND id = ? AND kind = ?", (self._account, id, kind))
        self._db.execute(
            "INSERT INTO deed (account, id, kind, done, at) VALUES (?, ?, ?, ?, ?)",
            (self._account, id, kind, done, now),
        )

    @raises_store_error
    def queued(self, since: int = 0) -> list[list[Deed]]:
        """Return the deeds that wait, those of one kind and direction together; each list in their order.

        ``since`` leaves out those of before, in seconds since 1970.
        """
        rows = self._db.execute(
            "SELECT number, id, kind, done FROM deed WHERE account = ? AND at >= ? ORDER BY kind, done, number",
            (self._account, since),
        )
        deeds = (Deed(number, id, kind, bool(done)) for number, id, kind, done in rows.fetchall())
        return [list(alike) for _, alike in groupby(deeds, lambda deed: (deed.kind, deed.done))]

    @raises_store_error
    def sending(self, deeds: Sequence[Deed]) -> None:
        """Note that deeds are about to be sent: until they are acknowledged, the server may have done them or not."""
        with transaction(self._db):
            self._db.executemany(
                "UPDATE remote_entry SET doubt = doubt | ? WHERE account = ? AND id = ?",
                ((_BIT[deed.kind], self._account, deed.id) for deed in deeds),
            )

    @raises_store_error
    def acknowledge(self, deeds: Sequence[Deed]) -> None:
        """Note that the server has done what these deeds say, and forget those that no newer one has replaced."""
        with transaction(self._db):
            for deed in deeds:
                self._db.execute(
                    f"UPDATE remote_entry SET {deed.kind} = ?, doubt = doubt & ~? WHERE account = ? AND id = ?",
                    (deed.done, _BIT[deed.kind], self._account, deed.id),
                )
            self.give_up(deeds)

    @raises_store_error
    def give_up(self, deeds: Sequence[Deed]) -> None:
        """Forget deeds that the server has no way to do; the marks here stay."""
        with transaction(self._db):
            self._db.executemany("DELETE FROM deed WHERE number = ?", ((deed.number,) for deed in deeds))
