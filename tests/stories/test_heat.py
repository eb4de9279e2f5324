"""Heat is given by the source, or else quality plus coverage."""

import pytest

from tui_reader.model.article import Article
from tui_reader.stories.heat import HEAT_STEPS, heat_step, with_heat


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
    assert [heat_step(heat) for heat in (None, -1, 0, *HEAT_STEPS, 10_000)] == [0, 0, 0, 1, 2, 3, 4, 5, 5]
