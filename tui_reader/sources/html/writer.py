"""Writes Markdown, and one plain line, from the events of an HTML parser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from tui_reader.model.text import clean_line
from tui_reader.sources.html.syntax import escape_markdown, is_tracker, longest_backtick_run, markdown_link, resolve_url

EXCERPT_LENGTH = 300
"""Characters of the plain line."""

_MAX_NESTING = 6  # quotes and lists in one another that are shown as such
_MAX_IMAGES = 8
_LEFT_OUT = frozenset({
    "script", "style", "template", "noscript", "head", "title", "svg", "math", "form", "button", "input", "select",
    "textarea", "object", "applet",
})  # fmt: skip
_BLOCKS = frozenset({
    "p", "div", "section", "article", "aside", "main", "header", "footer", "nav", "address", "figure", "figcaption",
    "details", "summary", "center", "body", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "caption", "tr",
    "fieldset", "hgroup",
})  # fmt: skip
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_MARKS = {"em": "*", "i": "*", "cite": "*", "strong": "**", "b": "**", "th": "**", "dt": "**", "del": "~~", "s": "~~"}
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_CODE = frozenset({"code", "kbd", "samp", "tt"})
_EMBEDDED = {"iframe": "embedded page", "video": "video", "audio": "audio", "embed": "embedded page"}

_SPACES = re.compile(r"\s+")
_OTHER_SPACES = re.compile(r"[^\S ]|  ")  # to be folded, unlike the single spaces of nearly all text
_LINE_START = re.compile(r"(?=#{1,6}(?:\s|$)|[-+](?:\s|$)|(?:=+|-{2,})\s*$)|(\d{1,9})(?=[.)](?:\s|$))")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class ConvertedHtml(NamedTuple):
    """What is to be read of a piece of HTML: as Markdown, as one line, and its first pictures.

    ``more`` says whether the Markdown holds more than the line does: a second
    paragraph, a link, words beyond its length.
    """

    markdown: str = ""
    line: str = ""
    images: tuple[str, ...] = ()
    more: bool = False


def _escaped_start(line: str) -> str:
    """Return ``line`` so that its beginning is not taken for a heading, a list or a rule."""
    match = _LINE_START.match(line)
    return line if match is None else f"{match[1] or ''}\\{line[match.end() :]}"


class _Container:
    """A quote or an item of a list: what stands before its first line, and before all others."""

    def __init__(self, first: str, rest: str) -> None:
        self.first, self.rest = first, rest
        self.begun = False


class Writer:
    """Takes the events of a parser, by the names that lxml has for them, and writes Markdown."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._text: list[str] = []  # text since the last tag
        self._line: list[str] = []  # Markdown of the block at hand
        self._open: list[tuple[str, str, int]] = []  # marks: tag, sign or address, where in the line
        self._heading = ""
        self._blocks: list[str] = []
        self._tight = False  # the next block follows the last without an empty line
        self._containers: list[_Container] = []
        self._lists: list[int] = []  # per open list the number of its next item; 0 for bullets
        self._nested: list[bool] = []  # per open list item or quote: is it shown as one
        self._skipped: list[str] = []
        self._pre = 0
        self._plain: list[str] = []
        self._plain_length = 0
        self._images: list[str] = []
        self._more = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if self._skipped:
            if tag not in _VOID:
                self._skipped.append(tag)
            return
        self._take_text()
        if tag in _LEFT_OUT or "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")):
            if tag not in _VOID:
                self._skipped.append(tag)
        elif tag in _EMBEDDED:
            self._embed(tag, attributes)
        else:
            self._begin(tag, attributes)

    def end(self, tag: str) -> None:
        """Take the end of an element; every element that began ends, as the parser sees to it."""
        if self._skipped:
            if tag not in _VOID:
                self._skipped.pop()
            return
        self._take_text()
        self._finish(tag)

    def data(self, text: str) -> None:
        """Take text, entities decoded."""
        if not self._skipped:
            self._text.append(text)

    def close(self) -> ConvertedHtml:
        """Return what was written."""
        self._take_text()
        self._end_block()
        line = clean_line("".join(self._plain).replace("&", "&amp;"))
        if len(line) > EXCERPT_LENGTH:
            line = line[: EXCERPT_LENGTH - 1].rpartition(" ")[0] or line[: EXCERPT_LENGTH - 1]
            line = line.rstrip(" ,;:–—-") + "…"
            self._more = True
        return ConvertedHtml("".join(self._blocks).strip("\n"), line, tuple(self._images), self._more)

    # What each tag means.

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in {"br", "img", "hr"}:
            self._put(tag, attributes)
        elif tag == "a":
            self._open_mark("a", resolve_url(attributes.get("href"), self._base) or "")
        elif tag in _CODE:
            self._open_mark("code", "`")
        elif tag in {"blockquote", "li"}:
            self._end_block()
            self._enter(tag)
        elif tag in _LISTS:
            self._end_block()
            self._tight = bool(self._lists)
            self._lists.append(1 if tag == "ol" else 0)
        elif tag == "pre":
            self._end_block()
            self._pre += 1
        elif tag in _HEADINGS:
            self._end_block()
            self._heading = _HEADINGS[tag]
        elif tag in {"td", "th"}:
            if self._line:
                self._add(" · ")
                self._add_plain(" · ")
        elif tag in _BLOCKS:
            self._end_block()
        if tag in _MARKS:
            self._open_mark(_MARKS[tag], _MARKS[tag])

    def _finish(self, tag: str) -> None:
        if tag in _MARKS:
            self._close_mark(_MARKS[tag])
        if tag == "a":
            self._close_mark("a")
        elif tag in _CODE:
            self._close_mark("code")
        elif tag in {"blockquote", "li"}:
            self._end_block()
            self._leave(tag)
        elif tag in _LISTS:
            self._end_block()
            self._lists.pop()
            self._tight = bool(self._lists)
        elif tag == "pre":
            self._end_pre()
        elif tag in _HEADINGS:
            self._end_block()
            self._heading = ""
        elif tag in _BLOCKS:
            self._end_block()

    def _put(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "br":
            self._add("\n" if self._pre else "  \n")
            self._add_plain(" ")
        elif tag == "img":
            self._image(attributes)
        else:
            self._end_block()
            self._write_block("---")

    def _enter(self, tag: str) -> None:
        shown = len(self._containers) < _MAX_NESTING
        self._nested.append(shown)
        if not shown:
            return
        if tag == "blockquote":
            self._containers.append(_Container("> ", "> "))
            return
        marker = "- "
        if self._lists and self._lists[-1]:
            marker = f"{self._lists[-1]}. "
            self._lists[-1] += 1
        self._containers.append(_Container(marker, " " * len(marker)))

    def _leave(self, tag: str) -> None:
        if self._nested and self._nested.pop() and self._containers:
            self._containers.pop()
            # The items of a list stand close together.
            self._tight = tag == "li"

    def _image(self, attributes: Mapping[str, str]) -> None:
        address = resolve_url(attributes.get("src") or attributes.get("data-src"), self._base)
        if address is None or is_tracker(address, attributes):
            return
        if len(self._images) < _MAX_IMAGES and address not in self._images:
            self._images.append(address)
        words = escape_markdown(_SPACES.sub(" ", attributes.get("alt", ""))[:200].strip()) or "image"
        in_link = any(tag == "a" for tag, _, _ in self._open)
        self._more = True
        self._add(words if in_link or self._pre else markdown_link(words, address))

    def _embed(self, tag: str, attributes: Mapping[str, str]) -> None:
        address = resolve_url(attributes.get("src"), self._base)
        if address is not None and not self._pre and not is_tracker(address, attributes):
            self._end_block()
            words = escape_markdown(_SPACES.sub(" ", attributes.get("title", "")[:200]).strip())
            self._write_block(markdown_link(words or _EMBEDDED[tag], address))
        if tag == "iframe":
            self._skipped.append(tag)  # what stands in it is for browsers that know no frames

    # Text and marks inside a block.

    def _take_text(self) -> None:
        if not self._text:
            return
        text = "".join(self._text)
        self._text.clear()
        self._add_plain(text)
        if self._pre:
            self._add(text)
            return
        if _OTHER_SPACES.search(text):
            text = _SPACES.sub(" ", text)
        if not self._line or self._line[-1][-1:] in {" ", "\n"}:
            text = text.lstrip()
        self._add(text if self._open and self._open[-1][0] == "code" else escape_markdown(text))

    def _add(self, text: str) -> None:
        if text:
            self._line.append(text)

    def _add_plain(self, text: str) -> None:
        # White space is folded at the end only, so it does not count here.
        if self._plain_length <= EXCERPT_LENGTH:
            self._plain.append(text[: 20 * EXCERPT_LENGTH])
            self._plain_length += len(text.strip())

    def _open_mark(self, tag: str, sign: str) -> None:
        # A mark inside the same mark says nothing new, and what is code stays as it is.
        if not self._pre and not any(other in {tag, "code"} for other, _, _ in self._open):
            self._open.append((tag, sign, len(self._line)))

    def _close_mark(self, tag: str) -> None:
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index][0] == tag:
                # Marks that were opened inside and never closed end here as well.
                while len(self._open) > index:
                    self._wrap(*self._open.pop())
                return

    def _wrap(self, tag: str, sign: str, at: int) -> None:
        inner = "".join(self._line[at:])
        words = inner.strip()
        if not words:
            return
        before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        if tag == "a":
            words = markdown_link(words, sign) if sign else words
            self._more = self._more or bool(sign)
            if at and sign and self._line[at - 1].endswith("!"):
                self._line[at - 1] = self._line[at - 1][:-1] + "\\!"  # or the link would be a picture
        elif tag == "code":
            fence = "`" * (longest_backtick_run(words) + 1)
            pad = " " if words.startswith("`") or words.endswith("`") else ""
            words = f"{fence}{pad}{words}{pad}{fence}"
        else:
            words = f"{sign}{words}{sign}"
        self._line[at:] = [part for part in (before, words, after) if part]

    # Blocks.

    def _end_block(self) -> None:
        """End the block at hand; marks that are open go on in the next one."""
        if not self._line:
            self._open = [(tag, sign, 0) for tag, sign, _ in self._open]
            return
        if self._pre:
            if not self._line[-1].endswith("\n"):
                self._line.append("\n")
            return
        for mark in reversed(self._open):
            self._wrap(*mark)
        self._open = [(tag, sign, 0) for tag, sign, _ in self._open]
        text = "".join(self._line).strip()
        self._line.clear()
        self._add_plain(" ")
        if text:
            if self._heading:
                text = self._heading + _SPACES.sub(" ", text)
            else:
                text = "\n".join(map(_escaped_start, text.split("\n")))
            self._write_block(text)

    def _end_pre(self) -> None:
        self._pre -= 1
        if self._pre:
            return
        self._open.clear()
        code = "".join(self._line).strip("\n").rstrip()
        self._line.clear()
        self._add_plain(" ")
        if code:
            fence = "`" * max(3, longest_backtick_run(code) + 1)
            self._write_block(f"{fence}\n{code}\n{fence}")

    def _write_block(self, text: str) -> None:
        around = "".join(container.rest for container in self._containers if container.begun)
        first = "".join(c.rest if c.begun else c.first for c in self._containers)
        rest = "".join(container.rest for container in self._containers)
        self._more = self._more or bool(self._blocks) or "\n" in text
        gap = "" if self._tight and first != rest else f"{around.rstrip()}\n"
        self._blocks.append(gap + first + text.replace("\n", f"\n{rest}") + "\n")
        self._tight = False
        for container in self._containers:
            container.begun = True
