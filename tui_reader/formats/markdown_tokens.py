"""Parses the bodies of articles for documents: Markdown as tokens, one part of a long text after the other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tui_reader.sources.markdown_parts import parts, references

_NESTING = 100  # levels of quotes and lists, as on the screen


@cache
def parser() -> MarkdownIt:
    """Return the parser, which is also what renders HTML; HTML in the text stays text."""
    options = {"html": False, "maxNesting": _NESTING, "xhtmlOut": True}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])


def body_tokens(body: str) -> Iterator[list[Token]]:
    """Yield the tokens of each part of ``body``."""
    known = references(body)
    for part in parts(body):
        yield parser().parse(part.text, {"references": dict(known)} if known else {})
