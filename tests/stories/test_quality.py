"""Quality is a sum of points with reasons."""

import re

import pytest

from tui_reader.model.weights import Weights
from tui_reader.stories.facts import Facts
from tui_reader.stories.quality import known_tiers, quality

PLAIN = Facts(1, 0, "Short title", domain="example.org")


def test_the_parts_in_words() -> None:
    article = PLAIN._replace(domain="reuters.com", image=True, title="x" * 76)
    found = quality(article, "Reuters", ["Computer Vision"])
    assert str(found) == "42 Reuters + 20 image + 17 Computer Vision − 3 long title = 76"
    assert found.total == 76


@pytest.mark.parametrize(
    ("article", "subtopics", "root", "total"),
    [
        (PLAIN, (), "", 2),
        (PLAIN._replace(amp=True), (), "", 22),
        (PLAIN, ("A", "B"), "Root", 2 + 34 + 15),
        (PLAIN._replace(title="x" * 71), (), "", 2),
        (PLAIN._replace(title="x" * 400), (), "", 0),
        (PLAIN._replace(domain="news.reuters.com"), (), "", 42),
        (PLAIN._replace(domain="notreuters.com"), (), "", 2),
        (PLAIN._replace(domain=""), (), "", 2),
    ],
)
def test_the_sum(article: Facts, subtopics: tuple[str, ...], root: str, total: int) -> None:
    assert quality(article, subtopics=subtopics, root_in_title=root).total == total


def test_weights_change_the_sum() -> None:
    weights = Weights(tiers={"example.org": 30}, image=5)
    assert quality(PLAIN._replace(image=True), weights=weights).total == 35


def test_the_built_in_tiers() -> None:
    tiers = known_tiers()
    assert set(tiers.values()) <= {42, 52}
    assert all(re.fullmatch(r"[a-z0-9.-]+\.[a-z]+", domain) for domain in tiers)
