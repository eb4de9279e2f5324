"""Decides which requests the server answers: by the host that they name, the page they come from, and a password."""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from tui_reader.errors import UsageError
from tui_reader.named_tuple import NamedTuple

_WAIT = 1.0  # seconds after a wrong password until the next one is looked at
_MOST_WAITING = 10  # sign-ins that wait for that
_MOST_TOKENS = 1000  # browsers that are signed in at once; then the oldest has to sign in again
_HOST = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?|([\w.-]+)(?::\d{1,5})?", re.ASCII)


class TooManyTries(Exception):
    """Others are waiting with wrong passwords already."""


class PublicAddress(NamedTuple):
    """The address by which browsers reach the server if something stands in front of it: a proxy, as a rule."""

    origin: str
    host: str


def public_address(url: str) -> PublicAddress:
    """Return the address that ``url`` is. Raises :class:`UsageError`."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        sound = parts.scheme in {"http", "https"} and _HOST.fullmatch(parts.netloc) is not None
    except ValueError:
        sound = False
    if not sound:
        raise UsageError(f"--public-url must be an address such as https://news.example.org, and not ‘{url}’")
    return PublicAddress(f"{parts.scheme}://{parts.netloc}".lower(), host)


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches a server at ``host``."""
    if host == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def names_of_this_machine() -> set[str]:
    """Return the names by which others in the network may know this machine."""
    name = socket.gethostname().lower()
    return {name, f"{name}.local"}


class Gate:
    """Knows the hosts, the password, and the browsers that gave it.

    A page of another site can let a browser send requests to this server, also
    to one on loopback, and by a name that it has pointed here (DNS rebinding)
    as if they were its own. So the ``Host`` of every request must be an IP
    address, ``localhost`` or one of ``names``: none that somebody else can
    point anywhere. And what does something must have the ``Origin`` of a page
    of this server.
    """

    def __init__(self, password: str, names: Collection[str] = (), public: PublicAddress | None = None) -> None:
        """An empty ``password`` lets everybody in."""
        self._password = password.encode()
        self._names = {"localhost", *names} | ({public.host} if public else set())
        self._public = public
        self._tokens: dict[str, None] = {}  # in the order of their age
        self._looks = asyncio.Lock()
        self._waiting = 0

    @property
    def has_password(self) -> bool:
        """Whether a password is asked for."""
        return bool(self._password)

    @property
    def is_encrypted(self) -> bool:
        """Whether the way to the server is encrypted."""
        return self._public is not None and self._public.origin.startswith("https:")

    def knows_host(self, host: str) -> bool:
        """Return whether the ``Host`` of a request is one of this server."""
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = (found[1] or found[2]).lower()
        return name in self._names or _address(name) is not None

    def knows_origin(self, origin: str, host: str) -> bool:
        """Return whether a request with this ``Host`` comes from a page of this server."""
        same = origin.lower() in {f"http://{host}".lower(), f"https://{host}".lower()}
        return same or (self._public is not None and origin.lower() == self._public.origin)

    def knows_token(self, token: str) -> bool:
        """Return whether a browser that sends ``token`` is signed in; without a password, every one is."""
        if not self._password:
            return True
        sent = token.encode(errors="replace")
        return any([hmac.compare_digest(sent, known.encode()) for known in self._tokens])  # noqa: C419 - looks at all

    async def sign_in(self, password: str) -> str | None:
        """Return a token for a browser that gave the right ``password``, else ``None``, after a while.

        One is looked at after the other, so that nobody can try thousands.
        Raises :class:`TooManyTries`.
        """
        if self._waiting >= _MOST_WAITING:
            raise TooManyTries
        self._waiting += 1
        try:
            async with self._looks:
                if not hmac.compare_digest(password.encode(errors="replace"), self._password):
                    await asyncio.sleep(_WAIT)
                    return None
        finally:
            self._waiting -= 1
        token = secrets.token_urlsafe(32)
        self._tokens[token] = None
        if len(self._tokens) > _MOST_TOKENS:
            del self._tokens[next(iter(self._tokens))]
        return token


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
