"""YAML as plain data: scalars stay text, aliases, tags and deep nesting are refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.growth import assert_linear
from tui_reader.errors import ArticleError
from tui_reader.sources.files.plain_yaml import MAX_DEPTH, decode, parse_yaml, top_level_scalars


@pytest.mark.parametrize(
    "word", ["NO", "12:30", "2020", "1e3", "0x10", "0o17", "1_000", ".inf", "2020-09-11", "yes", "=", "<<"]
)
def test_scalars_stay_as_written(word: str) -> None:
    assert parse_yaml(f"title: {word}") == {"title": word}
    assert parse_yaml(f"{word}: title") == {word: "title"}


def test_empty_and_null_values_are_none() -> None:
    assert parse_yaml("a:\nb: ~\nc: null\nd: ''\ne: '~'") == {"a": None, "b": None, "c": None, "d": "", "e": "~"}
    assert parse_yaml("# only a comment") is None


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("a: 1\nb: *a", "aliases", 2),
        ("a: &x 1\nb:\n  <<: *x", "aliases", 3),
        ("a: !!python/object/apply:os.system [ls]", "tag:yaml.org,2002:python/object/apply:os.system", 1),
        ("a: 1\n\nb: !foo bar", "!foo", 3),
        ("a: !!binary aGk=", "tag:yaml.org,2002:binary", 1),
        ("a: [1, 2\nb: 3", "not valid YAML", 2),
        ("a: 'open\nb: 1", "not valid YAML", 2),
        ("a: 1\n\tb: 2", "not valid YAML", 2),
        ("{a: 1} b", "not valid YAML", 1),
        ("? [a, b]\n: c", "plain text", 1),
        ("a: " + "[" * 30, "levels", 1),
    ],
)
def test_an_error_has_its_reason_and_line(text: str, reason: str, line: int) -> None:
    with pytest.raises(ArticleError, match=reason) as caught:
        parse_yaml(text)
    assert caught.value.line == line


def test_core_tags_and_anchors_are_ignored() -> None:
    assert parse_yaml("a: !!str 12\nb: !!map {c: !!seq [d]}") == {"a": "12", "b": {"c": ["d"]}}
    assert parse_yaml("a: &anchor word") == {"a": "word"}


@pytest.mark.parametrize("read", [parse_yaml, top_level_scalars])
@pytest.mark.parametrize(("start", "piece"), [("a: ", "["), ("a: ", "{b: "), ("a:\n  ", "- ")])
def test_deep_nesting_is_refused_quickly(read: Callable[[str], object], start: str, piece: str) -> None:
    def refuse(text: str) -> None:
        with pytest.raises(ArticleError, match="levels"):
            read(text)

    assert_linear(refuse, piece, 100_000, start)


def test_nesting_up_to_the_limit_is_read() -> None:
    deep = MAX_DEPTH - 1
    assert parse_yaml("a: " + "[" * deep + "]" * deep)


@pytest.mark.parametrize("read", [parse_yaml, top_level_scalars])
@pytest.mark.parametrize("levels", [MAX_DEPTH, 500, 2000])
def test_the_nesting_error_is_the_same_whatever_limit_the_library_has(read: object, levels: int) -> None:
    assert callable(read)
    with pytest.raises(ArticleError, match=f"^nested more than {MAX_DEPTH} levels deep$") as caught:
        read("a: 1\nb: " + "[" * levels)
    assert caught.value.line == 2


@pytest.mark.parametrize("read", [parse_yaml, top_level_scalars])
def test_another_error_below_the_nesting_limit_is_reported_as_it_is(read: object) -> None:
    assert callable(read)
    with pytest.raises(ArticleError, match="not valid YAML") as caught:
        read("a: [[[\n@")
    assert caught.value.line == 2


@given(st.text(st.characters(exclude_characters="\r\n"), max_size=5))
def test_every_character_is_accepted(text: str) -> None:
    value = parse_yaml(decode(b"a: |\n  x" + text.encode(errors="surrogatepass") + b"y"))
    assert isinstance(value, dict)
    assert str(value["a"]).startswith("x")


@given(st.binary(max_size=60) | st.text("-:?[]{}&*!|>'\"%@`#, \n\tab~<.", max_size=60).map(str.encode))
def test_random_input_raises_only_article_errors(data: bytes) -> None:
    for read in (parse_yaml, top_level_scalars):
        try:
            read(decode(data))
        except ArticleError as error:
            assert error.reason


def test_json_escapes_are_decoded() -> None:
    assert parse_yaml('a: "\\ud83d\\uDE00 \\ud800 \\udc00\\u00e9"') == {"a": "😀 � �é"}
    assert parse_yaml("a: \\ud83d\\ude00") == {"a": "\\ud83d\\ude00"}  # not an escape outside of quotes
    with pytest.raises(ArticleError, match="escape code"):
        parse_yaml('a: "\\U00110000"')


def test_top_level_scalars_skips_nested_values() -> None:
    text = "title: T\nx: &a {title: no, y: [1]}\nb: *a\n*a : c\n<<: *a\ntopic: null\nurl: 'null'\n"
    assert top_level_scalars(text) == {"title": "T", "url": "null"}


def test_a_large_file_is_refused() -> None:
    with pytest.raises(ArticleError, match="larger than 8 MB"):
        decode(b"#" * (8 * 1024 * 1024 + 1))
