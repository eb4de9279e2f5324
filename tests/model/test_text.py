"""Cleaned text has nothing that a terminal would execute."""

import unicodedata
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.growth import assert_linear
from tui_reader.model.text import clean_block, clean_line, visible

# Characters that a terminal executes or hides: controls, bidi controls, lone surrogates.
UNSAFE = [*range(0x20), *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
any_text = st.text(st.one_of(st.characters(), st.sampled_from([chr(code) for code in [*UNSAFE, 0xD800, 0xFEFF]])))


def has_unsafe(text: str, allowed: str = "") -> bool:
    return any((ord(char) in UNSAFE and char not in allowed) or 0xD800 <= ord(char) < 0xE000 for char in text)


@given(any_text, st.booleans())
def test_lines_have_no_control_characters(text: str, strip_tags: bool) -> None:
    line = clean_line(text, strip_tags=strip_tags)
    assert not has_unsafe(line)
    assert line == line.strip()
    assert "  " not in line


@given(any_text)
def test_blocks_have_no_control_characters_except_line_ends_and_tabs(text: str) -> None:
    assert not has_unsafe(clean_block(text), allowed="\n\t")


@given(any_text)
def test_file_names_keep_everything_else(text: str) -> None:
    shown = visible(text)
    assert not has_unsafe(shown)
    if not has_unsafe(text):
        assert shown == text.replace("\ufeff", "").replace("\u200b", "")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("AT&amp;T", "AT&T"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("don&#8217;t", "don’t"),
        ("a\r\nb\tc\u00a0 d", "a b c d"),
        ("\x1b[31mred", "␛[31mred"),
        ("&#27;[31mred", "[31mred"),
        ("one\x9btwo", "one⟨9B⟩two"),
        ("abc\u202edef", "abc⟨RLO⟩def"),
        ("\x7f\x00", "␡␀"),
        ("\ufeff \u200b", ""),
        ("zero\u200bwidth", "zerowidth"),
        ("half \ud800", "half �"),
        ("Fed [rates] hold [/x]", "Fed [rates] hold [/x]"),
        ("I <3 you", "I <3 you"),
    ],
)
def test_clean_lines(text: str, line: str) -> None:
    assert clean_line(text) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a <b>bold</b> word", "a bold word"),
        ("a<script>x < y</script>b<style>p{}</style>c<!-- <b> -->d", "a b c d"),
        ("<SCRIPT>alert(1)</Script >b", "b"),
        ("a &lt;b&gt; c", "a <b> c"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("cut <!-- short", "cut <!-- short"),
    ],
)
def test_tags_are_removed_on_request(text: str, line: str) -> None:
    assert clean_line(text, strip_tags=True) == line


def test_tags_are_kept_otherwise() -> None:
    assert clean_line("The <blink> tag is back") == "The <blink> tag is back"


@pytest.mark.parametrize("mark", ["\u0301", "\u0e47", "\u20dd"])
def test_combining_marks_are_limited(mark: str) -> None:
    assert clean_line("e" + mark * 500 + "x").count(mark) <= 4


@given(st.text("aกे\u0301\u0e48\ufe0f", max_size=5))
def test_a_few_combining_marks_are_kept(text: str) -> None:
    normal = unicodedata.normalize("NFC", text)
    assert clean_line("a" + normal[:4]) == "a" + normal[:4]


@pytest.mark.parametrize("part", ["<!--", "<script>", "<script></style>", "<a ", "&#", "<", "&amp", "</script "])
def test_long_texts_take_linear_time(part: str) -> None:
    assert_linear(partial(clean_line, strip_tags=True), part, 2_000_000 // len(part))


@example("&#" + "1" * 5000 + ";")
@given(st.from_regex(r"(&#?x?[0-9a-zA-Z]{0,12};?){1,5}", fullmatch=True))
def test_no_entity_raises_an_error(text: str) -> None:
    clean_line(text)
