"""The JSON API of a publisher's site: addresses, pages and topics."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.errors import SourceError
from tui_reader.model.article import Article
from tui_reader.model.links import Provider
from tui_reader.sources.feeds.site_api import api_addresses, parse_api_page, parse_api_topics, topics_address

SITE = "https://pages.example"
NEWS = f"{SITE}/sky/api/news/index.json"
CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "powerapps.tar.xz"


def page(*items: Any, **more: Any) -> bytes:
    return json.dumps({"page": 1, "value": items, "nextPage": None} | more).encode()


@pytest.mark.parametrize(
    ("address", "first"),
    [
        (f"{SITE}/sky/", NEWS),
        (f"{SITE}/sky", NEWS),
        (f"{SITE}/sky/2024/11/01/rain/index.html?x=1#top", NEWS),
        (NEWS, NEWS),
        (f"{SITE}/sky/api/news/", NEWS),
        (f"{SITE}/sky/api/news/rain", f"{SITE}/sky/api/news/rain/index.json"),
        (SITE, f"{SITE}/api/news/index.json"),
        (f"{SITE}/index.html", f"{SITE}/api/news/index.json"),
    ],
)
def test_possible_addresses_of_the_api(address: str, first: str) -> None:
    found = api_addresses(address)
    assert found[0] == first
    assert len(set(found)) == len(found) <= 3


def test_an_invalid_address_has_no_api() -> None:
    assert api_addresses("file:///etc/passwd") == ()


def test_a_page_has_articles_and_a_next_page() -> None:
    found = parse_api_page(
        page(
            {
                "path": "_news/2024-11-01-rain.md",
                "title": "Rain &amp; hail",
                "webUrl": f"{SITE}/1",
                "ampWebUrl": None,
                "heat": 73,
                "tags": None,
                "topics": ["Rain", None],
                "categories": ["news"],
                "images": [{"url": f"{SITE}/a.png", "width": 1}],
                "provider": {"name": "Cloud", "domain": "cloud.example", "authors": None},
                "content": "<p>a</p><p>b</p>",
            },
            {"path": "_news/2024-11-02-snow-falls.md", "webUrl": f"{SITE}/2", "topics": None},
            None,
            {},
            nextPage=2,
        ),
        NEWS,
    )
    rain, snow = found.articles
    assert (rain.title, rain.heat, rain.quality, rain.topics) == ("Rain & hail", 73, None, ("Rain",))
    assert (rain.provider, rain.body, rain.notes) == (Provider("Cloud", "cloud.example"), "a\n\nb", ())
    assert (snow.title, snow.published) == ("Snow falls", 1730505600)
    assert found.next_address == f"{SITE}/sky/api/news/page/2/index.json"
    assert found.notes == ("entries left out because they are not articles: 2",)


def test_a_single_article_is_read() -> None:
    data = json.dumps({"title": "Rain", "webUrl": f"{SITE}/1"}).encode()
    (rain,) = parse_api_page(data, f"{SITE}/sky/api/news/rain/index.json").articles
    assert rain.title == "Rain"


@pytest.mark.parametrize(
    ("address", "number", "following"),
    [
        (NEWS, 2, f"{SITE}/sky/api/news/page/2/index.json"),
        (f"{SITE}/sky/api/news/page/2/index.json", 3, f"{SITE}/sky/api/news/page/3/index.json"),
        (f"{SITE}/sky/api/news/page2/index.json", 3, f"{SITE}/sky/api/news/page3/index.json"),
        (f"{SITE}/sky/api/news/rain/index.json", "2", f"{SITE}/sky/api/news/rain/page/2/index.json"),
        (f"{SITE}/sky/api/news/page/2/index.json", 2, None),
        (NEWS, 1, None),
        (NEWS, None, None),
        (NEWS, True, None),
        (NEWS, 10**30, None),
        (NEWS, "https://elsewhere.example/", None),
    ],
)
def test_the_next_page(address: str, number: object, following: str | None) -> None:
    assert parse_api_page(page(nextPage=number), address).next_address == following


def test_topics_are_read_in_order() -> None:
    assert topics_address(NEWS) == f"{SITE}/sky/api/topics/index.json"
    assert topics_address(f"{SITE}/sky/api/news/rain/page/3/index.json") == f"{SITE}/sky/api/topics/index.json"
    assert topics_address(SITE) is None
    data = page({"name": "Weather", "id": "weather"}, {"name": "Rain", "parent": "Weather", "keywords": ["rain", 1]}, 5)
    weather, rain = parse_api_topics(data)
    assert (weather.name, weather.identifier) == ("Weather", "weather")
    assert (rain.parent, rain.keywords) == ("Weather", ("rain",))


@pytest.mark.parametrize("data", [b"", b"<html>", b"[]", b"{}", b'{"value": 1}', b"---\nlayout: none", b"[" * 5_000])
def test_an_error_explains_that_it_is_not_an_api(data: bytes) -> None:
    with pytest.raises(SourceError):
        parse_api_page(data, NEWS)
    with pytest.raises(SourceError):
        parse_api_topics(data)


@given(st.binary(max_size=60))
def test_random_bytes_raise_only_source_errors(data: bytes) -> None:
    for start in (b"", b'{"value": [{"title": "'):
        try:
            parse_api_page(start + data, NEWS)
        except SourceError:
            continue


def test_a_real_api_is_read_to_its_end() -> None:
    if not CORPUS.exists():
        pytest.skip("the corpus is not there")
    site = "https://everyday-cc.github.io/powerapps"
    with tarfile.open(CORPUS) as archive:
        files = {member.name.partition("/")[2]: member for member in archive if "/api/" in member.name}
        address: str | None = f"{site}/api/news/index.json"
        articles: list[Article] = []
        while address:
            file = archive.extractfile(files[address.removeprefix(f"{site}/")])
            assert file is not None
            found = parse_api_page(file.read(), address)
            assert found.notes == ()
            articles += found.articles
            address = found.next_address
    assert len(articles) == 428
    assert len({article.page() for article in articles}) > 420
    assert all(article.published and article.topics for article in articles)
