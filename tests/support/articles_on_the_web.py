"""Builds the web pages of articles, with what stands around them on a site."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

PARAGRAPHS = (
    "The strike of the ferries ended on Monday after a week of talks between the two sides of the quarrel.",
    "Wages will rise by four per cent this year and by three in the next, which both sides called a fair result.",
    "Captain Zoltan Quill said that nobody had won, and that the sea had been very quiet for once.",
    "The first ferry left the harbour at seven in the morning with forty passengers and two dogs on board.",
)
"""The paragraphs of an article."""

AROUND = "Subscribe to our newsletter and never miss a ferry again."
"""A sentence that stands beside each article and is no part of it."""


def web_page(paragraphs: Sequence[str] = PARAGRAPHS, *, title: str = "Ferry strike ends", head: str = "") -> bytes:
    """Return the page of an article, with ``head`` elements in its head."""
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} – The Paper</title>{head}'
        '</head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/sea">Sea</a></li></ul></nav>'
        f"<main><article><h1>{escape(title)}</h1>{text}</article></main>"
        f'<aside class="newsletter"><p>{AROUND}</p></aside><footer><p>© The Paper</p></footer></body></html>'
    ).encode()


SCRIPTED = (
    b"<!doctype html><html><head><title>App</title><script src='/a.js'></script></head><body><div id='root'></div>"
    b"<script>start()</script><noscript>Please enable JavaScript to read this.</noscript></body></html>"
)
"""A page whose text is made by scripts."""
