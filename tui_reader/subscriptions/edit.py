"""Adds, removes and changes the sources in ``sources.toml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack
from urllib.parse import urlsplit

from tui_reader.errors import UsageError
from tui_reader.model.weights import Weight
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions, source_key, split_credentials
from tui_reader.subscriptions.toml_file import append_table, edit_tables

if TYPE_CHECKING:
    from tomlkit.items import Table

_ARRAY = "source"  # the sources are [[source]] tables
_WEIGHTS = frozenset(map(str, Weight))


class SubscriptionChanges(TypedDict, total=False):
    """The fields that :func:`change_subscription` accepts; see :class:`Subscription`."""

    location: str
    title: str
    folder: tuple[str, ...]
    paused: bool
    topics: tuple[str, ...]
    auth: tuple[str, str] | None
    every: int | None
    weight: Weight
    apart: bool
    only_public: bool
    full_text: bool
    selector: str
    account: str


def add_subscriptions(path: Path, new: Iterable[Subscription]) -> list[Subscription]:
    """Add each source that is not in the file yet, and return those added.

    A source that is in the file may be in a private network from now on if
    the new one may, and becomes one of the account of the new one unless it
    has another.

    Raises :class:`UsageError` where the file is not valid and
    :class:`OSError` where it cannot be written.
    """
    added: list[Subscription] = []
    with edit_tables(path, _ARRAY) as tables:
        known: dict[str, tuple[int, Subscription] | None] = {
            source_key(source.location): (place, source) for place, source in enumerate(load_subscriptions(path))
        }
        for source in new:
            key = source_key(source.location)
            before = known.get(key)
            if before is not None:
                place, old = before
                changed = old._replace(
                    only_public=old.only_public and source.only_public, account=old.account or source.account
                )
                known[key] = (place, changed)
                _update_table(tables[place], changed, old)
            if key not in known:
                known[key] = None
                added.append(source)
                append_table(tables, {"location": source.location})
                _update_table(tables[-1], source, Subscription(source.location))
    return added


def remove_subscriptions(path: Path, locations: Sequence[str]) -> None:
    """Remove the sources at ``locations`` that are in the file. Raises as :func:`add_subscriptions`."""
    with edit_tables(path, _ARRAY) as tables:
        for index, source in reversed(list(enumerate(load_subscriptions(path)))):
            if source.location in locations:
                del tables[index]


def set_accounts(path: Path, accounts: Mapping[str, str]) -> None:
    """Give the sources at these locations other accounts; with an empty one, the feed itself is fetched.

    Raises as :func:`add_subscriptions`.
    """
    with edit_tables(path, _ARRAY) as tables:
        for place, source in enumerate(load_subscriptions(path)):
            if source.location in accounts:
                _update_table(tables[place], source._replace(account=accounts[source.location]), source)


def change_subscription(path: Path, location: str, /, **changes: Unpack[SubscriptionChanges]) -> Subscription:
    """Change fields of the source at ``location`` and return the result.

    A new location on another host, or one that falls back from https to http,
    drops the user name and password unless ``changes`` brings new ones.
    Raises :class:`UsageError` where there is no such source or another one has
    the new location, and otherwise as :func:`add_subscriptions`.
    """
    with edit_tables(path, _ARRAY) as tables:
        present = load_subscriptions(path)
        index = next((index for index, source in enumerate(present) if source.location == location), None)
        if index is None:
            raise UsageError(f"{location} is not one of your sources: ‘news-tui sources’ lists them")
        old = present[index]
        new = _with_safe_credentials(old._replace(**changes), old, new_auth="auth" in changes)
        key = source_key(new.location)
        if any(source_key(source.location) == key for source in present if source is not old):
            raise UsageError(f"{new.location} is already one of your sources: remove one of the two")
        _update_table(tables[index], new, old)
    return new


def restore_weights(path: Path, weights: Iterable[Sequence[object]]) -> None:
    """Give sources, by location, the weights that they had; what is gone or no weight is left out.

    Raises as :func:`add_subscriptions`.
    """
    for location, weight in weights:
        if weight in _WEIGHTS and any(source.location == location for source in load_subscriptions(path)):
            change_subscription(path, str(location), weight=Weight(str(weight)))


def _with_safe_credentials(new: Subscription, old: Subscription, *, new_auth: bool) -> Subscription:
    location, auth_in_location = split_credentials(new.location)
    if location == old.location or new_auth:
        return new._replace(location=location, auth=new.auth or auth_in_location)
    keep = auth_in_location is None and _may_share_credentials(old.location, location)
    return new._replace(location=location, auth=old.auth if keep else auth_in_location)


def _may_share_credentials(old: str, new: str) -> bool:
    """Return whether credentials for ``old`` may be sent to ``new``."""
    before, after = urlsplit(old), urlsplit(new)
    if before.hostname != after.hostname:
        return False
    # An upgrade to https on the default port is the one safe change of scheme.
    upgrade = (before.scheme, before.port, after.scheme, after.port) == ("http", None, "https", None)
    return upgrade or (before.scheme == after.scheme and before.port == after.port)


def _update_table(table: Table, new: Subscription, old: Subscription) -> None:
    """Write the fields that differ into ``table``; remove those that have their default."""
    if new.location != old.location or new.auth != old.auth:
        table["location"] = new.location  # replaces an address with a password in it
        _put(table, "auth", _inline(zip(("user", "password"), new.auth, strict=True)) if new.auth else None)
    for name in ("title", "paused", "every", "apart", "only_public", "full_text", "selector", "account"):
        value = getattr(new, name)
        if value != getattr(old, name):
            _put(table, name, value or None)
    if new.weight != old.weight:
        _put(table, "weight", None if new.weight is Weight.NORMAL else str(new.weight))
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
