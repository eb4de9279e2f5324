"""Why a story has its heat, and what its coverage has in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult, RenderResult
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui_reader.queries.explain import JOIN_SIMILARITY, Companion, Cooled, Explanation
from tui_reader.storage.story_evidence import SourceSays
from tui_reader.stories.heat import HEAT_PER_RELATED
from tui_reader.ui.screens.modal import ScrollScreen
from tui_reader.ui.widgets.cells import pad, wrap
from tui_reader.ui.window_keys import bindings_of

Line = tuple[tuple[str, str], ...]
"""Text and style of each part of a line."""

_NUMBER = 6  # cells of the column of numbers
_INDENT = 2  # cells
_HOUR = 3600  # seconds
_DAYS = 5 * 24  # hours of age from which it is given in days
_LEAST_FACTOR = 0.005


class ExplanationView(Widget):
    """An explanation, wrapped to the width of the widget."""

    DEFAULT_CSS = "ExplanationView { height: auto; }"

    def __init__(self, explanation: Explanation) -> None:
        super().__init__()
        self._explanation = explanation

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines at this width."""
        return len(list(explanation_lines(self._explanation, width)))

    def render(self) -> RenderResult:
        """Return all lines."""
        lines = explanation_lines(self._explanation, self.size.width)
        return Content("\n").join(Content.assemble(*line) for line in lines)


class ExplainScreen(ScrollScreen):
    """Shows an explanation."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("why")
    window = "why"

    def __init__(self, explanation: Explanation) -> None:
        super().__init__()
        self._explanation = explanation

    def compose(self) -> ComposeResult:
        """Show the explanation in a window as high as it needs, up to the maximum of the style sheet."""
        self.body.border_title = "Why"
        self.show_hints(self.body, ("down/up", "scroll"), ("close", "close"))
        with self.body:
            yield ExplanationView(self._explanation)


def explanation_lines(explanation: Explanation, width: int) -> Iterator[Line]:
    """Return an explanation as lines of at most ``width`` cells."""
    row = explanation.row
    yield from _text(row.title, width, "bold $bright")
    yield ()
    yield from _text(_rule(explanation), width, "$muted")
    if explanation.source_says is not None:
        yield ()
        yield from _text(_corrected(explanation.source_says), width, "$foreground")
    sums = list(_sum(explanation, width))
    if sums:
        yield ()
        yield from sums
    if explanation.is_stale:
        yield ()
        yield from _text(
            f"The list still shows quality {row.quality}, from before your topics changed; "
            "the next refresh updates it.",
            width,
            "$muted",
        )
    yield from _coverage(explanation, width)


def _rule(explanation: Explanation) -> str:
    """Say where quality and heat come from."""
    row, per_related = explanation.row, f"{HEAT_PER_RELATED} for each related article"
    if not row.indexed:
        return "This article is known only from the coverage of other stories, which also gives its quality."
    if not row.shown and (explanation.made_here or explanation.source_says is not None):
        origin = "is computed here" if explanation.made_here else "comes from the source"
        return f"The quality {origin}. The heat is that of the story the article is folded under."
    if explanation.made_here:
        return (
            "Computed here, as the source gives neither quality nor heat. "
            "Heat is the sum of the quality and of what is listed below it."
        )
    if not row.shown:
        return "The quality comes from the source, which does not list this article as a story of its own."
    if row.heat == explanation.expected:
        return f"The quality comes from the source. The heat is the quality plus {per_related}."
    return f"Heat and quality come from the source. Heat is usually the quality plus {per_related}; here it differs."


def _corrected(source: SourceSays) -> str:
    """Say what the source says of a story that the user corrected."""
    if not source.shown:
        return "You corrected this: its source folds the article under another story."
    related = f"{source.articles} related {'article' if source.articles == 1 else 'articles'}"
    heat = "" if source.heat is None else f"heat {source.heat} and "
    return f"You corrected this: its source gives the story {heat}{related}."


def _sum(explanation: Explanation, width: int) -> Iterator[Line]:
    """Return the sums that make quality and heat, one number on a line."""
    row, quality = explanation.row, explanation.quality
    if quality is not None:
        for place, part in enumerate(quality.parts):
            yield from _entry(part.points, part.reason, width, first=place == 0)
        total = sum(part.points for part in quality.parts)
        if total < 0:
            yield from _entry(-total, "a negative sum counts as 0", width)
        yield _line()
        yield from _entry(quality.total, "quality", width, first=True, style="bold $bright")
    elif row.quality is not None:
        yield from _entry(row.quality, "quality, from the source", width, first=True, style="bold $bright")
    if row.heat is None or not row.shown or not row.indexed:
        return
    if explanation.quality is None and row.quality is None:
        yield from _entry(0, "quality, unknown", width, first=True)
    for part in explanation.parts:
        yield from _entry(part.points, part.reason, width)
    made = explanation.expected or 0
    if not explanation.made_here and row.heat != made:
        yield from _entry(row.heat - made, "difference, set by the source", width)
        made = row.heat
    yield _line()
    yield from _entry(made, "heat", width, first=True, style="bold $bright")
    if explanation.cooled is not None and not explanation.is_stale:
        yield ()
        yield from _text(f"{made} {_cooling(explanation.cooled)}", width, "$foreground")
        yield from _entry(explanation.cooled.number, "hot now", width, first=True, style="bold $bright")


def _cooling(cooled: Cooled) -> str:
    """Say how heat fades: ``× 0.64, 31 hours at a half-life of 48``."""
    factor = f"{cooled.factor:.2f}" if cooled.factor >= _LEAST_FACTOR else "almost 0"
    hours, half_life = cooled.age // _HOUR, f"{cooled.half_life / _HOUR:g}"
    if hours >= _DAYS:
        return f"× {factor}, {hours // 24} days at a half-life of {half_life} hours"
    return f"× {factor}, {hours} {'hour' if hours == 1 else 'hours'} at a half-life of {half_life}"


def _entry(points: int, words: str, width: int, *, first: bool = False, style: str = "$foreground") -> Iterator[Line]:
    """Return a signed number with its label, which may take several lines."""
    sign = "−" if points < 0 else " " if first else "+"
    number = sign + pad(str(abs(points)), _NUMBER - 1, right=True) + "  "
    for place, line in enumerate(wrap(words, width - len(number))):
        yield (number if place == 0 else " " * len(number), style), (line, style)


def _line() -> Line:
    return ((" " + "─" * (_NUMBER - 1), "$muted"),)


def _coverage(explanation: Explanation, width: int) -> Iterator[Line]:
    """Return what each article of the story has in common with the one explained."""
    row = explanation.row
    companions = explanation.companions
    if not companions:
        if row.indexed and row.shown:
            yield ()
            yield from _text("No other coverage found.", width, "$muted")
        return
    yield ()
    yield (("FOLDED UNDER" if explanation.under else "WHY THESE ARE ONE STORY", "bold $muted"),)
    if explanation.made_here and explanation.under:
        qualities = f"{companions[0].row.quality} vs {row.quality}"
        words = f"The article of the highest quality leads a story ({qualities}), the earliest one on a tie."
        yield from _text(words, width, "$muted")
    elif not explanation.made_here:
        grouped = "Grouped by the source, with more added here" if explanation.joined else "Grouped by the source"
        yield from _text(f"{grouped}. What each article has in common with this one:", width, "$muted")
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
    notes = [(words, "$muted")]
    if companion.corrected:
        notes.append(("merged by you", "$accent"))
    elif made_here and companion.reasons.similarity < JOIN_SIMILARITY:
        notes.append(("more similar to other articles of this story", "$muted"))
    for text, style in notes:
        for line in wrap(text, width - _INDENT):
            yield (" " * _INDENT, ""), (line, style)


def _text(text: str, width: int, style: str) -> Iterator[Line]:
    for line in wrap(text, width):
        yield ((line, style),)
