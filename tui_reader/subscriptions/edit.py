"""Changes which sources are kept: edits ``sources.toml`` without touching what else stands in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack
from urllib.parse import urlsplit

from tui_reader.config import write_atomically
from tui_reader.errors import UsageError
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions, source_key, split_credentials

if TYPE_CHECKING:
    from tomlkit.items import AoT, Table


class SubscriptionChanges(TypedDict, total=False):
    """What :func:`change_subscription` may change; see :class:`Subscription`."""

    location: str
    title: str
    folder: tuple[str, ...]
    paused: bool
    topics: tuple[str, ...]
    auth: tuple[str, str] | None
    every: int | None


def add_subscriptions(path: Path, new: Iterable[Subscription]) -> list[Subscription]:
    """Keep more sources, each once, after those that are kept; return those that were not kept before.

    Raises :class:`UsageError` where the file is unfit, :class:`OSError` where it cannot be written.
    """
    added: list[Subscription] = []
    with _editing(path) as (present, tables):
        known = {source_key(source.location) for source in present}
        for source in new:
            key = source_key(source.location)
            if key not in known:
                known.add(key)
                added.append(source)
                table = _table(source)
                if tables:
                    table.trivia.indent = "\n"  # an empty line between two sources
                tables.append(table)
    return added


def remove_subscriptions(path: Path, locations: Sequence[str]) -> None:
    """Remove the sources at ``locations``, if kept. Raises as :func:`add_subscriptions`."""
    with _editing(path) as (present, tables):
        for place in reversed(range(len(present))):
            if present[place].location in locations:
                del tables[place]


def change_subscription(path: Path, location: str, /, **changes: Unpack[SubscriptionChanges]) -> Subscription:
    """Change the source at ``location`` and return it as it is then: rename, file, pause, set topics, move.

    A source that moves to another host, or from https to http, leaves its name
    and password behind unless new ones come with it: they are meant for the
    old place. Raises :class:`UsageError` where it is not kept, or another
    source is kept at the new location, and otherwise as :func:`add_subscriptions`.
    """
    with _editing(path) as (present, tables):
        place = next((place for place, source in enumerate(present) if source.location == location), None)
        if place is None:
            raise UsageError(f"{location} is not kept: ‘news-tui sources’ lists what is")
        old = present[place]
        new = _moved(old._replace(**changes), old, "auth" in changes)
        key = source_key(new.location)
        if any(source_key(source.location) == key for source in present if source is not old):
            raise UsageError(f"{new.location} is kept already: remove one of the two")
        _fill(tables[place], new, old)
    return new


def _moved(new: Subscription, old: Subscription, new_auth: bool) -> Subscription:
    bare, inside = split_credentials(new.location)
    if bare == old.location or new_auth:
        return new._replace(location=bare, auth=new.auth or inside)
    trusted = inside is None and _is_same_place(old.location, bare)
    return new._replace(location=bare, auth=old.auth if trusted else inside)


def _is_same_place(old: str, new: str) -> bool:
    """Whether what is secret between a person and ``old`` may be told to ``new``."""
    before, after = urlsplit(old), urlsplit(new)
    if before.hostname != after.hostname:
        return False
    # To https on its usual port is the one change of scheme that makes nothing worse.
    upgrade = (before.scheme, before.port, after.scheme, after.port) == ("http", None, "https", None)
    return upgrade or (before.scheme == after.scheme and before.port == after.port)


@contextmanager
def _editing(path: Path) -> Iterator[tuple[list[Subscription], AoT]]:
    """Give the sources and their tables, one for one, to be changed; write the file afterwards.

    Two programs that write at the same time come one after the other.
    """
    import tomlkit
    from tomlkit.exceptions import ParseError
    from tomlkit.items import AoT

    path = path.resolve()  # a link to a file kept elsewhere stays a link
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        present = load_subscriptions(path)
        try:
            document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
        except ParseError as error:
            raise UsageError(f"{path} is not valid TOML: {error}") from error
        tables = document.get("source")
        if not isinstance(tables, AoT):
            # Missing, or a list in another spelling: written anew as [[source]].
            document.pop("source", None)
            entries: list[dict[str, Any]] = tables.unwrap() if tables is not None else []
            tables = tomlkit.aot()
            for entry in entries:
                tables.append(tomlkit.item(entry))
        yield present, tables
        if not tables:
            document.pop("source", None)
        elif "source" not in document:
            document.append("source", tables)
        write_atomically(path, tomlkit.dumps(document))
    finally:
        os.close(lock)


def _table(source: Subscription) -> Table:
    import tomlkit

    table = tomlkit.table()
    table.add("location", source.location)
    _fill(table, source, Subscription(source.location))
    return table


def _fill(table: Table, new: Subscription, old: Subscription) -> None:
    """Write into ``table`` what is other in ``new`` than in ``old``; what is as usual needs no line."""
    if new.location != old.location or new.auth != old.auth:
        table["location"] = new.location  # without the password that a person may have put in it
        _put(table, "auth", _inline(zip(("user", "password"), new.auth, strict=True)) if new.auth else None)
    for name in ("title", "paused", "every"):
        value = getattr(new, name)
        if value != getattr(old, name):
            _put(table, name, value or None)
    for name in ("folder", "topics"):
        value = getattr(new, name)
        if value != getattr(old, name):
            _put(table, name, list(value) or None)
    if new.attributes != old.attributes:
        _put(table, "attributes", _inline(new.attributes) if new.attributes else None)


def _inline(pairs: Iterable[tuple[str, str]]) -> object:
    import tomlkit

    table = tomlkit.inline_table()
    for name, value in pairs:
        table.add(name, value)
    return table


def _put(table: Table, name: str, value: object) -> None:
    if value is None:
        table.pop(name, None)
    else:
        table[name] = value
