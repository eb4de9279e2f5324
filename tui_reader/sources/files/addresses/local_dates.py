"""Dates as front matter has them, with the day and the time zone that are written there."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

_DATE = re.compile(
    r"\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?[ \t]*(?:([Zz]|UTC|GMT)|([+-])(\d{2}):?(\d{2})?)?)?"
)
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGEST = 60  # characters of a date


def local_date(value: object) -> datetime | None:
    """Return a date as it is written, with its time zone if it has one; ``None`` for anything else."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    match = _DATE.match(value[:_LONGEST]) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second, utc, sign, hours, minutes = match.groups()
    zone = None
    try:
        if utc or sign:
            offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
            zone = timezone(-offset if sign == "-" else offset)
        time = (int(hour or 0), int(minute or 0), int(second or 0))
        return datetime(int(year), int(month), int(day), *time, tzinfo=zone)
    except ValueError:
        return None


def has_time(value: object) -> bool:
    """Return whether a date as it is written has a time of day."""
    return isinstance(value, datetime) or (isinstance(value, str) and ":" in value[:_LONGEST])


def formatted(moment: datetime, pattern: str) -> str:
    """Return ``moment`` in a pattern of ``strftime``, with English names, whatever the locale is."""
    return _DIRECTIVE.sub(lambda match: _part(moment, match[1]), pattern)


_DIRECTIVE = re.compile(r"%(-?[a-zA-Z%])")


def _part(moment: datetime, letter: str) -> str:
    if letter.startswith("-"):
        return _part(moment, letter[1:]).lstrip("0") or "0"
    name = {"B": MONTHS[moment.month - 1], "A": WEEKDAYS[moment.weekday()]}
    if letter in "BA":
        return name[letter]
    if letter in "bha":
        return name["A" if letter == "a" else "B"][:3]
    if letter in "YmdHMSjyGVuw":
        return moment.strftime(f"%{letter}").zfill(4 if letter in "YG" else 1)
    return "%" if letter == "%" else ""
