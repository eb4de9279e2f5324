"""The best article leads its story, weights say what is shown, and heat halves with time."""

import pytest

from tui_reader.model.trending import hot
from tui_reader.model.weights import USUAL, Weights
from tui_reader.stories.leads import Rated, story_of


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
    assert USUAL.shows(0, 0)
    publisher = Weights(shown_quality=50, shown_heat=70)
    assert publisher.shows(50, 70)
    assert not publisher.shows(49, 200)
    assert not publisher.shows(60, 60)


@pytest.mark.parametrize(("heat", "age"), [(80, 0), (160, 100), (320, 200)])
def test_heat_halves(heat: int, age: int) -> None:
    assert hot(heat, 1000 - age, half_life=100) == hot(80, 1000, half_life=100)


def test_without_heat_or_date_nothing_is_hot() -> None:
    assert hot(-1, 1000) is hot(None, 1000) is hot(80, None) is None
