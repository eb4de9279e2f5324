"""Converts HTML to Markdown for the body and to one plain line for the excerpt.

libxml2, through lxml, parses HTML as browsers do, in linear time. Its events
are converted as they come: without a tree, deep nesting is no problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

from tui_reader.model.text import without_tags
from tui_reader.sources.html.nesting import flattened
from tui_reader.sources.html.writer import ConvertedHtml, TooDeep, Writer

MAX_HTML = 1_000_000
"""Most characters of HTML that are converted. The rest is ignored."""

_PIECE = 20_000  # bytes
_COUNTS_DOWN = re.compile(r"\sreversed[\s=/>]", re.IGNORECASE)  # may be text, which only costs time


def convert_html(html: str, base: str = "") -> ConvertedHtml:
    """Return ``html`` as Markdown, as a plain line of at most 300 characters, and its images.

    Links are resolved against ``base``; those that are not http or https
    become plain text. Scripts, styles, forms, hidden elements and tracking
    pixels are removed. Never raises.
    """
    html = html[:MAX_HTML]
    if "<" not in html and "&" not in html:
        writer = Writer(base)
        writer.data(html)
        return writer.close()
    lengths: tuple[int, ...] = ()
    if _COUNTS_DOWN.search(html):
        # The first number of such a list is known at its end.
        lengths = _converted(html, base, lengths)[1]
    return _converted(html, base, lengths)[0]


def _converted(html: str, base: str, lengths: tuple[int, ...]) -> tuple[ConvertedHtml, tuple[int, ...]]:
    """Return the content of ``html``, and the number of items of each list."""
    for made in _VERSIONS:
        parser, writer = _parsers.pop() if _parsers else _new_parser()
        writer.reset(base, lengths)
        try:
            # With a leading tag, libxml2 treats text as HTML.
            data = f"<div>{made(html)}".encode(errors="replace")
            for start in range(0, len(data), _PIECE):  # it stops for an exception at the end of a piece
                parser.feed(data[start : start + _PIECE])
            result: ConvertedHtml = parser.close()
        except TooDeep:
            continue
        _parsers.append((parser, writer))
        return result, tuple(writer.lengths)
    raise AssertionError("text without tags is not nested")


# What is converted: HTML as it is, else without what is nested too deeply, else only its text.
_VERSIONS: tuple[Callable[[str], str], ...] = (
    lambda html: html,
    flattened,
    lambda html: escape(without_tags(html), quote=False),
)
# Idle parsers, with their targets; each is used by one thread at a time. Creating one takes longer than an entry.
_parsers: list[tuple[Any, Writer]] = []


def _new_parser() -> tuple[Any, Writer]:
    from lxml import etree

    target: Any = Writer()  # lxml's types ask for methods that it does not call
    return etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=True), target


def html_to_markdown(html: str, base: str = "") -> str:
    """Return ``html`` as Markdown. See :func:`convert_html`."""
    return convert_html(html, base).markdown


def html_to_line(html: str) -> str:
    """Return ``html`` as one plain line of at most 300 characters. See :func:`convert_html`."""
    return convert_html(html).line
