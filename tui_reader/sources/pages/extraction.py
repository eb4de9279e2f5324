"""Extracts the article from a web page with readability-lxml and small mends around it, as Markdown."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui_reader.errors import SourceError
from tui_reader.sources.html.markdown import html_to_markdown
from tui_reader.sources.pages.around import remove_what_stands_around

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# What a page may declare to be its article, the surest first.
_DECLARED = (
    "descendant::*[@itemprop='articleBody']",
    "descendant::article[not(ancestor::article)]",
    "descendant::main | descendant::*[@role='main']",
)
_MOST_LINKS = 0.3  # of the text of an article


def extract(html: str, address: str, *, selector: str = "") -> str:
    """Return the article in the page at ``address`` as Markdown; empty if there is none.

    With a CSS ``selector`` it is what that selects, if anything. Raises
    :class:`SourceError` if that is no selector.
    """
    tree = _tree(html)
    if tree is None:
        return ""
    if selector and (selected := _selected(tree, selector)):
        return html_to_markdown(selected, address)
    remove_what_stands_around(tree)
    found = html_to_markdown(_readable(tree), address)
    declared = _declared(tree)
    if declared is not None:
        whole = html_to_markdown(_html([declared]), address)
        # What is left out of a declared article is mostly its beginning, a note or a caption.
        if len(whole) > len(found):
            return whole
    return found


def _tree(html: str) -> HtmlElement | None:
    """Return the elements of a page; ``None`` for one without any."""
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    try:
        # As bytes, because lxml refuses text that declares an encoding.
        return document_fromstring(html.encode(errors="replace"), parser=HTMLParser(encoding="utf-8"))
    except ParserError:
        return None


def _selected(tree: HtmlElement, selector: str) -> str:
    """Return the HTML of what a CSS selector selects, without what is inside of another such element."""
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector

    try:
        select = CSSSelector(selector, translator="html")
    except SelectorError as error:
        raise SourceError(f"‘{selector}’ is no CSS selector ({error}): V in the list of sources (L) sets it") from error
    found = select(tree)
    chosen = set(found)
    return _html(each for each in found if not any(above in chosen for above in each.iterancestors()))


def _readable(tree: HtmlElement) -> str:
    """Return the HTML of what readability takes for the article; empty where it finds none."""
    from readability import Document
    from readability.readability import Unparseable

    # It logs what it does, and what it does not understand.
    logging.getLogger("readability").setLevel(logging.CRITICAL)
    try:
        found: str = Document(_html([tree])).summary(html_partial=True)
    except Unparseable:
        return ""
    return found


def _declared(tree: HtmlElement) -> HtmlElement | None:
    """Return what the page declares to be its article, if that is one element and no list of links."""
    for path in _DECLARED:
        found: list[HtmlElement] = tree.xpath(path)
        if len(found) == 1:
            text = len("".join(found[0].itertext()))
            links = sum(len("".join(link.itertext())) for link in found[0].iter("a"))
            return found[0] if text and links <= _MOST_LINKS * text else None
    return None


def _html(elements: Iterable[HtmlElement]) -> str:
    from lxml.html import tostring

    return "\n".join(tostring(each, encoding="unicode", with_tail=False) for each in elements)
