"""The best article leads its story, weights decide which stories are shown, and heat fades with time."""

import pytest

from tui_reader.model.trending import trending_score
from tui_reader.model.weights import DEFAULT_WEIGHTS, Weights
from tui_reader.stories.leads import Candidate, rank_story


def test_the_best_article_leads_or_the_earliest_of_equals() -> None:
    story = rank_story([Candidate(1, 300, 50), Candidate(2, 200, 76), Candidate(3, 100, 76), Candidate(4, None, 76)])
    assert story.lead == 3
    assert story.related == (2, 4, 1)
    assert story.heat == 76 + 60


def test_a_story_has_at_least_one_article() -> None:
    assert rank_story([Candidate(7, None, 5)]) == (7, (), 5)
    with pytest.raises(ValueError, match="at least one"):
        rank_story([])


def test_thresholds_for_shown_stories() -> None:
    assert DEFAULT_WEIGHTS.shows(0, 0)
    publisher = Weights(shown_quality=50, shown_heat=70)
    assert publisher.shows(50, 70)
    assert not publisher.shows(49, 200)
    assert not publisher.shows(60, 60)


@pytest.mark.parametrize(("heat", "age"), [(80, 0), (160, 100), (320, 200)])
def test_heat_halves_with_the_half_life(heat: int, age: int) -> None:
    assert trending_score(heat, 1000 - age, half_life=100) == trending_score(80, 1000, half_life=100)


def test_without_heat_or_date_there_is_no_trending_score() -> None:
    assert trending_score(-1, 1000) is trending_score(None, 1000) is trending_score(80, None) is None
