"""The facts below a title in the list: who tells the story, its date, and marks."""

from __future__ import annotations

from tui_reader.model.dates import month_date, short_date
from tui_reader.model.story import Match, StoryRow
from tui_reader.ui.widgets.cells import clip, width_of

SAVED = "★"
FOLDED = "↰"

_MIN_PROVIDER = 8  # cells that a provider keeps if a line is too narrow for all facts
_SHORT_PROVIDER = 11  # cells of a provider's name that say who it is
_MIN_LEAD = 16  # cells of the title of the story that an article is in
_SEPARATOR = " · "
_UNLIMITED = 1000  # cells


def facts(row: StoryRow, now: int, width: int, *, roomy: bool) -> str:
    """Return the facts of a story in at most ``width`` cells: ``Reuters +BBC, Guardian, 7 more · 3 h``.

    ``now`` is in seconds since 1970. Where there is not enough room, fewer
    outlets are named, then the provider is cut: the other facts are short and
    make no sense when cut. Dates are shorter unless the list is ``roomy``.
    """
    date = short_date(row.published, now) if roomy else month_date(row.published, now)
    others = [date] if date else []
    if row.kind in {"video", "audio"}:
        others.append(row.kind)
    if not row.shown:
        others.append(f"{FOLDED} {row.lead}" if row.lead else "folded")
    rest = _SEPARATOR.join(others)
    over = width_of(_SEPARATOR.join(part for part in (row.provider.name, rest) if part)) - width
    if row.lead and over > 0:
        # The first words of a story say which it is.
        others[-1] = clip(others[-1], max(_MIN_LEAD, width_of(others[-1]) - over))
        rest = _SEPARATOR.join(others)
    who = tellers(row, width - width_of(rest) - width_of(_SEPARATOR))
    return clip(_SEPARATOR.join(part for part in (who, rest) if part), width)


def least_facts(row: StoryRow, now: int, *, roomy: bool) -> int:
    """Return the cells that the facts take at least, with the beginning of a long provider's name."""
    provider = row.provider._replace(name=clip(row.provider.name, _SHORT_PROVIDER))
    shortest = row._replace(tellers=(), more_tellers=len(row.tellers) + row.more_tellers, provider=provider)
    return width_of(facts(shortest, now, _UNLIMITED, roomy=roomy))


def tellers(row: StoryRow, width: int) -> str:
    """Say who tells a story, naming as many other outlets as fit into ``width`` cells; else their number is given."""
    name, others, count = row.provider.name, row.tellers, told_by(row)
    for number in range(len(others), 0, -1):
        left = count - number
        text = f"{name} +{', '.join(others[:number])}" + (f", {left} more" if left else "")
        if width_of(text) <= width:
            return text.lstrip()
    if not count:
        return clip(name, max(_MIN_PROVIDER, width))
    sign = f" +{count}"
    return clip(name, max(_MIN_PROVIDER, width - width_of(sign))) + sign if name else sign.lstrip()


def told_by(row: StoryRow) -> int:
    """Return how many others tell a story: outlets, or articles of the lead's own."""
    return len(row.tellers) + row.more_tellers or row.related


def match_words(match: Match, width: int) -> str:
    """Return which article of a story was found, at most ``width`` cells wide; its provider only where both fit."""
    words = f"↳ {match.title}"
    whole = f"{words} · {match.provider}"
    return whole if match.provider and width_of(whole) <= width else clip(words, width)


def signs(row: StoryRow) -> str:
    """Return what stands out before the facts of a story: that it is saved, and how many of its articles are new."""
    return (f"{SAVED} " if row.saved else "") + (f"{row.new} new · " if row.new else "")
