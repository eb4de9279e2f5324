"""Splits long Markdown into parts that are laid out one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_reader.named_tuple import NamedTuple

_LENGTH = 1500  # characters of a part, which take some 5 ms to lay out
_LINES = 40  # lines of a part
_MANY_LINKS = 100  # in a part: each may take as long as a line of text
_SPARE = 4  # times as long may be what cannot be split well

_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_ITEM = re.compile(r"(?:[-+*]|\d{1,9}[.)])(?:\s|$)")
_TABLE_RULE = re.compile(r"[-:| \t]+$")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]\n]{1,200})\]:[ \t]*(\S+)[^\n]*$", re.MULTILINE)
_QUOTE = re.compile(r"[ >]{1,20}")
_MARK = re.compile(r"\\.|`+|[*~]+|[]\[() ]")


class Part(NamedTuple):
    """Some of the blocks of a text. ``joined`` means that no empty line is before it."""

    text: str
    joined: bool


def parts(body: str) -> Iterator[Part]:
    """Yield the parts of a Markdown text, each when it is asked for.

    A text is split between blocks, else between items of a list, rows of a
    table or lines of code, which are then continued in the next part, and a
    paragraph of many thousands of characters between words.
    """
    if len(body) <= _LENGTH and body.count("\n") <= _LINES:
        yield Part(body, joined=False)
        return
    yield from _Splitter(body).parts()


def references(body: str) -> dict[str, dict[str, str]]:
    """Return the addresses that are defined in a text of several parts for its links, by label."""
    if "]:" not in body or (len(body) <= _LENGTH and body.count("\n") <= _LINES):
        return {}
    found: dict[str, dict[str, str]] = {}
    for match in _DEFINITION.finditer(body):
        # As the parser keeps them: the first definition counts.
        label = " ".join(match[1].split()).lower().upper()
        found.setdefault(label, {"href": match[2].removeprefix("<").removesuffix(">"), "title": ""})
    return found


class _Splitter:
    """Collects lines until a part is long enough."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._lines: list[str] = []
        self._length = 0
        self._before = ""  # the line before
        self._fence = ""  # the line that opened the code we are in
        self._in_list = False
        self._is_loose = False  # the list we are in: empty lines are between its items
        self._table: list[str] = []  # the head of the table we are in
        self._joined = False  # the part that is being collected

    def parts(self) -> Iterator[Part]:
        """Yield the parts, without definitions."""
        for line, is_piece in self._all_lines():
            if not is_piece and not self._fence and not self._before.strip() and _DEFINITION.match(line):
                continue  # shows nothing, and is given to the parts that need it
            if self._lines and (is_piece or self._is_long()):
                ending = "text" if is_piece and not self._fence else self._ending(line)
                if ending is not None:
                    yield self._part(ending)
            self._add(line)
        if any(line.strip() for line in self._lines):
            yield self._part("")

    def _is_long(self) -> bool:
        return self._length > _LENGTH or len(self._lines) > _LINES

    def _ending(self, line: str) -> str | None:
        """Return how a part ends before ``line``: after a block, in one of a kind, or (``None``) not here."""
        ending: str | None = None
        if self._fence:
            # Empty lines around a part do not show.
            ending = "code" if (line.strip() and self._before.strip()) or self._is_far_too_long() else None
        elif line.startswith("|") and len(self._table) == 2 and _TABLE_RULE.match(self._table[1]):
            ending = "table"
        elif line[:1] in {" ", "\t"} and not self._is_far_too_long():
            pass  # a part of a list item, or code
        elif _ITEM.match(line) and self._in_list:
            ending = "block" if self._is_loose else "list"
        elif not self._before.strip():
            ending = "block" if line.strip() and not self._after_rule() else None
        elif self._is_far_too_long() or line.startswith(">"):
            ending = "text"
        return ending

    def _is_far_too_long(self) -> bool:
        return self._length > _SPARE * _LENGTH or len(self._lines) > _SPARE * _LINES

    def _after_rule(self) -> bool:
        last = next((line for line in reversed(self._lines) if line.strip()), "")
        return bool(_RULE.match(last)) and not self._is_far_too_long()

    def _part(self, ending: str) -> Part:
        text = "\n".join(self._lines)
        joined = self._joined
        self._lines, self._length = [], 0
        self._joined = ending not in {"block", ""}
        if ending == "code":
            opened = _FENCE.match(self._fence)
            text += f"\n{self._fence[: opened.end()] if opened else '```'}"
            self._lines.append(self._fence)
        elif ending == "table":
            self._lines += self._table
        return Part(text, joined)

    def _add(self, line: str) -> None:
        self._lines.append(line)
        self._length += len(line) + 1
        fence = _FENCE.match(line)
        if self._fence:
            opened = _FENCE.match(self._fence)
            if fence and opened and fence[1].startswith(opened[1]) and not line[fence.end() :].strip():
                self._fence = ""
        elif fence:
            self._fence = line[:200]
        elif line.startswith("|"):
            if not self._before.startswith("|"):
                self._table = [line]
            elif len(self._table) == 1:
                self._table.append(line)
        elif line.strip():
            self._table = []
            self._note_list(line)
        self._before = line

    def _note_list(self, line: str) -> None:
        """Note whether we are in a list, and keep the items of one apart whose first items are."""
        is_item = bool(_ITEM.match(line))
        after_empty = not self._before.strip()
        if self._in_list and (is_item or line[0] in " \t"):
            self._is_loose = self._is_loose or after_empty
            if is_item and self._is_loose and not after_empty:
                self._lines.insert(-1, "")
        elif is_item:
            self._is_loose = False
        if line[0] not in " \t":
            self._in_list = is_item or (self._in_list and not after_empty)

    def _all_lines(self) -> Iterator[tuple[str, bool]]:
        """Yield the lines, and those of thousands of characters in pieces: all but the first are marked."""
        at = 0
        while at <= len(self._body):
            end = self._body.find("\n", at)
            end = len(self._body) if end < 0 else end
            if self._stays_whole(at, end):
                yield self._body[at:end], False
            else:
                quote = _QUOTE.match(self._body, at)
                prefix = quote[0] if quote and ">" in quote[0] else ""
                start = at
                while start < end:
                    many = self._body.count("[", start, start + _LENGTH) > _MANY_LINKS
                    length = _LENGTH // 4 if many else _LENGTH
                    stop = min(end, _break_between(self._body, start, start + length))
                    piece = self._body[start:stop]
                    yield (piece, False) if start == at else (prefix + piece, True)
                    start = stop
            at = end + 1

    def _stays_whole(self, at: int, end: int) -> bool:
        """Return whether a line is short enough, or of few links: where a paragraph is split, a line of it is short."""
        if end - at <= _LENGTH or _DEFINITION.match(self._body[at : at + 250]):
            return True
        return end - at <= _SPARE * _LENGTH and self._body.count("[", at, end) <= _MANY_LINKS


def _break_between(text: str, start: int, end: int) -> int:
    """Return where a paragraph is split before ``end``: after a space, if possible outside of links and code."""
    best = start
    depth = 0
    opened: set[str] = set()
    code = ""
    for match in _MARK.finditer(text, start, end):
        mark = match[0]
        if mark[0] == "`" and code in {"", mark}:
            code = "" if code else mark
        elif code:
            pass  # nothing else is markup in code
        elif mark in "[(":
            depth += 1
        elif mark in "])":
            depth = max(0, depth - 1)
        elif mark[0] in "*~":
            opened ^= {mark}
        elif mark == " " and not depth and not opened:
            best = match.end()
    if best > start + (end - start) // 2:
        return best
    space = text.rfind(" ", start + (end - start) // 2, end)
    return end if space < 0 else space + 1
