"""Dates are parsed in many forms, and every parsed date can be formatted."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_reader.model.dates import DAY, iso_date, long_date, month_date, parse_date, short_date

NOON = int(datetime(2020, 9, 11, 12, tzinfo=UTC).timestamp())
zones = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
likely = st.one_of(
    st.datetimes(timezones=zones | st.none()).map(str),
    st.datetimes().map(lambda moment: f"{moment:%Y-%m-%d %H:%M:%S} +0530"),
    st.from_regex(r"[0-9]{1,5}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9:.]{0,12}([+-][0-9:]{2,8}|Z)?)?", fullmatch=True),
    st.text(),
)


@example("0001-01-01T00:00:00+14:00")
@example("9999-12-31T23:59:59-14:00")
@example("0005-01-01")
@example("\ud800")
@given(likely)
def test_parsed_dates_can_be_formatted_and_parsed_again(text: str) -> None:
    try:
        seconds = parse_date(text)
    except ValueError:
        return
    assert parse_date(iso_date(seconds) or "") == seconds
    assert str(datetime.fromtimestamp(seconds, UTC).year) in long_date(seconds)
    assert short_date(seconds, NOON)


@pytest.mark.parametrize(
    "text",
    [
        "2020-09-11T12:00:00Z",
        "2020-09-11 12:00",
        "2020-09-11T14:00:00+02:00",
        "2020-09-11 14:00:00 +0200",
        " 2020-09-11T12:00:00.999Z ",
        "2020-09-11 07:00 -05:00",
    ],
)
def test_forms_of_one_date(text: str) -> None:
    assert parse_date(text) == NOON


@pytest.mark.parametrize("text", ["", "yesterday", "2020-13-01", "2020-09-11T25:00", "12:30", "11 Sep 2020"])
def test_invalid_dates(text: str) -> None:
    with pytest.raises(ValueError):
        parse_date(text)


def test_formatted_dates() -> None:
    assert iso_date(NOON) == "2020-09-11T12:00:00Z"
    assert iso_date(2**62) is None
    assert long_date(NOON) == "11 Sep 2020, 12:00"
    assert long_date(NOON - 12 * 3600) == "11 Sep 2020"
    assert (iso_date(None), long_date(None), short_date(None, NOON), month_date(None, NOON)) == (
        None,
        "no date",
        "–",
        "–",
    )
    assert month_date(NOON, NOON) == "1 min"
    assert month_date(NOON - 366 * DAY, NOON) == "Sep 2019"


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (0, "1 min"),
        (59 * 60, "59 min"),
        (3600, "1 h"),
        (DAY - 1, "23 h"),
        (DAY, "1 d"),
        (7 * DAY - 1, "6 d"),
        (7 * DAY, "4 Sep"),
        (366 * DAY, "11 Sep 2019"),
        (-60, "1 min"),
        (-7200, "11 Sep"),
    ],
)
def test_ages(age: int, text: str) -> None:
    assert short_date(NOON - age, NOON) == text
