"""Removes what stands around articles on web pages: menus, advertisements, comments, offers and notices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TAGS = frozenset({"nav", "form", "button", "dialog", "noscript", "script", "style", "template", "svg", "iframe"})
_ROLES = frozenset({"navigation", "complementary", "contentinfo", "banner", "dialog", "alertdialog", "search", "menu"})
_CLASS = re.compile(
    r"(?:^|[\s_-])(?:"
    r"ads?|advert\w*|adsbygoogle|banner|sponsor\w*|promo\w*|outbrain|taboola|buy-?box|affiliate|"
    r"newsletter\w*|subscri(?:be|ption)\w*|signup|sign-up|paywall|regwall|cookies?|consent|gdpr|privacy-notice|modal|popup|overlay|"
    r"shar(?:e|ing)|sharedaddy|sharebar|social\w*|follow-us|"
    r"related\w*|jp-relatedposts|recommend\w*|read-?more|more-stories|most-read|popular|trending|teaser-list|"
    r"comments?|comments-area|disqus|"
    r"author-?(?:bio|box|card)|about-author|byline|entry-meta|post-meta|dateline|postprofile|user-info|votecell|"
    r"breadcrumbs?|pagination|paginav|pager|tags|tag-list|toc|editsection|mw-editsection|headerlink|sidebar|sphinxsidebar|"
    r"widget(?:-area)?|site-(?:footer|header)|feedback|skip-link|screen-reader-text|visually-hidden"
    r")(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.IGNORECASE)
_LONGEST = 500  # characters of an attribute that are looked at
_LARGE = 0.4  # of the text of a page: what has more is no thing beside it, whatever it is called


def remove_what_stands_around(tree: HtmlElement) -> None:
    """Remove from a page what is known to be no part of an article, in place."""
    sizes = _sizes(tree)
    most = _LARGE * sizes[tree]
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in {"html", "body", "head", "article", "main"}:
            continue
        if _is_around(element) and (sizes[element] <= most or element.tag in {"script", "style", "noscript"}):
            _remove(element)


def _is_around(element: HtmlElement) -> bool:
    if element.tag in _TAGS or element.get("role", "").lower() in _ROLES or element.get("hidden") is not None:
        return True
    if element.tag in {"aside", "footer"}:
        # An article may have a footer, and a note beside it, with notes of its own.
        return next(element.iterancestors("article"), None) is None or _has_name(element)
    return _has_name(element) or bool(_HIDDEN.search(element.get("style", "")[:_LONGEST]))


def _has_name(element: HtmlElement) -> bool:
    names = f"{element.get('class', '')[:_LONGEST]} {element.get('id', '')[:_LONGEST]}"
    return bool(_CLASS.search(names))


def _sizes(tree: HtmlElement) -> dict[HtmlElement, int]:
    """Return how many characters of text each element holds."""
    sizes: dict[HtmlElement, int] = {}
    for element in reversed(list(tree.iter())):
        is_text = isinstance(element.tag, str) and element.tag not in {"script", "style"}
        size = len(element.text or "") if is_text else 0
        size += sum(sizes[child] + len(child.tail or "") for child in element)
        sizes[element] = size
    return sizes


def _remove(element: HtmlElement) -> None:
    """Leave an empty element of text in the place of one; to join the texts around it takes time by their lengths."""
    if element.getparent() is not None:
        element.clear(keep_tail=True)
        element.tag = "span"
