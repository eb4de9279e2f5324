"""Encodings of feeds: as declared, as meant, and as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.sources.feeds.encoding import codec_of, decode_feed


def feed(text: str, codec: str, declared: str = "") -> bytes:
    return f"<?xml version='1.0' encoding='{declared or codec}'?><rss><title>{text}</title></rss>".encode(codec)


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("x-sjis", "cp932", "①雪のニュース"), ("Windows-31J", "cp932", "雪"), ("MS_Kanji", "cp932", "雪"),
        ("x-euc-jp", "euc_jp", "雪のニュース"), ("ks_c_5601-1989", "cp949", "눈 소식 똠"), ("korean", "cp949", "눈"),
        ("windows-949", "cp949", "눈"), ("iso-ir-149", "cp949", "눈"), ("chinese", "gb18030", "雪的消息镕"),
        ("GB_2312-80", "gb18030", "雪的消息"), ("x-gbk", "gb18030", "雪的消息"), ("cn-big5", "big5hkscs", "雪"),
        ("x-x-big5", "big5hkscs", "雪"), ("big5-hkscs", "big5hkscs", "雪"), ("dos-874", "cp874", "ข่าวหิมะ"),
        ("tis-620", "cp874", "ข่าวหิมะ"), ("iso-8859-11", "cp874", "ข่าว"), ("x-cp1251", "cp1251", "Снег"),
        ("x-mac-ukrainian", "mac-cyrillic", "Сніг"), ("x-mac-roman", "mac-roman", "café"),
        ("csKOI8R", "koi8-r", "Снег"),
        ("koi8-ru", "koi8-u", "Сніг"), ("866", "ibm866", "Снег"), ("ECMA-114", "iso8859-6", "ثلج"),
        ("logical", "iso8859-8", "שלג"), ("csISO88598E", "iso8859-8", "שלג"), ("sun_eu_greek", "iso8859-7", "Χιόνι"),
        ("l4", "iso8859-4", "Lumiņš"), ("latin5", "cp1254", "Kar yağdı"), ("x-cp1250", "cp1250", "Śnieg"),
        ("iso88592", "iso8859-2", "Śnieg"), ("l9", "iso8859-15", "5 €"), ("ibm819", "cp1252", "“5 €”"),
        ("csISOLatin1", "cp1252", "Été “ici”"), ("win-1251", "cp1251", "Снег"), ("cp936", "gb18030", "雪的消息"),
        ("cp850", "cp850", "Été"), ("hz-gb-2312", "hz", "雪"), ("iso-2022-kr", "iso2022_kr", "눈"),
        ("unicode-1-1-utf-8", "utf-8", "Été"),
    ],
)  # fmt: skip
def test_a_label_means_what_browsers_mean_by_it(label: str, codec: str, text: str) -> None:
    assert text in decode_feed(feed(text, codec, label))
    assert text in decode_feed(feed(text, codec, "x-nothing"), f'text/xml; charset="{label}"')


def test_every_label_of_the_standard_is_known() -> None:
    labels = pytest.importorskip("webencodings.labels").LABELS
    unknown = {label for label in labels if codec_of(label) is None}
    assert unknown <= {"iso-2022-cn", "iso-2022-cn-ext", "replacement", "x-user-defined"}


@pytest.mark.parametrize("label", ["utf-7", "punycode", "unicode_escape", "base64", "rot13", "idna", "zip", "", "x\0"])
def test_what_is_no_encoding_of_the_web_is_ignored(label: str) -> None:
    assert codec_of(label) is None


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "utf-8", "us-ascii", "windows-1250", "nothing"])
def test_utf_8_with_a_bad_byte_stays_utf_8(declared: str) -> None:
    data = feed("Größe, Maß und Übermut; hier § ", "utf-8", declared).replace("§".encode(), b"\xf6")
    assert "Größe, Maß und Übermut; hier \ufffd " in decode_feed(data, f"text/xml; charset={declared}")


@pytest.mark.parametrize("declared", ["gb2312", "euc-kr", "big5", "shift_jis", "tis-620"])
def test_utf_8_with_a_bad_byte_is_not_taken_for_another_encoding_of_asia(declared: str) -> None:
    data = feed("雪的消息 ข่าวหิมะ §", "utf-8", declared).replace("§".encode(), b"\xf6")
    assert "雪的消息 ข่าวหิมะ \ufffd" in decode_feed(data)


def test_utf_8_that_is_cut_off_stays_utf_8() -> None:
    assert decode_feed("<rss>Größe, Übermut ü".encode()[:-1]) == "<rss>Größe, Übermut \ufffd"


def test_a_few_bad_bytes_do_not_change_a_declared_encoding() -> None:
    text = "Снег идёт весь день, и никто не знает, когда он кончится. " * 3
    data = feed(text + "ж", "cp1251").replace(b"\xe6", b"\x98")
    assert text in decode_feed(data)


def test_an_encoding_that_was_declared_by_mistake_is_not_used() -> None:
    assert "Été à Évian" in decode_feed(feed("Été à Évian", "cp1252", "shift_jis"))


def test_a_web_page_declares_its_encoding_in_a_meta_element() -> None:
    for meta in (
        "<meta charset=windows-1251>",
        "<meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>",
    ):
        assert "Снег" in decode_feed(f"<html><head>{meta}<title>Снег</title>".encode("cp1251"))


@given(st.binary(max_size=60), st.text("abcdefghijklmnopqrstuvwxyz0123456789-_:+ \n", max_size=20))
def test_random_bytes_and_labels_raise_nothing(data: bytes, label: str) -> None:
    decode_feed(data, f"text/xml; charset={label}")
    decode_feed(f"<?xml encoding='{label}'?>".encode() + data)
