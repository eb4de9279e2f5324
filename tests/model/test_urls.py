"""Unsafe URLs are refused, and URLs of one page have the same key."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_reader.model import urls
from tui_reader.model.fingerprint import page_id
from tui_reader.model.urls import MAX_URL_LENGTH, domain_of, page_key, repaired_url, safe_url

PAGE = "https://example.com/2020/story"
wild_url = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["http://", "https://", "HTTPS://", "https://www.", "https://cdn.ampproject.org/c/s/"]),
    st.text("abz.[]:@-%1é\u2488．amp", max_size=20),
    st.sampled_from(["", "/", "/c/s/", "/amp", "/amp/s/", "/v/cdn.ampproject.org/c/"]),
    st.text("ab/?#&=%2F[]:.~;+é\u200d!$'()*,", max_size=40) | st.text(max_size=10),
)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com",
        "HTTP://EXAMPLE.COM:8080/a?b=c#d",
        "https://bücher.example/straße",
        "https://[2001:db8::1]/x",
        " https://example.com/x ",
        "https://example.com/it's_(a)_title",
    ],
)
def test_safe_urls(text: str) -> None:
    assert safe_url(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        None, "", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://example.com/",
        "//example.com", "-https://example.com", "https://-example.com", "https://", "https:///path", "https://:80/",
        "https://@/", "https://./", "https://example.com:port/", "https://example.com:99999/", "https://[::1/", "https://[nonsense]/",
        "https://exa mple.com", "https://example.com/a b", "https://example.com/\x1b[31m", "https://example.com/\n/x",
        "https://example.com\\@evil.example", "https://example.com/\u202egpj", "https://example.com/\ud800",
        "https://example.com/\u200bx", 'https://example.com/"', "https://example.com/<b>", "http:example.com",
        "https://example.com/" + "a" * MAX_URL_LENGTH, "https://exa\u2100mple.com/",
    ],
)  # fmt: skip
def test_unsafe_urls(text: str | None) -> None:
    assert safe_url(text) is None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.com/a b?c=d e#f g", "https://example.com/a%20b?c=d%20e#f%20g"),
        ("\x00 https://example.com/x\ty\r\n", "https://example.com/xy"),
        ("https://example.com\\a\\b?c=\\", "https://example.com/a/b?c=%5C"),
        ("https://example.com\\@evil.example", "https://example.com/@evil.example"),
        ('https://example.com/"<{|}`^%zz', "https://example.com/%22%3C%7B%7C%7D%60%5E%zz"),
        ("https://bücher.example/ß\u202e/\u3000/", "https://bücher.example/%C3%9F%E2%80%AE/%E3%80%80/"),
        ("https://example.com/\x1b[31m", "https://example.com/%1B[31m"),
        ("https://example.com/%20é", "https://example.com/%20é"),
        ("https://exa mple.com/", None),
        ("https://exa\u200bmple.com/ x", None),
        ("https://user name@example.com/", None),
        ("javascript: alert(1)", None),
        ("https://example.com/" + " " * MAX_URL_LENGTH + "x", None),
    ],
)
def test_urls_are_repaired_as_by_browsers(text: str, url: str | None) -> None:
    assert repaired_url(text) == url
    assert url is None or safe_url(url) == url


@given(st.text() | wild_url)
def test_safe_urls_have_a_scheme_and_a_host_and_no_spaces(text: str) -> None:
    url = repaired_url(text)
    if url is not None:
        assert repaired_url(url) == safe_url(url) == url
        assert url.lower().startswith(("http://", "https://"))
        assert urlsplit(url).hostname
        assert not any(char.isspace() or ord(char) < 0x20 for char in url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/2020/story",
        "https://www.example.com/2020/story/",
        "https://EXAMPLE.com./2020/story",
        "https://example.com:443/2020/story",
        "http://example.com:80/2020/story#comments",
        "https://name:word@example.com/2020/story",
        "https://example.com/2020/story?utm_source=x&utm_medium=y&fbclid=z",
        "https://example.com/2020/story?",
        "https://example.com/2020/story/amp/",
        "https://example.com/2020/story?amp",
        "https://example.com/2020/story?outputType=amp",
        "https://amp.example.com/2020/story",
        "https://example.com/2020/%73tory",
        "https://example-com.cdn.ampproject.org/c/s/example.com/2020/story",
        "https://cdn.ampproject.org/v/s/www.example.com/2020/story/amp?amp=1",
        "https://www.google.com/amp/s/example.com/2020/story",
        "https://cdn.ampproject.org/c/s/cdn.ampproject.org/c/example.com/2020/story",
    ],
)
def test_urls_of_one_page(url: str) -> None:
    assert safe_url(url) == url
    assert page_key(url) == page_key(PAGE)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/2020/Story",
        "https://example.com/2020/story?id=1",
        "https://example.com:8443/2020/story",
        "https://news.example.com/2020/story",
        "https://example.org/2020/story",
        "https://example.com/2020%2Fstory",
        "https://example.com/amp/2020/story",
    ],
)
def test_urls_of_other_pages(url: str) -> None:
    assert page_key(url) != page_key(PAGE)


def test_equivalent_queries_and_escapes() -> None:
    assert page_key("https://example.com/?b=2&a=1") == page_key("https://example.com/?a=1&utm_id=3&b=2")
    assert page_key("https://example.com/é") == page_key("https://example.com/%c3%a9")
    reuters = "mobile.reuters.com/article/amp/idUSKBN2621PV"
    assert page_key(f"https://mobile-reuters-com.cdn.ampproject.org/c/s/{reuters}") == page_key(f"https://{reuters}")


@example("https://cdn.ampproject.org/c/s/[x")
@example("https://cdn.ampproject.org/c/host:99999999/")
@example("https://cdn.ampproject.org/c/" * 100)
@example("https://cdn.ampproject.org/" + "c/cdn.ampproject.org/" * 180)
@example("https://www.amp.www.example.com/amp/amp")
@example("http://[fe80::1%25eth0]:80/a")
@given(wild_url)
def test_the_key_of_a_key_is_the_key(url: str) -> None:
    if safe_url(url) is None:
        return
    key = page_key(url)
    page_id(key)
    if safe_url(f"https://{key}") is not None:
        assert page_key(f"https://{key}") == key


@given(
    st.from_regex(
        r"https?://(www\.|amp\.)?[a-z]([a-z0-9-]?\.)*[a-z]{0,3}(:443|:8080)?(/[A-Za-z0-9._~@%-]{0,6}){0,3}(/amp)?/?"
        r"(\?([a-z]{1,3}|utm_x|amp)(=[a-z0-9%?/]{0,3})?(&amp(=1)?)?)?(#[a-z]?)?",
        fullmatch=True,
    )
)
def test_the_fast_path_for_plain_urls_gives_the_same_result(url: str) -> None:
    short = safe_url(url), safe_url(url) and page_key.__wrapped__(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urls, "_PLAIN", re.compile("nothing is plain"))
        assert (safe_url(url), safe_url(url) and page_key.__wrapped__(url)) == short


def test_domains_for_display_stay_escaped() -> None:
    assert domain_of("https://www.example.com:80/x") == "example.com"
    assert "\x1b" not in domain_of("https://exa%1bmple.com/")
