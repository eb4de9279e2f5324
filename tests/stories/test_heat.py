"""Heat is given by the source, or else quality plus coverage."""

import pytest

from tui_reader.model.article import Article
from tui_reader.model.dates import DAY
from tui_reader.model.heat_parts import HeatParts
from tui_reader.stories.heat import (
    RATE_DAYS,
    articles_published,
    coverage_parts,
    crowding,
    heat_limits,
    heat_step,
    rarity,
    rarity_words,
    with_heat,
)
from tui_reader.stories.outlets import outlet


@pytest.mark.parametrize(
    ("quality", "related", "given", "heat"),
    [
        (76, 2, None, 116),
        (76, 0, None, 76),
        (0, 0, None, 0),
        (None, 3, None, 60),
        (None, 0, None, None),
        (76, 2, 5, 5),
        (76, 2, -1, -1),
        (76, 2, 0, 0),
    ],
)
def test_heat(quality: int | None, related: int, given: int | None, heat: int | None) -> None:
    article = Article("x", quality=quality, heat=given, related=tuple(range(related)))
    assert with_heat(article).heat == heat


def test_the_heat_ramp() -> None:
    limits = [40, 60, 80, 120, 200]
    assert [heat_step(heat, limits) for heat in (None, -1, 40, 41, 60, 80, 81, 121, 10_000)] == [
        0,
        0,
        0,
        1,
        1,
        2,
        3,
        4,
        5,
    ]


@pytest.mark.parametrize("hottest", [4000, 400])
@pytest.mark.parametrize("total", [3, 40, 1000])
def test_few_stories_of_a_list_are_hot_however_hot_it_is(hottest: int, total: int) -> None:
    heats = sorted((hottest // (place + 1) for place in range(total)), reverse=True)
    limits = heat_limits(heats)
    steps = [heat_step(heat, limits) for heat in heats]
    assert limits == sorted(limits)
    assert steps == sorted(steps, reverse=True)
    assert steps[0] == 5
    assert steps.count(5) <= max(1, total // 50)
    assert steps.count(0) >= total // 2


def test_a_list_of_equals_is_cool() -> None:
    assert heat_limits([300]) == []
    assert heat_step(300, heat_limits([300] * 50)) == 0


@pytest.mark.parametrize(
    ("domain", "provider", "key"),
    [
        ("msn.com", "MSN", "msn.com"),
        ("www.msn.com", "MSN", "msn.com"),
        ("en-nz.news.msn.com", "MSN", "msn.com"),
        ("news.bbc.co.uk", "BBC", "bbc.co.uk"),
        ("ann.blogspot.com", "Ann", "ann.blogspot.com"),
        ("ben.github.io", "Ben", "ben.github.io"),
        ("cat.substack.com", "Cat", "cat.substack.com"),
        ("youtube.com", "A Channel", "youtube.com a channel"),
        ("", "A Wire", "source /feeds/wire.xml"),
        ("192.168.0.7", "Rack", "192.168.0.7"),
        ("localhost", "", "localhost"),
        ("co.uk", "", "co.uk"),
    ],
)
def test_outlets_are_registrable_domains(domain: str, provider: str, key: str) -> None:
    assert outlet(domain, provider, "/feeds/wire.xml") == key


@pytest.mark.parametrize(
    ("others", "parts"),
    [
        ([], HeatParts()),
        (["b", "c"], HeatParts(2, 0, 40, 0)),
        (["b", "b", "c"], HeatParts(2, 1, 40, 2)),
        (["a"] * 4, HeatParts(0, 4, 0, 8)),
        (["a"] * 40, HeatParts(0, 40, 0, 10)),
    ],
)
def test_each_outlet_counts_once_and_further_articles_little(others: list[str], parts: HeatParts) -> None:
    assert coverage_parts(["a"], others) == parts


def test_rarity_falls_with_the_number_of_articles() -> None:
    points = [rarity(number) for number in (0, 4, 5, 28, 29, 280, 281, 50 * RATE_DAYS)]
    assert points == [20, 20, 16, 12, 8, 4, 0, 0]
    assert all(rarity_words(each) for each in set(points) - {0})


def test_a_feed_that_reaches_back_an_hour_is_not_a_rare_one() -> None:
    assert rarity(articles_published(20, 3600)) == 0
    assert rarity(articles_published(3, 14 * DAY)) == 20
    assert articles_published(5, 300 * DAY) == 5
    assert articles_published(1, 0) == 0


def test_crowding_grows_to_a_limit_and_takes_no_more_than_there_is() -> None:
    assert [crowding(place, 40) for place in (0, 1, 2, 6, 60)] == [0, 4, 8, 24, 24]
    assert crowding(5, 7) == 7
