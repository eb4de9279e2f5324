"""The sources that a person keeps, as typed data, and how they are read from ``sources.toml``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import quote, unquote

from tui_reader.config import read_toml
from tui_reader.errors import UsageError
from tui_reader.model.text import visible
from tui_reader.model.urls import page_key, safe_url

T = TypeVar("T")

MAX_FOLDERS = 31
"""Folders inside one another; with the feed itself an OPML file is then 32 outlines deep."""
MIN_INTERVAL = 60
"""Seconds; no source is asked more often than this."""

_ADDRESS = re.compile(r"https?:", re.IGNORECASE)
# Owner and repository as GitHub allows them, and a branch, tag or commit.
_GITHUB = re.compile(r"github:[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}(?:@[A-Za-z0-9._/+-]{1,200})?")


class Subscription(NamedTuple):
    """A source that the person keeps.

    ``location`` is a real path, an http(s) address or
    ``github:OWNER/REPO[@REF]``; name and password are never in it but in
    ``auth``, which no ``repr`` shows. ``folder`` is the way to the source from
    the outermost folder in, ``topics`` what all its articles are about, and
    ``every`` the seconds between two requests, ``None`` for the usual.
    ``attributes`` are those of an OPML outline that mean nothing here and are
    handed on when the sources are exported.
    """

    location: str
    title: str = ""
    folder: tuple[str, ...] = ()
    paused: bool = False
    topics: tuple[str, ...] = ()
    auth: tuple[str, str] | None = None
    every: int | None = None
    attributes: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        said = self._asdict() | {"auth": self.auth and "…"}
        return f"Subscription({', '.join(f'{name}={value!r}' for name, value in said.items())})"


def display_name(subscription: Subscription) -> str:
    """Return how a source is named on the screen: its title, else its location, which has no password in it."""
    return visible(subscription.title or subscription.location)


def is_address(location: str) -> bool:
    """Whether a source is named by an http or https address."""
    return _ADDRESS.match(location) is not None


def source_key(location: str) -> str:
    """Return what two spellings of one source have in common, for comparing only."""
    if location.startswith("github:"):
        name, at, ref = location.partition("@")
        return name.lower() + at + ref  # GitHub tells no capitals apart in names, but in branches
    return page_key(location) if is_address(location) and safe_url(location) else location


def split_credentials(address: str) -> tuple[str, tuple[str, str] | None]:
    """Take name and password out of an address; anything else comes back as it is."""
    if not is_address(address):
        return address, None
    scheme, slashes, rest = address.partition("//")
    authority = re.match(r"[^/?#]*", rest)
    secret, at, host = authority[0].rpartition("@") if authority else ("", "", "")
    if not at:
        return address, None
    name, _, password = secret.partition(":")
    bare = scheme + slashes + host + rest[len(secret) + 1 + len(host) :]
    return bare, (unquote(name), unquote(password)) if secret.strip(":") else None


def with_credentials(subscription: Subscription) -> str:
    """Return the address with name and password in it: for an export that asks for them, and nothing else."""
    if subscription.auth is None or not is_address(subscription.location):
        return subscription.location
    scheme, slashes, rest = subscription.location.partition("//")
    return f"{scheme}{slashes}{':'.join(quote(part, safe='') for part in subscription.auth)}@{rest}"


def find_subscription(subscriptions: Iterable[Subscription], name: str) -> Subscription | None:
    """Return the source that ``name``, one of the spellings of its location, stands for."""
    key = source_key(split_credentials(name)[0])
    return next((source for source in subscriptions if source_key(source.location) == key), None)


def passwords_exposed(path: Path, subscriptions: Iterable[Subscription]) -> bool:
    """Whether others on this machine can read passwords in the file at ``path``: worth a warning.

    Whatever is written here is for its owner alone (mode 0600), but a person
    may have made the file by hand. Raises :class:`OSError`.
    """
    return any(source.auth for source in subscriptions) and path.stat().st_mode & 0o077 != 0


# -- reading -------------------------------------------------------------------


def load_subscriptions(path: Path) -> list[Subscription]:
    """Return the sources kept in the file at ``path``, in order; none where there is no file.

    Keys that are not known here are passed over. Raises :class:`UsageError`
    with the file, the source and what is wrong.
    """
    try:
        facts = path.stat()
    except OSError:
        return list(_read(path))
    return list(_read_at(path, facts.st_ino, facts.st_mtime_ns, facts.st_size))


@lru_cache(maxsize=1)
def _read_at(path: Path, *_stamp: int) -> tuple[Subscription, ...]:
    """Read a file that looks as it did only once: with hundreds of sources that takes its time."""
    return _read(path)


def _read(path: Path) -> tuple[Subscription, ...]:
    raw = read_toml(path).get("source", [])
    if not isinstance(raw, list):
        raise UsageError(f"{path}: the sources must stand under [[source]] lines")
    return tuple(_subscription(item, path) for item in raw)


def _subscription(item: object, path: Path) -> Subscription:
    location = item.get("location") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(location, str) or not location:
        raise UsageError(f'{path}: every [[source]] needs a line like  location = "/path"')
    location, inside = split_credentials(location)
    entry = _Entry(item, f"{path}: {location}")
    if is_address(location) and safe_url(location) is None:
        raise UsageError(f"{entry.place}: this is no address that can be opened")
    if location.startswith("github:") and not _GITHUB.fullmatch(location):
        raise UsageError(f"{entry.place}: write github:OWNER/REPO or github:OWNER/REPO@REF")
    folder = entry.get("folder", _names, 'a name in quotes, or a list like  ["Outer", "Inner"]') or ()
    if len(folder) > MAX_FOLDERS:
        raise UsageError(f"{entry.place}: more than {MAX_FOLDERS} folders inside one another")
    return Subscription(
        location=location,
        title=visible(entry.get("title", _text, "a name in quotes") or ""),
        folder=folder,
        paused=entry.get("paused", _flag, "true or false") or False,
        topics=entry.get("topics", _names, 'a list like  ["One", "Another"]') or (),
        auth=entry.get("auth", _auth, '{ user = "…", password = "…" }') or inside,
        every=entry.get("every", _seconds, f"a whole number of seconds, {MIN_INTERVAL} at least"),
        attributes=entry.get("attributes", _attributes, 'like  { htmlUrl = "…" }') or (),
    )


class _Entry(NamedTuple):
    """One ``[[source]]`` and where it stands, for messages."""

    fields: dict[str, object]
    place: str

    def get(self, name: str, read: Callable[[object], T | None], wanted: str) -> T | None:
        """Return a field, ``None`` where it is missing; ``read`` gives ``None`` for what is unfit."""
        if name not in self.fields:
            return None
        value = read(self.fields[name])
        if value is None:
            raise UsageError(f"{self.place}: {name} must be {wanted}")
        return value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _seconds(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= MIN_INTERVAL else None


def _names(value: object) -> tuple[str, ...] | None:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return tuple(visible(name) for name in names if name)


def _auth(value: object) -> tuple[str, str] | None:
    if not isinstance(value, dict) or value.keys() - {"user", "password"}:
        return None
    user, password = value.get("user"), value.get("password", "")
    return (user, password) if isinstance(user, str) and isinstance(password, str) else None


def _attributes(value: object) -> tuple[tuple[str, str], ...] | None:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        return None
    return tuple(value.items())
