"""Metadata of HTML pages: their title and ``meta`` elements, as Pelican and editors write them."""

from __future__ import annotations

import re
from html import unescape

from tui_reader.sources.files.kinds.head import Head, line_value

_LOOK = 64 * 1024  # characters in which the metadata are looked for
_START = re.compile(r"\s*(?:<!doctype[^>]{0,300}>\s*)?(?:<html\b|<head\b)", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^<>]{0,200}>([^<]{0,2000})</title", re.IGNORECASE)
_META = re.compile(r"<meta\b([^<>]{0,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(name|property|content|contents)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_BODY = re.compile(r"<body\b[^<>]{0,2000}>", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
_MEANS = {"article:published_time": "date", "dcterms.date": "date", "dc.date": "date", "og:image": "image"}


def parse(text: str) -> Head | None:
    """Return the fields and the body of a whole page; ``None`` if it is none, or has no title or date."""
    if not _START.match(text):
        return None
    start = _BODY.search(text)
    head = text[: min(_LOOK, start.start() if start else _LOOK)]
    fields: dict[str, object] = {}
    for meta in _META.finditer(head):
        found = {match[1].lower(): unescape(match[2] or match[3] or "") for match in _ATTRIBUTE.finditer(meta[1])}
        name = (found.get("name") or found.get("property") or "").casefold()
        if name:
            name = _MEANS.get(name, name)
            fields.setdefault(name, line_value(name, found.get("content") or found.get("contents") or ""))
    title = _TITLE.search(head)
    if title is None or not fields.get("date"):
        return None
    fields["title"] = unescape(title[1])
    end = _BODY_END.search(text, start.end()) if start else None
    return Head(fields, text[start.end() if start else len(head) : end.start() if end else len(text)])
