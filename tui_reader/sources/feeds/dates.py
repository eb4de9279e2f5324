"""Parses the dates of feeds: RFC 822, ISO 8601 and common variations."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from tui_reader.model.dates import parse_date

# By the first four or three letters: English, then the names that differ in
# German, French, Spanish, Portuguese, Italian and Dutch.
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    "mär": 3, "mai": 5, "okt": 10, "dez": 12,
    "fév": 2, "fev": 2, "avr": 4, "juin": 6, "juil": 7, "aoû": 8, "aou": 8, "déc": 12,
    "ene": 1, "abr": 4, "ago": 8, "dic": 12, "set": 9, "out": 10,
    "gen": 1, "mag": 5, "giu": 6, "lug": 7, "ott": 10, "mrt": 3, "mei": 5,
}  # fmt: skip
# Hours from UTC. The American names are from RFC 822 (section 5.1), the others
# occur in feeds. Unknown names count as UTC.
_ZONES = {
    "est": -5.0, "edt": -4.0, "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0, "pdt": -7.0,
    "akst": -9.0, "akdt": -8.0, "hst": -10.0, "west": 1.0, "bst": 1.0, "cet": 1.0, "cest": 2.0, "mez": 1.0,
    "mesz": 2.0, "eet": 2.0, "eest": 3.0, "msk": 3.0, "sast": 2.0, "ist": 5.5, "sgt": 8.0, "hkt": 8.0, "jst": 9.0,
    "kst": 9.0, "awst": 8.0, "aest": 10.0, "aedt": 11.0, "nzst": 12.0, "nzdt": 13.0,
}  # fmt: skip
_MAX_LENGTH = 100  # characters; a longer text is not a date
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?:\s*([ap])\.?m\b)?", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)?(?![\d-])")
_NUMBERS_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
_NUMBERS_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]*(?:de\s+|of\s+)?([^\W\d_]{3,})", re.IGNORECASE)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?![\d:])", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?![\d:])|[\s-](\d\d)(?=\s|$)")
# RFC 822 with the four-digit year of RFC 1123: a fast path for nearly all dates of RSS.
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) "
    r"((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d) (?:GMT|UTC|Z|([+-](?:0\d|1[0-3])[0-5]\d))"
)
_SECONDS = re.compile(r"\d{9,10}|\d{12,13}")
# Written by programs for "no date": 1 January of the year 1, and the epoch.
_PLACEHOLDERS = frozenset({-62135596800, 0})


def parse_feed_date(text: str | None) -> int | None:
    """Return the date in ``text`` in seconds since 1970, or ``None`` where it is not a date.

    Weekdays are ignored. A missing or unknown time zone counts as UTC.
    ``03/04/2024`` is ambiguous (March or April) and not accepted;
    ``03.04.2024`` and ``23/04/2024`` are.
    """
    text = (text or "").strip()
    if not text or len(text) > _MAX_LENGTH:
        return None
    try:
        seconds = _read(text)
    except (ValueError, OverflowError):
        return None
    return None if seconds in _PLACEHOLDERS else seconds


def _read(text: str) -> int | None:
    if _SECONDS.fullmatch(text):
        number = int(text) // (1000 if len(text) > 10 else 1)
        datetime.fromtimestamp(number, UTC)
        return number
    if match := _RFC_822.fullmatch(text):
        return parse_date(f"{match[3]}-{_MONTHS[match[2].lower()]:02}-{match[1]:0>2}T{match[4]}{match[5] or ''}")
    try:
        return parse_date(text)
    except ValueError:
        pass  # not strictly ISO 8601
    clock = _CLOCK.search(text)
    hour, minute, second = (int(clock[1]), int(clock[2]), int(clock[3] or 0)) if clock else (0, 0, 0)
    if clock and clock[4]:
        hour = hour % 12 + (12 if clock[4] in "pP" else 0)
    after = text[clock.end() :] if clock else ""
    # Without the time of day, none of its numbers can be taken for a day.
    words = f"{text[: clock.start()].rstrip('T ')} {after}" if clock else text
    day = _day(words)
    if day is None:
        return None
    # 24:00 is the next day. A leap second becomes second 59.
    moment = day + timedelta(hours=min(hour, 24), minutes=min(minute, 59), seconds=min(second, 59))
    return parse_date((moment - _utc_offset(after)).isoformat())


def _day(words: str) -> datetime | None:
    if numbers := _NUMBERS_FIRST.search(words):
        return datetime(int(numbers[1]), int(numbers[2]), int(numbers[3] or 1))
    if numbers := _NUMBERS_LAST.search(words):
        first, second = int(numbers[1]), int(numbers[3])
        if numbers[2] == "." or first > 12:
            return datetime(int(numbers[4]), second, first)
        return datetime(int(numbers[4]), first, second) if second > 12 or first == second else None
    pairs = [(number, name) for number, name in _DAY_MONTH.findall(words)]
    pairs += [(number, name) for name, number in _MONTH_DAY.findall(words)]
    for number, name in pairs:
        month = _MONTHS.get(name[:4].lower()) or _MONTHS.get(name[:3].lower())
        if month is None:
            continue
        year = _YEAR.search(words, words.find(name) + len(name))
        if year is None:
            return None
        short = year[2]
        # RFC 2822, section 4.3: two digits mean 2000 to 2049 and 1950 to 1999.
        full = int(year[1]) if year[1] else int(short) + (2000 if int(short) < 50 else 1900)
        return datetime(full, month, int(number))
    return None


def _utc_offset(text: str) -> timedelta:
    """Return the UTC offset of the time zone in ``text``, the part after the time of day."""
    if offset := _OFFSET.search(text):
        distance = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if distance <= timedelta(hours=14):  # the largest offset in use
            return distance if offset[1] == "+" else -distance
        return timedelta()
    for word in re.findall(r"[A-Za-z]{2,5}", text):
        if word.lower() in _ZONES:
            return timedelta(hours=_ZONES[word.lower()])
    return timedelta()
