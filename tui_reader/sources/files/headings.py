"""Finds the heading that is the title of a text without one."""

from __future__ import annotations

import re

from tui_reader.named_tuple import NamedTuple

_MOST_LINES = 200  # in which a heading of the first level is looked for
_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(\S[^\n]*)")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})")
_NO_TITLE = re.compile(r"[ \t]*\Z|    |\t|[>*|-]")
_CLOSING = re.compile(r"[ \t]+#+[ \t]*$|[ \t]*\{#[\w:.-]{1,200}\}[ \t]*$")
_HTML_HEADING = re.compile(r"<h1\b[^<>]{0,300}>(.{1,1000}?)</h1\s*>", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"\s*<!--.{0,2000}?-->", re.DOTALL)


class Heading(NamedTuple):
    """A heading, and the text without it: it stays where words come before it."""

    title: str
    body: str


def first_heading(body: str) -> Heading | None:
    """Return the heading that a Markdown text begins with, or its first one of the first level."""
    comment = _COMMENT.match(body)
    start = comment.end() if comment else 0
    is_first = True
    in_code = False
    before = ""
    at = start
    for _ in range(_MOST_LINES):
        if at >= len(body):
            return None
        end = body.find("\n", at)
        end = len(body) if end < 0 else end
        line = body[at : min(end, at + 2000)]
        after = end + 1
        if _FENCE.match(line):
            in_code = not in_code
        elif not in_code and (match := _ATX.fullmatch(line)) and (is_first or match[1] == "#"):
            return Heading(_CLOSING.sub("", match[2]), body[after:] if is_first else body)
        elif not in_code and before and (under := _UNDERLINE.fullmatch(line)):
            is_title = _is_first_line(body, start, at, before)
            if is_title or under[1].startswith("="):
                return Heading(before.strip(), body[after:] if is_title else body)
        if line.strip():
            is_first = False
        before = "" if in_code or _NO_TITLE.match(line) else line
        at = after
    return None


def _is_first_line(body: str, start: int, at: int, line: str) -> bool:
    """Return whether nothing but ``line`` stands between two places."""
    return len(body[start:at].strip()) <= len(line.strip())


def first_html_heading(body: str) -> str:
    """Return the first heading of the first level in HTML, with its markup."""
    match = _HTML_HEADING.search(body, 0, 64 * 1024)
    return match[1] if match else ""
