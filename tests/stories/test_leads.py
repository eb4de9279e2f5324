"""The best article leads its story, and heat cools from the newest article back."""

import pytest

from tui_reader.stories.leads import COLLECTION_FLOORS, Floors, Rated, hot, story_of


def test_the_best_leads_and_the_earliest_of_equals() -> None:
    story = story_of([Rated(1, 300, 50), Rated(2, 200, 76), Rated(3, 100, 76), Rated(4, None, 76)])
    assert story.lead == 3
    assert story.related == (2, 4, 1)
    assert story.heat == 76 + 60


def test_one_article_is_a_story_and_none_is_not() -> None:
    assert story_of([Rated(7, None, 5)]) == (7, (), 5)
    with pytest.raises(ValueError, match="at least one"):
        story_of([])


def test_what_is_shown() -> None:
    assert Floors().shows(0, 0)
    assert COLLECTION_FLOORS.shows(50, 70)
    assert not COLLECTION_FLOORS.shows(49, 200)
    assert not COLLECTION_FLOORS.shows(60, 60)


@pytest.mark.parametrize(
    ("heat", "published", "expected"), [(80, 1000, 80), (80, 900, 40), (80, 800, 20), (80, None, 0), (-1, 1000, 0)]
)
def test_heat_halves(heat: int, published: int | None, expected: float) -> None:
    assert hot(heat, published, 1000, half_life=100) == pytest.approx(expected)
