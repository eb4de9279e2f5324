"""Feeds of every format, valid and invalid, parsed into articles."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.feed_parsers import MALFORMED
from tests.support.growth import assert_linear
from tui_reader.errors import SourceError
from tui_reader.model.article import Article
from tui_reader.model.dates import DAY, iso_date, parse_date
from tui_reader.model.links import Enclosure, Provider
from tui_reader.sources.feeds.parser import Feed, parse_feed
from tui_reader.sources.feeds.raw_feed import MAX_ENTRIES
from tui_reader.sources.written_dates import parse_feed_date

FOLDER = Path(__file__).parent / "samples"
NOW = parse_date("2024-11-05T12:00:00Z")
UNSAFE = frozenset(map(chr, [*range(32), *range(127, 160), 0x202E, 0x2066, 0xD800]))
SAMPLES = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}


def read(data: bytes | str, content_type: str = "", address: str = "https://feeds.example/a/feed.xml") -> Feed:
    return parse_feed(data.encode() if isinstance(data, str) else data, content_type, address, now=NOW)


def articles(name: str) -> list[Article]:
    return [entry.article for entry in read(SAMPLES[name]).entries]


def item(inside: str) -> Article:
    return read(f"<rss><channel><title>F</title><item>{inside}</item></channel></rss>").entries[0].article


def test_rss_2_with_extensions() -> None:
    feed = read(SAMPLES["rss2.xml"])
    assert (feed.title, feed.page) == ("The Daily Cloud", "https://cloud.example/")
    assert (feed.ttl_minutes, feed.notes) == (45, ())
    rain, snow = feed.entries
    assert rain.name == "https://cloud.example/?p=12"
    assert rain.article.title == "Rain & hail over the valley"
    assert rain.article.links.best() == "https://cloud.example/2024/11/rain?a=1&b=2"
    assert iso_date(rain.article.published) == "2024-11-01T14:00:00Z"
    assert rain.article.excerpt == "It came down in buckets."
    assert rain.article.body == "It came down in **buckets**.\n\nSee [the map](https://cloud.example/map)."
    assert rain.article.topics == ("Rain", "Weather")
    assert rain.article.images == ("https://cloud.example/img/rain.jpg",)
    assert rain.article.provider == Provider("The Daily Cloud", "cloud.example")
    assert (rain.article.heat, rain.article.quality, rain.article.kind) == (None, None, "article")
    assert snow.name == ""
    assert snow.article.published is None
    assert snow.article.notes == ("date cannot be read: Fri, 32 Nov 2024 09:00:00 GMT",)
    assert (snow.article.excerpt, snow.article.body, snow.article.topics) == ("Short and plain.", "", ())


def test_rss_1() -> None:
    feed = read(SAMPLES["rss1.rdf"])
    assert (feed.title, feed.ttl_minutes) == ("Rain Review", 30)
    (puddles,) = articles("rss1.rdf")
    assert (puddles.title, puddles.provider.name, puddles.topics) == ("Puddles", "Rain Press", ("Puddles",))
    assert iso_date(puddles.published) == "2024-11-01T08:00:00Z"


def test_rss_091_ignores_the_document_type() -> None:
    assert [found.title for found in articles("rss091.xml")] == ["Café in the rain"]


def test_atom_with_base_addresses_sources_and_plain_text() -> None:
    feed = read(SAMPLES["atom1.xml"])
    assert (feed.title, feed.page) == ("Planet <Sky>", "https://planet.example/sky/")
    wind, less = articles("atom1.xml")
    assert wind.title == "Wind & weather"
    assert wind.links.best() == "https://planet.example/sky/posts/wind.html"
    assert wind.body == "## Gusts\n\nSee [the *table*](https://planet.example/sky/posts/table.html)."
    assert wind.provider == Provider("Wind Watch", "wind.example")
    assert iso_date(wind.published) == "2024-11-01T08:00:00Z"
    assert wind.topics == ("Wind",)
    assert (less.title, less.excerpt) == ("1 < 2 &amp; 3", "Less < more")


def test_atom_03() -> None:
    (mist,) = articles("atom03.xml")
    assert (mist.title, mist.body, iso_date(mist.published)) == ("Thick", "One\n\nTwo", "2004-01-01T10:00:00Z")


def test_podcasts() -> None:
    first, second = articles("podcast.xml")
    assert (first.kind, first.links.best(), first.video) == ("audio", "https://talk.example/1", None)
    assert first.enclosures == (Enclosure("audio", "https://media.example/1.mp3?x=1"),)
    assert (first.excerpt, first.images) == ("About fog.", ("https://talk.example/1.jpg",))
    assert (second.links.best(), second.video, second.enclosures) == ("https://media.example/0.mp3", None, ())


def test_videos() -> None:
    (film,) = articles("youtube.xml")
    assert (film.kind, film.links.best()) == ("video", "https://www.youtube.com/watch?v=abc")
    assert (film.excerpt, film.images) == ("A storm. Filmed by hand.", ("https://i.ytimg.example/abc.jpg",))


def test_json_feed() -> None:
    feed = read(SAMPLES["feed.json"])
    assert (feed.title, feed.page) == ("Frost & Sons", "https://frost.example/")
    frost, ice = feed.entries
    assert (frost.name, frost.article.title) == ("7", "First frost of the year.")
    assert frost.article.body == "First frost of the year.\n\nIt was \\<cold\\>."
    assert iso_date(frost.article.published) == "2024-11-01T12:00:00Z"
    assert (ice.article.kind, ice.article.video) == ("video", "https://frost.example/ice.mp4")
    assert ice.article.body == "On [the lake](https://frost.example/lake)"
    assert feed.notes == ("entries left out because they have no title, text or address: 1",)


def test_a_broken_feed_is_read_as_far_as_possible() -> None:
    feed = read(SAMPLES["broken.xml"])
    assert feed.title == "Broken & sound"
    assert feed.page == "https://broken.example/?a=1&b=2"
    assert [entry.article.title for entry in feed.entries] == ["One & a half …", "Two", "Three &unknown;"]
    assert feed.entries[0].article.links.best() == "https://broken.example/1?a=1&b=2"
    assert feed.entries[0].article.images == ("https://broken.example/1.jpg",)
    assert feed.entries[2].article.excerpt == "Tom & Jerry & Spike"
    assert feed.entries[2].article.body == ""
    assert len(feed.notes) == 1 and feed.notes[0].startswith("not well-formed XML")


@pytest.mark.parametrize("name", MALFORMED)
def test_the_valid_part_of_an_ill_formed_feed_is_read(name: str) -> None:
    titles = [entry.article.title for entry in read(MALFORMED[name]).entries]
    assert {"a", "c"} <= set(titles)
    assert len(titles) >= 3 and all(len(title) < 20 for title in titles)


def test_a_search_result_names_its_publisher() -> None:
    (rain,) = articles("aggregator.xml")
    assert (rain.title, rain.provider) == ("Rain stops play", Provider("Rain Review", "rain.example"))


@pytest.mark.parametrize(
    ("encoded", "content_type"),
    [
        (f"<?xml version='1.0' encoding='{name}'?><rss><channel><title>Été</title></channel></rss>".encode(codec), said)
        for name, codec, said in [
            ("utf-8", "utf-8-sig", ""),
            ("utf-8", "utf-8", "text/xml; charset=ISO-8859-1"),
            ("utf-16", "utf-16", ""),
            ("utf-16", "utf-16-le", "text/xml"),
            ("iso-8859-1", "latin-1", ""),
            ("utf-8", "cp1252", ""),
            ("utf-8", "cp1252", "application/rss+xml; charset=windows-1252"),
            ("punycode", "cp1252", "text/xml; charset=unicode_escape"),
        ]
    ],
)  # fmt: skip
def test_an_encoding_is_detected(encoded: bytes, content_type: str) -> None:
    assert read(encoded, content_type).title == "Été"


def test_declared_encodings_of_other_scripts_are_used() -> None:
    names = {"windows-1251": "Привет", "koi8-r": "Привет", "shift_jis": "雨のニュース", "iso-2022-jp": "雨"}
    for name, text in names.items():
        data = f'<?xml version="1.0" encoding="{name}"?><rss><channel><title>{text}</title></channel></rss>'
        assert read(data.encode(name)).title == text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("<!doctype html><html><body><a href='x'>x</a></body></html>", "web page"),
        ("<html><head></head><body><pre><rss></pre></body></html>", "web page"),
        ('{"a": 1}', "JSON"),
        ("[1, 2]", "JSON"),
        ("{", "JSON"),
        ("[" * 5_000, "JSON"),
        ("<opml/>", "neither RSS"),
        ("plain words", "neither RSS"),
        ("<rss/>", "nothing in it"),
        ("<rss", "neither RSS"),
    ],
)
def test_an_error_explains_why_it_is_not_a_feed(data: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read(data)


def test_an_empty_feed_is_a_feed() -> None:
    assert read("<rss><channel><title>Quiet</title></channel></rss>").entries == ()


def test_a_date_in_the_future_is_corrected() -> None:
    assert item("<title>t</title><pubDate>2099-01-01</pubDate>").published == NOW
    tomorrow = iso_date(NOW + DAY)
    assert item(f"<title>t</title><pubDate>{tomorrow}</pubDate>").published == NOW + DAY


def test_an_entry_without_title_gets_its_first_words() -> None:
    found = item("<description>&lt;p&gt;It rains here again. And &lt;b&gt;again&lt;/b&gt;.&lt;/p&gt;</description>")
    assert (found.title, found.excerpt) == ("It rains here again.", "It rains here again. And again.")
    assert "no title" not in found.notes
    found = item(f"<description>{'word ' * 100}</description>")
    assert found.title.endswith("word…") and len(found.title) <= 101


def test_links_and_permalinks() -> None:
    assert item("<title>t</title><guid>https://a.example/1</guid>").links.best() == "https://a.example/1"
    assert item("<title>t</title><guid>12</guid>").links.best() is None
    assert item("<title>t</title><link>http://a.example/a b|c</link>").links.best() == "http://a.example/a%20b%7Cc"
    bad = item("<title>t</title><link>javascript:alert(1)</link>")
    assert bad.links.best() is None
    assert bad.notes == ("link is not an http or https address: javascript:alert(1)",)


def providers(hosts: Sequence[str]) -> list[str]:
    links = "".join(f"<item><title>t</title><link>https://{host}/{at}</link></item>" for at, host in enumerate(hosts))
    feed = read(f"<rss><channel><title>Planet</title><link>https://planet.example/</link>{links}</channel></rss>")
    return [entry.article.provider.name for entry in feed.entries]


def test_an_aggregator_has_the_hosts_as_providers() -> None:
    many = [f"h{at}.example" for at in range(6)]
    assert providers([f"www.{host}" for host in many]) == many
    assert providers([*many, "planet.example"]) == [*many, "Planet"]
    assert providers(["[", "::1", *many])[-6:] == many
    assert providers(["counting.example"] * 6) == ["Planet"] * 6
    assert providers([*many, *["planet.example"] * 6]) == ["Planet"] * 12


def test_the_number_of_entries_is_limited() -> None:
    many = "".join(f"<item><title>t{n}</title></item>" for n in range(MAX_ENTRIES + 3))
    feed = read(f"<rss><channel><title>F</title>{many}</channel></rss>")
    assert len(feed.entries) == MAX_ENTRIES
    assert feed.notes == (f"only the first {MAX_ENTRIES:,} entries were read, 3 were left out",)


def test_text_is_cleaned() -> None:
    found = item("<title>a\u202eb&#x9b;c</title><guid>g\u202e\n1</guid><description>x\u2066y</description>")
    assert (found.title, found.excerpt) == ("a⟨RLO⟩b⟨9B⟩c", "x⟨LRI⟩y")
    assert item("<title>List&lt;String&gt; &amp;lt;b&amp;gt;</title>").title == "List<String> <b>"


@pytest.mark.parametrize(
    ("start_of_it", "piece", "times"),
    [
        ("<rss>", "<![CDATA[", 100_000),
        ("<rss><channel>", "<item><title>", 100_000),
        ("<rss>", "&", 300_000),
        ("<rss>", "&a;", 100_000),
        ("<feed>", "<a>", 100_000),
        ("<rss", " a='b'", 100_000),
        ("<rss><channel><item><description>", "&lt;b>", 100_000),
    ],
)
def test_parsing_time_grows_linearly(start_of_it: str, piece: str, times: int) -> None:
    def read_any(text: str) -> None:
        with contextlib.suppress(SourceError):
            read(text)

    assert_linear(read_any, piece, times, start_of_it)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Thu, 05 Sep 2024 10:00:00 GMT", "2024-09-05T10:00:00Z"),
        ("Mon, 5 Sept 2024 10:00 PDT", "2024-09-05T17:00:00Z"),
        ("05 Sep 24 10:00:00 +0200", "2024-09-05T08:00:00Z"),
        ("Thu, 05 Sep 2024 10:00:00 GMT+0200", "2024-09-05T08:00:00Z"),
        ("Thu, 05 Sep 2024 10:00:00 +9999", "2024-09-05T10:00:00Z"),
        ("Thu, 05 Sep 2024 10:00:00 XYZ", "2024-09-05T10:00:00Z"),
        ("Thu, 05 Sep 2024", "2024-09-05T00:00:00Z"),
        ("05-Sep-2024", "2024-09-05T00:00:00Z"),
        ("Thu Sep  5 10:00:00 EDT 2024", "2024-09-05T14:00:00Z"),
        ("September 5th, 2024 3:05 p.m.", "2024-09-05T15:05:00Z"),
        ("5. März 2024 14:00", "2024-03-05T14:00:00Z"),
        ("12 de octubre de 2023", "2023-10-12T00:00:00Z"),
        ("juil. 4, 2024", "2024-07-04T00:00:00Z"),
        ("2024-09-05T10:00:00.123456789Z", "2024-09-05T10:00:00Z"),
        ("2024-09-05T10:00:00+0530", "2024-09-05T04:30:00Z"),
        ("2024-09-05 10:00", "2024-09-05T10:00:00Z"),
        ("2024-9-5T1:02:03Z", "2024-09-05T01:02:03Z"),
        ("2024/09/05 10:00:00 -0500", "2024-09-05T15:00:00Z"),
        ("2024-09", "2024-09-01T00:00:00Z"),
        ("2024-09-05T24:00:00Z", "2024-09-06T00:00:00Z"),
        ("1725530400", "2024-09-05T10:00:00Z"),
        ("1725530400000", "2024-09-05T10:00:00Z"),
        ("23/04/2024", "2024-04-23T00:00:00Z"),
        ("03.04.2024", "2024-04-03T00:00:00Z"),
        ("03/04/2024", None),
        ("Fri, 30 Feb 2024 10:00:00 GMT", None),
        ("0001-01-01T00:00:00Z", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("yesterday", None),
        ("2024", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_parsed(text: str | None, seconds: str | None) -> None:
    assert iso_date(parse_feed_date(text)) == seconds


@given(st.text(alphabet="0123456789:-+/., TZapmJSeuno", max_size=40) | st.text(max_size=40))
def test_random_dates_raise_nothing(text: str) -> None:
    found = parse_feed_date(text)
    assert found is None or iso_date(found)


@given(st.binary(max_size=300))
def test_random_bytes_raise_only_source_errors(data: bytes) -> None:
    for start in (b"", b"<rss><item>", b"{", b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>"):
        try:
            read(start + data)
        except SourceError:
            continue


@settings(max_examples=300)
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), st.binary(max_size=12)), min_size=1, max_size=8),
)
def test_mutated_feeds_raise_only_source_errors(name: str, cuts: list[tuple[float, int, bytes]]) -> None:
    data = SAMPLES[name]
    for place, length, put in cuts:
        at = int(place * len(data))
        data = data[:at] + put + data[at + length :]
    try:
        feed = read(data)
    except SourceError:
        return
    for entry in feed.entries:
        found = entry.article
        for text in (entry.name, found.title, found.excerpt, found.provider.name, *found.topics, *feed.notes):
            assert not UNSAFE.intersection(text)
        assert not UNSAFE.intersection(found.body) - {"\n"}
