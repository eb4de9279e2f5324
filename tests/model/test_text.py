"""Cleaned text has nothing that a terminal would execute."""

import unicodedata
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.growth import assert_linear
from tui_reader.model.text import clean_block, clean_line, visible

# Controls, bidi controls, fillers, invisible operators, deprecated formats, annotations, the end of all planes.
UNSAFE = {
    *range(0x20), *range(0x7F, 0xA0), 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B,
    0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0x3164, 0xFEFF, 0xFFA0,
    *range(0xFFF0, 0xFFFC), *range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF,
    *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), 0xE0001, *range(0xE0080, 0xE0100), *range(0xE01F0, 0xE1000),
}  # fmt: skip
# Those that stay where they do what they are for.
IN_CONTEXT = "\u200c\u200d\u180b\ufe00\ufe0f\U000e0041\U000e007f\U000e0100\U0001f3f4"
any_text = st.text(
    st.one_of(st.characters(), st.sampled_from([chr(code) for code in sorted(UNSAFE)]), st.sampled_from(IN_CONTEXT))
)


def has_unsafe(text: str, allowed: str = "") -> bool:
    return any(ord(char) in UNSAFE and char not in allowed for char in text)


_VARIANTS = [*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0x180B, 0x1810)), *map(chr, range(0x13430, 0x13440))]


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
    if not has_unsafe(text) and not any(
        char in IN_CONTEXT or char > "\U000dffff" or char in _VARIANTS for char in text
    ):
        assert shown == text


def test_no_unsafe_character_passes() -> None:
    for code in UNSAFE:
        text = f"a{chr(code)}b"
        ways = (clean_line(text), clean_line(f"a&#{code};b"), visible(text), clean_block(text).replace("\n", ""))
        for cleaned in ways:
            assert not has_unsafe(cleaned, allowed="\t"), hex(code)
            assert cleaned.startswith("a"), hex(code)
            assert cleaned.endswith("b"), hex(code)


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
        ("abc\u061cdef", "abc⟨ALM⟩def"),
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


@given(st.text("aกे\u0301\u0e48", max_size=5))
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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pay\u2060pal", "pay⟨WJ⟩pal"),
        ("1\u20642", "1⟨2064⟩2"),
        ("a\u206ab", "a⟨206A⟩b"),
        ("a\u180eb", "a⟨MVS⟩b"),
        ("a\ufff9b\ufffac\ufffb", "a⟨IAA⟩b⟨IAS⟩c⟨IAT⟩"),
        ("a\u115f\u1160\u3164\uffa0b", "a⟨HF⟩⟨HF⟩⟨HF⟩⟨HF⟩b"),
        ("a\u034fb\u17b4", "a⟨CGJ⟩b⟨17B4⟩"),
        ("pay\u200dpal pay\u200cpal", "pay⟨ZWJ⟩pal pay⟨ZWNJ⟩pal"),
        ("\u200da", "⟨ZWJ⟩a"),
        ("\U0001f468\u200d", "\U0001f468"),  # a family that was cut
        ("\U0001f468\u200d a", "\U0001f468 a"),
        ("a\ufe0fb", "a⟨VS16⟩b"),
        ("漢\U000e0100\U000e0101\U000e0102", "漢\U000e0100⟨2 INVISIBLE⟩"),
        ("a\U000e0100", "a⟨1 INVISIBLE⟩"),
        ("hi\U000e0068\U000e0069", "hi⟨TAG hi⟩"),
        ("\U0001f3f4" + "\U000e0061" * 9 + "\U000e007f", "\U0001f3f4⟨TAG aaaaaaaaa⟩⟨1 INVISIBLE⟩"),
        ("a\ufdd0\U0001ffffb\udc00", "a��b�"),
        ("Donau\u00addampf\u200bschiff\ufeff", "Donaudampfschiff"),
    ],
)
def test_invisible_characters_are_shown_or_removed(text: str, shown: str) -> None:
    assert (visible(text), clean_line(text), clean_block(text)) == (shown,) * 3
    assert shown.replace("\U000e0100", "").isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "نمی\u200cخواهم",  # Persian
        "ക്\u200d ক্\u200cষ",  # Malayalam, Bengali
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family
        "\U0001f3f3\ufe0f\u200d\U0001f308 ❤\ufe0f 1\ufe0f⃣ ©\ufe0f ℹ\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # the flag of Scotland
        "\U0001f1e9\U0001f1ea \U0001f44d\U0001f3fd",
        "葛\U000e0100城市 辻\U000e0100",  # a variant that a name in Japan is written with
        "ᠰ\u180bᠠ",  # Mongolian
        "שלום العربية ไทย हिन्दी 한국어 日本語 ǅ",
    ],
)
def test_characters_that_languages_need_are_kept(text: str) -> None:
    assert (visible(text), clean_line(text), clean_block(text)) == (text,) * 3


def test_line_and_paragraph_separators_end_lines() -> None:
    assert (clean_line("a\u2028b"), clean_block("a\u2029b"), visible("a\u2028b")) == ("a b", "a\nb", "a⟨LS⟩b")


@pytest.mark.parametrize(
    "part", ["\u200d", "\ufe0f", "\U000e0041", "\U0001f3f4\U000e0061", "ก\u0e48", "\u202e", "漢\u0301"]
)
def test_invisible_characters_take_linear_time(part: str) -> None:
    assert_linear(clean_block, part, 40_000)
