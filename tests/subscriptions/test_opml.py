"""Reading and writing OPML."""

from __future__ import annotations

import contextlib
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.growth import assert_linear
from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.model.topic import Topic
from tui_reader.model.weights import Weight
from tui_reader.subscriptions.opml_format import NAMESPACE
from tui_reader.subscriptions.opml_reader import MAX_BYTES, MAX_OUTLINES, Opml, read_opml
from tui_reader.subscriptions.opml_writer import write_opml
from tui_reader.subscriptions.subscription import Subscription


def read(body: str, root: str = '<opml version="2.0">') -> Opml:
    return read_opml(f"{root}<head><title>Mine</title></head><body>{body}</body></opml>".encode(), "list.opml")


def refusal(data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        read_opml(data, "list.opml")
    message = str(caught.value)
    assert message.startswith("list.opml ")
    assert "\n" not in message
    return message


# -- reading ---------------------------------------------------------------------


def test_outer_outlines_are_folders() -> None:
    found = read(
        '<outline text="News"><outline text="Far"><outline text="A" xmlUrl="https://a.example/f"/></outline>'
        '<outline text="B" xmlUrl="https://b.example/f"/></outline><outline text="C" xmlUrl="https://c.example/f"/>'
    )
    assert found.title == "Mine"
    assert [(feed.title, feed.folder) for feed in found.subscriptions] == [
        ("A", ("News", "Far")),
        ("B", ("News",)),
        ("C", ()),
    ]
    assert found.skipped == ()


def test_an_unnamed_folder_is_ignored_and_a_feed_can_be_a_folder() -> None:
    found = read(
        '<outline><outline text="A" xmlUrl="https://a.example/f"><outline title="B" xmlUrl="https://b.example/f"/>'
        "</outline></outline>"
    )
    assert [(feed.title, feed.folder) for feed in found.subscriptions] == [("A", ()), ("B", ("A",))]


@pytest.mark.parametrize("name", ["xmlUrl", "xmlurl", "XMLURL"])
def test_attributes_and_elements_are_read_in_any_case(name: str) -> None:
    data = f'<OPML version="1.0"><Body><Outline TEXT="A" {name}="http://a.example/f"/></Body></OPML>'.encode()
    assert read_opml(data, "").subscriptions == (Subscription("http://a.example/f", "A"),)


def test_unknown_attributes_are_preserved_with_their_namespaces() -> None:
    (feed,) = read(
        '<outline text="A" type="atom" xmlUrl="https://a.example/f" htmlUrl="https://a.example/" x:y="1" z:y="2"/>',
        '<opml version="2.0" xmlns:x="https://x.example/ns">',
    ).subscriptions
    assert feed.attributes == (
        ("type", "atom"),
        ("htmlUrl", "https://a.example/"),
        ("{https://x.example/ns}y", "1"),
        ("{z}y", "2"),  # z is not declared
    )
    assert read_opml(write_opml([feed], title="").encode(), "").subscriptions == (feed,)


def test_a_repeated_feed_is_imported_once() -> None:
    found = read('<outline text="A" xmlUrl="https://a.example/f"/><outline text="B" xmlUrl="http://www.a.example/f/"/>')
    assert [feed.title for feed in found.subscriptions] == ["A"]
    assert found.repeated == 1


def test_credentials_are_split_from_the_address() -> None:
    (feed,) = read('<outline text="A" xmlUrl="https://me:p%40ss@a.example/f"/>').subscriptions
    assert (feed.location, feed.auth) == ("https://a.example/f", ("me", "p@ss"))
    assert "p@ss" not in repr(feed)


def test_topics_in_the_head_and_on_outlines_are_read() -> None:
    found = read_opml(
        f"""<opml version="2.0" xmlns:n="{NAMESPACE}"><head><title>T</title><n:description>About</n:description>
        <n:topic name="Rain" parent="Weather" description="Wet." keywords="rain, shower ,,rain"/></head><body>
        <outline text="A" xmlUrl="https://a.example/f" n:topics="Rain, Snow" n:paused="true" n:every="3600"
            n:weight="more" n:apart="true"/>
        <outline text="B" xmlUrl="https://b.example/f" n:paused="perhaps" n:every="1" n:weight="much" n:apart="1"/>
        </body></opml>""".encode(),
        "",
    )
    assert found.description == "About"
    assert found.topics == (Topic("Rain", "Weather", description="Wet.", keywords=("rain", "shower")),)
    assert found.subscriptions == (
        Subscription(
            "https://a.example/f",
            "A",
            paused=True,
            topics=("Rain", "Snow"),
            every=3600,
            weight=Weight.MORE,
            apart=True,
        ),
        Subscription("https://b.example/f", "B"),
    )


# -- tolerated errors ------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8", "iso-8859-1"),
        ("iso-8859-1", "utf-8"),
        ("windows-1252", "windows-1252"),
        ("utf-16", "utf-16"),
        ("utf-16", "utf-16-le"),
        ("no-such-charset", "cp1252"),
        ("unicode_escape", "cp1252"),
    ],
)
def test_a_wrong_encoding_is_detected(declared: str, written: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{declared}"?>'
        '<opml version="1.0"><body><outline text="Café" xmlUrl="https://a.example/f"/></body></opml>'
    )
    assert read_opml(text.encode(written), "").subscriptions[0].title == "Café"


def test_a_correctly_declared_charset_is_used() -> None:
    text = '<?xml version="1.0" encoding="koi8-r"?><opml><outline text="Снег" xmlUrl="https://a.example/f"/></opml>'
    assert read_opml(text.encode("koi8-r"), "").subscriptions[0].title == "Снег"


def test_ampersands_html_entities_control_characters_and_leading_space_are_accepted() -> None:
    (feed,) = read_opml(
        b'\n\n <opml><outline text="R&D &eacute;&#233;&bogus; \x01 &amp;lt; &quot;x&#34; &#0;"'
        b' xmlUrl="https://a.example/f?a=1&b=2&amp;c=3"/></opml>',
        "",
    ).subscriptions
    assert feed.location == "https://a.example/f?a=1&b=2&c=3"
    assert feed.title == 'R&D éé&bogus; &lt; "x" \ufffd'


def test_titles_are_cleaned() -> None:
    (feed,) = read('<outline text="A\u202e \x9b31m \n B" xmlUrl="https://a.example/f"/>').subscriptions
    assert feed.title == "A⟨RLO⟩ ⟨9B⟩31m B"


DAMAGED = {
    "markup in a value": 'description="See <a href="https://b.example/">there</a> & more" xmlUrl="https://b.example/f"/>',
    "quotes in a value": 'title="The "good" one" xmlUrl="https://b.example/f"/>',
    "no quotes": "xmlUrl=https://b.example/f />",
    "twice the same": 'xmlUrl="https://b.example/f" title="x" title="y"/>',
    "no space": 'title="x"xmlUrl="https://b.example/f"/>',
    "no end": 'xmlUrl="https://b.example/f">',
    "an end for each": 'xmlUrl="https://b.example/f" a="<">\n</outline>',
    "a bare less-than sign": 'title="1 < 2" xmlUrl="https://b.example/f"/>',
    "no more than a beginning": 'xmlUrl="https://b.example/f" title="',
    "text": 'xmlUrl="https://b.example/f"/> < > & </b> &x;',
}


@pytest.mark.parametrize("name", DAMAGED)
def test_one_bad_outline_does_not_refuse_the_others(name: str) -> None:
    found = read(
        '<outline text="A &amp; &eacute;" xmlUrl="https://a.example/f"/><outline text="News">'
        f'<outline text="B" {DAMAGED[name]}<outline text="C" xmlUrl="https://c.example/f"/></outline>'
        '<!-- <outline xmlUrl="https://x.example/"/> --><outline text="D" xmlUrl="https://d.example/f"/>'
    )
    assert [(feed.location, feed.folder) for feed in found.subscriptions] == [
        ("https://a.example/f", ()),
        ("https://b.example/f", ("News",)),
        ("https://c.example/f", ("News",)),
        ("https://d.example/f", ()),
    ]
    assert (found.title, found.subscriptions[0].title) == ("Mine", "A & é")
    assert len(found.notes) == 1
    assert "line 1" in found.notes[0]


def test_a_list_that_is_cut_off_is_read_as_far_as_possible() -> None:
    text = '<opml><body><outline text="A" xmlUrl="https://a.example/f"/>\n<outline text="B" xmlUrl="https://b.exa'
    found = read_opml(text.encode(), "")
    assert [feed.title for feed in found.subscriptions] == ["A"]
    assert found.notes


def test_a_bad_byte_is_told_and_replaced() -> None:
    data = '<opml><outline text="Größe § für Übermut" xmlUrl="https://a.example/f"/></opml>'.encode()
    found = read_opml(data.replace("§".encode(), b"\xa7"), "")
    assert found.subscriptions[0].title == "Größe \ufffd für Übermut"
    assert "not valid in its encoding" in found.notes[0]


@pytest.mark.parametrize(
    "piece",
    [
        '<outline text="a < b" xmlUrl="https://a.example/f"/>',
        "<outline",
        "</outline>",
        "<!--",
        'a="',
        "a ",
        "=",
        "<outline a",
    ],
)
def test_a_damaged_list_is_read_in_linear_time(piece: str) -> None:
    def read_any(text: str) -> None:
        with contextlib.suppress(SourceError):
            read_opml(text.encode(), "")

    assert_linear(read_any, piece, 9_000, '<opml><outline xmlUrl="https://a.example/f" a="<"/>')


# -- what other readers write ----------------------------------------------------


@pytest.mark.parametrize(
    ("written", "location"),
    [
        ("feed://a.example/f", "http://a.example/f"),
        ("FEED:https://a.example/f", "https://a.example/f"),
        ("feed:http://a.example/f", "http://a.example/f"),
        ("feed://https://a.example/f", "https://a.example/f"),
        ("feed:a.example/f", "http://a.example/f"),
        ("feeds://a.example/f", "https://a.example/f"),
        ("itpc://a.example/f", "http://a.example/f"),
        ("pcast://a.example/f", "http://a.example/f"),
        ("a.example/f", "http://a.example/f"),
        ("//a.example:81/f", "http://a.example:81/f"),
        (" https://a.example/Latest News ", "https://a.example/Latest%20News"),
        ("https://a.example/\nlong", "https://a.example/%20long"),
    ],
)
def test_addresses_of_feeds_in_other_forms(written: str, location: str) -> None:
    assert [feed.location for feed in read(f'<outline text="A" xmlUrl="{written}"/>').subscriptions] == [location]


def test_a_feed_at_the_top_and_in_a_folder_is_in_the_folder() -> None:
    at_top = '<outline text="A" xmlUrl="https://a.example/f"/>'
    in_folder = f'<outline text="News">{at_top}</outline>'
    for body in (at_top + in_folder, in_folder + at_top, at_top + in_folder + in_folder.replace("News", "More")):
        found = read(body)
        assert [(feed.title, feed.folder) for feed in found.subscriptions] == [("A", ("News",))]
        assert found.repeated >= 1


@pytest.mark.parametrize(
    ("category", "folder"),
    [
        ("News", ("News",)),
        ("/News", ("News",)),
        ("/News/Far away/", ("News", "Far away")),
        ("News,Weather", ("News",)),
        (" , /Rain &amp; Snow,x", ("Rain & Snow",)),
        ("/", ()),
        ("", ()),
    ],
)
def test_a_category_is_a_folder(category: str, folder: tuple[str, ...]) -> None:
    feed = '<outline text="A" Category="{}" xmlUrl="https://a.example/f"/>'
    (found,) = read(feed.format(category)).subscriptions
    assert found.folder == folder
    (found,) = read(f'<outline text="Mine">{feed.format(category)}</outline>').subscriptions
    assert found.folder == ("Mine",)


def test_other_names_of_elements_and_attributes() -> None:
    found = read_opml(
        b'<o:opml xmlns:o="http://opml.org/spec2"><o:body><o:outline text="F"><o:outline text="A" type="rss"'
        b' url="https://a.example/f"/></o:outline><o:outline text="B" feedUrl="https://b.example/f"/>'
        b'<o:outline text="C" type="link" url="https://c.example/"/></o:body></o:opml>',
        "",
    )
    assert [(feed.location, feed.folder) for feed in found.subscriptions] == [
        ("https://a.example/f", ("F",)),
        ("https://b.example/f", ()),
    ]
    assert [skipped.name for skipped in found.skipped] == ["C"]


# -- skipped feeds and refused lists ---------------------------------------------


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("exec:touch /tmp/x", "command"),
        ("EXEC:touch /tmp/x", "command"),
        ("filter:sed s/a/b/:https://a.example/f", "command"),
        ("|touch /tmp/x", "command"),
        ("file:///etc/passwd", "http"),
        ("query:x:tags # &quot;a&quot;", "http"),
        ("javascript:alert(1)", "http"),
        ("ftp://me:secret@a.example/f", "http"),
        ("/home/me/feed.xml", "http"),
        ("-https://a.example/f", "http"),
        ("", "http"),
    ],
)
def test_unsupported_addresses_are_skipped_with_a_reason(address: str, reason: str) -> None:
    found = read(f'<outline text="Bad" xmlUrl="{address}"/><outline text="A" xmlUrl="https://a.example/f"/>')
    assert [feed.title for feed in found.subscriptions] == ["A"]
    (skipped,) = found.skipped
    assert skipped.name.startswith("Bad")
    assert reason in skipped.reason
    assert "secret" not in skipped.name


def test_commands_in_attributes_are_not_imported() -> None:
    found = read(
        '<outline text="A" xmlUrl="https://a.example/f" filtercmd="rm -r" htmlUrl="javascript:x" r:postProcess="rm"/>'
    )
    assert found.subscriptions == (Subscription("https://a.example/f", "A"),)
    assert [skipped.name for skipped in found.skipped] == ["A (https://a.example/f)"] * 2


def test_a_feed_without_address_is_reported_but_an_empty_folder_is_not() -> None:
    found = read(
        '<outline text="A" type="rss"/><outline text="B" type="link" url="https://b.example"/><outline text="C"/>'
    )
    assert [skipped.name for skipped in found.skipped] == ["A", "B"]


def test_a_doctype_is_refused_before_entities_expand() -> None:
    bomb = '<!DOCTYPE opml [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    assert "DOCTYPE" in refusal(f'<?xml version="1.0"?>{bomb}]><opml><outline text="&j;"/></opml>'.encode())
    assert "DOCTYPE" in refusal(b'<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>')


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no list",
        b"<opml><body>",
        b"<opml><outline></opml>",
        b'{"feeds": []}',
        b'<opml a="1" a="2"/>',
        b"\xff\xfe",
    ],
)
def test_invalid_xml_is_refused_with_its_line(data: bytes) -> None:
    assert "line 1" in refusal(data)


def test_xml_that_is_not_opml_is_refused() -> None:
    assert "<rss>" in refusal(b'<rss version="2.0"><channel/></rss>')


def test_size_and_depth_are_limited() -> None:
    assert "MB" in refusal(b" " * (MAX_BYTES + 1))
    assert f"{MAX_OUTLINES:,}" in refusal(b"<opml>" + b"<outline/>" * (MAX_OUTLINES + 1) + b"</opml>")
    assert "32" in refusal(b"<opml>" + b'<outline text="x">' * 33 + b"</outline>" * 33 + b"</opml>")
    assert "64" in refusal(b'<opml><a xmlns:x="y">' * 100)
    deepest = '<outline text="x">' * 31 + '<outline xmlUrl="https://a.example/f"/>' + "</outline>" * 31
    assert len(read(deepest).subscriptions[0].folder) == 31


def test_ten_thousand_feeds_are_read() -> None:
    body = "".join(f'<outline text="F" xmlUrl="https://a.example/{n}"/>' for n in range(MAX_OUTLINES))
    assert len(read(body).subscriptions) == MAX_OUTLINES


# -- writing ---------------------------------------------------------------------


def test_an_export_is_opml_2() -> None:
    feeds = [Subscription("https://a.example/f?a=1&b=2", 'A & "B" <C>', ("News",)), Subscription("https://b.example/f")]
    root = ElementTree.fromstring(write_opml(feeds, title="T & T", created=0))
    assert root.attrib == {"version": "2.0"}
    assert root.findtext("head/title") == "T & T"
    assert root.findtext("head/dateCreated") == "Thu, 01 Jan 1970 00:00:00 GMT"
    folder, bare = root.findall("body/outline")
    assert folder.attrib == {"text": "News"}
    assert folder[0].attrib == {
        "text": 'A & "B" <C>',
        "title": 'A & "B" <C>',
        "type": "rss",
        "xmlUrl": "https://a.example/f?a=1&b=2",
    }
    assert bare.attrib["text"] == "https://b.example/f"


def test_passwords_are_exported_only_on_request() -> None:
    feed = Subscription("https://a.example/f", "A", auth=("me", "p@:/ss"))
    plain = write_opml([feed], title="")
    assert "p@" not in plain
    assert "me" not in re.findall(r"\w+", plain)
    assert read_opml(plain.encode(), "").subscriptions == (feed._replace(auth=None),)
    assert read_opml(write_opml([feed], title="", passwords=True).encode(), "").subscriptions == (feed,)


def test_invalid_attributes_do_not_break_an_export() -> None:
    feed = Subscription("https://a.example/f", "A\x01", attributes=(("a b", "1"), ("xmlUrl", "2"), ("c", "\x00&\n")))
    (back,) = read_opml(write_opml([feed], title="\x02").encode(), "").subscriptions
    assert back == Subscription("https://a.example/f", "A", attributes=(("c", " & "),))


# Without commas, which separate topics. Printable characters survive a round trip.
words = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters=","), min_size=1, max_size=12
).filter(lambda text: visible(text) == text)
names = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "{z}", "{urn:b}", "{https://c}"]),
    st.sampled_from("ABYZ_abyz"),
    st.text("AZaz09_.-", max_size=8),
)
subscriptions = st.lists(
    st.builds(
        Subscription,
        location=st.integers(0, 10**6).map(lambda n: f"https://a.example/{n}?a=1&b={n}"),
        title=words,
        folder=st.lists(words, max_size=4).map(tuple),
        paused=st.booleans(),
        topics=st.lists(words, max_size=3, unique=True).map(tuple),
        auth=st.none() | st.tuples(words, words),
        every=st.none() | st.integers(60, 10**6),
        attributes=st.dictionaries(names, words, max_size=4).map(lambda found: tuple(found.items())),
        weight=st.sampled_from(Weight),
        apart=st.booleans(),
        full_text=st.booleans(),
        selector=words,
        only_public=st.just(False),  # not exported: a list cannot say it of itself
        account=st.just(""),  # nor this: whoever imports the list may have no such account
    ),
    max_size=6,
    unique_by=lambda feed: feed.location,
)


@given(subscriptions)
def test_an_export_imports_unchanged(feeds: list[Subscription]) -> None:
    text = write_opml(feeds, title="T", passwords=True)
    found = read_opml(text.encode(), "")
    # Feeds of one folder are grouped; nothing else changes.
    assert sorted(found.subscriptions, key=lambda feed: feed.location) == sorted(feeds, key=lambda feed: feed.location)
    assert found.skipped == ()
    assert write_opml(found.subscriptions, title="T", passwords=True) == text


@given(st.binary(max_size=300) | st.text(alphabet="<>&;opmlutinexU=\"'/ #!-[]:a", max_size=300).map(str.encode))
def test_random_input_raises_only_source_errors(data: bytes) -> None:
    for text in (data, b"<opml>" + data + b"</opml>", b'<opml><outline xmlUrl="' + data + b'"/></opml>'):
        try:
            read_opml(text, "list")
        except SourceError as error:
            assert str(error)
