"""The language of the search: what a query means, how it is written, and what is said of a wrong one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_reader.errors import QueryError
from tui_reader.model.expression import And, Expression, Field, Not, Or, Text, leaves, positive_terms, to_text
from tui_reader.model.expression_dates import Span, age_seconds, date_span
from tui_reader.model.expression_fields import FIELDS
from tui_reader.model.expression_parser import MAX_DEPTH, MAX_LENGTH, MAX_TERMS, parse

A, B, C, D = (Text(letter) for letter in "abcd")


def parsed(text: str) -> Expression:
    found = parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("a (b OR c) d", And((A, Or((B, C)), D))),
        ("a OR (b OR c)", Or((A, B, C))),
        ("a (b c)", And((A, B, C))),
        ("a -b", And((A, Not(B)))),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("NOT NOT a", A),
        ("-(a b)", Not(And((A, B)))),
        ("-(-a)", A),
        ('"open source"', Text("open source", phrase=True)),
        ('a "open   source', And((A, Text("open source", phrase=True)))),
        ('-"open source"', Not(Text("open source", phrase=True))),
        ('"a"b', And((Text("a", phrase=True), B))),
        ("title:a", Text("a", "title")),
        ("TITLE:a", Text("a", "title")),
        ('title:"a b"', Text("a b", "title", phrase=True)),
        ("title:(a -b OR c)", Or((And((Text("a", "title"), Not(Text("b", "title")))), Text("c", "title")))),
        ("provider:(bbc OR reuters)", Or((Text("bbc", "provider"), Text("reuters", "provider")))),
        ('provider:bbc,"the verge"', Or((Text("bbc", "provider"), Text("the verge", "provider", phrase=True)))),
        ("provider:(bbc,cnn)", Or((Text("bbc", "provider"), Text("cnn", "provider")))),
        ("title:1,000", Text("1,000", "title")),
        ("a in:title", Text("a", "title")),
        ("in:title a OR b", Or((Text("a", "title"), Text("b", "title")))),
        ("a in:title,text", Or((Text("a", "title"), Text("a", "text")))),
        ("(a in:title) b", And((Text("a", "title"), B))),
        ("provider:a b in:title", And((Text("a", "provider"), Text("b", "title")))),
        ("source:bbc.co.uk/news", Field("source", "=", "bbc.co.uk/news")),
        ('folder:"News/Far East"', Field("folder", "=", "News/Far East")),
        ("topic:AI,Security", Or((Field("topic", "=", "AI"), Field("topic", "=", "Security")))),
        ("-tag:later", Not(Field("tag", "=", "later"))),
        ("heat:100", Field("heat", "=", "100")),
        ("heat:>100", Field("heat", ">", "100")),
        ("heat:>=-1", Field("heat", ">=", "-1")),
        ("heat:50..100", And((Field("heat", ">=", "50"), Field("heat", "<=", "100")))),
        ("heat:50..*", Field("heat", ">=", "50")),
        ("heat:..100", Field("heat", "<=", "100")),
        ("heat:(<5 OR >100)", Or((Field("heat", "<", "5"), Field("heat", ">", "100")))),
        ("before:2021-08", Field("date", "<", "2021-08")),
        ("after:2021/6/5", Field("date", ">=", "2021-06-05")),
        ("after:3d", Field("age", "<=", "3d")),
        ("before:2w", Field("age", ">", "2w")),
        ("date:2021", Field("date", "=", "2021")),
        ("date:2020-06..2020", And((Field("date", ">=", "2020-06"), Field("date", "<=", "2020")))),
        ("date:2020-06..2020-08", And((Field("date", ">=", "2020-06"), Field("date", "<=", "2020-08")))),
        ("after:2021-06-15T12:30", Field("date", ">=", "2021-06-15T12:30")),
        ("age:<3d", Field("age", "<", "3d")),
        ("age:3d", Field("age", "<=", "3d")),
        ("is:unread,saved", Or((Field("is", "=", "unread"), Field("is", "=", "saved")))),
        ("has:audio", Field("has", "=", "audio")),
    ],
)
def test_what_a_query_means(text: str, expression: Expression) -> None:
    assert parse(text) == expression
    assert parse(to_text(expression)) == expression


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("http/3", ["http/3"]),
        ("Covid-19: 10:30 at the café", ["Covid-19", "10:30", "at", "the", "café"]),
        ("C++: the language", ["C", "the", "language"]),
        ("Heat: an era – of its own (again)", ["Heat", "an", "era", "of", "its", "own", "again"]),
        ("see https://example.com/a?b=c", ["see", "https://example.com/a?b=c"]),
        ("Update: f(x) is 5\" wide :-)", ["Update", "f", "x", "is", "5", "wide"]),
        ("1) first 2) second", ["1", "first", "2", "second"]),
        ("and or not", ["and", "or", "not"]),
        ("-", []), ("#OR", ["or"]), ("(#heat:x)", ["heat", "x"]), ("x* ^y {z}", ["x", "y", "z"]),
        ("#sort:newest", ["sort", "newest"]), ("Order: 66", ["Order", "66"]),
    ],
)  # fmt: skip
def test_what_is_no_field_is_text(text: str, words: list[str]) -> None:
    if not words:
        with pytest.raises(QueryError, match="no word"):
            parse(text)
        return
    assert leaves(parsed(text)) == [Text(word) for word in words]


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_nothing_typed(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("rust tittle:game", "tittle", "did you mean ‘title:’?"),
        ("sources:bbc", "sources", "did you mean ‘source:’?"),
        ("from:reuters", "from", "did you mean ‘provider:’?"),
        ("author:kim", "author", "did you mean ‘provider:’?"),
        ("rust sort:newest", "sort", "an order is no part of a search: choose it for the list, or with --sort"),
        ("rust window:day", "window", "search by age:"),
        ("rust heat:>", ">", "such as heat:>100"),
        ("heat:hot", "hot", "not ‘hot’"),
        ("heat:1234567890", "1234567890", "takes a number"),
        ("a (b OR", "OR", "OR needs something after it"),
        ("OR a", "OR", "OR needs something before it"),
        ("a OR OR b", "OR", "OR needs something after it"),
        ("a AND", "AND", "AND needs something after it"),
        ("AND a", "AND", "AND needs something before it"),
        ("a NOT", "NOT", "NOT needs something after it"),
        ("a (b c", "(", "this parenthesis is not closed"),
        ("a ()", "()", "nothing between these parentheses"),
        ("title: rust", "title:", "title: takes words"),
        ("is:unred", "unred", "did you mean is:unread?"),
        ("has:pictures", "pictures", "takes image, audio, video, text, tag or note"),
        ("after:yesterday", "yesterday", "takes a year, month, day or age"),
        ("before:2021-13", "2021-13", "takes a year"),
        ("date:2021-00", "2021-00", "takes a year"),
        ("age:3", "3", "takes an age"),
        ("heat:90..50", "90..50", "wrong order: heat:50..90"),
        ("date:2020-08..2020-06", "2020-08..2020-06", "wrong order: date:2020-06..2020-08"),
        ("age:1w..3d", "1w..3d", "wrong order: age:3d..1w"),
        ("rust in:body", "in:body", "takes title, text or provider"),
        ("in:title", "in:title", "needs a word to look for"),
        ("a -in:title", "in:title", "cannot be excluded"),
        ("provider:(a heat:>5)", "heat:", "cannot stand in the values of provider:"),
        ("title:-rust", "-rust", "put the minus before the field: -title:rust"),
        ("!!!", "!!!", "no word to search for"),
    ],
)
def test_a_wrong_query_says_where_and_what_is_meant(text: str, place: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    error = caught.value
    assert said in str(error)
    assert text[error.start : error.end] == place
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a" * (MAX_LENGTH + 1), "at most 4,000 characters, and this one has 4,001"),
        ("a " * (MAX_TERMS + 1), "at most 100 words and fields"),
        ("-".join("a" * (MAX_TERMS + 1)), "at most 100 words and fields"),
        ("tag:" + ",".join("a" * (MAX_TERMS + 1)), "at most 100 words and fields"),
        ("(" * (MAX_DEPTH + 1) + "a", "at most 20 parentheses inside each other"),
        ("(" * 4000, "at most 20 parentheses inside each other"),
        ("-(" * 2000, "at most 20 parentheses inside each other"),
    ],
)
def test_a_query_is_bounded(text: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        parse(text)


def test_the_largest_query() -> None:
    text = "(" * MAX_DEPTH + " ".join(["word"] * MAX_TERMS) + ")" * MAX_DEPTH
    assert leaves(parsed(text)) == [Text("word")] * MAX_TERMS


PIECES = (
    *("a", "b", "covid-19", "10:30", "http://x.y", "C++:the", "OR", "AND", "NOT", "-", "--", "(", ")", '"', "#", ","),
    *("title:", "provider:", "topic:", "tag:x", "heat:", ">5", "5..9", "date:2020", "..", "before:2021-1", "age:<3d"),
    *(
        "is:read",
        "has:text",
        "in:title",
        "in:text,provider",
        "in:",
        "tittle:x",
        "Heat: ",
        "Heat:",
        "\ud800",
        "é",
        "1,5",
    ),
    *(" ", " ", " ", "  ", "\t"),
)


@example("-f(x) a")
@example("title:(a OR -b(c)) -heat:5..9")
@example("(a,b provider:(c,d)) in:provider")
@example("-(heat:x)")
@given(st.lists(st.sampled_from(PIECES), max_size=15).map("".join) | st.text(max_size=30))
def test_a_query_that_is_printed_means_the_same(text: str) -> None:
    try:
        expression = parse(text)
    except QueryError as error:
        assert 0 <= error.start <= error.end <= len(text)
        assert str(error)
        return
    if expression is not None:
        assert parse(to_text(expression)) == expression


def test_the_queries_in_the_docs_are_understood() -> None:
    page = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")
    tables = page.partition("## What is found")[0]
    rows = re.findall(r"^\| (`.*?`) \|", tables, re.MULTILINE)
    queries = [query for row in rows for query in re.findall("`([^`]+)`", row)]
    assert len(queries) > 40
    for query in queries:
        parse(query)
    fields = {query.partition(":")[0] for query in queries if ":" in query} | {"in"}
    assert fields >= set(FIELDS)


def test_terms_to_light() -> None:
    query = parsed('rust "open source" OR title:go -game -(heat:>5 -(c d))')
    assert positive_terms(query) == [
        Text("rust"),
        Text("open source", phrase=True),
        Text("go", "title"),
        Text("c"),
        Text("d"),
    ]
    assert positive_terms(None) == []


def test_dates_and_ages() -> None:
    day = 86_400
    assert date_span("1970") == Span(0, 365 * day)
    assert date_span("1970-02") == Span(31 * day, 59 * day)
    assert date_span("1970-12") == Span(334 * day, 365 * day)
    assert date_span("1970-01-02") == Span(day, 2 * day)
    assert date_span("1970-01-01T00:01") == Span(60, 120)
    assert date_span("9999").start < date_span("9999-12").start < date_span("9999-12-31").start
    assert [age_seconds(f"2{unit}") for unit in "hdwmy"] == [7200, 2 * day, 14 * day, 60 * day, 730 * day]
    assert age_seconds("2") is None
