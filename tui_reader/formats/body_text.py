"""Renders the body of an article as plain text: one thing after the other, and its links at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from markdown_it.token import Token

from tui_reader.formats.markdown_tokens import body_tokens
from tui_reader.formats.plain_text import Block
from tui_reader.sources.html.syntax import resolve_url

_DEEPEST = 12  # levels of quotes and lists that show
_CODE = "    "


def body_blocks(body: str, address: str | None) -> Iterator[Block]:
    """Yield a Markdown ``body`` as blocks of plain text; ``address`` is what its links are relative to."""
    writer = _Writer(address or "")
    for tokens in body_tokens(body):
        yield from writer.blocks(tokens)
    if writer.links:
        yield from (Block(), Block("Links:"), Block())
        for url, number in writer.links.items():
            yield Block(url, first=f"[{number}] ", fixed=True)


class _Writer:
    """Writes the blocks of one body; numbers its links."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.links: dict[str, int] = {}
        self._around: list[str] = []  # what stands before every line: quotes, and the indents of lists
        self._bullet = ""  # what stands before the next line only
        self._numbers: list[int | None] = []  # of the next item of each list; None for bullets
        self._head: list[str] = []  # of the table
        self._row: list[str] = []
        self._apart = False  # an empty line comes before the next block
        self._before: list[str] = []  # what was around the last block

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """Yield the blocks of a part."""
        for at, token in enumerate(tokens):
            if (handle := _HANDLERS.get(token.type)) is not None:
                handle(self, token)
                continue
            for block in self._shown(token, tokens[at - 1].type if at else ""):
                if self._apart:
                    around = self._around[:_DEEPEST]
                    both = takewhile(lambda pair: pair[0] == pair[1], zip(self._before, around, strict=False))
                    yield Block(first="".join(part for part, _ in both).rstrip())
                self._apart, self._before = False, self._around[:_DEEPEST]
                yield block
            self._apart = self._apart or token.type in _APART or (token.type in _IN_LISTS and not self._numbers)

    def _shown(self, token: Token, before: str) -> Iterator[Block]:
        """Yield what a token shows; ``before`` is the kind of the one before it."""
        if token.type == "inline":
            text = self._text(token.children or [])
            if before in {"th_open", "td_open"}:
                self._row.append(text.replace("\n", " "))
            else:
                yield self._block(text)
        elif token.type in {"fence", "code_block"}:
            for line in token.content.rstrip("\n").split("\n"):
                yield Block(line, first=f"{self._prefix()}{_CODE}" if line else self._prefix().rstrip(), fixed=True)
        elif token.type == "hr":
            yield self._block("* * *")
        elif token.type == "tr_close":
            yield from self._table_row()

    def _open_list(self, token: Token) -> None:
        start = token.attrGet("start")
        number = 1 if start is None else int(start)
        self._numbers.append(number if token.type[0] == "o" else None)

    def _close_list(self, token: Token) -> None:
        self._numbers.pop()
        self._apart = self._apart or not self._numbers

    def _open_quote(self, token: Token) -> None:
        self._around.append("> ")

    def _close_quote(self, token: Token) -> None:
        self._around.pop()
        self._apart = True

    def _close_item(self, token: Token) -> None:
        self._around.pop()

    def _close_table(self, token: Token) -> None:
        self._head = []
        self._apart = True

    def _open_item(self, token: Token) -> None:
        number = self._numbers[-1]
        bullet = "- " if number is None else f"{number}. "
        if number is not None:
            self._numbers[-1] = number + 1
        self._bullet = f"{self._prefix()}{bullet}"
        self._around.append(" " * len(bullet))

    def _table_row(self) -> Iterator[Block]:
        """Yield a row as one sentence: each cell after the name of its column."""
        if not self._head:
            self._head, self._row = self._row, []
            return
        named = zip(self._head, self._row, strict=False)
        yield self._block("; ".join(f"{head}: {cell}" if head else cell for head, cell in named if cell), "- ")
        self._row = []

    def _block(self, text: str, bullet: str = "") -> Block:
        first = (self._bullet or self._prefix()) + bullet
        self._bullet = ""
        return Block(text, first, self._prefix() + " " * len(bullet))

    def _prefix(self) -> str:
        return "".join(self._around[:_DEEPEST])

    def _text(self, tokens: Sequence[Token]) -> str:
        """Return inline text with the numbers of its links."""
        parts: list[str] = []
        opened: list[tuple[str | None, int]] = []  # the links around, and where their text begins
        for token in tokens:
            if token.type in {"text", "code_inline"}:
                parts.append(token.content)
            elif token.type == "softbreak":
                parts.append(" ")
            elif token.type == "hardbreak":
                parts.append("\n")
            elif token.type == "image":
                parts.append(f"[Picture: {token.content}]" if token.content else "[Picture]")
            elif token.type == "link_open":
                opened.append((resolve_url(str(token.attrGet("href") or ""), self._address), len(parts)))
            elif token.type == "link_close":
                url, start = opened.pop()
                if url is not None and "".join(parts[start:]) != url:
                    parts.append(f" [{self.links.setdefault(url, len(self.links) + 1)}]")
        return "".join(parts)


_HANDLERS = {
    "bullet_list_open": _Writer._open_list,
    "ordered_list_open": _Writer._open_list,
    "bullet_list_close": _Writer._close_list,
    "ordered_list_close": _Writer._close_list,
    "list_item_open": _Writer._open_item,
    "list_item_close": _Writer._close_item,
    "blockquote_open": _Writer._open_quote,
    "blockquote_close": _Writer._close_quote,
    "table_close": _Writer._close_table,
}
_APART = frozenset({"fence", "code_block", "hr"})
"""What has an empty line behind it."""
_IN_LISTS = frozenset({"heading_close", "paragraph_close"})
"""The same, but not in a list."""
