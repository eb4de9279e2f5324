"""Markdown as lines of styled text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import StringIO
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Heading, ListElement, ListItem, Markdown, TableElement
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from tui_reader.model.text import visible, visible_lines

if TYPE_CHECKING:
    from markdown_it.token import Token


_SHOWN_ADDRESSES = 2000  # characters of all addresses in a text, unless it has as many itself
_SHORTEST = 40  # characters to which an address is shortened for that
_WORD = 16  # cells; longer words in a table may be broken
_MEASURED = 500  # characters of a cell


class _PlainHeading(Heading):
    """A heading as a bright line, without Rich's box around it."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text("") if self.tag == "h2" else Text("", end="")
        self.text.justify = "left"
        yield self.text


class _NumberedItem(ListItem):
    """An item with the number that the text gives it."""

    number: int | None = None

    @classmethod
    def create(cls, markdown: Markdown, token: Token) -> _NumberedItem:
        item = cls()
        item.number = int(token.info) if token.info.isascii() and token.info.isdigit() else None
        return item


class _NumberedList(ListElement):
    """A list that counts as the text does, also down or with gaps."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        numbers = [item.number for item in self.items if isinstance(item, _NumberedItem) and item.number is not None]
        if self.list_type == "bullet_list_open" or len(numbers) < len(self.items):
            yield from super().__rich_console__(console, options)
            return
        for number, item in zip(numbers, self.items, strict=True):
            yield from item.render_number(console, options, number, max(numbers))


class _FittedTable(TableElement):
    """A table, or its rows one below the other where the columns would be too narrow to read."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        heads = [cell.content for cell in self.header.row.cells] if self.header and self.header.row else []
        rows = [[cell.content for cell in row.cells] for row in self.body.rows] if self.body else []
        widths = [_needed(column) for column in zip(heads, *rows, strict=False)]
        if sum(widths) + 2 * len(widths) > options.max_width:
            yield from _records(heads, rows)
            return
        table = Table(
            box=box.SIMPLE,
            pad_edge=False,
            style="markdown.table.border",
            collapse_padding=True,
            show_header=any(head.plain.strip() for head in heads),
        )
        for head in heads:
            head.stylize("markdown.table.header")
            table.add_column(head, overflow="fold")
        for row in rows:
            table.add_row(*row)
        yield table


def _needed(column: Iterable[Text]) -> int:
    """Return the cells that a column needs so that its usual words are not broken."""
    words = (word for cell in column for word in cell.plain[:_MEASURED].split())
    return min(max(map(cell_len, words), default=1), _WORD)


def _records(heads: list[Text], rows: list[list[Text]]) -> Iterator[Text]:
    for at, row in enumerate(rows):
        if at:
            yield Text("")
        for head, cell in zip(heads, row, strict=False):
            if cell.plain.strip():
                label = Text(f"{head.plain.strip()}: " if head.plain.strip() else "", style="markdown.table.header")
                yield label.append_text(cell)


class _Body(Markdown):
    elements = Markdown.elements | {
        "heading_open": _PlainHeading,
        "ordered_list_open": _NumberedList,
        "bullet_list_open": _NumberedList,
        "list_item_open": _NumberedItem,
        "table_open": _FittedTable,
    }


def markdown_lines(body: str, width: int, bright: Style, muted: Style, accent: Style) -> list[list[Segment]]:
    """Return ``body`` as lines of styled text, each at most ``width`` cells.

    The address of a link is written after its text. Links are not clickable, so
    that the address can be seen before it is opened.
    """
    theme = _theme(bright, muted, accent)
    console = Console(
        file=StringIO(), width=width, force_terminal=True, color_system="truecolor", theme=theme, legacy_windows=False
    )
    document = _Body(body, hyperlinks=False, code_theme="ansi_dark", inline_code_theme=None)
    _show_invisible(document.parsed)
    _shorten_addresses(document.parsed, max(_SHOWN_ADDRESSES, len(body)))
    return console.render_lines(document, console.options.update(width=width), pad=False)


def _show_invisible(tokens: Iterable[Token]) -> None:
    """Make characters visible that came as entities, which only the parser of Markdown decodes."""
    for token in tokens:
        token.content = visible_lines(token.content)
        for name, value in token.attrs.items():
            if isinstance(value, str):
                token.attrs[name] = visible(value)
        _show_invisible(token.children or ())


def _shorten_addresses(tokens: Iterable[Token], room: int) -> None:
    """Shorten the addresses of links if all together are longer than ``room``: one definition can serve many links."""
    links = [token for block in tokens for token in block.children or () if token.type == "link_open"]
    if sum(len(str(token.attrs.get("href", ""))) for token in links) <= room:
        return
    limit = max(_SHORTEST, room // len(links))
    for token in links:
        address = str(token.attrs.get("href", ""))
        if len(address) > limit:
            token.attrs["href"] = address[: limit - 1] + "…"


@lru_cache(maxsize=4)
def _theme(bright: Style, muted: Style, accent: Style) -> Theme:
    heading = bright + Style(bold=True)
    return Theme(
        {
            **{f"markdown.h{level}": heading for level in range(1, 7)},
            "markdown.code": accent,
            "markdown.code_block": muted,
            "markdown.block_quote": muted,
            "markdown.item.bullet": muted,
            "markdown.item.number": muted,
            "markdown.link": accent,
            "markdown.link_url": muted,
            "markdown.hr": muted,
            "markdown.table.header": heading,
            "markdown.table.border": muted,
        }
    )
