"""Reads the dates of feeds: RFC 822, ISO 8601 and what people write instead."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from tui_reader.model.dates import parse_date

# By their first three letters, else four: English, then what differs in German,
# French, Spanish, Portuguese, Italian and Dutch.
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    "mär": 3, "mai": 5, "okt": 10, "dez": 12,
    "fév": 2, "fev": 2, "avr": 4, "juin": 6, "juil": 7, "aoû": 8, "aou": 8, "déc": 12,
    "ene": 1, "abr": 4, "ago": 8, "dic": 12, "set": 9, "out": 10,
    "gen": 1, "mag": 5, "giu": 6, "lug": 7, "ott": 10, "mrt": 3, "mei": 5,
}  # fmt: skip
# Hours from UTC. The American names are RFC 822's (section 5.1), the others
# are those that feeds use; a name that is not here counts as UTC.
_ZONES = {
    "est": -5.0, "edt": -4.0, "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0, "pdt": -7.0,
    "akst": -9.0, "akdt": -8.0, "hst": -10.0, "west": 1.0, "bst": 1.0, "cet": 1.0, "cest": 2.0, "mez": 1.0,
    "mesz": 2.0, "eet": 2.0, "eest": 3.0, "msk": 3.0, "sast": 2.0, "ist": 5.5, "sgt": 8.0, "hkt": 8.0, "jst": 9.0,
    "kst": 9.0, "awst": 8.0, "aest": 10.0, "aedt": 11.0, "nzst": 12.0, "nzdt": 13.0,
}  # fmt: skip
_LONGEST = 100  # characters; beyond that it is a sentence
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?:\s*([ap])\.?m\b)?", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)?(?![\d-])")
_NUMBERS_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
_NUMBERS_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]*(?:de\s+|of\s+)?([^\W\d_]{3,})", re.IGNORECASE)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?![\d:])", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?![\d:])|[\s-](\d\d)(?=\s|$)")
# As RFC 822 has it (with the four digits of RFC 1123): nearly all dates of RSS, which are read at once.
_USUAL = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) "
    r"((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d) (?:GMT|UTC|Z|([+-](?:0\d|1[0-3])[0-5]\d))"
)
_SECONDS = re.compile(r"\d{9,10}|\d{12,13}")
# What programs write for “no date”: 1 January of the year 1, and second 0.
_NO_DATES = frozenset({-62135596800, 0})


def parse_feed_date(text: str | None) -> int | None:
    """Return the seconds since 1970 that ``text`` names, or ``None`` where it names no moment.

    A weekday is passed over, even a wrong one. A date without a zone, or with
    an unknown one, is taken for UTC. ``03/04/2024`` could be March or April,
    so it is no date; ``03.04.2024`` and ``23/04/2024`` are.
    """
    text = (text or "").strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        seconds = _read(text)
    except (ValueError, OverflowError):
        return None
    return None if seconds in _NO_DATES else seconds


def _read(text: str) -> int | None:
    if _SECONDS.fullmatch(text):
        number = int(text) // (1000 if len(text) > 10 else 1)
        datetime.fromtimestamp(number, UTC)
        return number
    if usual := _USUAL.fullmatch(text):
        return parse_date(f"{usual[3]}-{_MONTHS[usual[2].lower()]:02}-{usual[1]:0>2}T{usual[4]}{usual[5] or ''}")
    try:
        return parse_date(text)
    except ValueError:
        pass  # not ISO 8601 to the letter, like most dates of feeds
    clock = _CLOCK.search(text)
    hour, minute, second = (int(clock[1]), int(clock[2]), int(clock[3] or 0)) if clock else (0, 0, 0)
    if clock and clock[4]:
        hour = hour % 12 + (12 if clock[4] in "pP" else 0)
    behind = text[clock.end() :] if clock else ""
    # The clock is cut out, so that none of its numbers is taken for a day.
    words = f"{text[: clock.start()].rstrip('T ')} {behind}" if clock else text
    day = _day(words)
    if day is None:
        return None
    # 24:00 is the next day, and a leap second has no second of its own.
    moment = day + timedelta(hours=min(hour, 24), minutes=min(minute, 59), seconds=min(second, 59))
    return parse_date((moment - _zone(behind)).isoformat())


def _day(words: str) -> datetime | None:
    if numbers := _NUMBERS_FIRST.search(words):
        return datetime(int(numbers[1]), int(numbers[2]), int(numbers[3] or 1))
    if numbers := _NUMBERS_LAST.search(words):
        first, second = int(numbers[1]), int(numbers[3])
        if numbers[2] == "." or first > 12:
            return datetime(int(numbers[4]), second, first)
        return datetime(int(numbers[4]), first, second) if second > 12 or first == second else None
    found = [(number, name) for number, name in _DAY_MONTH.findall(words)]
    found += [(number, name) for name, number in _MONTH_DAY.findall(words)]
    for number, name in found:
        month = _MONTHS.get(name[:4].lower()) or _MONTHS.get(name[:3].lower())
        if month is None:
            continue
        year = _YEAR.search(words, words.find(name) + len(name))
        if year is None:
            return None
        short = year[2]
        # RFC 2822, section 4.3: two digits are 2000 to 2049 and 1950 to 1999.
        full = int(year[1]) if year[1] else int(short) + (2000 if int(short) < 50 else 1900)
        return datetime(full, month, int(number))
    return None


def _zone(behind: str) -> timedelta:
    """How far the zone named after the clock is from UTC."""
    if offset := _OFFSET.search(behind):
        distance = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if distance <= timedelta(hours=14):  # there is no zone beyond
            return distance if offset[1] == "+" else -distance
        return timedelta()
    for word in re.findall(r"[A-Za-z]{2,5}", behind):
        if word.lower() in _ZONES:
            return timedelta(hours=_ZONES[word.lower()])
    return timedelta()
