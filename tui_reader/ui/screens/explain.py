"""The window that says why a story has its heat and what its coverage has in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult, RenderResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui_reader.queries.explain import LEAST, Companion, Explanation
from tui_reader.ui.screens.modal import ScrollScreen
from tui_reader.ui.widgets.cells import pad, wrap

Line = tuple[tuple[str, str], ...]
"""Pieces of text, each with its style."""

_NUMBER = 6
_INDENT = 2


class ExplanationView(Widget):
    """The explanation, laid out for the width that there is."""

    DEFAULT_CSS = "ExplanationView { height: auto; }"

    def __init__(self, explanation: Explanation) -> None:
        super().__init__()
        self._explanation = explanation

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as its lines."""
        return len(list(explanation_lines(self._explanation, width)))

    def render(self) -> RenderResult:
        """Put the lines below each other."""
        lines = explanation_lines(self._explanation, self.size.width)
        return Content("\n").join(Content.assemble(*line) for line in lines)


class ExplainScreen(ScrollScreen):
    """Shows an explanation until a key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,w,enter", "close", "close")]

    def __init__(self, explanation: Explanation) -> None:
        super().__init__()
        self._explanation = explanation

    def compose(self) -> ComposeResult:
        """Put the explanation into a window as high as it needs, or as there is room for."""
        with VerticalScroll(classes="window") as window:
            window.border_title = "Why"
            window.border_subtitle = "j/k scroll · Esc closes"
            yield ExplanationView(self._explanation)


def explanation_lines(explanation: Explanation, width: int) -> Iterator[Line]:
    """Lay an explanation out in lines of at most ``width`` cells."""
    row = explanation.row
    yield from _text(row.title, width, "bold $bright")
    yield ()
    yield from _text(_rule(explanation), width, "$muted")
    sums = list(_sum(explanation, width))
    if sums:
        yield ()
        yield from sums
    if explanation.is_stale:
        yield ()
        yield from _text(
            f"The list still has quality {row.quality}, from before the topics changed: "
            "the next refresh brings it up to date.",
            width,
            "$muted",
        )
    yield from _coverage(explanation, width)


def _rule(explanation: Explanation) -> str:
    """Who made the numbers, and how, in words."""
    row, each = explanation.row, f"{explanation.per_related} for each related article"
    if not row.indexed:
        words = "This page is known only from the coverage of other stories, and so is its quality."
    elif explanation.made_here and not row.shown:
        words = "The quality is worked out here. The heat is that of the story which the article is folded under."
    elif explanation.made_here:
        words = f"Worked out here, as the source says neither: heat is the quality and {each}."
    elif not row.shown:
        words = "The quality is the source’s, which does not list the article as a story of its own."
    elif row.heat == explanation.expected:
        words = f"The quality is the source’s. The heat, the source’s or counted here, is the quality and {each}."
    else:
        words = f"Heat and quality are the source’s. Most often heat is the quality and {each}; here it is not."
    return words


def _sum(explanation: Explanation, width: int) -> Iterator[Line]:
    """The numbers one below the other, each with what it is for."""
    row, quality = explanation.row, explanation.quality
    if quality is not None:
        for place, part in enumerate(quality.parts):
            yield from _entry(part.points, part.reason, width, first=place == 0)
        total = sum(part.points for part in quality.parts)
        if total < 0:
            yield from _entry(-total, "a sum below 0 counts as 0", width)
        yield _line()
        yield from _entry(quality.total, "quality", width, first=True, style="bold $bright")
    elif row.quality is not None:
        yield from _entry(row.quality, "quality, says the source", width, first=True, style="bold $bright")
    if row.heat is None or not row.shown or not row.indexed:
        return
    base = row.quality if quality is None else quality.total
    if base is None:
        yield from _entry(0, "quality, which nobody says", width, first=True)
    yield from _entry(explanation.coverage_heat, f"{row.related} related × {explanation.per_related}", width)
    made = (base or 0) + explanation.coverage_heat
    if not explanation.made_here and row.heat != made:
        yield from _entry(row.heat - made, "as the source has it", width)
        made = row.heat
    yield _line()
    yield from _entry(made, "heat", width, first=True, style="bold $bright")


def _entry(points: int, words: str, width: int, *, first: bool = False, style: str = "$foreground") -> Iterator[Line]:
    """A number with its sign, and what it is for in as many lines as that takes."""
    sign = "−" if points < 0 else " " if first else "+"
    number = sign + pad(str(abs(points)), _NUMBER - 1, right=True) + "  "
    for place, line in enumerate(wrap(words, width - len(number))):
        yield (number if place == 0 else " " * len(number), style), (line, style)


def _line() -> Line:
    return ((" " + "─" * (_NUMBER - 1), "$muted"),)


_GIVEN = "The source says what belongs together; this is what they have in common."


def _coverage(explanation: Explanation, width: int) -> Iterator[Line]:
    """What each article of the story has in common with the one that is explained."""
    row = explanation.row
    companions = explanation.companions
    if not companions:
        if row.indexed and row.shown:
            yield ()
            yield from _text("Nobody else is known to have written about it.", width, "$muted")
        return
    yield ()
    yield (("FOLDED UNDER" if explanation.under else "WHY THESE ARE ONE STORY", "bold $muted"),)
    if explanation.made_here and explanation.under:
        against = f"{companions[0].row.quality} against {row.quality}"
        yield from _text(f"The best article leads a story, the earliest of equals: {against}.", width, "$muted")
    elif not explanation.made_here:
        words = "What its source lists, and what was put behind that here, has this in common with it."
        yield from _text(words if explanation.joined else _GIVEN, width, "$muted")
    for companion in companions:
        yield ()
        yield from _companion(companion, width, made_here=explanation.made_here)
    if explanation.further:
        yield ()
        yield from _text(f"… and {explanation.further:,} more", width, "$muted")


def _companion(companion: Companion, width: int, *, made_here: bool) -> Iterator[Line]:
    row = companion.row
    yield from _text(row.title, width, "$foreground")
    words = " · ".join(part for part in (row.provider.name, str(companion.reasons).replace("; ", " · ")) if part)
    told = [(words, "$muted")]
    if companion.corrected:
        told.append(("put together by you", "$accent"))
    elif made_here and companion.reasons.similarity < LEAST:
        told.append(("more like others of the story", "$muted"))
    for text, style in told:
        for line in wrap(text, width - _INDENT):
            yield (" " * _INDENT, ""), (line, style)


def _text(text: str, width: int, style: str) -> Iterator[Line]:
    for line in wrap(text, width):
        yield ((line, style),)
