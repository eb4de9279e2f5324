"""Addresses taken apart: most without httpx, and then as httpx does it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_reader.sources.http.quick_httpx import httpx
from tui_reader.sources.http.url import Url, _from_httpx, _plain, parse_url

_HOSTS = st.sampled_from(
    (
        "news.example",
        "1.2.3.4",
        "256.1.1.1",
        "01.2.3.4",
        "a..b",
        "a.b.",
        "xn--mnchen-3ya.de",
        "n1",
        "-a.b",
        "a_b.c",
        "9.a",
    )
)
_TEXT = st.text("ab./?=&%~'~!$()*+,;:@-_ ", max_size=12)


@given(
    st.sampled_from(("http", "https")), _HOSTS, st.sampled_from(("", ":80", ":443", ":8080", ":99999", ":080")), _TEXT
)
@example("https", "news.example", "", "?q='a'")
@example("https", "news.example", "", "/a/./b/../c")
def test_a_plain_address_is_taken_apart_as_httpx_does(scheme: str, host: str, port: str, rest: str) -> None:
    address = f"{scheme}://{host}{port}{'/' if rest and rest[0] not in '/?' else ''}{rest}"
    plain = _plain(address)
    if plain is None:
        return
    assert plain == _from_httpx(httpx.URL(address))
    assert plain.netloc == httpx.URL(address).netloc.decode()


def test_the_usual_addresses_are_plain() -> None:
    for address in (
        "https://news.example/feed.xml",
        "http://127.0.0.1:8080/7",
        "https://www.youtube.com/feeds/videos.xml?channel_id=UC_x-1",
        "https://news.example",
    ):
        assert _plain(address) is not None, address


@pytest.mark.parametrize(
    ("reference", "leads_to"),
    [
        ("/other?a=1", "https://news.example/other?a=1"),
        ("next.xml", "https://news.example/feeds/next.xml"),
        ("../up", "https://news.example/up"),
        ("//else.example/feed", "https://else.example/feed"),
        ("http://me:secret@else.example:8080/feed#top", "http://else.example:8080/feed"),
        ("/with space", "https://news.example/with%20space"),
        ("ftp://else.example/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_where_a_redirect_leads(reference: str, leads_to: str | None) -> None:
    found = _url("https://news.example/feeds/all.xml").joined(reference)
    assert (found and found.text) == leads_to


def test_names_and_addresses_of_ip_version_6() -> None:
    assert _url("https://münchen.example/ü").netloc == "xn--mnchen-3ya.example"
    assert _url("https://münchen.example/ü").target == "/%C3%BC"
    assert _url("http://[2001:db8::1]:8080/").netloc == "[2001:db8::1]:8080"
    assert _url("http://[2001:db8::1]/").origin == ("http", "2001:db8::1", 80)
    assert _url("https://me:s%3Acret@news.example/").userinfo == "me:s%3Acret"
    assert "cret" not in _url("https://me:s%3Acret@news.example/").text


def _url(address: str) -> Url:
    found = parse_url(address)
    assert found is not None
    return found


def test_neither_httpx_nor_httpcore_is_imported_for_plain_addresses() -> None:
    program = """
import sys
from tui_reader.sources.http.client import Fetcher
from tui_reader.sources.http.url import parse_url
assert parse_url("https://news.example/feed").joined("/other")
print({"httpx", "httpcore", "anyio", "h2", "brotli", "certifi"} & sys.modules.keys() or "none")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "none\n"
