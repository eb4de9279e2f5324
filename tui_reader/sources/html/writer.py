"""Writes Markdown from the events of an HTML parser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from tui_reader.sources.html.plain_line import PlainLine
from tui_reader.sources.html.syntax import escape_markdown, is_tracker, longest_backtick_run, markdown_link, resolve_url

_MAX_NESTING = 6  # levels of quotes and lists; deeper ones are flattened
_MAX_IMAGES = 8
_REMOVED = frozenset({
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
_DELIMITERS = {
    "em": "*",
    "i": "*",
    "cite": "*",
    "strong": "**",
    "b": "**",
    "th": "**",
    "dt": "**",
    "del": "~~",
    "s": "~~",
}
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_CODE = frozenset({"code", "kbd", "samp", "tt"})
_EMBEDDED = {"iframe": "embedded page", "video": "video", "audio": "audio", "embed": "embedded page"}

_SPACES = re.compile(r"\s+")
_NEEDS_COLLAPSING = re.compile(r"[^\S ]|  ")  # anything but single spaces, which nearly all text has
_LINE_START = re.compile(r"(?=#{1,6}(?:\s|$)|[-+](?:\s|$)|(?:=+|-{2,})\s*$)|(\d{1,9})(?=[.)](?:\s|$))")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class ConvertedHtml(NamedTuple):
    """The readable content of HTML: as Markdown, as one plain line, and its first images.

    ``more`` is true where the Markdown has more than the line: a second
    paragraph, a link, or words beyond the length of the line.
    """

    markdown: str = ""
    line: str = ""
    images: tuple[str, ...] = ()
    more: bool = False


def _escape_start(line: str) -> str:
    """Return ``line`` with its start escaped where it would be a heading, a list or a rule."""
    match = _LINE_START.match(line)
    return line if match is None else f"{match[1] or ''}\\{line[match.end() :]}"


class _Container:
    """An open quote or list item, with the prefixes of its first line and of the rest."""

    def __init__(self, first: str, rest: str) -> None:
        self.first, self.rest = first, rest
        self.started = False


class Writer:
    """A parser target of lxml that writes Markdown."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._text: list[str] = []  # text since the last tag
        self._line: list[str] = []  # Markdown of the current block
        self._open: list[tuple[str, str, int]] = []  # inline markup: tag, delimiter or address, index in _line
        self._heading = ""
        self._blocks: list[str] = []
        self._tight = False  # no empty line before the next block
        self._containers: list[_Container] = []
        self._lists: list[int] = []  # next item number of each open list, 0 for bullets
        self._nested: list[bool] = []  # for each open list item or quote: whether it has a container
        self._skipped: list[str] = []
        self._pre = 0
        self._plain = PlainLine()
        self._images: list[str] = []
        self._more = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle a start tag."""
        if self._skipped:
            if tag not in _VOID:
                self._skipped.append(tag)
            return
        self._flush_text()
        if tag in _REMOVED or "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")):
            if tag not in _VOID:
                self._skipped.append(tag)
        elif tag in _EMBEDDED:
            self._embed(tag, attributes)
        else:
            self._begin(tag, attributes)

    def end(self, tag: str) -> None:
        """Handle an end tag. The parser closes every element."""
        if self._skipped:
            if tag not in _VOID:
                self._skipped.pop()
            return
        self._flush_text()
        self._finish(tag)

    def data(self, text: str) -> None:
        """Handle text with its entities decoded."""
        if not self._skipped:
            self._text.append(text)

    def close(self) -> ConvertedHtml:
        """Return the result."""
        self._flush_text()
        self._end_block()
        line, shortened = self._plain.result()
        return ConvertedHtml("".join(self._blocks).strip("\n"), line, tuple(self._images), self._more or shortened)

    # Tags.

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in {"br", "img", "hr"}:
            self._put(tag, attributes)
        elif tag == "a":
            self._open_inline("a", resolve_url(attributes.get("href"), self._base) or "")
        elif tag in _CODE:
            self._open_inline("code", "`")
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
                self._plain.add(" · ")
        elif tag in _BLOCKS:
            self._end_block()
        if tag in _DELIMITERS:
            self._open_inline(_DELIMITERS[tag], _DELIMITERS[tag])

    def _finish(self, tag: str) -> None:
        if tag in _DELIMITERS:
            self._close_inline(_DELIMITERS[tag])
        if tag == "a":
            self._close_inline("a")
        elif tag in _CODE:
            self._close_inline("code")
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
            self._plain.add(" ")
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
            # No empty lines between the items of a list.
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
            self._skipped.append(tag)  # its content is a fallback for browsers without frames

    # Text and inline markup.

    def _flush_text(self) -> None:
        if not self._text:
            return
        text = "".join(self._text)
        self._text.clear()
        self._plain.add(text)
        if self._pre:
            self._add(text)
            return
        if _NEEDS_COLLAPSING.search(text):
            text = _SPACES.sub(" ", text)
        if not self._line or self._line[-1][-1:] in {" ", "\n"}:
            text = text.lstrip()
        self._add(text if self._open and self._open[-1][0] == "code" else escape_markdown(text))

    def _add(self, text: str) -> None:
        if text:
            self._line.append(text)

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
            fence = "`" * (longest_backtick_run(words) + 1)
            pad = " " if words.startswith("`") or words.endswith("`") else ""
            words = f"{fence}{pad}{words}{pad}{fence}"
        else:
            words = f"{delimiter}{words}{delimiter}"
        self._line[at:] = [part for part in (before, words, after) if part]

    # Blocks.

    def _end_block(self) -> None:
        """End the current block. Open inline markup continues in the next one."""
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
        text = "".join(self._line).strip()
        self._line.clear()
        self._plain.add(" ")
        if text:
            if self._heading:
                text = self._heading + _SPACES.sub(" ", text)
            else:
                text = "\n".join(map(_escape_start, text.split("\n")))
            self._write_block(text)

    def _end_pre(self) -> None:
        self._pre -= 1
        if self._pre:
            return
        self._open.clear()
        code = "".join(self._line).strip("\n").rstrip()
        self._line.clear()
        self._plain.add(" ")
        if code:
            fence = "`" * max(3, longest_backtick_run(code) + 1)
            self._write_block(f"{fence}\n{code}\n{fence}")

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
