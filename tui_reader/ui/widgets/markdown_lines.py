"""Markdown as lines of styled text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from rich.style import Style

from tui_reader.named_tuple import NamedTuple
from tui_reader.ui.widgets.cells import width_of
from tui_reader.ui.widgets.code_lines import code_lines
from tui_reader.ui.widgets.flow import flow
from tui_reader.ui.widgets.inline_text import InlineText
from tui_reader.ui.widgets.link_numbers import LinkNumbers
from tui_reader.ui.widgets.markdown_tables import Table
from tui_reader.ui.widgets.palette import Palette
from tui_reader.ui.widgets.strips import Piece

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_NESTING = 100  # levels of quotes and lists; below them, the parser would leave text out
_NARROWEST = 24  # cells that text keeps, however deep it is nested
_BULLETS = "•◦▪"
_INDENT = 2  # cells of code

References = Mapping[str, Mapping[str, str]]
"""The addresses that a text defines for its links, by label, as the parser keeps them."""


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Text stays text: HTML that is still in it is shown as it is written.
    return MarkdownIt("commonmark", {"html": False, "maxNesting": _NESTING}).enable(["table", "strikethrough"])


def parse(body: str, references: References | None = None) -> list[Token]:
    """Return the tokens of Markdown; ``references`` are addresses that are defined elsewhere."""
    environment: dict[str, Any] = {"references": dict(references)} if references else {}
    return _parser().parse(body, environment)


def markdown_lines(
    body: str, width: int, palette: Palette, numbers: LinkNumbers, references: References | None = None
) -> list[list[Piece]]:
    """Return ``body`` as lines of styled text, each at most ``width`` cells.

    The number of a link is written after its text. Links are not clickable, so
    that the address can be seen before it is opened.
    """
    layout = _Layout(width, palette, numbers)
    layout.add(parse(body, references))
    return layout.lines


def number_links(body: str, numbers: LinkNumbers, references: References | None = None) -> None:
    """Number the links of ``body`` as :func:`markdown_lines` does, without laying it out."""
    inline = InlineText(_PLAIN, numbers)
    for token in parse(body, references):
        if token.type == "inline":
            inline.lines(token, _NO)


_NO = Style()
_PLAIN = Palette(_NO, _NO, _NO, _NO, _NO, _NO, _NO, heats=())


class _Container:
    """An open quote or list item: the start of its first line, and of the others."""

    def __init__(self, first: Piece, rest: Piece) -> None:
        self.first, self.rest = first, rest
        self.started = False


class _List(NamedTuple):
    """An open list: its bullet, or the width of its widest number."""

    bullet: str
    width: int


class _Layout:
    """Lays tokens out, block by block."""

    def __init__(self, width: int, palette: Palette, numbers: LinkNumbers) -> None:
        self._width, self._palette = width, palette
        self._inline = InlineText(palette, numbers)
        self._containers: list[_Container] = []
        self._lists: list[_List] = []
        self._table: Table | None = None
        self._row: list[list[Piece]] = []
        self._style = palette.text
        self._tight: list[bool] = []  # for each open quote and list: whether its blocks follow each other closely
        self._apart = False  # an empty line comes before the next block
        self.lines: list[list[Piece]] = []

    def add(self, tokens: list[Token]) -> None:
        """Lay out a document."""
        for at, token in enumerate(tokens):
            handle = _HANDLERS.get(token.type)
            if handle is not None:
                handle(self, token)
            elif token.type == "inline":
                self._text(token)
            elif token.type in _LISTS:
                self._open_list(token, tokens, at)

    # -- containers ------------------------------------------------------------

    def _open_quote(self, token: Token) -> None:
        bar = ("▌ ", self._palette.muted)
        self._containers.append(_Container(bar, bar))
        self._tight.append(False)

    def _close_quote(self, token: Token) -> None:
        self._containers.pop()
        self._tight.pop()
        self._apart = self._is_loose()

    def _open_list(self, token: Token, tokens: list[Token], at: int) -> None:
        self._tight.append(_is_tight(token, tokens, at))
        if token.type == "ordered_list_open":
            self._lists.append(_List("", max(map(len, _numbers(token, tokens, at)), default=1)))
        else:
            depth = sum(bool(outer.bullet) for outer in self._lists)
            self._lists.append(_List(_BULLETS[min(depth, len(_BULLETS) - 1)], 0))

    def _close_list(self, token: Token) -> None:
        self._lists.pop()
        self._tight.pop()
        self._apart = self._is_loose()

    def _open_item(self, token: Token) -> None:
        opened = self._lists[-1]
        marker = (opened.bullet or f"{token.info}.".rjust(opened.width + 1)) + " "
        self._containers.append(_Container((marker, self._palette.muted), (" " * width_of(marker), _NO)))

    def _close_item(self, token: Token) -> None:
        if not self._containers[-1].started:
            self._block([[]])  # an item without text
        self._containers.pop()

    def _is_loose(self) -> bool:
        return not (self._tight and self._tight[-1])

    # -- blocks ----------------------------------------------------------------

    def _text(self, token: Token) -> None:
        lines = self._inline.lines(token, self._style)
        if self._table is not None:
            self._row.append([piece for line in lines for piece in line])
            return
        room = self._room()
        self._block([wrapped for line in lines for wrapped in flow(line, room)])

    def _open_heading(self, token: Token) -> None:
        self._style = self._palette.bright + Style(bold=True)

    def _close_heading(self, token: Token) -> None:
        self._style = self._palette.text

    def _code(self, token: Token) -> None:
        indent = (" " * _INDENT, _NO)
        language = token.info.split()[0] if token.info.split() else ""
        lines = code_lines(token.content, language, self._room() - _INDENT, self._palette)
        self._block([[indent, *line] if line else [] for line in lines])

    def _rule(self, token: Token) -> None:
        self._block([[("─" * self._room(), self._palette.muted)]])

    def _room(self) -> int:
        taken = sum(width_of(container.rest[0]) for container in self._shown())
        return self._width - taken

    def _shown(self) -> list[_Container]:
        """Return the containers that there is room for: text that is nested deeper stays below the last of them."""
        room, shown = self._width - min(_NARROWEST, self._width // 2), []
        for container in self._containers:
            room -= width_of(container.rest[0])
            if room < 0:
                break
            shown.append(container)
        return shown

    def _block(self, lines: list[list[Piece]]) -> None:
        """Write the lines of a block, with an empty line before it where it stands apart."""
        shown = self._shown()
        if self._apart and self.lines:
            outer = [container.rest for container in shown if container.started]
            self.lines.append(_trimmed(outer))
        self._apart = self._is_loose()
        for line in lines:
            prefix = [container.rest if container.started else container.first for container in shown]
            self.lines.append([*prefix, *line] if line else _trimmed(prefix))
            for container in self._containers:
                container.started = True

    # -- tables ----------------------------------------------------------------

    def _open_table(self, token: Token) -> None:
        self._table = Table()

    def _open_row(self, token: Token) -> None:
        self._row = []

    def _open_cell(self, token: Token) -> None:
        if self._table is None:
            return
        if token.type == "th_open":
            self._style = self._palette.bright + Style(bold=True)
            alignment = str(token.attrs.get("style", "")).removeprefix("text-align:")
            self._table.alignments.append(alignment or "left")
        else:
            self._style = self._palette.text

    def _close_row(self, token: Token) -> None:
        table = self._table
        if table is None:
            return
        if table.head:
            table.rows.append(self._row)
        else:
            table.head = self._row

    def _close_table(self, token: Token) -> None:
        table, self._table = self._table, None
        self._style = self._palette.text
        if table is not None:
            self._block(list(table.lines(self._room(), self._palette)))


def _numbers(opening: Token, tokens: list[Token], at: int) -> Iterator[str]:
    """Yield the numbers of the items of the list that ``opening`` begins."""
    for token in _inside(opening, tokens, at):
        if token.type == "list_item_open" and token.level == opening.level + 1:
            yield token.info


def _is_tight(opening: Token, tokens: list[Token], at: int) -> bool:
    """Return whether no empty lines are between the items of the list that ``opening`` begins."""
    inside = _inside(opening, tokens, at)
    paragraphs = (token for token in inside if token.type == "paragraph_open" and token.level == opening.level + 2)
    return all(token.hidden for token in islice(paragraphs, 1))


def _inside(opening: Token, tokens: list[Token], at: int) -> Iterator[Token]:
    for place in range(at + 1, len(tokens)):
        if tokens[place].level == opening.level:
            return
        yield tokens[place]


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """Return the start of an empty line without the spaces at its end."""
    pieces = pieces[:]
    while pieces and not pieces[-1][0].strip():
        pieces.pop()
    return pieces


_LISTS = frozenset({"ordered_list_open", "bullet_list_open"})
_HANDLERS = {
    "blockquote_open": _Layout._open_quote,
    "blockquote_close": _Layout._close_quote,
    "list_item_open": _Layout._open_item,
    "list_item_close": _Layout._close_item,
    "ordered_list_close": _Layout._close_list,
    "bullet_list_close": _Layout._close_list,
    "heading_open": _Layout._open_heading,
    "heading_close": _Layout._close_heading,
    "fence": _Layout._code,
    "code_block": _Layout._code,
    "hr": _Layout._rule,
    "table_open": _Layout._open_table,
    "tr_open": _Layout._open_row,
    "tr_close": _Layout._close_row,
    "th_open": _Layout._open_cell,
    "td_open": _Layout._open_cell,
    "table_close": _Layout._close_table,
}
