"""The pieces of HTML that the converters of several kinds of markup make, and how markup in a line is found."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from html import escape

_LANGUAGE = re.compile(r"[\w+#-]{1,20}")
_TRAILING = ".,;:!?)'\""  # of an address in a text


def dedented(lines: Sequence[str]) -> list[str]:
    """Return lines without the indentation that all of them have."""
    indent = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return [line[indent:] for line in lines]


def preformatted(lines: Sequence[str], language: str = "") -> str:
    """Return lines as code; nothing if all of them are empty."""
    kind = f' class="language-{escape(language)}"' if _LANGUAGE.fullmatch(language) else ""
    text = "\n".join(dedented(lines)).strip("\n")
    return f"<pre><code{kind}>{escape(text, quote=False)}\n</code></pre>" if text else ""


def item(blocks: Iterable[str]) -> str:
    """Return the content of a list item; a single paragraph of it is no block."""
    html = list(blocks)
    if html and html[0].startswith("<p>") and (len(html) == 1 or html[1].startswith(("<ul", "<ol"))):
        html[0] = html[0].removeprefix("<p>").removesuffix("</p>")
    return "".join(html)


def table(rows: Iterable[Iterable[str]], *, has_head: bool) -> str:
    """Return a table of cells in HTML; nothing if it has no rows."""
    made: list[str] = []
    for row in rows:
        kind = "th" if has_head and not made else "td"
        made.append("".join(f"<{kind}>{cell}</{kind}>" for cell in row))
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in made)}</table>" if made else ""


def link(words: str, address: str) -> str:
    """Return a link, or its words where there is no address. ``words`` are HTML."""
    return f'<a href="{escape(address)}">{words}</a>' if address else words


def picture(address: str, words: str) -> str:
    """Return a picture. ``words`` are plain text that say what it shows."""
    return f'<img src="{escape(address)}" alt="{escape(words)}">'


def written_address(found: str) -> str:
    """Return an address in a text as a link, and the punctuation after it."""
    address = found.rstrip(_TRAILING)
    return link(escape(address), address) + escape(found[len(address) :])


class Closings:
    """Where each kind of markup in a text can end; each is searched once, so all of it takes linear time."""

    def __init__(self, text: str, patterns: Mapping[str, re.Pattern[str]], opens_after: frozenset[str]) -> None:
        self._text = text
        self._patterns = patterns
        self._opens_after = opens_after
        self._found: dict[str, list[re.Match[str]]] = {}

    def after(self, opening: re.Match[str], mark: str) -> re.Match[str] | None:
        """Return the end of markup that ``opening`` begins, ``None`` if it begins none."""
        start, end = opening.span()
        if start and self._text[start - 1] not in self._opens_after:
            return None
        if end >= len(self._text) or self._text[end].isspace():
            return None
        if mark not in self._found:
            self._found[mark] = list(self._patterns[mark].finditer(self._text))
        found = self._found[mark]
        index = bisect_left(found, end + 1, key=re.Match[str].start)
        return found[index] if index < len(found) else None
