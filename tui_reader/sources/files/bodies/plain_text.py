"""Makes HTML of plain text: its paragraphs, and what is laid out by spaces as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from tui_reader.sources.files.bodies.html_parts import written_address

_ITEM = re.compile(r"\s{0,3}(?:[-*+•–]|\d{1,3}[.)])\s")
_COLUMNS = re.compile(r"\S {3,}\S")  # as in a table
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_WRAPPED = 50  # characters from which on a line may be broken for its length


def text_to_html(text: str) -> str:
    """Return plain text as HTML: lines that were broken for their length are joined."""
    blocks: list[list[str]] = [[]]
    for line in text.expandtabs(8).split("\n"):
        if line.strip():
            blocks[-1].append(line.rstrip())
        elif blocks[-1]:
            blocks.append([])
    return "".join(_block(lines) for lines in blocks if lines)


def _block(lines: Sequence[str]) -> str:
    if all(line.startswith("    ") for line in lines) or sum(bool(_COLUMNS.search(line)) for line in lines) > 1:
        shown = "\n".join(lines)
        return f"<pre><code>{escape(shown, quote=False)}\n</code></pre>"
    html = _words(lines[0].strip())
    for before, line in pairwise(lines):
        is_new = len(before) < _WRAPPED or _ITEM.match(line) is not None
        html += ("<br>" if is_new else " ") + _words(line.strip())
    return f"<p>{html}</p>"


def _words(line: str) -> str:
    parts: list[str] = []
    at = 0
    for match in _ADDRESS.finditer(line):
        parts += [escape(line[at : match.start()]), written_address(match[0])]
        at = match.end()
    return "".join([*parts, escape(line[at:])])
