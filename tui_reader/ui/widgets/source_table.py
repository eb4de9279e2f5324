"""The table of sources."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual.app import RenderResult
from textual.color import Color
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from tui_reader.model.weights import Weight
from tui_reader.queries.source_status import Health, SourceStatus, describe_state
from tui_reader.ui.widgets.cells import clip, pad, width_of
from tui_reader.ui.widgets.line_list import LineList

MARKS = {Health.FINE: "●", Health.PAUSED: "‖", Health.NEW: "○", Health.FAILING: "✕", Health.GONE: "✕"}
"""The symbol of a source's state."""

FOLDER_SEPARATOR = " / "
"""Separates a folder from the one inside it."""

_COLUMNS = 66  # cells; a narrower table has no columns for folder and articles per week
_FOLDER, _ARTICLES, _WEEKLY, _STATE = 14, 9, 7, 21


def articles_per_week(facts: SourceStatus) -> str:
    """Return the number of articles per week as text, a dash if it is unknown."""
    if facts.per_week is None or not facts.articles:
        return "–"
    return f"{facts.per_week:,.0f}" if facts.per_week >= 1 else "<1"


def article_count(facts: SourceStatus) -> str:
    """Return the number of articles as text, a dash if it is unknown."""
    return "–" if facts.articles is None else f"{facts.articles:,}"


def _cells(title: str, folder: str, articles: str, per_week: str, width: int) -> tuple[str, str, str]:
    """Return title, folder and numbers padded to their columns; a narrow table leaves two of them out."""
    room = width - 3 - _ARTICLES - _STATE
    if width < _COLUMNS:
        return pad(title, room), "", pad(articles, _ARTICLES, right=True)
    numbers = pad(articles, _ARTICLES, right=True) + pad(per_week, _WEEKLY, right=True)
    return pad(title, room - _FOLDER - _WEEKLY - 1) + " ", pad(folder, _FOLDER), numbers


def _influence(source: SourceStatus) -> str:
    """Return what the person has set for the articles of a source, in as few words as possible."""
    weight = "" if source.weight is Weight.NORMAL else source.weight.value
    words = filter(None, (weight, "apart" if source.apart else ""))
    return "".join(f" · {word}" for word in words)


class SourceTable(LineList):
    """Shows one source a line: symbol, title, folder, numbers of articles, and state."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: Sequence[SourceStatus] = ()
        self.now = 0

    def count(self) -> int:
        """Return the number of sources shown."""
        return len(self.sources)

    def current(self) -> SourceStatus | None:
        """Return the source under the cursor."""
        return self.sources[self.cursor] if self.cursor < len(self.sources) else None

    def show(self, sources: Sequence[SourceStatus], now: int) -> None:
        """Show ``sources``; the cursor stays on its source if that is one of them."""
        current = self.current()
        found = [index for index, each in enumerate(sources) if current and each.location == current.location]
        self.sources, self.now = sources, now
        self.cursor = found[0] if found else max(0, min(self.cursor, len(sources) - 1))
        self.redraw(resize=True)
        self.keep_in_view()

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one source."""
        source, palette = self.sources[index], self.palette
        styles = {Health.FINE: self._style("success"), Health.PAUSED: palette.muted, Health.NEW: palette.accent}
        title, folder, numbers = _cells(
            source.title, FOLDER_SEPARATOR.join(source.folder), article_count(source), articles_per_week(source), width
        )
        state = self._style("error") if source.is_broken else palette.muted
        words = _influence(source)
        # Behind the title, in the same column.
        name = clip(source.title, width_of(title) - width_of(words) - 1)
        title, words = (name, pad(words, width_of(title) - width_of(name))) if words else (title, "")
        pieces = [
            self.bar(selected),
            (MARKS[source.health] + " ", styles.get(source.health, state)),
            (title, palette.muted if source.health is Health.PAUSED else palette.bright),
            (words, palette.muted),
            (folder, palette.muted),
            (numbers, palette.muted),
            ("  " + clip(describe_state(source, self.now), _STATE - 2), state),
        ]
        return [self.strip(pieces, width, selected)]

    def _style(self, name: str) -> Style:
        return Style(color=Color.parse(self.app.theme_variables[name]).rich_color)


class TableHeader(Widget):
    """The headings of the columns of a :class:`SourceTable`."""

    def render(self) -> RenderResult:
        """Align each heading with its column."""
        width = self.size.width - 1  # the list's scrollbar
        return Content.assemble(
            ("   " + "".join(_cells("TITLE", "FOLDER", "ARTICLES", "A WEEK", width)) + "  STATUS", "$faint")
        )
