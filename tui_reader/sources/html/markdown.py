"""Converts HTML to Markdown for the body and to one plain line for the excerpt.

libxml2, through lxml, parses HTML as browsers do, in linear time. Its events
are converted as they come: without a tree, deep nesting is no problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_reader.sources.html.writer import ConvertedHtml, Writer

MAX_HTML = 1_000_000
"""Most characters of HTML that are converted. The rest is ignored."""


def convert_html(html: str, base: str = "") -> ConvertedHtml:
    """Return ``html`` as Markdown, as a plain line of at most 300 characters, and its images.

    Links are resolved against ``base``; those that are not http or https
    become plain text. Scripts, styles, forms, hidden elements and tracking
    pixels are removed. Never raises.
    """
    html = html[:MAX_HTML]
    writer = Writer(base)
    if "<" not in html and "&" not in html:
        writer.data(html)
        return writer.close()
    try:
        parser, target = _parsers.pop()
    except IndexError:
        parser, target = _new_parser()
    target.writer = writer
    # With a leading tag, libxml2 treats text as HTML.
    parser.feed(f"<div>{html}".encode(errors="replace"))
    result: ConvertedHtml = parser.close()
    _parsers.append((parser, target))
    return result


class _Target:
    """Passes parser events to the current writer. Parsers are reused: creating one takes longer than an entry."""

    writer = Writer("")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.writer.start(tag, attributes)

    def end(self, tag: str) -> None:
        self.writer.end(tag)

    def data(self, text: str) -> None:
        self.writer.data(text)

    def close(self) -> ConvertedHtml:
        return self.writer.close()


_parsers: list[tuple[Any, _Target]] = []  # idle parsers; each is used by one thread at a time


def _new_parser() -> tuple[Any, _Target]:
    from lxml import etree

    target: Any = _Target()  # lxml's types ask for methods that it does not call
    return etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=True), target


def html_to_markdown(html: str, base: str = "") -> str:
    """Return ``html`` as Markdown. See :func:`convert_html`."""
    return convert_html(html, base).markdown


def html_to_line(html: str) -> str:
    """Return ``html`` as one plain line of at most 300 characters. See :func:`convert_html`."""
    return convert_html(html).line
