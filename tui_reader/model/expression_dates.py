"""The dates and ages in search expressions: spans of time in seconds since 1970, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tui_reader.model.dates import DAY
from tui_reader.named_tuple import NamedTuple

_DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?)?)?", re.ASCII)
_AGE = re.compile(r"(\d{1,6})([hdwmy])", re.ASCII)
_UNITS = {"h": 3600, "d": DAY, "w": 7 * DAY, "m": 30 * DAY, "y": 365 * DAY}
_LAST_YEAR = 9999


class Span(NamedTuple):
    """A span of time from ``start`` up to but without ``end``, in seconds since 1970."""

    start: int
    end: int


def date_value(text: str) -> str | None:
    """Return a date as expressions have it, such as ``2021-06-15``; ``None`` if ``text`` is none.

    A minute is a date too: ``2021-06-15T12:30``.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, *rest = (part for part in match.groups() if part is not None)
    value = "-".join((year, *(part.zfill(2) for part in rest[:2])))
    if len(rest) > 2:
        value += f"T{rest[2].zfill(2)}:{rest[3]}"
    try:
        date_span(value)
    except ValueError:
        return None
    return value


def date_span(value: str) -> Span:
    """Return the span of a year, month, day or minute that :func:`date_value` returned.

    Raises :class:`ValueError` if there is no such date.
    """
    match = _DATE.fullmatch(value)
    if match is None:
        raise ValueError(f"{value!r} is no date")
    year, month, day, hour, minute = (int(part) if part else None for part in match.groups())
    year = year or 0  # a year, month or day 0 is none, as datetime says
    first = datetime(year, 1 if month is None else month, 1 if day is None else day, hour or 0, minute or 0, tzinfo=UTC)
    start = int(first.timestamp())
    if minute is not None:
        return Span(start, start + 60)
    if day is not None:
        return Span(start, start + DAY)
    if month is None or month == 12:
        # The calendar ends with the last year.
        after = first.replace(year=year + 1, month=1) if year < _LAST_YEAR else None
    else:
        after = first.replace(month=month + 1)
    return Span(start, int(datetime.max.replace(tzinfo=UTC).timestamp()) if after is None else int(after.timestamp()))


def age_seconds(value: str) -> int | None:
    """Return an age such as ``3d`` in seconds; ``None`` if ``value`` is none.

    The units are hours, days, weeks, months of 30 days and years of 365.
    """
    match = _AGE.fullmatch(value)
    return None if match is None else int(match[1]) * _UNITS[match[2]]
