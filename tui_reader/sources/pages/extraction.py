"""Extracts the article from a web page with trafilatura, as Markdown."""

from __future__ import annotations

from tui_reader.errors import SourceError
from tui_reader.sources.html.markdown import html_to_markdown

MISSING = "full texts need the package trafilatura: install news-tui with it, as news-tui[fulltext]"
"""What to do where the extra is not installed."""


def extract(html: str, address: str, *, title: str = "", selector: str = "") -> str:
    """Return the article in the page at ``address`` as Markdown; empty if there is none.

    Raises :class:`SourceError` if trafilatura is not installed.
    """
    try:
        import trafilatura
    except ImportError as error:
        raise SourceError(MISSING) from error
    found = trafilatura.extract(
        html,
        url=address,
        output_format="html",
        include_comments=False,
        include_tables=True,
        include_images=True,
        include_formatting=True,
        include_links=True,
    )
    return html_to_markdown(found or "", address)
