"""What can go wrong in a fetch, and the words that tell a person what it was."""

from __future__ import annotations

import errno
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from enum import Enum, auto

import httpcore

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.sources.http.caching import GONE, NOT_MODIFIED, TOO_MANY, parse_retry_after

_WORTH_A_RETRY = frozenset({502, 503, 504})
_LONGEST_RETRY_WAIT = 5.0  # seconds; a site that asks for more is left alone until next time


RETRY_LATER = "it will be tried again later"
"""What is said of a failure that may pass by itself."""


class ErrorKind(Enum):
    """What went wrong. Where every source answers ``OFFLINE``, one line says it for all of them."""

    OFFLINE = auto()  # no names can be looked up, or no network can be reached
    NAME = auto()  # there is no host of this name; some systems say so when they are offline
    REFUSED = auto()  # nobody answers at the host, or the connection broke off before an answer
    TIMEOUT = auto()
    TLS = auto()
    PROTOCOL = auto()  # what answers does not speak HTTP
    STATUS = auto()  # an answer that is an error; ``status`` has its number
    REDIRECTS = auto()  # too many, in a circle, or to nowhere
    PRIVATE = auto()  # it leads into a network that is not public
    TOO_LARGE = auto()
    TRUNCATED = auto()
    DAMAGED = auto()  # it cannot be unpacked
    ADDRESS = auto()  # no address of the web
    DISK = auto()  # a download cannot be stored


class FetchError(SourceError):
    """A source could not be fetched; the message is a sentence without name and password.

    ``status`` is the number of the answer, where there was one, and
    ``retry_after`` the seconds after which the site wants to be asked again.
    """

    def __init__(
        self, words: str, kind: ErrorKind, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(words)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after


class AttemptError(Exception):
    """What goes wrong on the way, without the address; ``again`` where a second try may help."""

    def __init__(
        self,
        kind: ErrorKind,
        words: str,
        *,
        again: bool = False,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(words)
        self.kind, self.words, self.again = kind, words, again
        self.status, self.retry_after = status, retry_after


def check_status(status: int, headers: Mapping[str, str], asked: Mapping[str, str]) -> None:
    """Raise :class:`AttemptError` for an answer that is an error, in words for the person.

    ``headers`` came with the answer, and ``asked`` are those that the request
    was given: status 304 is an error where nothing asked for it.
    """
    if 200 <= status < 300 and status != 206:
        return
    if status == NOT_MODIFIED and {"if-none-match", "if-modified-since"} & {name.lower() for name in asked}:
        return
    words = _STATUS_WORDS.get(status) or (
        f"the site is in trouble ({status}); {RETRY_LATER}"
        if status >= 500
        else f"the site answers with status {status}; check the address in a browser"
    )
    wait = parse_retry_after(headers, time.time())
    again = status in _WORTH_A_RETRY and (wait or 0) <= _LONGEST_RETRY_WAIT
    raise AttemptError(ErrorKind.STATUS, words, again=again, status=status, retry_after=wait)


_STATUS_WORDS = {
    401: "the site asks for a name and a password (401); give them with the source",
    403: "the site does not let us in (403); check in a browser whether it asks for an account",
    404: "there is nothing at this address (404); check it in a browser",
    GONE: "it is gone for good (410); remove the source",
    TOO_MANY: f"the site asks us to wait (429); {RETRY_LATER}",
}


def classify_connection_error(error: Exception) -> AttemptError:
    """Return what an error of the connection means to a person."""
    causes = list(_causes(error))
    numbers = {cause.errno for cause in causes if isinstance(cause, OSError)}
    failure = AttemptError(ErrorKind.REFUSED, f"nobody answers there; {RETRY_LATER}", again=True)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        words = "its certificate cannot be trusted; check the address and the clock of this computer"
        failure = AttemptError(ErrorKind.TLS, words)
    elif any(isinstance(cause, ssl.SSLError) for cause in causes):
        failure = AttemptError(ErrorKind.TLS, "no secure connection could be made; check the address in a browser")
    elif isinstance(error, httpcore.TimeoutException):
        failure = AttemptError(ErrorKind.TIMEOUT, f"it did not answer in time; {RETRY_LATER}", again=True)
    elif numbers & {errno.ENETUNREACH, errno.ENETDOWN}:
        failure = AttemptError(ErrorKind.OFFLINE, "no network can be reached; are you online?", again=True)
    elif isinstance(error, httpcore.LocalProtocolError):
        failure = AttemptError(ErrorKind.PROTOCOL, f"it cannot be asked for like this: {visible(str(error))}")
    elif isinstance(error, httpcore.RemoteProtocolError) and "disconnected" not in str(error):
        failure = AttemptError(ErrorKind.PROTOCOL, "what answers there does not speak HTTP; check the address")
    return failure


def classify_lookup_error(error: OSError | UnicodeError) -> AttemptError:
    """Return what an error of looking up a name means to a person."""
    if isinstance(error, socket.gaierror) and error.errno not in {socket.EAI_NONAME, socket.EAI_NODATA}:
        return AttemptError(ErrorKind.OFFLINE, "its name could not be looked up; are you online?", again=True)
    return AttemptError(ErrorKind.NAME, "there is no site of this name; check the address")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for each in error.exceptions:
                yield from _causes(each)
        error = error.__cause__ or error.__context__
