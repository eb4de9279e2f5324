"""Subscriptions, the sources that the user follows, read from ``sources.toml``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, unquote

from tui_reader.config import read_toml
from tui_reader.errors import UsageError
from tui_reader.model.text import visible
from tui_reader.model.urls import page_key, safe_url
from tui_reader.model.weights import Weight
from tui_reader.named_tuple import NamedTuple
from tui_reader.private_files import is_for_others, status_of

T = TypeVar("T")

MAX_FOLDERS = 31
"""Levels of folders. With the feed itself, an OPML file is at most 32 outlines deep."""
MIN_INTERVAL = 60
"""Shortest allowed time between two requests to a source, in seconds."""
MAX_INTERVAL = 366 * 86_400
"""Longest allowed time between two requests to a source, in seconds."""

_ADDRESS = re.compile(r"https?:", re.IGNORECASE)
# Owner and repository by GitHub's rules, then a branch, tag or commit.
_GITHUB = re.compile(r"github:[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}(?:@[A-Za-z0-9._/+-]{1,200})?")


class Subscription(NamedTuple):
    """A source that the user follows.

    - ``location``: an absolute path, an http(s) address, or
      ``github:OWNER/REPO[@REF]``; never with a password in it.
    - ``folder``: the names of the folders it lies in, outermost first.
    - ``topics``: topics that all its articles get.
    - ``auth``: user name and password; hidden in ``repr``.
    - ``every``: seconds between two requests, ``None`` for the default.
    - ``weight``: how much its articles count: less, normal or more.
    - ``apart``: never fold its articles into stories with those of others.
    - ``full_text``: fetch the pages of its articles with every refresh.
    - ``selector``: the CSS selector of the text in these pages; empty where that is found without.
    - ``only_public``: it was named by a list, a page or a redirect, and must not be in a private network.
    - ``attributes``: other attributes of its OPML outline, kept for export.
    - ``account``: the account that its articles come from; empty where the feed itself is fetched.
    """

    location: str
    title: str = ""
    folder: tuple[str, ...] = ()
    paused: bool = False
    topics: tuple[str, ...] = ()
    auth: tuple[str, str] | None = None
    every: int | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    weight: Weight = Weight.NORMAL
    apart: bool = False
    only_public: bool = False
    full_text: bool = False
    selector: str = ""
    account: str = ""

    def __repr__(self) -> str:
        fields = self._asdict() | {"auth": self.auth and "…"}
        return f"Subscription({', '.join(f'{name}={value!r}' for name, value in fields.items())})"


def display_name(subscription: Subscription) -> str:
    """Return the name to show for a source: its title, or else its location."""
    return visible(subscription.title or subscription.location)


def is_address(location: str) -> bool:
    """Return whether a source is an http or https address."""
    return _ADDRESS.match(location) is not None


def source_key(location: str) -> str:
    """Return a key that is equal for all spellings of one source. For comparison only."""
    if location.startswith("github:"):
        name, at, ref = location.partition("@")
        return name.lower() + at + ref  # GitHub ignores case in names, but not in branches
    address = safe_url(location) if is_address(location) else None
    return page_key(address) if address else location


def split_credentials(address: str) -> tuple[str, tuple[str, str] | None]:
    """Return ``address`` without its user name and password, and these, or ``None`` where it has none."""
    if not is_address(address):
        return address, None
    scheme, slashes, rest = address.partition("//")
    authority = re.match(r"[^/?#]*", rest)
    userinfo, at, host = authority[0].rpartition("@") if authority else ("", "", "")
    if not at:
        return address, None
    name, _, password = userinfo.partition(":")
    bare = scheme + slashes + host + rest[len(userinfo) + 1 + len(host) :]
    return bare, (unquote(name), unquote(password)) if userinfo.strip(":") else None


def with_credentials(subscription: Subscription) -> str:
    """Return the location with user name and password in it. Only for an export that asks for them."""
    if subscription.auth is None or not is_address(subscription.location):
        return subscription.location
    scheme, slashes, rest = subscription.location.partition("//")
    return f"{scheme}{slashes}{':'.join(quote(part, safe='') for part in subscription.auth)}@{rest}"


def find_subscription(subscriptions: Iterable[Subscription], name: str) -> Subscription | None:
    """Return the source whose location is ``name``, in any spelling."""
    key = source_key(split_credentials(name)[0])
    return next((source for source in subscriptions if source_key(source.location) == key), None)


def passwords_exposed(path: Path, subscriptions: Iterable[Subscription]) -> bool:
    """Return whether other users of this machine can read passwords in the file at ``path``.

    The file is written with mode 0600, but users also create it by hand.
    Raises :class:`OSError`.
    """
    return any(source.auth for source in subscriptions) and is_for_others(path.stat().st_mode)


def load_subscriptions(path: Path) -> list[Subscription]:
    """Return the subscriptions in the file at ``path``, in order; none where there is no file.

    Unknown keys are ignored. Raises :class:`UsageError` that names the file,
    the source and the mistake.
    """
    status = status_of(path)
    if status is None:
        return list(_read(path))
    return list(_read_cached(path, status.st_ino, status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=1)
def _read_cached(path: Path, *_stamp: int) -> tuple[Subscription, ...]:
    """Parse the file again only if its stamp changed: hundreds of sources take a while."""
    return _read(path)


def _read(path: Path) -> tuple[Subscription, ...]:
    raw = read_toml(path).get("source", [])
    if not isinstance(raw, list):
        raise UsageError(f"{path}: put each source under a [[source]] line")
    return tuple(_subscription(item, path) for item in raw)


def _subscription(item: object, path: Path) -> Subscription:
    location = item.get("location") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(location, str) or not location:
        raise UsageError(f'{path}: every [[source]] needs a line like  location = "/path"')
    location, auth_in_location = split_credentials(location)
    entry = _Entry(item, f"{path}: {location}")
    if is_address(location) and safe_url(location) is None:
        raise UsageError(f"{entry.place}: this address cannot be opened")
    if "\0" in location:
        raise UsageError(f"{entry.place}: a path has no NUL character")
    if location.startswith("github:") and not _GITHUB.fullmatch(location):
        raise UsageError(f"{entry.place}: write github:OWNER/REPO or github:OWNER/REPO@REF")
    folder = entry.get("folder", _names, 'a name in quotes, or a list like  ["Outer", "Inner"]') or ()
    if len(folder) > MAX_FOLDERS:
        raise UsageError(f"{entry.place}: more than {MAX_FOLDERS} levels of folders")
    return Subscription(
        location=location,
        title=visible(entry.get("title", _text, "a name in quotes") or ""),
        folder=folder,
        paused=entry.get("paused", _flag, "true or false") or False,
        topics=entry.get("topics", _names, 'a list like  ["One", "Another"]') or (),
        auth=entry.get("auth", _auth, '{ user = "…", password = "…" }') or auth_in_location,
        every=entry.get("every", _seconds, f"a whole number of seconds from {MIN_INTERVAL} to {MAX_INTERVAL:,}"),
        weight=entry.get("weight", _weight, '"less", "normal" or "more"') or Weight.NORMAL,
        apart=entry.get("apart", _flag, "true or false") or False,
        only_public=entry.get("only_public", _flag, "true or false") or False,
        full_text=entry.get("full_text", _flag, "true or false") or False,
        selector=visible(entry.get("selector", _text, "a CSS selector in quotes") or ""),
        account=visible(entry.get("account", _text, "the name of an account in quotes") or ""),
        attributes=entry.get("attributes", _attributes, 'like  { htmlUrl = "…" }') or (),
    )


class _Entry(NamedTuple):
    """A ``[[source]]`` table; ``place`` names it in error messages."""

    fields: dict[str, object]
    place: str

    def get(self, name: str, read: Callable[[object], T | None], wanted: str) -> T | None:
        """Return a field, ``None`` where it is missing. ``read`` returns ``None`` for an invalid value."""
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
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if MIN_INTERVAL <= value <= MAX_INTERVAL else None


def _weight(value: object) -> Weight | None:
    return Weight(value) if isinstance(value, str) and value in Weight.__members__.values() else None


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
