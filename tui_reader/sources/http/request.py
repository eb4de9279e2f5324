"""One request for an address: its credentials, its headers, and the redirects it follows."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from tui_reader import __version__
from tui_reader.model.text import visible
from tui_reader.sources.http.connection import Reply
from tui_reader.sources.http.errors import AttemptError, ErrorKind, FetchError
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.http.url import Origin, Url, parse_url, trusted_origins

PROJECT_ADDRESS = "https://github.com/news-tui/news-tui"
"""Tells the owners of sites who sends the requests."""

USER_AGENT = f"news-tui/{__version__} (+{PROJECT_ADDRESS})"

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
# Headers that are also sent to other hosts after a redirect: none identifies the user.
_SHARED_HEADERS = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since"})


@dataclass(eq=False, repr=False)
class FetchRequest:
    """A call of ``Fetcher.get`` or ``Fetcher.download``, and how much of its time is left.

    ``address`` has no credentials in it. ``current`` is the address that was
    reached by redirects. ``trusted`` origins may be in a private network.
    """

    address: Url
    headers: Mapping[str, str]
    authorization: str | None
    limit: int
    trusted: frozenset[Origin]
    seconds_left: float
    archive: bool = False
    current: Url | None = None

    def headers_for(self, url: Url) -> dict[str, str]:
        """Return the headers to send to ``url``. Another origin gets no credentials and no private headers."""
        same_origin = url.origin == self.address.origin
        headers = {"user-agent": USER_AGENT, "accept": _ACCEPT}
        headers["accept-encoding"] = "identity" if self.archive else "gzip, deflate, br"
        for name, value in self.headers.items():
            if same_origin or name.lower() in _SHARED_HEADERS:
                headers[name.lower()] = value
        if same_origin and self.authorization:
            headers["authorization"] = self.authorization
        headers["host"] = url.netloc
        return headers


def new_request(
    address: str,
    headers: Mapping[str, str] | None,
    auth: tuple[str, str] | None,
    trusted: tuple[str, ...],
    *,
    limit: int,
    seconds: float,
    archive: bool = False,
) -> FetchRequest:
    """Return a request for ``address``; ``auth`` replaces credentials in it. Raises :class:`FetchError`."""
    url = parse_url(address)
    if url is None:
        shown = visible(redact_url(address))
        message = f"{shown}: not a web address; one looks like https://example.org/feed"
        raise FetchError(message, ErrorKind.ADDRESS)
    if auth is None and url.userinfo:
        name, _, password = url.userinfo.partition(":")
        auth = unquote(name), unquote(password)
    return FetchRequest(
        address=url,
        headers=headers or {},
        authorization="Basic " + base64.b64encode(":".join(auth).encode()).decode() if auth else None,
        limit=limit,
        trusted=frozenset(
            origin
            for each in trusted
            if (parsed := url if each == address else parse_url(each))
            for origin in trusted_origins(parsed)
        ),
        seconds_left=seconds,
        archive=archive,
    )


def redirect_target(url: Url, reply: Reply) -> Url:
    """Return the address that a ``reply`` from ``url`` redirects to. Raises :class:`AttemptError`."""
    raw = next(value for name, value in reply.headers if name == b"location")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    target = url.joined(text)
    if target is None:
        message = "it redirects to something that is not a web address; only the site can fix that"
        raise AttemptError(ErrorKind.REDIRECTS, message)
    return target
