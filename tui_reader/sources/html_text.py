"""Turns the HTML of an entry into Markdown for the body, and into one plain line for the excerpt.

libxml2, by way of lxml, reads the HTML as browsers do and in time that grows
with its length only; its events are written out as they come. No tree is
built, so nothing depends on how deep the HTML is nested.
"""

from __future__ import annotations

from typing import Any

from tui_reader.sources.html_writer import HtmlText, Writer

MAX_HTML = 1_000_000
"""Characters of HTML that are read; what comes behind is left out."""


def read_html(html: str, base: str = "") -> HtmlText:
    """Return ``html`` as Markdown, as a plain line of at most 300 characters, and its pictures.

    Links are resolved against ``base`` and dropped, not their text, where
    they lead to nothing that may be opened. Scripts, styles, forms, hidden
    parts and pictures of one pixel are left out. Never raises, whatever
    ``html`` is.
    """
    from lxml import etree

    writer: Any = Writer(base)  # a parser calls no more than a few of the methods that its types ask for
    html = html[:MAX_HTML]
    if "<" not in html and "&" not in html:
        writer.data(html)
        line: HtmlText = writer.close()
        return line
    # ``div`` makes sure that libxml2 takes it for HTML even where it begins with text.
    data = f"<div>{html}".encode(errors="replace")
    parser = etree.HTMLParser(target=writer, encoding="utf-8", no_network=True, huge_tree=True)
    parser.feed(data)
    result: HtmlText = parser.close()
    return result


def markdown_from(html: str, base: str = "") -> str:
    """Return ``html`` as Markdown; see :func:`read_html`."""
    return read_html(html, base).markdown


def line_from(html: str) -> str:
    """Return ``html`` as one plain line of at most 300 characters; see :func:`read_html`."""
    return read_html(html).line
