"""Stories and topics as tables: fitted to the width of a terminal, complete anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from tui_reader.commands.output.terminal import columns, has_colours
from tui_reader.model.dates import iso_date
from tui_reader.model.query import Sort
from tui_reader.model.story import StoryRow, TopicCount
from tui_reader.model.trending import Cooling, number_shown
from tui_reader.stories.heat import heat_limits, heat_step
from tui_reader.ui.widgets.cells import pad, width_of

_GAP = "  "
_MIN_TITLE = 24  # cells; narrower terminals omit the provider, then the date, then the number
_MAX_PROVIDER = 22  # cells on a terminal
_RESET = "\x1b[0m"
_FAINT = "\x1b[2m"
_HEADS = {Sort.TRENDING: "HOT", Sort.QUALITY: "QUALITY"}
# The heat ramp in the terminal's own colours, from cool to hot; see heat_step.
_RAMP = ("\x1b[2m", "", "\x1b[33m", "\x1b[1;33m", "\x1b[31m", "\x1b[1;31m")


def story_table(rows: Sequence[StoryRow], sort: Sort, cooling: Cooling) -> Iterator[str]:
    """Yield a line for each story: the number of its order, title, provider, date and number of related articles.

    The article that a search found, if it is not the lead, follows in a line of its own.
    """
    numbers = [number_shown(sort, row.heat, row.quality, row.published, cooling) for row in rows]
    cells = [_story_cells(row, number) for row, number in zip(rows, numbers, strict=True)]
    limits = heat_limits(number or 0 for number in numbers)
    room = columns(sys.stdout)
    head = (_HEADS.get(sort, "HEAT"), "TITLE", "PROVIDER", "DATE", "MORE")
    widths = _fit(_widest([head, *cells] if room else cells), room)
    if room:
        yield from _coloured(_line(head, widths), _FAINT)
    for row, texts, number in zip(rows, cells, numbers, strict=True):
        yield from _story_line(row, texts, widths, _RAMP[heat_step(number, limits)])
        if row.match is not None:
            found = f"↳ {row.match.title} · {row.match.provider}" if row.match.provider else f"↳ {row.match.title}"
            line = f"{' ' * widths[0]}{_GAP}{found}"
            yield from _coloured(pad(line, room).rstrip() if room else line, _FAINT)


def _story_cells(row: StoryRow, number: int | None) -> tuple[str, ...]:
    day = (iso_date(row.published) or "no date")[:10]
    return (
        "" if number is None else f"{number}",
        row.title,
        row.provider.name,
        day,
        f"{row.related}" if row.related else "",
    )


def _widest(table: Sequence[Sequence[str]]) -> list[int]:
    return [max((width_of(line[column]) for line in table), default=0) for column in range(5)]


def _fit(widths: list[int], room: int | None) -> list[int]:
    """Narrow the columns until a line fits into ``room`` cells; a column of width 0 is omitted."""
    if room is None:
        return widths
    heat, title, provider, day, more = widths
    provider = min(provider, _MAX_PROVIDER)

    def rest() -> int:
        others = [width for width in (heat, provider, day, more) if width]
        return room - sum(others) - len(_GAP) * len(others)

    if rest() < _MIN_TITLE:
        provider = 0
    if rest() < _MIN_TITLE:
        day = 0
    if rest() < _MIN_TITLE // 3:
        more = 0
    return [heat, max(1, min(title, rest())), provider, day, more]


def _line(texts: Sequence[str], widths: Sequence[int]) -> str:
    columns = zip(texts, widths, (True, False, False, False, True), strict=True)
    cells = [pad(text, width, right=right) for text, width, right in columns if width]
    return _GAP.join(cells).rstrip()


def _story_line(row: StoryRow, texts: Sequence[str], widths: Sequence[int], colour: str) -> Iterator[str]:
    line = _line(texts, widths)
    if not row.unread:
        yield from _coloured(line, _FAINT)
    elif colour and has_colours(sys.stdout):
        yield f"{colour}{line[: widths[0]]}{_RESET}{line[widths[0] :]}"
    else:
        yield line


def _coloured(line: str, colour: str) -> Iterator[str]:
    yield f"{colour}{line}{_RESET}" if has_colours(sys.stdout) else line


def topic_table(counts: Sequence[TopicCount]) -> Iterator[str]:
    """Yield a line for each topic, indented by its depth in the tree: name, stories, unread stories."""
    names = [_GAP * count.depth + (count.topic.name or "All") for count in counts]
    width = max(width_of(name) for name in names)
    room = columns(sys.stdout)
    if room:
        width = max(1, min(max(width, 5), room - 20))
        yield from _coloured(f"{pad('TOPIC', width)}{_GAP}STORIES{_GAP}UNREAD", _FAINT)
    for name, count in zip(names, counts, strict=True):
        yield f"{pad(name, width)}{_GAP}{count.stories:>7}{_GAP}{count.unread:>6}"
