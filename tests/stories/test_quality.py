"""Quality is a sum of points with reasons."""

import re

import pytest

from tui_reader.model.urls import domain_of
from tui_reader.model.weights import Weight, Weights
from tui_reader.stories.facts import Facts
from tui_reader.stories.quality import known_tiers, quality
from tui_reader.subscriptions.starter_packs import Pack, load_packs

PLAIN = Facts(1, 0, "Short title", domain="example.org")


def test_the_parts_in_words() -> None:
    article = PLAIN._replace(domain="reuters.com", title="x" * 96)
    found = quality(article, "Reuters", ["Computer Vision"], weight=Weight.MORE)
    assert str(found) == ("40 Reuters + 20 a source that you weight more + 5 Computer Vision − 2 long title = 63")
    assert found.total == 63


@pytest.mark.parametrize(
    ("article", "subtopics", "root", "total"),
    [
        (PLAIN, (), "", 36),
        (PLAIN._replace(amp=True, image=True), (), "", 36),
        (PLAIN, ("A", "B"), "Root", 36 + 10 + 5),
        (PLAIN, ("A", "B", "C", "D"), "", 36 + 10),
        (PLAIN._replace(title="x" * 79), (), "", 36),
        (PLAIN._replace(title="x" * 400), (), "", 31),
        (PLAIN._replace(domain="news.reuters.com"), (), "", 40),
        (PLAIN._replace(domain="notreuters.com"), (), "", 36),
        (PLAIN._replace(domain="www.reuters.com"), (), "", 40),
        (PLAIN._replace(domain="WWW.Reuters.com"), (), "", 40),
        (PLAIN._replace(domain="prnewswire.com"), (), "", 24),
        (PLAIN._replace(domain=""), (), "", 36),
    ],
)
def test_the_sum(article: Facts, subtopics: tuple[str, ...], root: str, total: int) -> None:
    assert quality(article, subtopics=subtopics, root_in_title=root).total == total


def test_weights_change_the_sum() -> None:
    weights = Weights(tiers={"example.org": 30}, image=5)
    assert quality(PLAIN._replace(image=True), weights=weights).total == 35
    assert quality(PLAIN._replace(domain="www.example.org"), weights=weights).total == 30


@pytest.mark.parametrize(("weight", "total"), [(Weight.LESS, 16), (Weight.NORMAL, 36), (Weight.MORE, 56)])
def test_the_weight_of_a_source(weight: Weight, total: int) -> None:
    assert quality(PLAIN, weight=weight).total == total


def test_the_quality_is_never_negative() -> None:
    weights = Weights(other_provider=0)
    assert quality(PLAIN, weights=weights, weight=Weight.LESS).total == 0


def test_the_built_in_tiers() -> None:
    tiers = known_tiers()
    assert set(tiers.values()) == {24, 37, 38, 40}
    assert all(re.fullmatch(r"[a-z0-9.-]+\.[a-z]+", domain) for domain in tiers)


@pytest.mark.parametrize("pack", load_packs(), ids=lambda pack: pack.name)
def test_the_tiers_know_the_feeds_of_the_starter_packs(pack: Pack) -> None:
    for source in pack.subscriptions:
        host = domain_of(dict(source.attributes).get("htmlUrl", source.location))
        assert quality(PLAIN._replace(domain=host)).total > 36, host
