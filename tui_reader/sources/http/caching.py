"""Says when a source may be asked again, and what is kept of its answers to ask politely."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from urllib.parse import urlsplit, urlunsplit

from tui_reader.model.dates import DAY

REFRESH_EVERY = 1800
"""Seconds between two questions to a source where the person sets nothing else (``refresh.every``)."""

GONE = 410
TOO_MANY = 429
NOT_MODIFIED = 304

_MOVES_BELIEVED = 2  # one permanent redirect may be a hotel's login page or a slip of the site's
_MAX_VALIDATOR = 1024  # characters; no honest ETag is longer, and it goes back with every question
_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?([0-9]+)', re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+")
_NEVER_FRESH = re.compile(r"(?:^|[,\s])no-(?:cache|store)(?:$|[,\s=])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FetchState:
    """What is kept about one source from one run to the next; times are seconds since 1970, 0 for never.

    ``etag`` and ``last_modified`` stand exactly as the source sent them.
    ``held_until`` is what the source itself asked for (status 429), which even
    a person in a hurry keeps to; ``next_due`` is all the rest. ``failures``
    counts those in a row, and ``last_error`` has the latest in words.
    ``moved_to`` is where permanent redirects led, ``moved_times`` how often in
    a row it was the same place. A source that is ``stopped`` (410: gone for
    good) is asked only when the person insists.
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
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, object]) -> FetchState:
        """Return the state that ``kept`` holds; what is unknown or of the wrong kind counts as not kept."""
        known: dict[str, str | float | bool] = {}
        for field in dataclasses.fields(cls):
            value = kept.get(field.name)
            wanted = type(field.default)
            if type(value) is wanted or (field.type == "float" and type(value) is float):
                known[field.name] = value  # type: ignore[assignment]
        return cls(**known)  # type: ignore[arg-type]


def is_due(state: FetchState, now: float, *, every: float = REFRESH_EVERY, force: bool = False) -> bool:
    """Whether a source may be asked at ``now``; ``force`` overrides all waiting but that of status 429.

    ``every`` is the person's interval in seconds. A wait that ends further
    ahead than any could was written while the clock was wrong, or while the
    interval was longer, and counts for nothing.
    """
    if now < state.held_until <= now + DAY:
        return False
    if force:
        return True
    return not state.stopped and not now < state.next_due <= now + max(every, DAY)


def conditional_headers(state: FetchState) -> dict[str, str]:
    """Return the request headers by which a source that has nothing new may say so (RFC 9110, section 13.1)."""
    asked = {"if-none-match": state.etag, "if-modified-since": state.last_modified}
    return {name: value for name, value in asked.items() if value}


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
    """Return the state after an answer that could be used, or was 304.

    ``headers`` have names in lower case. ``ttl`` is what the feed says of
    itself, in minutes; ``every`` is the person's interval, in seconds.
    ``moved`` is where permanent redirects led. A page that is no feed is no
    success, whatever its status: a login page must not move a source.
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
    words: str,
    *,
    now: float,
    status: int | None = None,
    retry_after: float | None = None,
    every: float = REFRESH_EVERY,
) -> FetchState:
    """Return the state after an answer that was of no use, or none.

    ``words`` say why, ``retry_after`` is the wait in seconds that the source
    asked for. The wait doubles from ``every`` to a day. Being offline is no
    failure of a source and is not to be counted here.
    """
    # 2 ** 20 intervals are beyond any day; the number must not grow for ever.
    backoff = max(every, min(DAY, every * 2 ** min(state.failures, 20)))
    wait = max(backoff, min(DAY, retry_after or 0))
    return dataclasses.replace(
        state,
        next_due=now + wait,
        held_until=now + min(DAY, wait if retry_after is None else retry_after) if status == TOO_MANY else 0,
        last_error=words,
        failing_since=state.failing_since or now,
        failures=state.failures + 1,
        moved_to="",
        moved_times=0,
        stopped=state.stopped or status == GONE,
    )


def moved_address(kept: str, state: FetchState) -> str | None:
    """Return the address to keep in place of ``kept``, once its source has moved for certain, else ``None``.

    Name and password in ``kept`` stay in the new address on the same scheme,
    host and port, and only there.
    """
    if state.moved_times < _MOVES_BELIEVED or not state.moved_to:
        return None
    old, new = urlsplit(kept), urlsplit(state.moved_to)
    if "@" in old.netloc and (old.scheme, old.hostname, old.port) == (new.scheme, new.hostname, new.port):
        who = old.netloc.rpartition("@")[0]
        new = new._replace(netloc=f"{who}@{new.netloc}")
    return urlunsplit(new)


def parse_retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, as a number or as a date, else ``None``."""
    value = headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(value):
        return _bounded(value)
    moment = _http_date(value)
    return None if moment is None else max(0.0, moment - now)


def _freshness(headers: Mapping[str, str], now: float) -> float:
    """For how many seconds an answer stays fresh (RFC 9111, sections 4.2.1, 4.2.3 and 5.2.2)."""
    control = headers.get("cache-control", "")
    if _NEVER_FRESH.search(control):
        return 0
    match = _MAX_AGE.search(control)
    if match:
        age = headers.get("age", "").strip()
        return max(0, _bounded(match[1]) - (_bounded(age) if _NUMBER.fullmatch(age) else 0))
    expires = _http_date(headers.get("expires", ""))
    if expires is None:
        return 0
    # By the clock of the server, where it tells it: only the difference counts.
    said = _http_date(headers.get("date", ""))
    return max(0.0, expires - (now if said is None else said))


def _validator(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "")
    return value if len(value) <= _MAX_VALIDATOR else ""


def _bounded(digits: str) -> float:
    """A number of seconds; Python refuses to read endless ones."""
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= 12 else float(DAY)


def _http_date(text: str) -> float | None:
    from email.utils import parsedate_to_datetime  # it brings a good deal with it, and few need it

    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None  # such as “0”, which means: no longer fresh
