"""Dates as feeds write them."""

from __future__ import annotations

import pytest

from tests.support.growth import assert_linear
from tui_reader.model.dates import iso_date
from tui_reader.sources.calendar_names import months_named, weekdays_named
from tui_reader.sources.feeds.parser import parse_feed
from tui_reader.sources.written_dates import parse_feed_date


def read(text: str) -> str | None:
    return iso_date(parse_feed_date(text))


@pytest.mark.parametrize(
    "text",
    [
        "Sun Mar  8 09:30:00 2015",
        "Sun Mar 8 2015 09:30:00 +0000",
        "Sun Mar 08 09:30:00 UTC 2015",
        "Sun Mar 8 10:30:00 +0100 2015",
        "Sun Mar 08 2015 04:30:00 GMT-0500 (Eastern Standard Time)",
        "Sunday, March 8, 2015, 9:30 AM",
        "Sunday, March 8, 2015 - 9:30am",
        "March 8th 2015 9:30 a.m. (UTC)",
        "8 March 2015 at 09:30",
        "09:30, 8 March 2015",
        "8-Mar-2015 09:30",
        "2015-Mar-08 09:30:00.5",
        "Sun, 2015/03/08 09:30:00 GMT",
        "8.3.2015 9:30",
        "8. 3. 2015, 09.30",
        "Sun, 03/08/2015 09:30",
        "Sun, 08/03/2015 09:30",
        "3/8/2015 9:30:00 AM",
        "2015-03-08T09:30:00:+0000",
        "2015-03-08T04:30:00-05:00Z",
        "2015-03-08 09:30:00 Etc/UTC",
        "Sun, 08 Mar 2015 09:30 UT",
        "Sun, 08 Mar 2015 04:30:00 EST",
        "Sun, 08 Mar 2015 15:00:00 +5:30",
        "Sun, 08 Mar 2015 08:30:00 \u22120100",
        "20150308093000",
        "1425807000",
        "1425807000.25",
        "1425807000000",
        "/Date(1425807000000)/",
        "民國104年3月8日 9:30",
        "1425807000000000",
        "2015年3月8日 9:30",
        "2015年03月08日（日）9時30分",
        "平成27年3月8日 午前9:30",
        "2015년 3월 8일 오전 9:30",
        "2015. 3. 8. 오전 9:30",
        "８ Ｍａｒｃｈ ２０１５ ０９：３０",
    ],
)
def test_one_moment_in_many_forms(text: str) -> None:
    assert read(text) == "2015-03-08T09:30:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "do, 22 okt 2009", "jeudi 22 octobre 2009", "jueves, 22 de octubre de 2009", "gio, 22 ott 2009",
        "quinta-feira, 22 out 2009", "to 22. lokakuuta 2009", "To, 22 Lok 2009", "czw., 22 paź 2009",
        "22 października 2009", "čt 22. října 2009", "22 Říj 2009", "чт, 22 октября 2009 г.", "Чт, 22 Окт 2009",
        "четвер, 22 жовтня 2009", "Per, 22 Eki 2009", "22 Ekim 2009 Perşembe", "tors, 22 okt. 2009",
        "tor. 22. oktober 2009", "Πέμ, 22 Οκτ 2009", "2009. október 22., csütörtök", "joi, 22 octombrie 2009",
        "čet, 22. lis 2009", "2009 m. spalio 22 d.", "2009. gada 22. oktobris", "22. oktoober 2009",
        "22 d’octubre de 2009",
        "Kamis, 22 Oktober 2009", "Thứ Năm, 22 tháng 10, 2009", "22 Th10 2009", "الخميس 22 أكتوبر 2009",
        "יום חמישי, 22 באוקטובר 2009", "गुरुवार, 22 अक्टूबर 2009", "22 ตุลาคม 2552", "22 ต.ค. 2552",
        "22 de Outubro de 2009", "22 hydref 2009", "22 кастрычніка 2009",
    ],
)  # fmt: skip
def test_months_in_many_languages(text: str) -> None:
    assert read(text) == "2009-10-22T00:00:00Z"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Ke, 16 Mar 2022", "2022-11-16"),  # Finnish
        ("Wed, 16 Mar 2022", "2022-03-16"),
        ("mié., 16 mar. 2022", "2022-03-16"),
        ("sob, 4 lip 2020", "2020-07-04"),  # Saturday in Polish, and in Slovene
        ("čet, 4 lip 2020", "2020-06-04"),  # Thursday in Croatian
        ("pt., 14 sie 2020", "2020-08-14"),
        ("mer. 8 jui 2020", "2020-07-08"),
        ("mer. 10 jui 2020", "2020-06-10"),
        ("mar, 3 nov 2020", "2020-11-03"),  # a weekday, not March
        ("martes, noviembre 3, 2020", "2020-11-03"),
    ],
)
def test_a_weekday_tells_what_a_short_name_means(text: str, day: str) -> None:
    assert read(text) == f"{day}T00:00:00Z"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Tue Nov 14 10:00:00 2023", "2023-11-14"),
        ("Nov 14 2023", "2023-11-14"),
        ("14 Nov 23 2021", "2021-11-14"),
        ("Nov 14, 23", "2023-11-14"),
        ("14-Nov-94", "1994-11-14"),
        ("14.11.23", "2023-11-14"),
        ("25/11/23", "2023-11-25"),
        ("14 Nov 1887", "1887-11-14"),
        ("Nov. 2023", "2023-11-01"),
        ("November 2023", "2023-11-01"),
    ],
)
def test_the_year_that_is_written_is_the_year(text: str, day: str) -> None:
    assert (read(text) or "")[:10] == day


@pytest.mark.parametrize(
    ("clock", "time"),
    [
        ("9 PM", "21:00"), ("9.15 p.m.", "21:15"), ("12:30 AM", "00:30"), ("12:30 PM", "12:30"), ("21h15", "21:15"),
        ("21 h 15", "21:15"), ("21.15 Uhr", "21:15"), ("21 Uhr", "21:00"), ("klo 21.15", "21:15"),
        ("kl. 21:15", "21:15"),
        ("下午9:15", "21:15"), ("午後9時15分", "21:15"), ("오후 9:15", "21:15"), ("9:15 μ.μ.", "21:15"),
        ("9:15 م", "21:15"),
    ],
)  # fmt: skip
def test_the_time_of_day(clock: str, time: str) -> None:
    assert read(f"8 March 2015 {clock}") == f"2015-03-08T{time}:00Z"


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("Europe/Berlin", 11), ("America/New_York", 17), ("GMT+1", 11), ("UTC-7", 19), ("GMT-07:00", 19), ("+02", 10),
        ("MSK", 9), ("AEDT", 1), ("No/Where", 12), ("XYZ", 12), ("+99:00", 12), ("Z", 12),
    ],
)  # fmt: skip
def test_the_time_zone(zone: str, hour: int) -> None:
    assert read(f"Mon, 8 February 2016 12:00 {zone}") == f"2016-02-08T{hour:02}:00:00Z"


@pytest.mark.parametrize(
    "text",
    ["03/04/2024", "3/4/24", "Nov 14", "14 Nov", "14 Nun 2023", "May", "10:00", "3 2024", "31 June 2024", "2024"],
)
def test_what_is_no_date_or_ambiguous_is_not_guessed(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(("other", "day"), [("23/03/2024", "2024-04-03"), ("03/23/2024", "2024-03-04"), ("", None)])
def test_another_date_of_the_feed_tells_which_number_is_the_month(other: str, day: str | None) -> None:
    dates = ("03/04/2024 10:00", other)
    items = "".join(f"<item><title>{text}</title><pubDate>{text}</pubDate></item>" for text in dates)
    data = f"<rss><channel><title>F</title>{items}</channel></rss>".encode()
    (found, *_) = parse_feed(data, "", "https://a.example/", now=2_000_000_000).entries
    assert iso_date(found.article.published) == (day and f"{day}T10:00:00Z")


def test_names_are_found_in_full_inflected_and_cut_short() -> None:
    assert [months_named(word)[:1] for word in ("lokakuuta", "lok", "lokakuussa", "xyz", "")] == [
        (10,),
        (10,),
        (10,),
        (),
        (),
    ]
    assert weekdays_named("samedi") == {5}


@pytest.mark.parametrize("piece", ["1 ", "a ", "Mar ", "1:", "+1", "1月", "(", "Europe/"])
def test_a_long_text_is_refused_at_once(piece: str) -> None:
    assert parse_feed_date(piece * 1000) is None
    assert_linear(lambda text: [parse_feed_date(text[at : at + 100]) for at in range(0, len(text), 100)], piece, 2_000)
