"""The details of one source, and what to do if it has a problem."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from tui_reader.model.dates import long_date
from tui_reader.model.weights import Weight
from tui_reader.queries.source_status import Health, SourceStatus, describe_state, duration, time_ago
from tui_reader.sources.locations import is_remote
from tui_reader.ui.widgets.cells import wrap
from tui_reader.ui.widgets.source_table import FOLDER_SEPARATOR, MARKS, article_count, articles_per_week


class SourceDetails(Widget):
    """Shows one source beside or below the table."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: SourceStatus | None = None
        self._now = 0
        self._empty = ""

    def show(self, facts: SourceStatus | None, now: int, empty: str) -> None:
        """Show a source, or the text ``empty`` if there is none."""
        if (facts, now, empty) != (self._facts, self._now, self._empty):
            self._facts, self._now, self._empty = facts, now, empty
            self.refresh()

    def render(self) -> RenderResult:
        """Lay out as many lines as fit, the most important first."""
        width, height = self.size.width - 2, self.size.height
        if self._facts is None:
            return Content("\n").join(Content(f" {line}") for line in wrap(self._empty, width))
        parts = [
            [(line, style) for text, style in part if text for line in wrap(text, width)]
            for part in _parts(self._facts, self._now)
        ]
        parts = [part for part in parts if part]
        airy = sum(map(len, parts)) + len(parts) <= height
        lines: list[tuple[str, str]] = []
        for part in parts:
            lines += [("", ""), *part] if airy and lines else part
        return Content("\n").join(Content.assemble(" ", (line, style)) for line, style in lines[:height])


def _parts(facts: SourceStatus, now: int) -> list[list[tuple[str, str]]]:
    """Return paragraphs of lines with their styles, the most important first."""
    state = f"{MARKS[facts.health]} {describe_state(facts, now)}"
    if facts.failing_since is not None and facts.is_broken:
        state += f", since {long_date(facts.failing_since)}"
    fetched = [] if facts.last_fetched is None else [f"Last fetched {time_ago(facts.last_fetched, now)}"]
    fetched += [f"next {_when(facts, now)}"] if facts.health is Health.FINE and facts.next_fetch is not None else []
    kind = [f"{facts.kind} of {facts.account}" if facts.account else facts.kind, FOLDER_SEPARATOR.join(facts.folder)]
    if facts.articles is not None:
        kind.append(f"{article_count(facts)} article{'' if facts.articles == 1 else 's'}")
        kind += [f"{articles_per_week(facts)} a week"] if facts.articles else []
    topics = ", ".join(facts.topics)
    return [
        [(facts.title, "bold $bright"), (facts.address, "$accent")],
        [
            (state if facts.health not in {Health.FINE, Health.NEW} else "", "$error" if facts.is_broken else "$muted"),
            (facts.error if facts.is_broken else "", "$text"),
            (advice(facts, now), "$muted"),
        ],
        [(" · ".join(fetched), "$muted"), (" · ".join(filter(None, kind)), "$muted")],
        [(f"Topics: {topics}" if topics else "", "$muted"), (_influence(facts), "$muted")],
        [("Not read as it should be:" if facts.notes else "", "$text"), *((note, "$muted") for note in facts.notes)],
    ]


def _influence(facts: SourceStatus) -> str:
    """Return what the person has set for the articles of the source, with the keys that change it."""
    parts = []
    if facts.weight is not Weight.NORMAL:
        parts.append(f"Its articles count {facts.weight.value} than others (w)")
    if facts.apart:
        parts.append("Kept apart: never folded into stories (A)")
    if facts.full_text:
        parts.append("Always in full text (v)")
    if facts.selector:
        parts.append(f"The text is {facts.selector} (V)")
    return " · ".join(parts)


def advice(facts: SourceStatus, now: int) -> str:
    """Return what to do about a source; empty if there is nothing to do."""
    if facts.health is Health.PAUSED:
        return "Not refreshed while paused · p to resume"
    if facts.health is Health.NEW:
        return "To be fetched by the next refresh · r to fetch it now"
    if facts.health is Health.GONE:
        what = "No longer fetched:" if is_remote(facts.location) else "Put it back, or"
        return f"{what} press d to remove it; saved articles stay."
    if facts.health is Health.FAILING and facts.account:
        return "c lists the accounts, with what to do about each"
    if facts.health is Health.FAILING:
        return f"Next attempt {_when(facts, now)} · r to try now. If it has moved, remove it (d) and add it again (a)."
    return ""


def _when(facts: SourceStatus, now: int) -> str:
    return (
        "with the next refresh"
        if facts.next_fetch is None or facts.next_fetch <= now
        else f"in {duration(facts.next_fetch - now)}"
    )
