"""Tells the fenced code of a Markdown text from the text around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")


def chunks(text: str) -> Iterator[tuple[bool, str]]:
    """Yield ``text`` in chunks, each with whether it is a fenced block of code."""
    lines: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        match = _FENCE.match(line)
        if match and not fence:
            yield False, "".join(lines)
            lines, fence = [], match[1]
        elif match and match[1].startswith(fence) and not line[match.end() :].strip():
            yield True, "".join([*lines, line])
            lines, fence = [], ""
            continue
        lines.append(line)
    yield bool(fence), "".join(lines)


def fence_of(line: str) -> str:
    """Return the fence that a line opens or closes, empty for any other line."""
    match = _FENCE.match(line)
    return match[1] if match else ""
