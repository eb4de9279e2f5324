"""The facts below a title in the list: who tells the story, its date, and marks."""

from __future__ import annotations

from tui_reader.model.dates import month_date, short_date, year_date
from tui_reader.model.story import Match, StoryRow
from tui_reader.ui.widgets.cells import ELLIPSIS, clip, width_of

SAVED = "★"
FOLDED = "↰"
ANNOTATED = "#"

_MIN_PROVIDER = 10  # cells that a provider keeps if a line is too narrow for all facts
_LEAST_PROVIDER = 4  # cells that it keeps beside the time of reading
_SHORT_PROVIDER = 16  # cells of a provider's name that say who it is
_MIN_LEAD = 16  # cells of the title of the story that an article is in
_SEPARATOR = " · "


def facts(row: StoryRow, now: int, width: int, *, roomy: bool) -> str:
    """Return the facts of a story in at most ``width`` cells: ``Reuters +BBC, Guardian, 7 more · 3 h``.

    ``now`` is in seconds since 1970. Where there is not enough room, fewer
    outlets are named, then the date becomes shorter, then the provider. A
    narrow line goes without its date, but not without the time of reading.
    Dates are shorter unless the list is ``roomy``.
    """
    dates = _dates(row, now, roomy=roomy)
    over = width_of(_joined(_who(row), dates[-1], *_others(row))) - width
    # The first words of a story say which it is.
    least = _MIN_PROVIDER if row.read_at is None else _LEAST_PROVIDER
    others = [clip(part, max(_MIN_LEAD, width_of(part) - over)) if over > 0 else part for part in _others(row)]
    for date in dates:
        if width_of(_joined(_who(row), date, *others)) <= width:
            break
    else:
        date = dates[-1]
        if width_of(_joined(_who(row, least), date, *others)) > width:
            date = ""
    rest = _joined(date, *others)
    who = tellers(row, width - width_of(rest) - (len(_SEPARATOR) if rest else 0), least)
    return clip(_joined(who, rest), width)


def least_facts(row: StoryRow, now: int) -> int:
    """Return the cells that the facts take at least, with the beginning of a long provider's name."""
    return width_of(_joined(_who(row, _SHORT_PROVIDER), _dates(row, now, roomy=False)[-1], *_others(row)))


def _joined(*parts: str) -> str:
    return _SEPARATOR.join(part for part in parts if part)


def _dates(row: StoryRow, now: int, *, roomy: bool) -> list[str]:
    """Return the date in its forms, the longest first; in the list of what was read, when that was."""
    if row.read_at is not None:
        return [f"read {form}" for form in (short_date(row.read_at, now), year_date(row.read_at, now))]
    forms = [month_date(row.published, now), year_date(row.published, now)]
    return [short_date(row.published, now), *forms] if roomy else forms


def _others(row: StoryRow) -> list[str]:
    """Return what else there is to say about a story."""
    others = [row.kind] if row.kind in {"video", "audio"} else []
    if not row.shown:
        others.append(f"{FOLDED} {row.lead}" if row.lead else "folded")
    return others


def _who(row: StoryRow, width: int = 0) -> str:
    """Return the provider, its name in at most ``width`` cells (0: all of it), and how many others tell the story."""
    name = clip_name(row.provider.name, width) if width else row.provider.name
    count = told_by(row)
    return f"{name} +{count}".lstrip() if count else name


def clip_name(name: str, width: int) -> str:
    """Return a name in at most ``width`` cells, shortened after a word where that leaves enough of it."""
    text = clip(name, width)
    if text == name or " " not in text:
        return text
    words = text.rsplit(" ", 1)[0].rstrip() + ELLIPSIS
    return words if 3 * width_of(words) >= 2 * width else text


def tellers(row: StoryRow, width: int, least: int = _MIN_PROVIDER) -> str:
    """Say who tells a story, naming as many other outlets as fit into ``width`` cells; else their number is given.

    ``least`` are the cells that the name of the provider keeps.
    """
    name, others, count = row.provider.name, row.tellers, told_by(row)
    for number in range(len(others), 0, -1):
        left = count - number
        text = f"{name} +{', '.join(others[:number])}" + (f", {left} more" if left else "")
        if width_of(text) <= width:
            return text.lstrip()
    sign = width_of(f" +{count}") if count else 0
    return _who(row, max(least, width - sign))


def told_by(row: StoryRow) -> int:
    """Return how many others tell a story: outlets, or articles of the lead's own."""
    return len(row.tellers) + row.more_tellers or row.related


def match_words(match: Match, width: int) -> str:
    """Return which article of a story was found, at most ``width`` cells wide; its provider only where both fit."""
    words = f"↳ {match.title}"
    whole = f"{words} · {match.provider}"
    return whole if match.provider and width_of(whole) <= width else clip(words, width)


def signs(row: StoryRow) -> str:
    """Return what stands out before the facts of a story: saved, with a tag or note, and how many articles are new."""
    return marked(row) + (f"{row.new} new · " if row.new else "")


def marked(row: StoryRow) -> str:
    """Return the signs of a story that is saved, or has a tag or a note."""
    return (f"{SAVED} " if row.saved else "") + (f"{ANNOTATED} " if row.annotated else "")
