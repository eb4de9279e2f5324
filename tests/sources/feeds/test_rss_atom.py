"""The elements and attributes of RSS and Atom, and what each feed mixes of them."""

from __future__ import annotations

import base64

import pytest

from tests.support.growth import assert_linear
from tui_reader.model.article import Article
from tui_reader.model.dates import iso_date, parse_date
from tui_reader.model.links import Enclosure
from tui_reader.sources.feeds.parser import Feed, parse_feed

XHTML = "http://www.w3.org/1999/xhtml"
NOW = parse_date("2024-11-05T12:00:00Z")
NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:terms="http://purl.org/dc/terms/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" xmlns:x="https://x.example/"'
)


def read(text: str, address: str = "https://feeds.example/a/feed.xml") -> Feed:
    return parse_feed(text.encode(), "", address, now=NOW)


def item(inside: str, channel: str = "") -> Article:
    found = read(f"<rss {NAMESPACES}><channel><title>F</title>{channel}<item>{inside}</item></channel></rss>")
    return found.entries[0].article


def entry(inside: str, feed: str = "", version: str = "http://www.w3.org/2005/Atom") -> Article:
    found = read(f'<feed xmlns="{version}"><title>F</title>{feed}<entry>{inside}</entry></feed>')
    return found.entries[0].article


def packed(text: str) -> str:
    return base64.encodebytes(text.encode()).decode()


# -- text ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("element", "title"),
    [
        ("<title>Use &lt;hr&gt;, not dashes</title>", "Use <hr>, not dashes"),
        ('<title type="text">&lt;i&gt;&lt;/i&gt; or &lt;em&gt;&lt;/em&gt;?</title>', "<i></i> or <em></em>?"),
        ('<title type="TEXT">How &amp;amp;lt; is written</title>', "How &amp;lt; is written"),
        ('<title type="text/plain">&lt;/p&gt; is missing</title>', "</p> is missing"),
        ('<title type="html">&lt;i&gt;Rain&lt;/i&gt; &amp;amp; snow</title>', "Rain & snow"),
        ('<title type="text/html">&lt;i&gt;Rain&lt;/i&gt;</title>', "Rain"),
        ("<title>&lt;i&gt;Rain&lt;/i&gt; undeclared</title>", "Rain undeclared"),
        ('<title type="plain">Rain</title>', "Rain"),
        (f'<title type="xhtml"><div xmlns="{XHTML}">A <b>wet</b> &lt;br&gt;</div></title>', "A wet <br>"),
        (f'<title type="xhtml" xmlns:h="{XHTML}"><h:div>A <h:b>wet</h:b> day</h:div></title>', "A wet day"),
        ('<title type="xhtml">&lt;b&gt;Not&lt;/b&gt; so</title>', "Not so"),
    ],
)  # fmt: skip
def test_the_type_of_a_title(element: str, title: str) -> None:
    assert entry(element + "<id>1</id>").title == title


def test_plain_text_is_shown_literally_in_summary_and_content() -> None:
    found = entry(
        '<title>t</title><id>1</id><summary type="text">Close &lt;p&gt;&lt;/p&gt;.</summary>'
        '<content type="text">First &lt;b&gt;x&lt;/b&gt;.\n\nSecond &amp;amp;.</content>'
    )
    assert found.excerpt == "Close <p></p>."
    assert found.body == "First \\<b\\>x\\</b\\>.\n\nSecond \\&amp;.".replace("\\&amp;", "&amp;amp;")


@pytest.mark.parametrize(
    ("attributes", "text", "title"),
    [
        ('mode="base64" type="text/html"', packed("<b>Snow</b> &amp; ice"), "Snow & ice"),
        ('mode="base64" type="text/plain"', packed("<b> & so on"), "<b> & so on"),
        ('mode="base64"', packed("Größe"), "Größe"),
        ('mode="base64" type="text/html"', "not packed!", "not packed!"),
        ('mode="escaped" type="text/html"', "&lt;b&gt;Snow&lt;/b&gt;", "Snow"),
        ('mode="xml" type="application/xhtml+xml"', "<b>Snow</b> falls", "Snow falls"),
    ],
)
def test_the_modes_of_atom_03(attributes: str, text: str, title: str) -> None:
    found = entry(f"<title {attributes}>{text}</title><id>1</id>", version="http://purl.org/atom/ns#")
    assert found.title == title


def test_base64_content_is_decoded_whatever_its_encoding() -> None:
    content = base64.b64encode("<p>Über <i>Schnee</i></p>".encode("cp1252")).decode()
    found = entry(
        f'<title>t</title><id>1</id><content mode="base64" type="text/html">{content}</content>',
        version="http://purl.org/atom/ns#",
    )
    assert found.excerpt == "Über Schnee"


def test_an_embedded_file_is_not_text() -> None:
    found = entry(f'<title>t</title><id>1</id><content type="image/png">{packed("png")}</content>')
    assert (found.excerpt, found.body) == ("", "")


def test_markup_in_a_title_of_rss_is_kept_apart_from_a_missing_end_tag() -> None:
    assert item("<title>A <i>very</i> wet day</title>").title == "A very wet day"
    assert item("<title>Rain<link>https://a.example/1</link></title><guid>1</guid>").title == "Rain"


# -- elements of other formats ---------------------------------------------------


def test_elements_of_atom_in_rss() -> None:
    found = item(
        "<atom:title>Lent</atom:title><atom:id>tag:x,1</atom:id><atom:link href='https://a.example/1'/>"
        "<atom:published>2024-03-04T05:06:07Z</atom:published><atom:updated>2024-05-05T00:00:00Z</atom:updated>"
        "<atom:author><atom:name>Ann Ode</atom:name></atom:author><atom:summary>Short.</atom:summary>"
        "<atom:content type='html'>&lt;p&gt;All of &lt;b&gt;it&lt;/b&gt;.&lt;/p&gt;</atom:content>"
    )
    assert (found.title, found.links.best(), found.author) == ("Lent", "https://a.example/1", "Ann Ode")
    assert iso_date(found.published) == "2024-03-04T05:06:07Z"
    assert (found.excerpt, found.body) == ("Short.", "All of **it**.")


def test_elements_of_atom_in_rss_are_understood_by_their_type() -> None:
    found = item('<title>t</title><atom:summary type="text">&lt;b&gt;&lt;/b&gt;</atom:summary>')
    assert found.excerpt == "<b></b>"


@pytest.mark.parametrize(
    "date",
    [
        "<terms:created>{}</terms:created>", "<terms:issued>{}</terms:issued>", "<terms:modified>{}</terms:modified>",
        "<terms:date>{}</terms:date>", "<dc:date>{}</dc:date>", "<atom:updated>{}</atom:updated>",
        "<atom:issued>{}</atom:issued>", "<published>{}</published>", "<pubdate>{}</pubdate>",
        "<prism:publicationDate>{}</prism:publicationDate>",
        "<pubDate>unknown</pubDate><dc:date>{}</dc:date>", "<pubDate/><atom:published>{}</atom:published>",
        "<terms:modified>2024-06-06</terms:modified><terms:created>{}</terms:created>",
        "<dc:date>{}</dc:date><atom:updated>2024-06-06</atom:updated>",
    ],
)  # fmt: skip
def test_a_date_in_any_element(date: str) -> None:
    assert iso_date(item("<title>t</title>" + date.format("2024-03-04")).published) == "2024-03-04T00:00:00Z"


@pytest.mark.parametrize(
    "element",
    [
        "<terms:abstract>It rained.</terms:abstract>", "<dc:description>It rained.</dc:description>",
        "<itunes:summary>It rained.</itunes:summary>", "<media:description>It rained.</media:description>",
        "<media:group><media:description>It rained.</media:description></media:group>",
        "<atom:summary>It rained.</atom:summary>",
    ],
)  # fmt: skip
def test_a_summary_in_any_element(element: str) -> None:
    assert item(f"<title>t</title>{element}").excerpt == "It rained."


# -- people ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("element", "author"),
    [
        ("<author>ann@a.example (Ann Ode)</author>", "Ann Ode"),
        ("<author>Ann Ode &lt;ann@a.example&gt;</author>", "Ann Ode"),
        ("<author>ann@a.example</author>", ""),
        ("<author>ann@a.example</author><dc:creator>Ann Ode</dc:creator>", "Ann Ode"),
        ("<dc:creator><![CDATA[Ann &amp; Bob]]></dc:creator>", "Ann & Bob"),
        ("<dc:creator>Ann</dc:creator><dc:creator>Bob</dc:creator><dc:creator>Ann</dc:creator>", "Ann, Bob"),
        ("<terms:creator>Ann</terms:creator>", "Ann"),
        ("<itunes:author>The Rain Show</itunes:author>", "The Rain Show"),
        ("<author><name>Ann</name><email>ann@a.example</email></author>", "Ann"),
        ("<author>&lt;b&gt;Ann&lt;/b&gt; \u202eOde</author>", "Ann ⟨RLO⟩Ode"),
        ("<author>Ann @ Home</author>", "Ann @ Home"),
        ("", ""),
    ],
)
def test_the_author_of_an_item(element: str, author: str) -> None:
    assert item("<title>t</title>" + element).author == author


def test_the_author_of_a_feed_is_that_of_its_entries_unless_they_have_their_own() -> None:
    of_feed = "<author><name>Ann</name></author>"
    assert entry("<title>t</title><id>1</id>", of_feed).author == "Ann"
    assert entry("<title>t</title><id>1</id><author><name>Bob</name></author>", of_feed).author == "Bob"
    source = "<source><title>Rain Review</title>{}</source>"
    assert entry("<title>t</title><id>1</id>" + source.format(""), of_feed).author == ""
    lent = source.format("<author><name>Cat</name></author>")
    assert entry("<title>t</title><id>1</id>" + lent, of_feed).author == "Cat"


# -- links -----------------------------------------------------------------------


def test_the_comments_are_an_address() -> None:
    link = "<title>t</title><link>https://a.example/1</link>"
    assert item(link + "<comments>https://talk.example/77</comments>").comments == "https://talk.example/77"
    assert item(link + "<comments>/1#comments</comments>").comments == "https://feeds.example/1#comments"
    assert item(link + "<comments>https://a.example/1</comments>").comments is None
    assert item(link + "<comments>javascript:alert(1)</comments>").comments is None
    replies = '<link rel="replies" type="{}" href="https://talk.example/78"/>'
    assert entry("<title>t</title>" + replies.format("text/html")).comments == "https://talk.example/78"
    assert entry("<title>t</title><id>1</id>" + replies.format("application/atom+xml")).comments is None


def test_a_feed_knows_its_own_address() -> None:
    own = '<link rel="self" href="https://blog.example/notes/feed.xml"/>'
    inside = '<title>t</title><link href="1.html"/><summary type="html">&lt;img src="a.png"&gt;</summary>'
    found = entry(inside, own)
    assert found.links.best() == "https://blog.example/notes/1.html"
    assert found.images == ("https://blog.example/notes/a.png",)
    text = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{own}<link href="/"/><entry>{inside}</entry></feed>'
    )
    assert read(text, "").page == "https://blog.example/"
    based = text.replace("<title>F", '<title xml:base="x">F').replace(
        "<feed ", '<feed xml:base="https://other.example/x/" '
    )
    assert read(based).entries[0].article.links.best() == "https://other.example/x/1.html"
    channel = '<atom:link rel="self" href="https://blog.example/rss"/>'
    assert item("<title>t</title><link>/1</link>", channel).links.best() == "https://blog.example/1"


def test_the_page_of_a_text_that_is_elsewhere_is_the_link() -> None:
    found = entry('<title>t</title><id>1</id><content type="text/html" src="https://a.example/1"/>')
    assert found.links.best() == "https://a.example/1"


def test_a_relation_can_be_written_as_an_address() -> None:
    relation = "http://www.iana.org/assignments/relation/alternate"
    assert (
        entry(f'<title>t</title><link rel="{relation}" href="https://a.example/1"/>').links.best()
        == "https://a.example/1"
    )


def test_a_line_break_in_an_address_is_left_out() -> None:
    assert (
        item("<title>t</title><link>https://a.example/long/\n      path</link>").links.best()
        == "https://a.example/long/path"
    )


# -- files -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ('url="https://m.example/1" type="audio/mpeg"', "audio"),
        ('url="https://m.example/1.mp3" type="application/octet-stream"', "audio"),
        ('url="https://m.example/1.m4a"', "audio"),
        ('url="https://m.example/1" type="application/ogg"', "audio"),
        ('url="https://m.example/1.pdf"', "pdf"),
        ('url="https://m.example/1" type="application/pdf; charset=binary"', "pdf"),
        ('url="https://m.example/1.epub?x=1"', "book"),
        ('url="https://m.example/1" type="application/x-bittorrent"', "torrent"),
        ('url="https://m.example/1.docx"', "document"),
        ('url="https://m.example/1.zip#x"', "archive"),
        ('url="https://m.example/1" type="text/html"', "page"),
        ('url="https://m.example/1" type="x"', "file"),
        ('url="https://m.example/1"', "file"),
    ],
)
def test_the_kind_of_an_enclosure(attributes: str, kind: str) -> None:
    found = item(f"<title>t</title><link>https://a.example/1</link><enclosure {attributes}/>")
    assert [each.kind for each in found.enclosures] == [kind]
    assert (found.video, found.images) == (None, ())
    assert found.kind == ("audio" if kind == "audio" else "article")


def test_pictures_and_videos_are_not_among_the_other_enclosures() -> None:
    found = item(
        "<title>t</title><link>https://a.example/1</link><enclosure url='https://m.example/1.png' type='image/png'/>"
        "<enclosure url='https://m.example/1.mp4' type='video/mp4'/><enclosure url='/2.mp3'/><enclosure url='/2.mp3'/>"
        "<media:content url='https://m.example/pic' width='10'/><media:content url='https://m.example/unknown'/>"
        "<media:content url='https://m.example/3' medium='document'><media:thumbnail url='/t.jpg'/></media:content>"
    )
    assert (found.kind, found.video) == ("video", "https://m.example/1.mp4")
    assert found.images == ("https://m.example/1.png", "https://m.example/pic", "https://feeds.example/t.jpg")
    assert found.enclosures == (
        Enclosure("audio", "https://feeds.example/2.mp3"),
        Enclosure("document", "https://m.example/3"),
    )


def test_enclosures_of_atom_and_of_several_kinds() -> None:
    found = entry(
        "<title>t</title><link href='https://a.example/1'/>"
        "<link rel='enclosure' type='application/pdf' href='/1'/><link rel='enclosure' href='/2.ogg'/>"
    )
    assert [each.kind for each in found.enclosures] == ["pdf", "audio"]
    assert found.kind == "audio"


@pytest.mark.parametrize("piece", ["<enclosure url='https://m.example/{}.pdf'/>", "<dc:creator>P {}</dc:creator>"])
def test_many_parts_of_an_item_take_linear_time(piece: str) -> None:
    head, tail = f"<rss {NAMESPACES}><channel><item><title>t</title>", "</item></channel></rss>"
    assert_linear(read, piece.replace("{}", "1"), 8_000, head, tail)
