"""Heat fades with age, and the number shown is the one sorted by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.model.query import Sort
from tui_reader.model.trending import Cooling, number_shown, trending_score

HOUR = 3600
COOLING = Cooling(1000 * HOUR, 48 * HOUR)


@pytest.mark.parametrize(
    ("heat", "hours", "cooled"),
    [(142, 0, 142), (142, 48, 71), (142, 31, 91), (142, 4800, 0), (0, 5, 0), (-1, 5, None), (None, 5, None)],
)
def test_heat_halves_with_every_half_life(heat: int | None, hours: int, cooled: int | None) -> None:
    assert COOLING.cooled(heat, (1000 - hours) * HOUR) == cooled


def test_a_date_in_the_future_does_not_make_a_story_hotter() -> None:
    assert COOLING.cooled(80, 2000 * HOUR) == 80
    assert COOLING.factor(2000 * HOUR) == 1
    assert COOLING.age(2000 * HOUR) == 0


def test_without_a_date_there_is_no_cooled_heat() -> None:
    assert COOLING.cooled(80, None) is None


def test_the_number_shown_is_the_one_sorted_by() -> None:
    shown = {sort: number_shown(sort, 142, 40, 952 * HOUR, COOLING) for sort in Sort}
    assert shown == {Sort.HEAT: 142, Sort.NEWEST: 142, Sort.PROVIDER: 142, Sort.QUALITY: 40, Sort.TRENDING: 71}
    assert number_shown(Sort.HEAT, -1, 40, 0, COOLING) is None


@given(st.lists(st.tuples(st.integers(1, 4000), st.integers(0, 3_600_000)), min_size=2), st.integers(3600, 10**6))
def test_the_numbers_of_a_sorted_list_never_rise(stories: list[tuple[int, int]], half_life: int) -> None:
    cooling = Cooling(3_600_000, half_life)
    stories.sort(key=lambda story: trending_score(story[0], story[1], half_life) or 0, reverse=True)
    numbers = [cooling.cooled(*story) or 0 for story in stories]
    assert numbers == sorted(numbers, reverse=True)
    assert all(number <= heat for number, (heat, _) in zip(numbers, stories, strict=True))
