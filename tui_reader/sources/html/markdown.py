"""Turns the HTML of an entry into Markdown for the body, and into one plain line for the excerpt.

libxml2, by way of lxml, reads the HTML as browsers do and in time that grows
with its length only; its events are written out as they come. No tree is
built, so nothing depends on how deep the HTML is nested.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_reader.sources.html.writer import ConvertedHtml, Writer

MAX_HTML = 1_000_000
"""Characters of HTML that are read; what comes behind is left out."""


def convert_html(html: str, base: str = "") -> ConvertedHtml:
    """Return ``html`` as Markdown, as a plain line of at most 300 characters, and its pictures.

    Links are resolved against ``base`` and dropped, not their text, where
    they lead to nothing that may be opened. Scripts, styles, forms, hidden
    parts and pictures of one pixel are left out. Never raises, whatever
    ``html`` is.
    """
    html = html[:MAX_HTML]
    writer = Writer(base)
    if "<" not in html and "&" not in html:
        writer.data(html)
        return writer.close()
    try:
        parser, target = _parsers.pop()
    except IndexError:
        parser, target = _made()
    target.writer = writer
    # ``div`` makes sure that libxml2 takes it for HTML even where it begins with text.
    parser.feed(f"<div>{html}".encode(errors="replace"))
    result: ConvertedHtml = parser.close()
    _parsers.append((parser, target))
    return result


class _Target:
    """Passes a parser's events on to the writer at hand: to make a parser takes longer than to read an entry."""

    writer = Writer("")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.writer.start(tag, attributes)

    def end(self, tag: str) -> None:
        self.writer.end(tag)

    def data(self, text: str) -> None:
        self.writer.data(text)

    def close(self) -> ConvertedHtml:
        return self.writer.close()


_parsers: list[tuple[Any, _Target]] = []  # that are at rest: two threads never have the same


def _made() -> tuple[Any, _Target]:
    from lxml import etree

    target: Any = _Target()  # a parser calls no more than a few of the methods that its types ask for
    return etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=True), target


def html_to_markdown(html: str, base: str = "") -> str:
    """Return ``html`` as Markdown; see :func:`convert_html`."""
    return convert_html(html, base).markdown


def html_to_line(html: str) -> str:
    """Return ``html`` as one plain line of at most 300 characters; see :func:`convert_html`."""
    return convert_html(html).line
