"""Dates as they are met in articles, kept as seconds since 1970 in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_SPACED_ZONE = re.compile(r"^(\S+)[ T](\d\d:\d\d(?::\d\d)?(?:\.\d+)?) ?([+-]\d\d):?(\d\d)$")

DAY = 86_400
"""Seconds."""

_FIRST = int(datetime.min.replace(tzinfo=UTC).timestamp())
_LAST = int(datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp())


def parse_date(text: str) -> int:
    """Return the seconds since 1970 that ``text`` names; without a zone it is UTC.

    Raises :class:`ValueError` where ``text`` is no ISO 8601 date or date-time.
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
        # A zone can carry the first and the last day out of what can be shown.
        raise ValueError(f"{text!r} is beyond the calendar")
    return seconds


def iso_date(seconds: int | None) -> str | None:
    """Return ``seconds`` as ``2020-09-11T12:19:00Z``, or ``None`` for no date."""
    if seconds is None:
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
    """Return the age of a story for the list: ``12 min``, ``5 h``, ``3 d``, else its date.

    ``now`` is in seconds since 1970. A date of this year goes without the year.
    """
    if seconds is None:
        return "–"
    age = now - seconds
    if 0 <= age < 3600:
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
    """Return what :func:`short_date` does, without the day where the year differs: ``Sep 2020``."""
    text = short_date(seconds, now)
    return text if text.count(" ") < 2 or seconds is None else text.split(" ", 1)[1]
