"""The table of the sources, one line each, with the signs and numbers that stand for them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual.app import RenderResult
from textual.color import Color
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from tui_reader.queries.source_status import Health, SourceStatus, state_words
from tui_reader.ui.widgets.cells import clip, pad
from tui_reader.ui.widgets.line_list import LineList

MARKS = {Health.FINE: "●", Health.PAUSED: "‖", Health.NEW: "○", Health.FAILING: "✕", Health.GONE: "✕"}
"""The sign before a source, by how it is."""
FOLDER_SIGN = " / "
"""What stands between a folder and the one inside it."""

_COLUMNS = 66  # cells from which on folder and posts a week have columns
_FOLDER, _ARTICLES, _WEEKLY, _STATE = 14, 9, 7, 21


def weekly(facts: SourceStatus) -> str:
    """Say how many articles a week a source has; a dash where that cannot be told."""
    if facts.a_week is None or not facts.articles:
        return "–"
    return f"{facts.a_week:,.0f}" if facts.a_week >= 1 else "<1"


def counted(facts: SourceStatus) -> str:
    """Say how many articles there are of a source; a dash where that is not known."""
    return "–" if facts.articles is None else f"{facts.articles:,}"


def _cells(title: str, folder: str, articles: str, a_week: str, width: int) -> tuple[str, str, str]:
    """Bring what stands in a line into columns: title, folder and numbers; two of them go where it is narrow."""
    room = width - 3 - _ARTICLES - _STATE
    if width < _COLUMNS:
        return pad(title, room), "", pad(articles, _ARTICLES, right=True)
    numbers = pad(articles, _ARTICLES, right=True) + pad(a_week, _WEEKLY, right=True)
    return pad(title, room - _FOLDER - _WEEKLY - 1) + " ", pad(folder, _FOLDER), numbers


class SourceTable(LineList):
    """One line a source: its mark, title, folder, how much there is of it, and how it is."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: Sequence[SourceStatus] = ()
        self.now = 0

    def count(self) -> int:
        """Number of sources shown."""
        return len(self.sources)

    def current(self) -> SourceStatus | None:
        """The source under the cursor."""
        return self.sources[self.cursor] if self.cursor < len(self.sources) else None

    def show(self, sources: Sequence[SourceStatus], now: int) -> None:
        """Show these sources; the cursor stays on its own where that is among them."""
        here = self.current()
        at = [place for place, facts in enumerate(sources) if here and facts.location == here.location]
        self.sources, self.now = sources, now
        self.cursor = at[0] if at else max(0, min(self.cursor, len(sources) - 1))
        self.redraw(resize=True)
        self.keep_in_view()

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one source."""
        facts, palette = self.sources[index], self.palette
        mark = {Health.FINE: self._ink("success"), Health.PAUSED: palette.muted, Health.NEW: palette.accent}
        title, folder, numbers = _cells(
            facts.title, FOLDER_SIGN.join(facts.folder), counted(facts), weekly(facts), width
        )
        ink = self._ink("error") if facts.is_broken else palette.muted
        pieces = [
            self.bar(selected),
            (MARKS[facts.health] + " ", mark.get(facts.health, ink)),
            (title, palette.muted if facts.health is Health.PAUSED else palette.bright),
            (folder, palette.muted),
            (numbers, palette.muted),
            ("  " + clip(state_words(facts, self.now), _STATE - 2), ink),
        ]
        return [self.strip(pieces, width, selected)]

    def _ink(self, name: str) -> Style:
        return Style(color=Color.parse(self.app.theme_variables[name]).rich_color)


class TableHead(Widget):
    """The names of the columns."""

    def render(self) -> RenderResult:
        """Put each name above its column."""
        width = self.size.width - 1  # the list's scrollbar
        return Content.assemble(
            ("   " + "".join(_cells("TITLE", "FOLDER", "ARTICLES", "A WEEK", width)) + "  LAST ANSWER", "$faint")
        )
