"""Errors of a fetch, and the messages for them."""

from __future__ import annotations

import errno
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from enum import Enum, auto

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.sources.http.caching import GONE, NOT_MODIFIED, TOO_MANY, parse_retry_after

_RETRIED_STATUSES = frozenset({502, 503, 504})
_MAX_RETRY_WAIT = 5.0  # seconds; a site that asks for a longer wait is not retried at once

RETRY_LATER = "it will be tried again later"
"""The end of a message about an error that may be temporary."""


class ErrorKind(Enum):
    """What went wrong. If all sources report ``OFFLINE``, one message covers them."""

    OFFLINE = auto()  # names cannot be resolved, or no network can be reached
    NAME = auto()  # the host does not exist; some systems report this when offline
    REFUSED = auto()  # no connection, or it closed before a response
    TIMEOUT = auto()
    TLS = auto()
    PROTOCOL = auto()  # the server does not speak HTTP
    STATUS = auto()  # an error status; its number is in ``status``
    REDIRECTS = auto()  # too many, in a circle, or to an invalid address
    PRIVATE = auto()  # an address in a private network that is not allowed
    TOO_LARGE = auto()
    TRUNCATED = auto()
    DAMAGED = auto()  # the response cannot be decompressed
    ADDRESS = auto()  # not an http or https address
    DISK = auto()  # a download cannot be stored


class FetchError(SourceError):
    """A source cannot be fetched. The message contains no user name or password.

    ``status`` is the status of the response, if there was one.
    ``retry_after`` is the wait in seconds that the site asked for.
    """

    def __init__(
        self, message: str, kind: ErrorKind, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after


class TransportError(Exception):
    """A connection failed; the cause tells why. :func:`classify_connection_error` says it to the person."""


class TimedOut(TransportError):
    """Nothing came, or could be sent, within the time for one step."""


class Disconnected(TransportError):
    """There is no connection, or it broke, or the server closed it without an answer."""


class NotHttp(TransportError):
    """What came is not HTTP, or ended too soon."""


class NotSendable(TransportError):
    """The request itself is not valid HTTP."""


class AttemptError(Exception):
    """One attempt failed. The message does not name the address.

    ``retryable`` is true where a second attempt may succeed.
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        *,
        retryable: bool = False,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind, self.message, self.retryable = kind, message, retryable
        self.status, self.retry_after = status, retry_after


def check_status(status: int, headers: Mapping[str, str], sent: Mapping[str, str]) -> None:
    """Raise :class:`AttemptError` for an error status.

    ``headers`` are those of the response and ``sent`` those of the request:
    status 304 is an error unless the request was conditional.
    """
    if 200 <= status < 300 and status != 206:
        return
    if status == NOT_MODIFIED and {"if-none-match", "if-modified-since"} & {name.lower() for name in sent}:
        return
    message = _STATUS_MESSAGES.get(status) or (
        f"the site reports an error ({status}); {RETRY_LATER}"
        if status >= 500
        else f"the site answers with status {status}; check the address in a browser"
    )
    wait = parse_retry_after(headers, time.time())
    retryable = status in _RETRIED_STATUSES and (wait or 0) <= _MAX_RETRY_WAIT
    raise AttemptError(ErrorKind.STATUS, message, retryable=retryable, status=status, retry_after=wait)


_STATUS_MESSAGES = {
    401: "the site asks for a user name and a password (401); give them with the source",
    403: "the site refuses access (403); check in a browser whether it needs an account",
    404: "there is nothing at this address (404); check it in a browser",
    GONE: "it is gone for good (410); remove the source",
    TOO_MANY: f"the site asks us to wait (429); {RETRY_LATER}",
}


def classify_connection_error(error: TransportError) -> AttemptError:
    """Return the error to report for a connection that failed."""
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
            message = "its certificate cannot be verified; check the address and the clock of this computer"
        else:
            message = "no secure connection is possible; check the address in a browser"
        return AttemptError(ErrorKind.TLS, message)
    numbers = {cause.errno for cause in causes if isinstance(cause, OSError)}
    if isinstance(error, TimedOut):
        return AttemptError(ErrorKind.TIMEOUT, f"it did not answer in time; {RETRY_LATER}", retryable=True)
    if numbers & {errno.ENETUNREACH, errno.ENETDOWN}:
        return AttemptError(ErrorKind.OFFLINE, "the network cannot be reached; are you online?", retryable=True)
    if isinstance(error, NotSendable):
        return AttemptError(ErrorKind.PROTOCOL, f"the request is not valid: {visible(str(error))}")
    if isinstance(error, NotHttp):
        return AttemptError(ErrorKind.PROTOCOL, "the server does not speak HTTP; check the address")
    return AttemptError(ErrorKind.REFUSED, f"the server does not answer; {RETRY_LATER}", retryable=True)


def classify_lookup_error(error: OSError | UnicodeError) -> AttemptError:
    """Return the error to report for a host name that cannot be resolved."""
    if isinstance(error, socket.gaierror) and error.errno not in {socket.EAI_NONAME, socket.EAI_NODATA}:
        return AttemptError(ErrorKind.OFFLINE, "its name cannot be resolved; are you online?", retryable=True)
    return AttemptError(ErrorKind.NAME, "there is no site with this name; check the address")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for each in error.exceptions:
                yield from _causes(each)
        error = error.__cause__ or error.__context__
