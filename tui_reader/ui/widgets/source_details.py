"""All that is known of one source, beside or below the table, and what to do about it."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from tui_reader.model.dates import long_date
from tui_reader.queries.source_status import Health, SourceStatus, ago, span, state_words
from tui_reader.sources.locations import is_remote
from tui_reader.ui.widgets.cells import wrap
from tui_reader.ui.widgets.source_table import FOLDER_SIGN, MARKS, counted, weekly


class SourceDetails(Widget):
    """All that is known of one source, and what to do about it."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: SourceStatus | None = None
        self._now = 0
        self._empty = ""

    def show(self, facts: SourceStatus | None, now: int, empty: str) -> None:
        """Show a source, or else why there is none."""
        if (facts, now, empty) != (self._facts, self._now, self._empty):
            self._facts, self._now, self._empty = facts, now, empty
            self.refresh()

    def render(self) -> RenderResult:
        """Lay out as many lines as there is room for, what matters most first."""
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
    """The paragraphs about a source, each of lines with their colours, the most important first."""
    state = f"{MARKS[facts.health]} {state_words(facts, now)}"
    if facts.failing_since is not None and facts.is_broken:
        state += f", since {long_date(facts.failing_since)}"
    asked = [] if facts.asked is None else [f"last answer {ago(facts.asked, now)}"]
    asked += [f"asked again {_when(facts, now)}"] if facts.health is Health.FINE and facts.next is not None else []
    kind = [facts.kind, FOLDER_SIGN.join(facts.folder)]
    if facts.articles is not None:
        kind.append(f"{counted(facts)} article{'' if facts.articles == 1 else 's'}")
        kind += [f"{weekly(facts)} a week"] if facts.articles else []
    topics = ", ".join(facts.topics)
    return [
        [(facts.title, "bold $bright"), (facts.address, "$accent")],
        [
            (state if facts.health not in {Health.FINE, Health.NEW} else "", "$error" if facts.is_broken else "$muted"),
            (facts.error if facts.is_broken else "", "$text"),
            (advice(facts, now), "$muted"),
        ],
        [(" · ".join(asked), "$muted"), (" · ".join(filter(None, kind)), "$muted")],
        [(f"topics: {topics}" if topics else "", "$muted")],
    ]


def advice(facts: SourceStatus, now: int) -> str:
    """Say what a person can do about a source; empty where there is nothing to do."""
    if facts.health is Health.PAUSED:
        return "It is not asked: p asks it again."
    if facts.health is Health.NEW:
        return "It is asked with the next refresh; r asks it now."
    if facts.health is Health.GONE:
        what = "It is asked no more:" if is_remote(facts.location) else "Put it back where it was, or"
        return f"{what} d removes it, and what is saved of it stays."
    if facts.health is Health.FAILING:
        return (
            f"It is asked again {_when(facts, now)}, r asks it now. If it has moved, d removes it and a adds it anew."
        )
    return ""


def _when(facts: SourceStatus, now: int) -> str:
    return "with the next refresh" if facts.next is None or facts.next <= now else f"in {span(facts.next - now)}"
