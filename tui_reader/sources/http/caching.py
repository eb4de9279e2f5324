"""HTTP caching: when a source may be requested again, and what to remember for conditional requests."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from tui_reader.model.dates import DAY

REFRESH_EVERY = 1800
"""Default seconds between two requests to a source (setting ``refresh.every``)."""

GONE = 410
TOO_MANY = 429
NOT_MODIFIED = 304

_MOVES_REQUIRED = 2  # a single permanent redirect can be a login page of a hotel, or a mistake
_MAX_VALIDATOR = 1024  # characters of an ETag, which is sent with every request
_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?([0-9]+)', re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+")
_NEVER_FRESH = re.compile(r"(?:^|[,\s])no-(?:cache|store)(?:$|[,\s=])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FetchState:
    """What is stored about a source between runs. Times are in seconds since 1970, 0 for never.

    - ``etag``, ``last_modified``: as sent by the source.
    - ``next_due``: time of the next request, unless the user forces one.
    - ``held_until``: time before which the source refuses requests (status
      429), even those that the user forces.
    - ``failures``: number of failures in a row, since ``failing_since``.
    - ``last_error``: message of the last failure.
    - ``moved_to``: target of permanent redirects, the same ``moved_times`` in a row.
    - ``stopped``: the source is gone for good (status 410); only requested by force.
    """

    etag: str = ""
    last_modified: str = ""
    next_due: float = 0
    held_until: float = 0
    last_success: float = 0
    last_error: str = ""
    failing_since: float = 0
    failures: int = 0
    moved_to: str = ""
    moved_times: int = 0
    stopped: bool = False

    def as_json(self) -> dict[str, str | float | bool]:
        """Return the fields for a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, fields: Mapping[str, object]) -> FetchState:
        """Return the state stored in ``fields``. Unknown fields and wrong types are ignored."""
        known: dict[str, str | float | bool] = {}
        for field in dataclasses.fields(cls):
            value = fields.get(field.name)
            expected = type(field.default)
            is_number = field.type == "float" and type(value) is float and math.isfinite(value)
            if type(value) is expected or is_number:
                known[field.name] = value  # type: ignore[assignment]
        return cls(**known)  # type: ignore[arg-type]

    def as_text(self) -> str:
        """Return the state as JSON, to be stored and read by :meth:`from_text`."""
        return json.dumps(self.as_json())

    @classmethod
    @lru_cache(maxsize=4096)  # each is asked for four times in a refresh
    def from_text(cls, text: str) -> FetchState:
        """Return the state stored as JSON in ``text``; where that is damaged, the state of a source never requested."""
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            fields = None
        return cls.from_json(fields if isinstance(fields, dict) else {})


def is_due(state: FetchState, now: float, *, every: float = REFRESH_EVERY, force: bool = False) -> bool:
    """Return whether a source may be requested at ``now``. ``force`` overrides all waits except that of status 429.

    ``every`` is the user's interval in seconds. A wait longer than possible is
    ignored: it was stored with a wrong clock or a longer interval.
    """
    if now < state.held_until <= now + DAY:
        return False
    if force:
        return True
    return not state.stopped and not now < state.next_due <= now + max(every, DAY)


def conditional_headers(state: FetchState) -> dict[str, str]:
    """Return the headers that make a request conditional (RFC 9110, section 13.1)."""
    headers = {"if-none-match": state.etag, "if-modified-since": state.last_modified}
    return {name: value for name, value in headers.items() if value}


def after_success(
    state: FetchState,
    *,
    status: int,
    headers: Mapping[str, str],
    now: float,
    ttl: float | None = None,
    every: float = REFRESH_EVERY,
    moved: str | None = None,
) -> FetchState:
    """Return the state after a response that was usable or 304.

    ``headers`` have names in lower case. ``ttl`` is the feed's own interval in
    minutes, ``every`` is the user's in seconds. ``moved`` is the target of
    permanent redirects. A web page instead of a feed is not a success,
    whatever its status: a login page must not move a source.
    """
    fresh = min(DAY, max(_freshness(headers, now), (ttl or 0) * 60))
    etag, last_modified = _validator(headers, "etag"), _validator(headers, "last-modified")
    if status == NOT_MODIFIED:
        etag, last_modified = etag or state.etag, last_modified or state.last_modified
    times = 0
    if moved:
        times = state.moved_times + 1 if moved == state.moved_to else 1
    return FetchState(
        etag=etag,
        last_modified=last_modified,
        next_due=now + max(every, fresh),
        last_success=now,
        moved_to=moved or "",
        moved_times=times,
    )


def after_failure(
    state: FetchState,
    message: str,
    *,
    now: float,
    status: int | None = None,
    retry_after: float | None = None,
    every: float = REFRESH_EVERY,
) -> FetchState:
    """Return the state after a failed request.

    ``message`` is the error, and ``retry_after`` the wait in seconds that the
    source asked for. The wait doubles from ``every`` up to a day. Do not count
    being offline as a failure of a source.
    """
    # 2 ** 20 intervals are longer than a day; the limit keeps the number small.
    backoff = max(every, min(DAY, every * 2 ** min(state.failures, 20)))
    wait = max(backoff, min(DAY, retry_after or 0))
    return dataclasses.replace(
        state,
        next_due=now + wait,
        held_until=now + min(DAY, wait if retry_after is None else retry_after) if status == TOO_MANY else 0,
        last_error=message,
        failing_since=state.failing_since or now,
        failures=state.failures + 1,
        moved_to="",
        moved_times=0,
        stopped=state.stopped or status == GONE,
    )


def moved_address(address: str, state: FetchState) -> str | None:
    """Return the new address of the source at ``address`` once it has moved for certain, or ``None``.

    Credentials in ``address`` are kept only for the same scheme, host and port.
    """
    if state.moved_times < _MOVES_REQUIRED or not state.moved_to:
        return None
    old, new = urlsplit(address), urlsplit(state.moved_to)
    if "@" in old.netloc and (old.scheme, old.hostname, old.port) == (new.scheme, new.hostname, new.port):
        userinfo = old.netloc.rpartition("@")[0]
        new = new._replace(netloc=f"{userinfo}@{new.netloc}")
    return urlunsplit(new)


def parse_retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds in a ``Retry-After`` header, a number or a date, or ``None``."""
    value = headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(value):
        return _parse_seconds(value)
    moment = _http_date(value)
    return None if moment is None else max(0.0, moment - now)


def _freshness(headers: Mapping[str, str], now: float) -> float:
    """Return how many seconds a response stays fresh (RFC 9111, sections 4.2.1, 4.2.3 and 5.2.2)."""
    control = headers.get("cache-control", "")
    if _NEVER_FRESH.search(control):
        return 0
    match = _MAX_AGE.search(control)
    if match:
        age = headers.get("age", "").strip()
        return max(0, _parse_seconds(match[1]) - (_parse_seconds(age) if _NUMBER.fullmatch(age) else 0))
    expires = _http_date(headers.get("expires", ""))
    if expires is None:
        return 0
    # Compare with the clock of the server, if it sends its date.
    date = _http_date(headers.get("date", ""))
    return max(0.0, expires - (now if date is None else date))


def _validator(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "")
    return value if len(value) <= _MAX_VALIDATOR else ""


def _parse_seconds(digits: str) -> float:
    """Return a number of seconds. Python refuses to parse very long numbers."""
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= 12 else float(DAY)


def _http_date(text: str) -> float | None:
    from email.utils import parsedate_to_datetime  # slow to import and rarely needed

    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None  # such as "0", which means expired
