"""Extracts the article from a web page with trafilatura, as Markdown."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from tui_reader.errors import SourceError, UsageError
from tui_reader.sources.html.markdown import html_to_markdown

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NEEDED = ("trafilatura", "cssselect")


def check_installed() -> None:
    """Raise :class:`UsageError` if the packages that this needs are not installed; imports none of them."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"full texts need the package {missing[0]}: install news-tui with its extra, as news-tui[fulltext]"
        )


def extract(html: str, address: str, *, selector: str = "") -> str:
    """Return the article in the page at ``address`` as Markdown; empty if there is none.

    With a CSS ``selector`` it is what that selects, if anything. Raises
    :class:`SourceError` if that is no selector.
    """
    if selector and (selected := _selected(html, selector)):
        return html_to_markdown(selected, address)
    import trafilatura

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


def _selected(html: str, selector: str) -> str:
    """Return the HTML of what a CSS selector selects, without what is inside of another such element."""
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector
    from lxml.html import tostring

    try:
        select = CSSSelector(selector, translator="html")
    except SelectorError as error:
        raise SourceError(f"‘{selector}’ is no CSS selector ({error}): V in the list of sources (L) sets it") from error
    tree = _tree(html)
    found = [] if tree is None else select(tree)
    chosen = set(found)
    outer = [each for each in found if not any(above in chosen for above in each.iterancestors())]
    return "\n".join(tostring(each, encoding="unicode", with_tail=False) for each in outer)


def _tree(html: str) -> HtmlElement | None:
    """Return the elements of a page; ``None`` for one without any."""
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    try:
        # As bytes, because lxml refuses text that declares an encoding.
        return document_fromstring(html.encode(errors="replace"), parser=HTMLParser(encoding="utf-8"))
    except ParserError:
        return None
