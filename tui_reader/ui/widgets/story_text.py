"""The text of a story as lines: title, facts, excerpt, body and media."""

from __future__ import annotations

import re

from rich.style import Style
from textual.strip import Strip

from tui_reader.model.dates import long_date
from tui_reader.model.story import Story
from tui_reader.ui.widgets.cells import clip, pad, width_of, wrap
from tui_reader.ui.widgets.palette import Palette
from tui_reader.ui.widgets.strips import Piece, make_strip

TEXT_WIDTH = 88
"""Longest line of text, in cells; longer ones tire the eye (Bringhurst: 45 to 75 characters, 90 at most)."""

MARGIN = 2
"""Cells left and right of the text."""

_SEPARATOR = " · "
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
_NON_WORD = re.compile(r"[\W_]+")
_COMPARED = 200  # letters and digits


def text_lines(story: Story, width: int, palette: Palette) -> list[Strip]:
    """Return the text of ``story`` as lines of ``width`` cells."""
    room = min(width - MARGIN * 2, TEXT_WIDTH)
    row, muted = story.row, palette.muted
    lines: list[list[Piece]] = [[(line, palette.bright + Style(bold=True))] for line in wrap(row.title, room)]
    lines += _facts(story, room, palette)
    if story.topics:
        lines += [[(line, muted)] for line in wrap(_SEPARATOR.join(story.topics), room, 2)]
    if len(story.sources) > 1:
        lines += [[(line, muted)] for line in wrap(f"in {_SEPARATOR.join(story.sources)}", room, 2)]
    if not row.indexed:
        lines.append([(clip("known only from the coverage of other stories", room), muted)])
    if row.excerpt and not _starts_with(story.body, row.excerpt):
        lines += [[], *([(line, palette.text)] for line in wrap(row.excerpt, room))]
    if story.body:
        lines += [[], *_body(story.body, room, palette)]
    links = [("comments", story.comments)] if story.comments else []
    links += story.media()
    if links:
        column = max(width_of(kind) for kind, _ in links) + 2
        lines += [[], *([(pad(kind, column), muted), (clip(url, room - column), muted)] for kind, url in links)]
    return [text_line(pieces, width, palette) for pieces in lines]


def text_line(pieces: list[Piece], width: int, palette: Palette) -> Strip:
    """Return ``pieces`` behind the margin, as a line of ``width`` cells."""
    return make_strip([(" " * MARGIN, Style()), *pieces], width, palette.page)


def _body(body: str, room: int, palette: Palette) -> list[list[Piece]]:
    from tui_reader.ui.widgets.markdown_lines import markdown_lines

    lines = markdown_lines(body, room, palette.bright, palette.muted, palette.accent)
    return [
        [(segment.text, segment.style or Style()) for segment in segments if not segment.control] for segments in lines
    ]


def _facts(story: Story, room: int, palette: Palette) -> list[list[Piece]]:
    """Return provider, author and date, then heat and quality, on as few lines as they fit on."""
    row, muted = story.row, palette.muted
    origin = [row.provider.name, long_date(row.published)]
    if row.kind in {"video", "audio"}:
        origin.append(row.kind)
    by: list[list[Piece]] = []
    if story.author and story.author.casefold() != row.provider.name.casefold():
        if width_of(_SEPARATOR.join([*filter(None, origin), story.author])) <= room:
            origin.insert(1, story.author)
        else:
            by = [[(line, muted)] for line in wrap(f"by {story.author}", room, 2)]
    first: list[Piece] = [(_SEPARATOR.join(filter(None, origin)), muted)]
    facts: list[Piece] = []
    if row.heat is not None and row.heat >= 0:
        facts.append((f"heat {row.heat}", palette.text))
    if row.quality is not None:
        facts.append((f"quality {row.quality}", muted))
    if not row.shown:
        facts.append(("folded", muted))
    if row.saved:
        facts.append(("★ saved", palette.accent))
    second: list[Piece] = []
    for fact in facts:
        second += [(_SEPARATOR, muted), fact] if second else [fact]
    if not second:
        return [first, *by]
    if sum(width_of(text) for text, _ in first + second) + width_of(_SEPARATOR) <= room:
        return [[*first, (_SEPARATOR, muted), *second], *by]
    return [first, *by, second]


def _starts_with(body: str, excerpt: str) -> bool:
    """Return whether the text of a Markdown ``body`` starts with ``excerpt``."""
    if not body:
        return False
    start = _NON_WORD.sub("", excerpt)[:_COMPARED]
    return _NON_WORD.sub("", _LINK.sub(r"\1", body[: 20 * _COMPARED])).startswith(start)
