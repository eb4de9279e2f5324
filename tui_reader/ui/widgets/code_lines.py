"""Code as lines, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.style import Style

from tui_reader.model.text import visible_lines
from tui_reader.ui.widgets.flow import fold
from tui_reader.ui.widgets.palette import Palette
from tui_reader.ui.widgets.strips import Piece

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_TAB = 4  # cells
_PLAIN = frozenset({"", "text", "plain", "plaintext", "txt", "none", "nohighlight", "output"})
_LONGEST = 10_000  # characters of code that is coloured at once


def code_lines(code: str, language: str, width: int, palette: Palette) -> list[list[Piece]]:
    """Return the lines of ``code``, coloured if its language is known; what is too wide goes on below."""
    code = visible_lines(code).expandtabs(_TAB).rstrip("\n")
    lexer = _lexer(language.strip().lower()) if len(code) <= _LONGEST else None
    if lexer is None:
        lines: list[list[Piece]] = [[(line, palette.text)] for line in code.split("\n")]
    else:
        lines = [[]]
        for text, style in _coloured(lexer, code, palette):
            first, *rest = text.split("\n")
            lines[-1].append((first, style))
            lines += [[(line, style)] for line in rest]
    return [folded for line in lines for folded in fold(line, width)]


def _coloured(lexer: Lexer, code: str, palette: Palette) -> Iterator[Piece]:
    """Yield the tokens of ``code`` with one accent, as everything else on the screen."""
    from pygments.token import Comment, Keyword, Literal, Name, Operator

    styles = (
        (Comment, palette.muted + Style(italic=True)),
        (Keyword, palette.bright + Style(bold=True)),
        (Operator.Word, palette.bright + Style(bold=True)),
        (Literal, palette.accent),
        (Name.Tag, palette.bright + Style(bold=True)),
        (Name.Function, palette.bright),
        (Name.Class, palette.bright),
    )
    for kind, text in lexer.get_tokens(code):
        yield text, next((style for known, style in styles if kind in known), palette.text)


@lru_cache(maxsize=32)
def _lexer(language: str) -> Lexer | None:
    """Return what splits code of a language into tokens, or ``None`` if nobody knows it."""
    if language in _PLAIN:
        return None
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        # Every character stays: no line end is added or removed.
        lexer: Lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    return lexer
