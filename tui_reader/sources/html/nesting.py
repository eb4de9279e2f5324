"""Makes HTML that is nested too deeply flat enough to be parsed in linear time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html import escape

from tui_reader.model.text import without_tags

MAX_DEPTH = 500
"""Deepest nesting of elements that is parsed as it is.

For each end tag, libxml2 searches the open elements: a page of unclosed tags
takes quadratic time without a limit. Browsers have one of 512.
"""

_PIECE = 20_000  # bytes
_REOPENED = 200  # open elements after which all are closed
_TAG = re.compile(r"<!--|<(/?)([a-zA-Z][^\s/>]*)")
_TAG_END = re.compile(r"""=\s*(["'])|>""")
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "basefont"})
_VOID_IN_HTML5 = frozenset({"source", "track", "wbr"})  # libxml2 knows HTML 4
# The parser closes these where the next one starts, so they do not nest by themselves.
_SELF_CLOSED = frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option"})


class TooDeep(Exception):
    """Elements are nested deeper than :data:`MAX_DEPTH`; raised by the target of a parser."""


def pieces(html: str) -> Iterator[bytes]:
    """Yield ``html`` in pieces for a parser: at the end of one, it stops for what its target raises."""
    # With a leading tag, libxml2 treats text as HTML.
    data = f"<div>{html}".encode(errors="replace")
    for start in range(0, len(data), _PIECE):
        yield data[start : start + _PIECE]


def flattened(html: str) -> str:
    """Return ``html`` with matching tags, and with all elements closed where too many are open.

    Only the markup of broken or hostile pages changes; no text does.
    """
    written: list[str] = []
    opened: list[str] = []
    counts: Counter[str] = Counter()
    at = 0
    while match := _TAG.search(html, at):
        written.append(html[at : match.start()])
        end = _end_of(html, match)
        tag = html[match.start() : end]
        at = end
        name = (match[2] or "").lower()
        if not name or name in _VOID or name in _SELF_CLOSED or tag.endswith("/>"):
            written.append(tag)
        elif name in _VOID_IN_HTML5:
            written.append("" if match[1] else tag[:-1] + "/>")
        elif not match[1]:
            written.append(tag)
            if name in _RAW:
                continue  # its content and its end tag are a part of it
            opened.append(name)
            counts[name] += 1
            if len(opened) >= _REOPENED:
                written += [f"</{each}>" for each in reversed(opened)]
                opened.clear()
                counts.clear()
        elif counts[name]:
            closed = ""
            while closed != name:
                closed = opened.pop()
                counts[closed] -= 1
                written.append(f"</{closed}>")
    written.append(html[at:])
    return "".join(written)


def _end_of(html: str, match: re.Match[str]) -> int:
    """Return the end of a tag or comment; of a script and the like, the end of its content."""
    if match[2] is None:
        return _after(html.find("-->", match.end()), 3, html)
    at = match.end()
    while (part := _TAG_END.search(html, at)) and part[1]:
        at = _after(html.find(part[1], part.end()), 1, html)
    if part is None:
        return len(html)
    if match[1] or match[2].lower() not in _RAW or html[part.end() - 2] == "/":
        return part.end()
    closing = re.compile(rf"</{match[2]}[^>]*>", re.IGNORECASE).search(html, part.end())
    return closing.end() if closing else len(html)


def _after(found: int, length: int, html: str) -> int:
    return len(html) if found < 0 else found + length


VERSIONS: tuple[Callable[[str], str], ...] = (
    lambda html: html,
    flattened,
    lambda html: escape(without_tags(html), quote=False),
)
"""What is parsed: HTML as it is; where that is nested too deeply, flattened; else only its text."""
