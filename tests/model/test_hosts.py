"""URLs that do not lead where they seem to, and those that do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.model.hosts import destination
from tui_reader.model.text import visible
from tui_reader.model.urls import safe_url


@pytest.mark.parametrize(
    ("url", "host", "words"),
    [
        ("https://google.com@evil.org/", "evil.org", "before the @"),
        ("https://google.com%2F@evil.org:8443/x", "evil.org:8443", "before the @"),
        ("https://p\u0430ypal.com/", "xn--pypal-4ve.com", "different alphabets"),  # Cyrillic а
        ("https://xn--pypal-4ve.com/", "xn--pypal-4ve.com", "different alphabets"),
        ("https://αpple.com/", "xn--pple-zld.com", "different alphabets"),
        ("https://goo\u0261le.com/", "xn--goole-tmc.com", "no language"),
        ("https://\u0430\u0440\u0440\u04cf\u0435.com/", "xn--80ak6aa92e.com", "only look like Latin"),
        ("https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com", "only look like Latin"),
        ("https://ｅｖｉｌ.org/", "evil.org", "unusual characters"),
        ("https://%65vil.org/", "evil.org", "unusual characters"),
        ("https://example。org/", "example.org", "unusual characters"),
        ("http://0x7f.1/", "127.0.0.1", "IP address"),
        ("http://2130706433:80/", "127.0.0.1:80", "IP address"),
        ("https://www.paypal.com.session.evil.org/", "www.paypal.com.session.evil.org", "only the end"),
        ("https://" + "login." * 12 + "evil.org/", "…", "very long"),
    ],
)
def test_links_that_deceive_are_named(url: str, host: str, words: str) -> None:
    found = destination(url)
    assert safe_url(url) == url
    assert words in found.reason
    assert found.host.startswith(host)
    assert len(found.host) <= 70
    assert host != "…" or found.host.endswith("login.evil.org")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.org/@name/a@b", "example.org"),
        ("https://example.org?user@evil.org", "example.org"),
        ("http://EXAMPLE.org:8080/", "example.org:8080"),
        ("https://amazon.com.br/", "amazon.com.br"),
        ("https://www.example.com.au/", "www.example.com.au"),
        ("https://example-com.cdn.ampproject.org/c/s/example.com/", "example-com.cdn.ampproject.org"),
        ("https://bücher.example/", "bücher.example"),
        ("https://xn--bcher-kva.example/", "bücher.example"),
        ("https://президент.рф/", "президент.рф"),
        ("https://авто.рф/", "авто.рф"),  # looks like Latin, below an ending that does not
        ("https://новости.example/", "новости.example"),
        ("https://日本語ニュースnews.example/", "日本語ニュースnews.example"),
        ("https://한국어.example/", "한국어.example"),
        ("https://ελλάδα.example/", "ελλάδα.example"),
        ("http://192.168.1.1:8080/", "192.168.1.1:8080"),
        ("http://[2001:db8::1]/", "2001:db8::1"),
    ],
)
def test_ordinary_links_are_not_remarked_on(url: str, host: str) -> None:
    assert destination(url) == (host, "")


@given(st.text(max_size=40))
def test_every_safe_url_has_a_destination(text: str) -> None:
    url = safe_url(f"https://{text}")
    if url is not None:
        host = destination(url).host
        assert visible(host) == host
