"""Reading and writing OPML."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        only_public=st.just(False),  # not exported: a list cannot say it of itself
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
