"""Where the words of a search are in a text, and text with them lit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from tui_reader.errors import QueryError
from tui_reader.model.expression import TEXT_FIELDS, Text, positive_terms
from tui_reader.model.expression_parser import parse
from tui_reader.model.folding import fold, fold_with_places
from tui_reader.model.words import WORD
from tui_reader.ui.contrast import readable
from tui_reader.ui.widgets.palette import Palette
from tui_reader.ui.widgets.strips import Piece

Span = tuple[int, int]
"""Where something is in a text: its start and its end."""

_TINT = 0.34  # of the warm colour in the background of a hit
_WARM = 3  # the step of the heat ramp that the background is made of
# Scripts without spaces between words: they are found anywhere, not only at the beginning of a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_BEGINNING = r"(?<![^\W_])"
_BEGINNING_ANYWHERE = rf"(?:{_BEGINNING}|(?<=[{_UNSPACED}]))"
_ENDING = r"(?![^\W_])"
_BETWEEN = r"[\W_]++"


class Hits:
    """The words and phrases that articles were found by; ``title``, ``text`` and ``provider`` have their own."""

    def __init__(self, words: str) -> None:
        """``words`` is a query; where it cannot be understood, nothing is lit."""
        self.words = words
        try:
            terms = positive_terms(parse(words))
        except QueryError:
            terms = []
        by_field = {field: [term for term in terms if term.field in {"", field}] for field in TEXT_FIELDS}
        # Without what only texts in scripts without spaces need: a key is pressed, and that takes 3 ms to compile.
        self._patterns = {field: _pattern(own, _BEGINNING) for field, own in by_field.items()}
        self._terms = by_field

    def __bool__(self) -> bool:
        """Whether anything can be lit at all."""
        return any(self._patterns.values())

    def spans(self, text: str, field: str) -> list[Span]:
        """Return where the words are in a text of this field, from its beginning to its end."""
        pattern = self._patterns[field]
        if pattern is None or not text:
            return []
        folded, places = fold_with_places(text)
        if not text.isascii() and _HAS_UNSPACED.search(folded):
            pattern = self._anywhere[field] or pattern
        found = (match.span() for match in pattern.finditer(folded))
        return [(places[start], places[end]) if places else (start, end) for start, end in found if end > start]

    @cached_property
    def _anywhere(self) -> dict[str, re.Pattern[str] | None]:
        """The patterns for texts in scripts without spaces."""
        return {field: _pattern(own, _BEGINNING_ANYWHERE) for field, own in self._terms.items()}

    def pieces(self, text: str, style: Style, lit: Style, field: str) -> list[Piece]:
        """Return a text in ``style`` as pieces, with its hits in ``lit`` on top of it."""
        return _cut(text, style, lit, self.spans(text, field))

    def lines(self, text: str, lines: Sequence[str], style: Style, lit: Style, field: str) -> list[list[Piece]]:
        """Return the lines that ``text`` was broken into as pieces: a phrase is lit though it goes on in the next."""
        spans = self.spans(text, field)
        found: list[list[Piece]] = []
        at = 0
        for line in lines:
            part = line.rstrip(" …")
            start = text.find(part, at) if part else -1
            if start < 0:
                found.append([(line, style)])
                continue
            at = start + len(part)
            found.append(_cut(line, style, lit, _within(spans, start, at)))
        return found

    def strip(self, strip: Strip, lit: Style, field: str, around: tuple[str, str] = ("", ""), least: int = 0) -> Strip:
        """Return a drawn line with its hits lit, from its character ``least`` on.

        ``around`` are the lines before and after it, which a phrase may begin or end in.
        """
        text = strip.text
        before = around[0] + "\n" if around[0] else ""
        after = "\n" + around[1] if around[1] else ""
        indent = len(text) - len(text.lstrip())
        shift = len(before) - indent
        end = len(text.rstrip())
        joined = before + text[indent:end] + after
        spans = _within([(a - shift, b - shift) for a, b in self.spans(joined, field)], max(indent, least), end)
        spans = [(a + max(indent, least), b + max(indent, least)) for a, b in spans]
        if not spans:
            return strip
        segments: list[Segment] = []
        at = 0
        for part, style, _ in strip:
            inside = _within(spans, at, at + len(part))
            segments += [Segment(*piece) for piece in _cut(part, style or Style(), lit, inside)]
            at += len(part)
        return Strip(segments, strip.cell_length)


def hit_style(palette: Palette, *, underline: bool) -> Style:
    """Return the style of hits in a theme: they are marked as with a pen, and read as well as any text.

    ``underline`` where colours are not shown.
    """
    page, warm, bright = palette.page.bgcolor, palette.heats[_WARM].color, palette.bright.color
    if page is None or warm is None or bright is None or not (page.triplet and warm.triplet and bright.triplet):
        return Style(bold=True, underline=True)  # a theme of the terminal's own colours, which nobody knows
    return _pen(Color(*page.triplet), Color(*warm.triplet), Color(*bright.triplet)) + Style(underline=underline or None)


@lru_cache(maxsize=16)
def _pen(page: Color, warm: Color, bright: Color) -> Style:
    behind = page.blend(warm, _TINT)
    return Style(color=readable(bright, behind).rich_color, bgcolor=behind.rich_color)


def _cut(text: str, style: Style, lit: Style, spans: Iterable[Span]) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    for start, end in spans:
        if start > at:
            pieces.append((text[at:start], style))
        pieces.append((text[start:end], style + lit))
        at = end
    if at < len(text) or not pieces:
        pieces.append((text[at:], style))
    return pieces


def _within(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    """Return what of ``spans`` lies between two places, counted from the first of them."""
    clipped = ((max(a, start) - start, min(b, end) - start) for a, b in spans)
    return [(a, b) for a, b in clipped if a < b]


def _pattern(terms: Sequence[Text], beginning: str) -> re.Pattern[str] | None:
    """Return what matches any of the terms, the longest first; ``None`` if there is none.

    ``beginning`` matches where a word can begin.
    """
    parts: set[str] = set()
    for term in terms:
        words = [fold(word) for word in WORD.findall(term.text)]
        if term.phrase and words:
            parts.add(_phrase(words, beginning))
        elif not term.phrase:
            parts |= {_word(word, beginning) for word in words}
    return re.compile("|".join(sorted(parts, key=len, reverse=True))) if parts else None


def _phrase(words: Sequence[str], beginning: str) -> str:
    return _BETWEEN.join(_word(word, beginning, _ENDING) for word in words)


def _word(word: str, beginning: str, ending: str = "") -> str:
    if _HAS_UNSPACED.search(word):
        # Such a text is broken into lines anywhere.
        return "\n?".join(map(re.escape, word))
    return beginning + re.escape(word) + ending
