"""Writes text with inline markup as the blocks of Markdown: paragraphs, headings, quotes, list items and code."""

from __future__ import annotations

import re

from tui_reader.sources.html import formula
from tui_reader.sources.html.emphasis import CLOSE, OPEN, with_emphasis
from tui_reader.sources.html.lists import HtmlList
from tui_reader.sources.html.plain_line import PlainLine
from tui_reader.sources.html.syntax import escape_markdown, longest_backtick_run, markdown_link
from tui_reader.sources.html.table import PIPE, Table

SPACES = re.compile(r"\s+")
"""What HTML takes for one space."""

_MAX_NESTING = 6  # levels of quotes and lists; deeper ones are flattened
_MAX_SPANS = 8  # levels of powers, indices and abbreviations in each other
_LINE_START = re.compile(r"(?=#{1,6}(?:\s|$)|[-+](?:\s|$)|(?:=+|-{2,})\s*$)|(\d{1,9})(?=[.)](?:\s|$))")
_ESCAPE = re.compile(r"\\(.)")
_LINKED = re.compile(r"\[([^\[\]]+)\](\([^()\s]*\))")


def _escape_start(line: str) -> str:
    """Return ``line`` with its start escaped where it would be a heading, a list or a rule."""
    match = _LINE_START.match(line)
    return line if match is None else f"{match[1] or ''}\\{line[match.end() :]}"


def _in_markdown(changed: str, plain: str, words: str, before: str) -> str:
    """Return ``changed``, made of ``plain`` text, with the Markdown ``words`` of that text in it."""
    if plain not in changed:
        return escape_markdown(changed)
    start, _, end = changed.partition(plain)
    if start == "_" and before.isalnum() and words[0].isalnum():
        return f"_{words}"  # inside of a word it has no meaning
    return f"{escape_markdown(start)}{words}{escape_markdown(end)}"


class _Container:
    """An open quote or list item, with the prefixes of its first line and of the rest."""

    def __init__(self, first: str, rest: str) -> None:
        self.first, self.rest = first, rest
        self.started = False


class _Span:
    """Open markup that changes the text inside of it, such as a power."""

    def __init__(self, tag: str, at: int, mark: int, words: str = "") -> None:
        self.tag, self.words = tag, words
        self.at, self.mark = at, mark  # where it begins in the line of Markdown and in the plain line


class BlockWriter:
    """Collects the text of a document with its inline markup, and writes its blocks."""

    def begin(self) -> None:
        """Begin a document."""
        self._text: list[str] = []  # text since the last tag
        self._line: list[str] = []  # Markdown of the current block
        self._open: list[tuple[str, str, int]] = []  # inline markup: tag, delimiter or address, index in _line
        self._spans: list[_Span] = []
        self._heading = ""
        self._blocks: list[str] = []
        self._tight = False  # no empty line before the next block
        self._containers: list[_Container] = []
        self._lists: list[tuple[HtmlList, int]] = []  # with the place in lengths
        self._nested: list[tuple[str, bool]] = []  # open items, quotes and lists of terms, and whether in a container
        self._table: Table | None = None
        self._pre = 0
        self._language = ""  # of the code in it
        self._last_code = ("", "")  # in a line: its text, and how it is written
        self._outer_language = ""  # that the element around it names
        self._plain = PlainLine()
        self._last_picture = ("", False)  # its name, and whether it was in noscript; empty after text
        self._more = False

    # Lists, quotes and tables.

    def _enter(self, tag: str, value: str | None) -> None:
        shown = len(self._containers) < _MAX_NESTING
        self._nested.append((tag, shown))
        marker, width = "- ", 2
        if tag == "li" and self._lists:
            marker, width = self._lists[-1][0].marker(value)
        if not shown:
            return
        if tag == "blockquote":
            self._containers.append(_Container("> ", "> "))
        else:
            self._containers.append(_Container(marker, " " * width))

    def _leave(self, tag: str) -> None:
        if self._nested and self._nested.pop()[1] and self._containers:
            self._containers.pop()
            # No empty lines between the items of a list.
            self._tight = tag != "blockquote"

    def _release_table(self) -> None:
        """Write what has been read of a table as paragraphs, because it is the layout of the page."""
        table, self._table = self._table, None
        if table is not None:
            for text in table.paragraphs():
                self._write_paragraph(text.replace(PIPE, "|"))

    # Text and inline markup.

    def _flush_text(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if "\xad" in text:
            text = text.replace("\xad", "")  # says where a word may be split
        self._plain.add(text)
        if self._pre:
            self._add(text)
            return
        if "  " in text or not text.isprintable():  # no other space is printable
            text = SPACES.sub(" ", text)
        if not self._line or self._line[-1][-1:] in {" ", "\n"}:
            text = text.lstrip()
        if not text:
            return
        if text != " ":
            self._last_picture = ("", False)
        self._line.append(text if self._open and self._open[-1][0] == "code" else escape_markdown(text))

    def _put_text(self, text: str) -> None:
        """Add text of our own, such as quotation marks."""
        self._plain.add(text)
        self._add(text if self._pre or (self._open and self._open[-1][0] == "code") else escape_markdown(text))

    def _add(self, text: str) -> None:
        if text:
            self._line.append(text)

    def _open_span(self, tag: str, words: str = "") -> None:
        if len(self._spans) < _MAX_SPANS:
            self._spans.append(_Span(tag, len(self._line), self._plain.mark(), words))

    def _close_span(self, tag: str) -> None:
        """Change the text of a power, an index, an abbreviation or a reference to a note."""
        if not self._spans or self._spans[-1].tag != tag:
            return
        span = self._spans.pop()
        if span.at < 0:
            return  # a block has ended inside of it
        self._plain.rewrite(span.mark, lambda words, before: self._changed(span, words, before))
        inner = "".join(self._line[span.at :])
        words = inner.strip()
        if not words or len(words) > 1000:
            return
        before = self._line[span.at - 1][-1:] if span.at else ""
        if self._pre or (self._open and self._open[-1][0] == "code"):
            changed = self._changed(span, words, before)
        else:
            link = _LINKED.fullmatch(words)
            plain = _ESCAPE.sub(r"\1", link[1] if link else words)
            shown = self._changed(span, plain, before)
            if link and plain not in shown:
                changed = f"[{escape_markdown(shown)}]{link[2]}"
            else:
                changed = _in_markdown(shown, plain, words, before)
        self._line[span.at :] = [inner[: len(inner) - len(inner.lstrip())] + changed + inner[len(inner.rstrip()) :]]

    def _changed(self, span: _Span, words: str, before: str) -> str:
        if span.tag == "a":
            return formula.linked_note(words, before)
        if span.tag == "abbr":
            return words if words == span.words else f"{words} ({span.words})"
        return formula.script(words, before, "^" if span.tag == "sup" else "_")

    def _open_inline(self, tag: str, delimiter: str) -> None:
        # Markup inside of the same markup has no effect, and code has no markup.
        if not self._pre and not any(other in {tag, "code"} for other, _, _ in self._open):
            self._open.append((tag, delimiter, len(self._line)))

    def _close_inline(self, tag: str) -> None:
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index][0] == tag:
                # Also close the markup opened inside.
                while len(self._open) > index:
                    self._wrap(*self._open.pop())
                return

    def _wrap(self, tag: str, delimiter: str, at: int) -> None:
        inner = "".join(self._line[at:])
        words = inner.strip()
        if not words:
            return
        before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        if tag == "a":
            words = markdown_link(words, delimiter) if delimiter else words
            self._more = self._more or bool(delimiter)
            if at and delimiter and self._line[at - 1].endswith("!"):
                self._line[at - 1] = self._line[at - 1][:-1] + "\\!"  # "![" would start an image
        elif tag == "code":
            if self._table is not None:
                words = words.replace("|", PIPE)
            if at and self._line[at - 1] == self._last_code[1]:
                # Code right after code would end with the signs that begin it.
                at -= 1
                words = self._last_code[0] + words
                before = ""
            fence = "`" * (longest_backtick_run(words) + 1)
            pad = " " if words.startswith("`") or words.endswith("`") else ""
            self._last_code = (words, f"{fence}{pad}{words}{pad}{fence}")
            words = self._last_code[1]
        else:
            words = f"{OPEN[delimiter]}{words}{CLOSE[delimiter]}"
        self._line[at:] = [part for part in (before, words, after) if part]

    # Blocks.

    def _end_block(self) -> None:
        """End the current block. Open inline markup continues in the next one."""
        for span in self._spans:
            span.at = 0 if not self._line and span.at == 0 else -1
        if not self._line:
            self._open = [(tag, delimiter, 0) for tag, delimiter, _ in self._open]
            return
        if self._pre:
            if not self._line[-1].endswith("\n"):
                self._line.append("\n")
            return
        for markup in reversed(self._open):
            self._wrap(*markup)
        self._open = [(tag, delimiter, 0) for tag, delimiter, _ in self._open]
        text = with_emphasis("".join(self._line).strip())
        self._line.clear()
        self._plain.add(" ")
        if text:
            if self._heading:
                self._write_block(self._heading + SPACES.sub(" ", text))
            elif self._table is not None:
                self._table.add(text)
            else:
                self._write_paragraph(text)

    def _end_pre(self, tag: str) -> None:
        self._pre -= 1
        if self._pre:
            return
        self._open.clear()
        code = "".join(self._line).strip("\n").rstrip()
        self._line.clear()
        self._plain.add(" ")
        if code:
            fence = "`" * max(3, longest_backtick_run(code) + 1)
            self._write_block(f"{fence}{self._language}\n{code}\n{fence}")

    def _write_paragraph(self, text: str) -> None:
        self._write_block("\n".join(map(_escape_start, text.split("\n"))))

    def _write_block(self, text: str) -> None:
        outer = "".join(container.rest for container in self._containers if container.started)
        first = "".join(c.rest if c.started else c.first for c in self._containers)
        rest = "".join(container.rest for container in self._containers)
        self._more = self._more or bool(self._blocks) or "\n" in text
        gap = "" if self._tight and first != rest else f"{outer.rstrip()}\n"
        self._blocks.append(gap + first + text.replace("\n", f"\n{rest}") + "\n")
        self._tight = False
        for container in self._containers:
            container.started = True
