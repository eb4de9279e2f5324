"""Requests to one server of an account: forms and JSON, within limits of time and size."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import time
from collections.abc import Collection, Mapping, Sequence

from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.http.caching import TOO_MANY, parse_retry_after
from tui_reader.sources.http.decoding import read_body
from tui_reader.sources.http.errors import RETRY_LATER, AttemptError, ErrorKind
from tui_reader.sources.http.quick_httpx import httpx
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.http.request import USER_AGENT
from tui_reader.sources.sync.errors import SyncError, SyncProblem

Pairs = Sequence[tuple[str, str]]
"""Names and values of a query or a form; a name can come several times."""

_CONNECT_SECONDS = 10.0
_STEP_SECONDS = 30.0  # between two pieces of an answer
_WHOLE_SECONDS = 300.0  # for one answer
_MAX_BYTES = 32 * 1024**2  # of one answer, compressed or not: as JSON it can take 20 times as much memory
_TOO_SLOW = f"the server did not answer in time; {RETRY_LATER}"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNAVAILABLE = 503


class TooLongError(SyncError):
    """An answer is longer than what is read of one; less can be asked for."""


class Reply(NamedTuple):
    """An answer; header names are in lower case. ``address`` is what was asked for, with its query."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str = ""

    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> object:
        """Return the body as JSON. Raises :class:`SyncError`."""
        try:
            return json.loads(self.text(), strict=False)  # some texts have control characters in them
        except (ValueError, RecursionError) as error:
            raise SyncError(
                "the server's answer is not valid JSON; check the address of the account", SyncProblem.PROTOCOL
            ) from error

    def check(self) -> None:
        """Raise :class:`SyncError` for a redirect and for a status that is an error."""
        _check_status(self)


class SyncHttp:
    """Sends requests to the server at an address, which the user chose: it may be in a private network.

    A redirect is followed nowhere, so that no password goes to another place:
    the error names the address to use instead. It keeps no cookies, uses no
    proxy, and verifies certificates like all other requests do.

    An answer with a status of 400 or more is an error, unless it is one of
    ``also``: those that the protocol gives a meaning, such as an entry that is gone.
    """

    def __init__(self, address: str) -> None:
        """``address`` is that of the API, without user name and password."""
        self._address = address.rstrip("/")
        # To load the authorities takes 0.06 s. A context without any would accept no certificate.
        is_secure = self._address[:6].lower() == "https:"
        context = httpx.create_ssl_context() if is_secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._client = httpx.AsyncClient(
            verify=context,
            timeout=httpx.Timeout(_STEP_SECONDS, connect=_CONNECT_SECONDS),
            headers={"user-agent": USER_AGENT, "accept-encoding": "gzip, deflate, br"},
            trust_env=False,
        )

    async def get(
        self, path: str, params: Pairs = (), headers: Mapping[str, str] | None = None, *, also: Collection[int] = ()
    ) -> Reply:
        """Send a GET request for ``path`` below the address. Raises :class:`SyncError`."""
        return await self._send(self._request("GET", path, params, headers), also)

    async def post(
        self,
        path: str,
        form: Pairs = (),
        *,
        params: Pairs = (),
        headers: Mapping[str, str] | None = None,
        also: Collection[int] = (),
    ) -> Reply:
        """Send a form. Raises :class:`SyncError`."""
        data: dict[str, list[str]] = {}
        for name, value in form:
            data.setdefault(name, []).append(value)
        return await self._send(self._request("POST", path, params, headers, form=data), also)

    async def send_json(
        self,
        method: str,
        path: str,
        value: object = None,
        headers: Mapping[str, str] | None = None,
        *,
        also: Collection[int] = (),
    ) -> Reply:
        """Send a value as JSON, with any method. Raises :class:`SyncError`."""
        return await self._send(self._request(method, path, (), headers, value=value), also)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    def _request(
        self,
        method: str,
        path: str,
        params: Pairs,
        headers: Mapping[str, str] | None,
        *,
        form: Mapping[str, list[str]] | None = None,
        value: object = None,
    ) -> httpx.Request:
        self._client.cookies.clear()
        try:
            return self._client.build_request(
                method, self._address + path, params=list(params) or None, headers=headers, data=form, json=value
            )
        except (httpx.InvalidURL, ValueError) as error:
            shown = visible(redact_url(self._address))
            raise SyncError(f"this is not an address of a server: {shown}; check it", SyncProblem.VERSION) from error

    async def _send(self, request: httpx.Request, also: Collection[int]) -> Reply:
        body = bytearray()
        try:
            async with asyncio.timeout(_WHOLE_SECONDS):
                response = await self._client.send(request, stream=True)
                try:
                    coding = response.headers.get("content-encoding", "")
                    pieces = response.aiter_raw()
                    async for piece in read_body(pieces, coding, _MAX_BYTES, archive=False, keep_gzip=False):
                        body += piece
                finally:
                    await response.aclose()
        except httpx.HTTPError as error:
            raise _connection_error(error) from error
        except TimeoutError as error:
            raise SyncError(_TOO_SLOW, SyncProblem.DOWN) from error
        except AttemptError as error:
            raise _body_error(error) from error
        found = {name.lower(): value for name, value in response.headers.items()}
        reply = Reply(response.status_code, found, bytes(body), str(request.url))
        if reply.status not in also:
            reply.check()
        return reply


def _check_status(reply: Reply) -> None:
    status = reply.status
    if status in _REDIRECTS:
        scheme, slashes, rest = reply.headers.get("location", "").partition("://")
        origin = scheme + slashes + (re.split("[/?#]", rest, maxsplit=1)[0] if slashes else "")
        shown = visible(redact_url(origin))[:200]
        raise SyncError(f"the server sends us to {shown}; give the account that address", SyncProblem.VERSION)
    if status < 400:
        return
    wait = parse_retry_after(reply.headers, time.time())
    if status in {401, 403}:
        raise SyncError(
            "the server refuses the user name or the password; check them. With two-factor login, "
            "create an API password on the server",
            SyncProblem.PASSWORD,
        )
    if status == TOO_MANY:
        raise SyncError(f"the server asks us to wait (429); {RETRY_LATER}", SyncProblem.RATE_LIMIT, wait)
    if status >= 500:
        shown = "is down for maintenance" if status == _UNAVAILABLE else "reports an error"
        raise SyncError(f"the server {shown} ({status}); {RETRY_LATER}", SyncProblem.DOWN, wait)
    if status in {404, 405, 410}:
        raise SyncError(
            f"there is no such API on the server ({status}): {visible(redact_url(reply.address.partition('?')[0]))}; "
            "check the address and the kind of the account, and whether its API is switched on",
            SyncProblem.VERSION,
        )
    raise SyncError(f"the server does not accept a request ({status}); check its version", SyncProblem.PROTOCOL)


def _body_error(error: AttemptError) -> SyncError:
    if error.kind is ErrorKind.TOO_LARGE:
        return TooLongError(f"the server's answer is longer than {_MAX_BYTES // 1024**2} MB", SyncProblem.PROTOCOL)
    if error.kind is ErrorKind.TRUNCATED:
        return SyncError(f"the server's answer was cut off; {RETRY_LATER}", SyncProblem.DOWN)
    return SyncError("the server's answer is damaged and cannot be decompressed", SyncProblem.PROTOCOL)


def _connection_error(error: httpx.HTTPError) -> SyncError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return SyncError(
                f"the server's certificate cannot be verified ({visible(cause.verify_message)}); check the address "
                "and the clock of this computer, or name your own authority in SSL_CERT_FILE",
                SyncProblem.CERTIFICATE,
            )
        if isinstance(cause, ssl.SSLError):
            return SyncError(
                "no secure connection to the server is possible; check its address, which without a certificate begins "
                "with http://",
                SyncProblem.CERTIFICATE,
            )
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return SyncError(_TOO_SLOW, SyncProblem.DOWN)
    if isinstance(error, httpx.ConnectError):
        return SyncError(f"the server cannot be reached; {RETRY_LATER}", SyncProblem.DOWN)
    if isinstance(error, httpx.UnsupportedProtocol):
        return SyncError("the address has to begin with https:// or http://", SyncProblem.VERSION)
    return SyncError(f"the connection to the server broke; {RETRY_LATER}", SyncProblem.DOWN)
