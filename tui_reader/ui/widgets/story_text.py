"""The text of a story as lines: title, facts, excerpt, body and media."""

from __future__ import annotations

import time

from rich.style import Style
from textual.strip import Strip

from tui_reader.model.dates import long_date
from tui_reader.model.story import Story
from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.widgets.body_text import BodyText
from tui_reader.ui.widgets.cells import clip, pad, width_of, wrap
from tui_reader.ui.widgets.palette import Palette
from tui_reader.ui.widgets.reading_place import CellCount, Progress, progress
from tui_reader.ui.widgets.story_facts import ANNOTATED
from tui_reader.ui.widgets.strips import PictureLine, Piece, Shelf, make_strip

MARGIN = 2
"""Least number of cells left and right of the text."""

_SEPARATOR = " · "
_BESIDE_NOTE = "▏ "
_TAG_LINES, _NOTE_LINES = 3, 60  # that are shown; the window of tags and note has all


class Column(NamedTuple):
    """The column that a text stands in: the cells of the view, those left of the text, and those of its lines."""

    width: int
    margin: int
    room: int

    @classmethod
    def within(cls, width: int, measure: int) -> Column:
        """Return the column in the middle of ``width`` cells whose lines have at most ``measure`` cells."""
        room = min(width - MARGIN * 2, measure)
        return cls(width, (width - room) // 2, room)

    def strip(self, pieces: list[Piece], palette: Palette) -> Strip:
        """Return ``pieces`` as a line of the text."""
        return make_strip([(" " * self.margin, Style()), *pieces], self.width, palette.page)

    def with_margins(self, strips: list[Strip], palette: Palette) -> list[Strip]:
        """Return lines of the text, drawn with their least margins, in the width of the view."""
        left, right = self.margin - MARGIN, self.width - self.margin - self.room - MARGIN
        if not left and not right:
            return strips
        before, after = Strip.blank(left, palette.page), Strip.blank(right, palette.page)
        return [Strip.join([before, strip, after]) for strip in strips]


class StoryText:
    """The lines of a story, each as wide as the view.

    A long body is laid out in steps by :meth:`grow`; ``before`` is the text that
    was shown before, whose body is used again if it is the same.
    """

    def __init__(
        self,
        story: Story,
        column: Column,
        palette: Palette,
        before: StoryText | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        """``shelf`` has the pictures, if they are shown."""
        self._column, self._palette, self._shelf = column, palette, shelf
        room = column.room
        self._key = (story.body, room, palette, shelf)
        self._body: BodyText
        if before is not None and before._key == self._key:
            self._body = before._body
        else:
            self._body = BodyText(story.body, room, palette, address=story.links.best(), shelf=shelf)
        self._end = _links(story, room, palette)
        self._going_on = self._strips([[], [("…", palette.muted)]])
        self.title_lines = len(wrap(story.row.title, room))
        """The lines that the title takes."""
        head, excerpt = _head(story, room, palette), _excerpt(story, room, palette, self._body)
        self.own_text = len(head)
        """The first line that is text of the article; what is above it, but for the title, are facts."""
        self._head = [*head, *excerpt, *self._lead_picture(story)]
        self.lines = self._strips(self._head)
        self.count = CellCount(self.lines)
        self._start = len(self.lines)
        self.lines += self._strips(self._body.lines)
        self._close()

    @property
    def is_complete(self) -> bool:
        """Whether all of the body is laid out."""
        return self._body.is_complete

    def grow(self) -> int:
        """Lay out more of the body; return the number of lines by which the text became longer."""
        before = len(self.lines)
        kept = self._body.grow()
        del self.lines[self._start + kept :]
        self.count.changed(self._start + kept)
        self.lines += self._strips(self._body.lines[kept:])
        self._close()
        return len(self.lines) - before

    def grow_to(self, place: int, height: int, seconds: float) -> bool:
        """Lay out the body up to a place in it, for so many seconds at most; return whether anything was laid out."""
        end = time.monotonic() + seconds
        has_grown = False
        while self.line_of(place, height) is None and time.monotonic() < end:
            self.grow()
            has_grown = True
        return has_grown

    def progress(self, top: int, height: int) -> Progress | None:
        """Return how far somebody is who sees ``height`` lines from ``top`` on; ``None`` if that is all."""
        laid_out = self.count.before(len(self.lines))
        rest = 0 if self.is_complete else max(1, len(self._key[0]) - laid_out)
        return progress(self.count, len(self.lines), top, height, rest)

    def place_of(self, line: int) -> int:
        """Return how much of the body is above ``line``, in cells without spaces; 0 above the body."""
        return max(0, self.count.before(line) - self.count.before(self._start))

    def line_of(self, place: int, height: int) -> int | None:
        """Return the line of a place in the body; ``None`` if it is not laid out yet with a screen of ``height``."""
        line = self.count.line_at(place + self.count.before(self._start))
        return line if self.reaches(line + height) else None

    def reaches(self, line: int) -> bool:
        """Return whether ``line`` is laid out, or the text ends before it."""
        return self.is_complete or line < len(self.lines)

    def _close(self) -> None:
        self.lines += self._strips(self._end) if self.is_complete else self._going_on

    def _strips(self, lines: list[list[Piece]]) -> list[Strip]:
        if self._shelf is None:
            return [self._column.strip(pieces, self._palette) for pieces in lines]
        return [self._strip(pieces) for pieces in lines]

    def _strip(self, pieces: list[Piece]) -> Strip:
        if self._shelf is not None and isinstance(pieces, PictureLine):
            return self._shelf.strip(pieces, self._column.margin, self._column.width, self._palette)
        return self._column.strip(pieces, self._palette)

    def _lead_picture(self, story: Story) -> list[list[Piece]]:
        """Return the room for the picture of a story, unless its body has it."""
        url = next(iter(story.images), "")
        if self._shelf is None or not url or url in story.body:
            return []
        box = self._shelf.box(url, self._column.room)
        return [[], *box] if box else []

    def redraw_picture(self, url: str) -> bool:
        """Draw a picture in its room again; return whether it has any."""
        places = (*enumerate(self._head), *enumerate(self._body.lines, self._start))
        found = [(at, line) for at, line in places if isinstance(line, PictureLine) and line.url == url]
        for at, line in found:
            self.lines[at] = self._strip(line)
        return bool(found)


def _head(story: Story, room: int, palette: Palette) -> list[list[Piece]]:
    row, muted = story.row, palette.muted
    lines: list[list[Piece]] = [[(line, palette.bright + Style(bold=True))] for line in wrap(row.title, room)]
    lines += _facts(story, room, palette)
    if story.topics:
        lines += [[(line, muted)] for line in wrap(_SEPARATOR.join(story.topics), room, 2)]
    if len(story.sources) > 1:
        lines += [[(line, muted)] for line in wrap(f"in {_SEPARATOR.join(story.sources)}", room, 2)]
    lines += _annotations(story, room, palette)
    if not row.indexed:
        lines.append([(clip("known only from the coverage of other stories", room), muted)])
    return lines


def _excerpt(story: Story, room: int, palette: Palette, body: BodyText) -> list[list[Piece]]:
    """Return the excerpt, unless the body begins with it."""
    excerpt = story.row.excerpt
    if not excerpt or body.begins_with(excerpt):
        return []
    return [[], *([(line, palette.text)] for line in wrap(excerpt, room))]


def _annotations(story: Story, room: int, palette: Palette) -> list[list[Piece]]:
    """Return the tags of the user, and below them the note."""
    tags = wrap(" ".join(f"{ANNOTATED}{tag}" for tag in story.tags), room, _TAG_LINES) if story.tags else []
    lines: list[list[Piece]] = [[(line, palette.accent)] for line in tags]
    if story.note:
        within = room - width_of(_BESIDE_NOTE)
        note = [line for part in story.note.split("\n")[:_NOTE_LINES] for line in wrap(part, within) or [""]]
        if len(note) > _NOTE_LINES or story.note.count("\n") >= _NOTE_LINES:
            note[_NOTE_LINES - 1 :] = ["…"]
        lines += [[], *([(_BESIDE_NOTE, palette.accent), (line, palette.text)] for line in note)]
    return lines


def _links(story: Story, room: int, palette: Palette) -> list[list[Piece]]:
    """Return the addresses below the text: of the comments, and of media by their kind."""
    muted = palette.muted
    links = [("comments", story.comments)] if story.comments else []
    # Pictures in the text are named there.
    links += [(kind, url) for kind, url in story.media() if kind != "image" or url not in story.body]
    if not links:
        return []
    column = max(width_of(kind) for kind, _ in links) + 2
    return [[], *([(pad(kind, column), muted), (clip(url, room - column), muted)] for kind, url in links)]


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
    # A long name gets shorter, not the date.
    beside = _SEPARATOR.join(filter(None, origin[1:]))
    origin[0] = clip(origin[0], room - width_of(_SEPARATOR + beside))
    first: list[Piece] = [(clip(_SEPARATOR.join(filter(None, origin)), room), muted)]
    facts: list[Piece] = []
    if row.heat is not None and row.heat >= 0:
        facts.append((f"heat {row.heat}", palette.text))
    if row.quality is not None:
        facts.append((f"quality {row.quality}", muted))
    if not row.shown:
        facts.append(("folded", muted))
    if story.is_full:
        facts.append(("full text", muted))
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
