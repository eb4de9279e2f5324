"""Fields of an article: valid values are kept, invalid ones are noted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.growth import assert_linear
from tui_reader.errors import ArticleError
from tui_reader.model.article import Article
from tui_reader.sources.article_fields import build_article

UNSAFE = "\x1b\x07\x9b\x7f\u202e\u2066\ud800\r\n"
value: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(UNSAFE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "domain", "url"]), inner),
    max_leaves=4,
)
names = [
    "title",
    "excerpt",
    "description",
    "webUrl",
    "originalUrl",
    "ampWebUrl",
    "cdnAmpWebUrl",
    "publishedDateTime",
    "date",
    "type",
    "quality",
    "heat",
    "published",
    "removed",
    "provider",
    "topics",
    "tags",
    "images",
    "image",
    "featuredContent",
]


def article(**fields: Any) -> Article:
    return build_article({"title": "T"} | fields)


@given(st.dictionaries(st.sampled_from(names), value), st.text(), st.text())
def test_random_fields_raise_only_article_errors(fields: dict[str, Any], file_name: str, body: str) -> None:
    try:
        found = build_article(fields, file_name=file_name, body=body)
    except ArticleError:
        return
    texts = [
        found.title,
        found.excerpt,
        found.kind,
        found.provider.name,
        found.provider.domain,
        *found.topics,
        *found.notes,
    ]
    texts += [*found.links.all(), *found.images, found.video or "", found.body.replace("\n", "").replace("\t", "")]
    for text in texts:
        assert not any(char in UNSAFE or ord(char) < 0x20 for char in text)
    found.pages()


def test_a_repaired_address_changes_no_page() -> None:
    """What was read before addresses were repaired keeps its marks."""
    found = article(webUrl="https://a.example/x y", date="2020-01-02")
    assert found.links.best() == "https://a.example/x%20y"
    assert found.pages() == ("text:1577923200:T", "a.example/x%20y")
    assert found.provider.domain == "a.example"
    assert not found.notes
    assert article(webUrl=" https://a.example/x ").page() == "a.example/x"
    assert article(webUrl="https://a.example/x y", originalUrl="https://b.example/").page() == "b.example"
    assert article(webUrl="https://a.example/x", originalUrl="https://b.example/ x").page() == "a.example/x"


def test_every_text_is_cleaned() -> None:
    dirty, clean = "a\x1b[31m\u202eb", "a␛[31m⟨RLO⟩b"
    found = article(title=dirty, excerpt=dirty, type=dirty, provider={"name": dirty, "domain": dirty}, topics=[dirty])
    assert (found.title, found.excerpt, found.kind, found.provider.name) == (clean,) * 4
    assert found.provider.domain == clean.lower()
    assert found.topics == (clean,)
    assert clean in article(quality=dirty).notes[0]
    assert clean in article(webUrl=dirty).notes[0]
    assert build_article({}, file_name="2020-01-01-a\x1b[31m.md").title == "A␛[31m"


def test_entities_are_decoded_once_and_tags_removed_from_excerpts_only() -> None:
    found = article(title="A &amp;lt; <b>B</b> &#8217;", excerpt="<p>A &amp;lt;\r\n<b>B</b></p>")
    assert found.title == "A &lt; <b>B</b> ’"
    assert found.excerpt == "A &lt; B"


def test_the_host_replaces_a_missing_provider() -> None:
    assert article(webUrl="https://www.news.example/1").provider.name == "news.example"
    assert "\x1b" not in article(webUrl="https://new%1bs.example/1").provider.name
    assert article(provider="The Times").provider.name == "The Times"


@pytest.mark.parametrize(
    ("written", "number"),
    [("76", 76), ("-1", -1), ("7.9", 7), (" 3 ", 3), ("0", 0), (None, None), (12, 12)],
)
def test_numbers_are_parsed(written: object, number: int | None) -> None:
    found = article(quality=written, heat=written)
    assert (found.quality, found.heat, found.notes) == (number, number, ())


@pytest.mark.parametrize("written", ["", "hot", "nan", "inf", "1e300", "9" * 5000, ["1"], {"a": "1"}, 10**400])
def test_an_invalid_number_is_a_note(written: object) -> None:
    found = article(quality=written)
    assert found.quality is None
    assert len(found.notes) == 1
    assert len(found.notes[0]) < 100


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, True),
        ({"published": None}, True),
        ({"published": "false"}, False),
        ({"published": "False"}, False),
        ({"published": False}, False),
        ({"published": "true", "removed": "true"}, False),
        ({"removed": "false"}, True),
        ({"published": "maybe"}, True),
    ],
)
def test_published_and_removed_decide_whether_an_article_is_shown(fields: dict[str, Any], shown: bool) -> None:
    assert article(**fields).shown is shown


def test_a_file_name_supplies_date_and_title() -> None:
    found = build_article({"publishedDateTime": "soon"}, file_name="2020-09-11-a_new-day.md")
    assert found.published == 1599782400
    assert found.title == "A new day"
    assert found.notes == ("no title", "publishedDateTime is not a date: soon")
    assert build_article({"date": "2020-09-11"}, file_name="2019-01-01-x.md").published == 1599782400
    assert build_article({}, file_name="2020-99-99-x.md").published is None
    assert build_article({"webUrl": "https://news.example/1"}).title == "https://news.example/1"
    with pytest.raises(ArticleError):
        build_article({})


def test_topics_are_unique_and_limited() -> None:
    assert article(topics=["AI", None, " ai ", "", "IoT", ["x"]]).topics == ("AI", "IoT")
    assert article(tags="Law, Order,").topics == ("Law", "Order")
    assert article(topics={"a": "b"}).topics == ()
    assert len(article(topics=[str(number) for number in range(1000)]).topics) == 100


def test_only_http_addresses_are_kept() -> None:
    found = article(
        webUrl="javascript:alert(1)", originalUrl="https://a.example/1", images=["data:x", {"url": "file:///x"}]
    )
    assert found.links.all() == ("https://a.example/1",)
    assert found.images == ()
    assert found.notes == ("webUrl is not an http or https address: javascript:alert(1)",)


def test_the_address_of_an_embedded_video_is_kept() -> None:
    frame = '<iframe width="1" src="//video.example/embed/1?a=1&amp;b=2"></iframe>'
    assert article(featuredContent=frame).video == "https://video.example/embed/1?a=1&b=2"
    assert article(featuredContent="<iframe src='javascript:alert(1)'>").video is None


def test_the_first_paragraph_of_the_body_replaces_a_missing_excerpt() -> None:
    body = "# Head\n\n![picture](x.png)\n\nSome *new* [link](https://a.example) for `news_tui` <b>x</b>\n\nmore"
    assert build_article({"title": "T"}, body=body).excerpt == "Some new link for news_tui x"
    assert len(build_article({"title": "T"}, body="word " * 1000).excerpt) == 300
    assert build_article({"title": "T", "excerpt": "said"}, body=body).excerpt == "said"
    quote = "> **Note**\n>\n> > Some words > others\n\nmore"
    assert build_article({"title": "T"}, body=quote).excerpt == "Note Some words > others"


@pytest.mark.parametrize("piece", ["[", "![](", "*", "#\n\n"])
def test_no_body_takes_long(piece: str) -> None:
    assert_linear(lambda body: build_article({"title": "T"}, body=body), piece, 2_000_000 // len(piece))


def test_long_texts_are_cut() -> None:
    found = article(title="x" * 100_000, excerpt="y" * 100_000)
    assert len(found.title) == 1000
    assert len(found.excerpt) == 10_000


def test_the_moment_of_publication_goes_before_the_date_of_the_page() -> None:
    fields = {"date": "2020-09-11", "publishedDateTime": "2020-09-12T00:00:00Z"}
    assert article(**fields).published == article(**dict(reversed(fields.items()))).published == 1599868800


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ({"author": "Ann Ode"}, "Ann Ode"),
        ({"author": {"name": "Ann", "url": "https://a.example"}}, "Ann"),
        ({"authors": ["Ann", {"name": "Bob"}, "Ann", None, 7]}, "Ann, Bob, 7"),
        ({"author": [], "authors": []}, ""),
        ({"author": "A\x9b\n" + "x" * 400}, "A⟨9B⟩ " + "x" * 293 + "…"),
    ],
)
def test_the_authors_are_one_line(written: dict[str, Any], author: str) -> None:
    assert article(**written).author == author
