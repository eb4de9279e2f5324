"""Parses and formats dates, which are seconds since 1970 in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_SPACED_ZONE = re.compile(r"^(\S+)[ T](\d\d:\d\d(?::\d\d)?(?:\.\d+)?) ?([+-]\d\d):?(\d\d)$")

DAY = 86_400
"""Seconds."""

_FIRST = int(datetime.min.replace(tzinfo=UTC).timestamp())
_LAST = int(datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp())


def parse_date(text: str) -> int:
    """Return an ISO 8601 date or date-time as seconds since 1970; without a time zone it is UTC.

    Raises :class:`ValueError` if ``text`` is neither.
    """
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        match = _SPACED_ZONE.match(text)
        if match is None:
            raise
        moment = datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3]}:{match[4]}")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = int(moment.timestamp())
    if not _FIRST <= seconds <= _LAST:
        # A time zone can move the first or last day of the calendar out of it.
        raise ValueError(f"{text!r} is beyond the calendar")
    return seconds


def iso_date(seconds: int | None) -> str | None:
    """Return ``seconds`` as ``2020-09-11T12:19:00Z``, or ``None`` without a date, or for one beyond the calendar."""
    if seconds is None or not _FIRST <= seconds <= _LAST:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def long_date(seconds: int | None) -> str:
    """Return ``11 Sep 2020, 12:19`` in UTC, or ``no date``."""
    if seconds is None:
        return "no date"
    moment = datetime.fromtimestamp(seconds, UTC)
    day = f"{moment.day} {moment:%b} {moment.year}"
    return day if seconds % DAY == 0 else f"{day}, {moment:%H:%M}"


def short_date(seconds: int | None, now: int) -> str:
    """Return how old a story is, such as ``12 min``, ``5 h`` or ``3 d``; after a week its date, such as ``4 Sep``.

    ``now`` is in seconds since 1970. The year is left out if it is the present one.
    """
    if seconds is None:
        return "–"
    age = now - seconds
    if -3600 <= age < 3600:  # clocks differ
        return f"{max(1, age // 60)} min"
    if 0 <= age < DAY:
        return f"{age // 3600} h"
    if 0 <= age < 7 * DAY:
        return f"{age // DAY} d"
    moment = datetime.fromtimestamp(seconds, UTC)
    if moment.year == datetime.fromtimestamp(now, UTC).year:
        return f"{moment.day} {moment:%b}"
    return f"{moment.day} {moment:%b} {moment.year}"


def month_date(seconds: int | None, now: int) -> str:
    """Return :func:`short_date` without the day if it has a year: ``Sep 2020``."""
    text = short_date(seconds, now)
    return text if text.count(" ") < 2 or seconds is None else text.split(" ", 1)[1]


def year_date(seconds: int | None, now: int) -> str:
    """Return :func:`short_date`, but of another year only that year: ``2020``."""
    text = short_date(seconds, now)
    return text if text.count(" ") < 2 else text.rsplit(" ", 1)[1]
