"""Parses dates as feeds and files have them: RFC 822, ISO 8601, and what people and programs write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from tui_reader.model.dates import parse_date
from tui_reader.named_tuple import NamedTuple

_ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = {name[:length]: at for at, name in enumerate(_ENGLISH_MONTHS, 1) for length in (3, len(name))} | {"sept": 9}
_WEEKDAYS = {name[:length]: at for at, name in enumerate(_ENGLISH_DAYS) for length in (3, 4, 5, len(name))}
# Hours from UTC. The American names are from RFC 822 (section 5.1), the others
# occur in feeds. Unknown names count as UTC.
_ZONES = {
    "est": -5.0, "edt": -4.0, "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0, "pdt": -7.0,
    "et": -5.0, "ct": -6.0, "pt": -8.0, "ast": -4.0, "adt": -3.0, "nst": -3.5, "ndt": -2.5, "brt": -3.0, "art": -3.0,
    "akst": -9.0, "akdt": -8.0, "hst": -10.0, "west": 1.0, "bst": 1.0, "cet": 1.0, "cest": 2.0, "mez": 1.0,
    "mesz": 2.0, "met": 1.0, "mest": 2.0, "eet": 2.0, "eest": 3.0, "msk": 3.0, "trt": 3.0, "sast": 2.0, "pkt": 5.0,
    "ist": 5.5, "npt": 5.75, "ict": 7.0, "wib": 7.0, "sgt": 8.0, "myt": 8.0, "pht": 8.0, "hkt": 8.0, "jst": 9.0,
    "kst": 9.0, "awst": 8.0, "acst": 9.5, "acdt": 10.5, "aest": 10.0, "aedt": 11.0, "nzst": 12.0, "nzdt": 13.0,
}  # fmt: skip
_MAX_OFFSET = timedelta(hours=14)  # the largest in use
_MAX_LENGTH = 100  # characters; a longer text is not a date
_AFTERNOON = ("p", "下午", "午後", "오후", "晚上", "μ.μ", "μμ", "م", "ch")
_HALF = r"(?P<half>[ap]\.? ?m\b\.?|[ap]\b|[πμ]\.?μ\.?|[صم](?!\w)|(?:sa|ch)\b)"
_HALF_BEFORE = r"(?P<half_before>上午|下午|午前|午後|오전|오후|凌晨|早上|晚上|中午)?"
# From the strictest to the loosest.
_CLOCKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_HALF_BEFORE} ?(?<![\d:+])(?P<hour>\d\d?):(?P<minute>\d\d?)(?::(?P<second>\d\d?)(?:[.,]\d+)?)?"
        rf"(?: ?{_HALF})?",
        rf"{_HALF_BEFORE} ?(?P<hour>\d\d?) ?[時时點点시](?: ?(?P<minute>\d\d?) ?[分분])?"
        r"(?: ?(?P<second>\d\d?) ?[秒초])?",
        r"(?<![\d.])(?P<hour>\d\d?)(?:[.:](?P<minute>\d\d))? ?(?P<half>[ap]\.? ?m\b\.?)(?P<second>)",
        r"(?<![\d.:])(?P<hour>\d\d?) ?(?:h|u|uhr)(?: ?(?P<minute>[0-5]\d)(?!\d))?(?P<second>)(?![^\W\d_])",
        r"(?<![\d.])(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)(?:\.(?P<second>[0-5]\d))?(?![\d.])",
    )
)
_OFFSET = re.compile(r"(?:^|(?<=[ (:T])|(?:GMT|UTC?|Z) ?)(?P<sign>[+-])(?P<hours>\d\d?):?(?P<minutes>\d\d)?(?![\d-])")
_REGION = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z_/+-]+\d*")
_NUMBERS_FIRST = re.compile(r"(?<!\d)(\d{4})(?:[-/]|\. ?)(\d{1,2})(?:(?:[-/]|\. ?)(\d{1,2}))?(?!\d)")
_NUMBERS_LAST = re.compile(r"(?<![\d/.-])(\d{1,2})([-/ ]|\. ?)(\d{1,2})(?:\2|[., ] ?)(\d{4})(?!\d)")
_SHORT_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})\2(\d\d)(?![\d/.-])")
_IDEOGRAPHS = re.compile(
    r"(令和|平成|昭和|民國|民国)?(\d{1,4}|元) ?[年년] ?(\d{1,2}) ?[月월](?: ?(\d{1,2}) ?[日号號일])?"
)
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}  # the years before their first
_NUMBERED_MONTH = re.compile(r"(?<!\d)(\d{1,2}),? ?(?:thang|thg|th)\.? ?(\d{1,2}),?(?: nam)? (\d{4})")  # Vietnamese
_TOKEN = re.compile(r"\d+|[^\W\d_][^\s\d.,;:()/’׳॰_-]*")  # with the marks of the Indic scripts
# What may be between a day and its month: ordinals and articles.
_FILLERS = frozenset({
    "st", "nd", "rd", "th", "of", "the", "d", "de", "del", "di", "den", "ten", "er", "e", "n", "o", "ª", "º", "i", "a",
    "y", "m", "г",
})  # fmt: skip
_THAI_YEARS = range(2443, 2644)  # 543 years ahead
# RFC 822 with the four-digit year of RFC 1123: a fast path for nearly all dates of RSS.
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) "
    r"((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?) (?:GMT|UTC?|Z|([+-](?:0\d|1[0-3]):?[0-5]\d)|([A-Z]{3,4}))"
)
_DIGITS = re.compile(r"(?:/Date\()?(-?\d{9,19})(?:\.\d+)?(?:\)/)?")  # also as .NET writes it
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])([01]\d|2[0-3])([0-5]\d)([0-5]\d)?")
# Written by programs for "no date": 1 January of the year 1, and the epoch.
_PLACEHOLDERS = frozenset({-62135596800, 0})


class _Clock(NamedTuple):
    """A time of day, and the text before and after it. ``half`` is true for one with ``am`` or ``pm``."""

    time: timedelta
    before: str
    after: str
    half: bool = False


def parse_feed_date(text: str | None, *, month_first: bool | None = None) -> int | None:
    """Return the date in ``text`` in seconds since 1970, or ``None`` where it is not a date.

    Month names are read in some sixty languages; a year of four digits is the
    year. A missing or unknown time zone counts as UTC. ``03/04/2024`` is
    ambiguous (March or April): a weekday or a 12-hour clock decides it, else
    ``month_first``; without any it is no date. ``03.04.2024`` and ``23/04/2024``
    are not ambiguous.
    """
    text = (text or "").strip()
    if not text or len(text) > _MAX_LENGTH:
        return None
    try:
        seconds = _read(text, month_first)
    except (ValueError, OverflowError):
        return None
    return None if seconds in _PLACEHOLDERS else seconds


def months_come_first(texts: Iterable[str]) -> bool | None:
    """Return whether dates such as ``03/04/2024`` have the month first, or ``None`` where nothing tells.

    It follows from a date among ``texts`` with a number that is too large for a month.
    """
    for text in texts:
        date = _NUMBERS_LAST.search(text[:_MAX_LENGTH]) or _SHORT_NUMBERS.search(text[:_MAX_LENGTH])
        if date and (int(date[1]) > 12) != (int(date[3]) > 12):
            return int(date[3]) > 12
    return None


def _read(text: str, month_first: bool | None) -> int | None:
    if match := _RFC_822.fullmatch(text):
        seconds = parse_date(f"{match[3]}-{_MONTHS[match[2].lower()]:02}-{match[1]:0>2}T{match[4]}{match[5] or ''}")
        return seconds - int(_ZONES.get(match[6].lower(), 0) * 3600) if match[6] else seconds
    if match := _DIGITS.fullmatch(text):
        return _from_digits(match[1])
    try:
        return parse_date(text)
    except ValueError:
        pass  # not strictly ISO 8601
    return _read_words(_plain(text), month_first)


def _from_digits(digits: str) -> int | None:
    """Read ``20240905100000``, or seconds since 1970, or parts of seconds."""
    if match := _COMPACT.fullmatch(digits):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
    number = int(digits)
    # Milliseconds, microseconds and nanoseconds have more digits.
    while abs(number) >= 100_000_000_000:
        number //= 1000
    return int(datetime.fromtimestamp(number, UTC).timestamp())


def _plain(text: str) -> str:
    """Return ``text`` with plain spaces, digits and signs."""
    if text.isascii():
        return " ".join(text.split())
    import unicodedata

    text = unicodedata.normalize("NFKC", text).replace("\u2212", "-")  # the minus sign
    return " ".join("".join(char for char in text if unicodedata.category(char) != "Cf").split())


def _read_words(text: str, month_first: bool | None) -> int | None:
    for clock in _clocks(text):
        # Without the time of day and the zone, none of their numbers can be taken for a day.
        offset = _OFFSET.search(clock.after)
        distance = _distance(offset) if offset else None
        after = clock.after
        if offset and distance is not None:
            after = f"{after[: offset.start()]} {after[offset.end() :]}"
        words = f"{clock.before.rstrip('T ')} {after}"
        day = _day(words, True if clock.half else month_first)
        if day is not None:
            moment = day + clock.time
            return parse_date((moment - (distance if distance is not None else _zone(after, moment))).isoformat())
    return None


def _clocks(text: str) -> Iterator[_Clock]:
    """Yield the possible readings of ``text``, the likeliest first. The last is that it has no time of day."""
    for pattern in _CLOCKS:
        if clock := pattern.search(text):
            hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
            groups = clock.groupdict()
            half = (groups.get("half") or groups.get("half_before") or "").lower()
            if half and hour <= 12:
                hour = hour % 12 + (12 if half.startswith(_AFTERNOON) or half == "中午" else 0)
            # 24:00 is the next day. A leap second becomes second 59.
            time = timedelta(hours=min(hour, 24), minutes=min(minute, 59), seconds=min(second, 59))
            yield _Clock(time, text[: clock.start()], text[clock.end() :], half.startswith(("a", "p")))
    yield _Clock(timedelta(), text, "")


def _day(words: str, month_first: bool | None) -> datetime | None:
    if date := _IDEOGRAPHS.search(words):
        year = 1 if date[2] == "元" else int(date[2])
        return datetime(_year(year + _ERAS.get(date[1], 0), len(date[2])), int(date[3]), int(date[4] or 1))
    if date := _NUMBERS_FIRST.search(words):
        return datetime(_year(int(date[1])), int(date[2]), int(date[3] or 1))
    if date := _NUMBERS_LAST.search(words) or _SHORT_NUMBERS.search(words):
        return _numeric_day(date, words, month_first)
    return _named_day(words)


def _numeric_day(date: re.Match[str], words: str, month_first: bool | None) -> datetime | None:
    """Read a date that ends with its year. Its first number is the day or the month."""
    first, second, year = int(date[1]), int(date[3]), _year(int(date[4]), len(date[4]))
    if first > 12 or second > 12 or first == second:
        return datetime(year, second, first) if second <= 12 else datetime(year, first, second)
    weekdays = _weekdays(words)
    readings = [datetime(year, second, first), datetime(year, first, second)]
    fitting = [day for day in readings if day.weekday() in weekdays]
    if len(fitting) == 1:
        return fitting[0]
    if date[2].startswith("."):
        return readings[0]
    return None if month_first is None else readings[month_first]


def _named_day(words: str) -> datetime | None:
    """Read a date with the name of its month: day first if possible, then month first, then without a day."""
    if not words.isascii():
        from tui_reader.sources.calendar_names import fold

        words = fold(words)
    else:
        words = words.lower()
    if date := _NUMBERED_MONTH.search(words):
        return datetime(int(date[3]), int(date[2]), int(date[1]))
    tokens = [token for token in _TOKEN.findall(words) if token not in _FILLERS]
    months = {at: found for at, token in enumerate(tokens) if not token.isdigit() and (found := _months(token, tokens))}
    for step in (-1, 1):
        for at, found in months.items():
            day = tokens[at + step] if 0 <= at + step < len(tokens) else ""
            if day.isdigit() and len(day) <= 2 and (year := _year_in(tokens, at, day_at=at + step)) is not None:
                return _fitting_day(year, found, int(day), words)
    for at, found in months.items():
        if (year := _year_in(tokens, at)) is not None:
            return datetime(year, found[0], 1)
    return None


def _year_in(tokens: list[str], month: int, day_at: int | None = None) -> int | None:
    """Return the year: a number of four digits wherever it is, else one of two digits after month and day."""
    long = [int(token) for token in tokens if token.isdigit() and len(token) == 4]
    if usual := [year for year in long if 1900 <= year < 2100]:
        return usual[0]
    if long:
        return _year(long[0])
    if day_at is None:
        return None  # a number of two digits beside a month is a day
    short = tokens[max(month, day_at) + 1 :]
    return next((_year(int(token), 2) for token in short if token.isdigit() and len(token) == 2), None)


def _year(number: int, digits: int = 4) -> int:
    if digits <= 2:
        # RFC 2822, section 4.3: two digits mean 2000 to 2049 and 1950 to 1999.
        return number + (0 if number > 99 else 2000 if number < 50 else 1900)
    return number - 543 if number in _THAI_YEARS else number


def _fitting_day(year: int, months: tuple[int, ...], day: int, words: str) -> datetime:
    """Return the day in the first of ``months``, or in the one in which the weekday fits."""
    if len(months) > 1 and (weekdays := _weekdays(words)):
        for month in months:
            try:
                if (found := datetime(year, month, day)).weekday() in weekdays:
                    return found
            except ValueError:
                continue  # this month has no such day
    return datetime(year, months[0], day)


def _months(word: str, beside: list[str]) -> tuple[int, ...]:
    """Return the months that a word may name, the likeliest first."""
    if word != "mar" and (month := _MONTHS.get(word)):
        return (month,)
    if word in _WEEKDAYS:
        return ()
    from tui_reader.sources.calendar_names import months_named

    return months_named(word, beside)


def _weekdays(words: str) -> set[int]:
    """Return the weekdays that the words may name."""
    from tui_reader.sources.calendar_names import fold, weekdays_named

    found: set[int] = set()
    for word in _TOKEN.findall(fold(words)):
        if not word.isdigit():
            found.update((_WEEKDAYS[word],) if word in _WEEKDAYS else weekdays_named(word))
    return found


def _distance(offset: re.Match[str]) -> timedelta | None:
    """Return an offset from UTC, or ``None`` where it is none in use."""
    distance = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    if distance > _MAX_OFFSET:
        return None
    return distance if offset["sign"] == "+" else -distance


def _zone(text: str, moment: datetime) -> timedelta:
    """Return the offset from UTC of the time zone that is named in ``text``."""
    if region := _REGION.search(text):
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            return ZoneInfo(region[0]).utcoffset(moment) or timedelta()
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return timedelta()
    for word in re.findall(r"[A-Za-z]{2,5}", text):
        if word.lower() in _ZONES:
            return timedelta(hours=_ZONES[word.lower()])
    return timedelta()
