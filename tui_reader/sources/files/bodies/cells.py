"""Leaves out the cells of Quarto and R Markdown that the page does not show, and takes HTML out of its cells."""

from __future__ import annotations

import re

from tui_reader.sources.files.bodies.fences import chunks, fence_of

_HEAD = re.compile(r"[ \t>]*[`~]{3,}[ \t]*\{(?P<kind>=?\w{1,20})(?P<options>[^{}\n]{0,1000})\}[ \t]*\n")
_OPTION = re.compile(r"[ \t>]*(?:#|//|--|%%)\|(?P<option>[^\n]*)\n")
_HIDDEN = re.compile(r"\b(?:echo|include)[ \t]*[=:][ \t]*(?:FALSE|false|F)\b")


def shown_cells(text: str) -> str:
    """Return a Markdown text without the cells whose code is hidden, and with HTML that is marked as such."""
    return "".join(_shown(chunk) if is_code else chunk for is_code, chunk in chunks(text))


def _shown(cell: str) -> str:
    head = _HEAD.match(cell)
    if head is None:
        return cell
    at = head.end()
    if head["kind"] == "=html":
        last = cell.rstrip("\n").rfind("\n") + 1
        return f"\n{cell[at : last if fence_of(cell[last:]) else len(cell)]}\n"
    options = [head["options"]]
    while option := _OPTION.match(cell, at):
        options.append(option["option"])
        at = option.end()
    return "" if any(map(_HIDDEN.search, options)) else cell
