"""Reads the text of an article from its web page, and tells why a page has none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from tui_reader.errors import SourceError
from tui_reader.model.text import clean_block, visible
from tui_reader.model.urls import repaired_url
from tui_reader.model.words import count_words, words_of
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.feeds.encoding import decode_feed
from tui_reader.sources.html.markdown import html_to_markdown

MAX_PAGE = 8 * 1024 * 1024
"""Most bytes of a page that are read."""

_FEW_WORDS = 25  # fewer are a caption or a notice, and no article
_TEASER = 200  # words up to which a page that says it wants to be paid for shows only the beginning
_HTML = re.compile(r"text/html|application/xhtml\+xml|^$", re.IGNORECASE)
_LINK = re.compile(r"<link\b[^>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b([a-z-]{1,20})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_MOST_LINKS = 10  # of those that say amphtml
_SCRIPT = re.compile(r"<script\b[^>]{0,500}>", re.IGNORECASE)
_PAID_CLASS = re.compile(
    r"""class\s*=\s*["'][^"']{0,200}\b(?:paywall|pay-wall|subscriber-only|subscribers-only|piano-offer|regwall|"""
    r"""meteredcontent|premium-content)\b""",
    re.IGNORECASE,
)
_SCRIPTS = re.compile(r"<script\b", re.IGNORECASE)

NO_TEXT = "the page has no text that could be read"
SCRIPTED = "the page shows its text only with scripts"
PAID = "the page shows only the beginning without a subscription"


class PageText(NamedTuple):
    """What a page gave.

    ``text`` is Markdown. ``problem`` says why it is empty, or only the
    beginning. ``amp`` is the address of the AMP version of the page.
    """

    text: str = ""
    problem: str = ""
    amp: str | None = None

    @property
    def words(self) -> int:
        """The number of words of the text."""
        return count_words(self.text)


def read_page(data: bytes, content_type: str, address: str, *, title: str = "", selector: str = "") -> PageText:
    """Return the text of the article in a page that was fetched from ``address``.

    ``title`` is that of the article, which is not repeated in the text. With a
    CSS ``selector``, the text is what that selects. Raises
    :class:`SourceError` if the page is no web page, or nothing can read it here.
    """
    if not _HTML.search(content_type.partition(";")[0].strip()):
        kind = visible(content_type.partition(";")[0].strip()[:60])
        raise SourceError(f"there is no web page at this address, but a file of the kind {kind}")
    html = decode_feed(data, content_type)
    from tui_reader.sources.pages.extraction import extract

    text = clean_block(_without_title(extract(html, address, selector=selector), title))
    amp = _amp_address(html, address)
    words = count_words(text)
    if selector and words:
        return PageText(text, "", amp)
    if words < _TEASER and _is_paid(html):
        return PageText(text if words >= _FEW_WORDS else "", PAID, amp)
    if words < _FEW_WORDS and (described := _described_text(html)):
        return PageText(described, "", amp)
    if words < _FEW_WORDS:
        is_scripted = len(_SCRIPTS.findall(html)) > 1 or "<noscript" in html.lower()
        return PageText("", SCRIPTED if is_scripted else NO_TEXT, amp)
    return PageText(text, "", amp)


def _without_title(text: str, title: str) -> str:
    """Return a Markdown text without a first heading that is the title of the article, which stands above the text."""
    first, _, rest = text.partition("\n")
    is_title = first.startswith("#") and words_of(first.casefold()) == words_of(title.casefold())
    return rest.lstrip("\n") if is_title else text


def _is_paid(html: str) -> bool:
    """Return whether a page says of itself that not all can read it."""
    says = (str(each.get("isAccessibleForFree", "")).casefold() == "false" for each in _descriptions(html))
    return any(says) or _PAID_CLASS.search(html) is not None


def _described_text(html: str) -> str:
    """Return the text that a page whose text is made by scripts has in its description, as search engines read it."""
    texts = [text for each in _descriptions(html) if isinstance(text := each.get("articleBody"), str)]
    longest = max(texts, key=len, default="")
    if count_words(longest) < _FEW_WORDS:
        return ""
    if "<" not in longest:
        longest = "".join(f"<p>{line}</p>" for line in longest.splitlines() if line.strip())
    return clean_block(html_to_markdown(longest))


def _json_ld(html: str) -> Iterator[str]:
    """Yield the texts of the scripts that hold JSON-LD."""
    at = 0
    while (match := _SCRIPT.search(html, at)) is not None:
        at = html.find("</script", match.end())
        if at < 0:
            return
        if "ld+json" in match[0].lower():
            yield html[match.end() : at]


def _descriptions(html: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of JSON-LD by which a page describes itself, with those inside of others."""
    for data in _json_ld(html):
        try:
            waiting: list[Any] = [json.loads(data, strict=False)]  # texts often have line breaks as they are
        except (ValueError, RecursionError):
            continue
        while waiting:
            each = waiting.pop()
            if isinstance(each, dict):
                yield each
                waiting += each.values()
            elif isinstance(each, list):
                waiting += each


def _amp_address(html: str, base: str) -> str | None:
    """Return the address of the AMP version that a page names."""
    links = (match[0] for match in _LINK.finditer(html) if "amphtml" in match[0].lower())
    for link in islice(links, _MOST_LINKS):
        fields = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(link)}
        if "amphtml" in fields.get("rel", "").lower().split() and fields.get("href"):
            from html import unescape

            try:
                return repaired_url(urljoin(base, unescape(fields["href"])))
            except ValueError:
                return None
    return None
