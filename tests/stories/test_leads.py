"""The best article leads its story, weights decide which stories are shown, and heat fades with time."""

import pytest

from tui_reader.model.trending import trending_score
from tui_reader.model.weights import DEFAULT_WEIGHTS, Weights
from tui_reader.stories.leads import Candidate, is_report, rank_story
from tui_reader.stories.similarity import Packed, vector


def test_the_best_article_leads_or_the_earliest_of_equals() -> None:
    story = rank_story([Candidate(1, 300, 50), Candidate(2, 200, 76), Candidate(3, 100, 76), Candidate(4, None, 76)])
    assert story.lead == 3
    assert story.related == (2, 4, 1)
    assert story.heat == 76 + 60


def candidate(page: int, title: str, quality: int = 30, domain: str = "") -> Candidate:
    return Candidate(page, page, quality, title, domain or f"{page}.example", Packed(vector(title).pack()))


QUEUES = [
    candidate(1, "Zorblax IV beta: download date and start times", 38),
    candidate(2, "Makers of Zorblax warn of long queues in the beta"),
    candidate(3, "Zorblax IV beta: long queues, its makers warn", 34),
    candidate(4, "Long queues for the Zorblax beta, makers warn"),
    candidate(5, "Zorblax: a boss guide"),
]


def test_the_good_article_that_is_most_like_the_others_leads() -> None:
    assert rank_story(QUEUES).lead == 3
    assert rank_story(list(reversed(QUEUES))) == rank_story(QUEUES)
    # Not if it is worse by far.
    assert rank_story([one._replace(quality=9) if one.page == 3 else one for one in QUEUES]).lead in {2, 4}
    assert rank_story(QUEUES[:1] + QUEUES[2:3]).lead == 1


@pytest.mark.parametrize(
    ("title", "domain"),
    [
        ("Zorblax IV beta: long queues, its makers warn", "www.youtube.com"),
        ("Zorblax IV beta: long queues, its makers warn", "slickdeals.net"),
        ("Zorblax IV beta, 20% off: long queues, its makers warn", "shop.example"),
        ("VIDEO: Zorblax IV beta: long queues, its makers warn", "wire.example"),
        ("Watch ‘Zorblax IV beta’: long queues, its makers warn", "wire.example"),
        ("Zorblax IV beta: long queues, its makers warn [WATCH LIVE]", "wire.example"),
        ("Zorblax IV beta: long queues, its makers warn (Photos)", "wire.example"),
        ("Zorblax IV beta: do its makers warn of long queues?", "wire.example"),
    ],
)
def test_no_video_offer_or_question_leads_over_a_report(title: str, domain: str) -> None:
    other = candidate(3, title, 60, domain)
    assert not is_report(other)
    assert rank_story([*QUEUES[:2], other, *QUEUES[3:]]).lead in {2, 4}
    assert rank_story([other]).lead == 3


@pytest.mark.parametrize("title", ["Video game sales double", "Live music returns to town", "Watch prices fall"])
def test_a_report_may_begin_with_such_a_word(title: str) -> None:
    assert is_report(candidate(1, title))


def test_a_large_story_has_the_same_lead_in_any_order() -> None:
    many = [candidate(page, f"Queues of {page} hours in the beta, makers warn {page % 7}") for page in range(200)]
    assert rank_story(many) == rank_story(many[::-1])


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
