"""Markdown as lines of styled text."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Heading, Markdown
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from rich.theme import Theme

from tui_reader.model.text import visible, visible_lines

if TYPE_CHECKING:
    from markdown_it.token import Token


class _PlainHeading(Heading):
    """A heading as a bright line, without Rich's box around it."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text("") if self.tag == "h2" else Text("", end="")
        self.text.justify = "left"
        yield self.text


class _Body(Markdown):
    elements = Markdown.elements | {"heading_open": _PlainHeading}


def markdown_lines(body: str, width: int, bright: Style, muted: Style, accent: Style) -> list[list[Segment]]:
    """Return ``body`` as lines of styled text, each at most ``width`` cells.

    The address of a link is written after its text. Links are not clickable, so
    that the address can be seen before it is opened.
    """
    heading = bright + Style(bold=True)
    theme = Theme(
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
    console = Console(
        file=StringIO(), width=width, force_terminal=True, color_system="truecolor", theme=theme, legacy_windows=False
    )
    document = _Body(body, hyperlinks=False, code_theme="ansi_dark", inline_code_theme=None)
    _show_invisible(document.parsed)
    return console.render_lines(document, console.options.update(width=width), pad=False)


def _show_invisible(tokens: Iterable[Token]) -> None:
    """Make characters visible that came as entities, which only the parser of Markdown decodes."""
    for token in tokens:
        token.content = visible_lines(token.content)
        for name, value in token.attrs.items():
            if isinstance(value, str):
                token.attrs[name] = visible(value)
        _show_invisible(token.children or ())
