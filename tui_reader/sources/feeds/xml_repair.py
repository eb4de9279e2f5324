"""Repairs feeds that are not valid XML, and removes document types."""

from __future__ import annotations

import re

_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|rdf)(?=[\s>/])", re.IGNORECASE)
_HTML_PAGE = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
# Characters that XML 1.0 does not allow (section 2.2).
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)?")
# As numbers, because after an error libxml2 does not resolve the names any more.
_XML_ENTITIES = {"amp": "&#38;", "lt": "&#60;", "gt": "&#62;", "quot": "&#34;", "apos": "&#39;"}


def strip_prolog(text: str) -> str | None:
    """Return ``text`` from its root element on, or ``None`` where it is not a feed.

    This removes any document type: without entity definitions, no entity can
    expand into a bomb or read a file. It also removes error messages that a
    script printed before the feed.
    """
    root = _ROOT.search(text)
    if root is None:
        return None
    page = _HTML_PAGE.search(text, 0, root.start())
    return None if page else text[root.start() :]


def is_html_page(text: str) -> bool:
    """Return whether ``text`` is a web page."""
    return bool(_HTML_PAGE.search(text, 0, 4000))


def remove_invalid_characters(text: str) -> str:
    """Return ``text`` with spaces instead of characters that XML does not allow."""
    return _INVALID.sub(" ", text) if _INVALID.search(text) else text


def repair_entities(text: str) -> str:
    """Return ``text`` with HTML entities replaced and bare ampersands escaped, except in CDATA sections."""
    pieces: list[str] = []
    at = 0
    while at < len(text):
        start = text.find("<![CDATA[", at)
        if start < 0:
            start = len(text)
        pieces.append(_AMPERSAND.sub(_entity, text[at:start]))
        end = text.find("]]>", start)
        at = len(text) if end < 0 else end + 3
        pieces.append(text[start:at])
    return "".join(pieces)


def _entity(match: re.Match[str]) -> str:
    from html.entities import html5

    name = match[1]
    if name is None:
        return "&#38;"
    if name.startswith("#"):
        code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        if code > 0x10FFFF or _INVALID.match(chr(code)):
            return " "
        return match[0].lower()
    if name in _XML_ENTITIES:
        return _XML_ENTITIES[name]
    return html5.get(name + ";", f"&#38;{name};")
