"""The inline markup of Markdown as pieces of styled text, with the numbers of its links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.style import Style

from tui_reader.model.text import visible
from tui_reader.ui.widgets.link_numbers import LinkNumbers
from tui_reader.ui.widgets.palette import Palette
from tui_reader.ui.widgets.picture_boxes import PICTURE
from tui_reader.ui.widgets.strips import Piece

if TYPE_CHECKING:
    from markdown_it.token import Token

_MARKUP = {"em_open": Style(italic=True), "strong_open": Style(bold=True), "s_open": Style(strike=True)}
_BARE = re.compile(r"https?://[^\s<>\"'`\\^{}|\x00-\x20]{4,}")
_AFTER_ADDRESS = ".,;:!?*_~'’”»…"
_NO_TEXT = frozenset({"image", "softbreak", "hardbreak"})
_NO_WORDS = "image"  # of a picture that nobody described
_PLAIN = Style()


class InlineText:
    """Makes pieces of the inline tokens of one text, which come in its order."""

    def __init__(self, palette: Palette, numbers: LinkNumbers) -> None:
        self._palette, self._numbers = palette, numbers

    def lines(self, token: Token, base: Style) -> list[list[Piece]]:
        """Return the lines of an ``inline`` token, which are yet to be wrapped: one, or more with hard breaks."""
        return _Run(self._palette, self._numbers, token.children or [], base).lines


class _Run:
    """The pieces of one ``inline`` token."""

    def __init__(self, palette: Palette, numbers: LinkNumbers, children: Sequence[Token], base: Style) -> None:
        self._palette, self._numbers = palette, numbers
        self._children = children
        self._styles = [base]
        self._link: tuple[str, int, int] | None = None  # the open one: its address, and where it began
        self.lines: list[list[Piece]] = [[]]
        pictured, is_first = 0, False  # where a link ends that has only pictures
        for at, child in enumerate(children):
            if child.type == "link_open" and (end := _end_of_pictures(children, at)):
                pictured = end
                is_first = self._before_picture(end)
            handle = _HANDLERS.get(child.type)
            if handle is not None:
                handle(self, child)
                if pictured and at == pictured:
                    self._after_picture(at, is_first=is_first)
            elif child.type == "image":
                self._picture(child, at)
            elif child.content:
                self._add(child.content)
        while len(self.lines) > 1 and not self.lines[-1]:
            self.lines.pop()

    def _add(self, text: str, style: Style | None = None) -> None:
        self.lines[-1].append((visible(text), self._styles[-1] if style is None else self._styles[-1] + style))

    def _text(self, token: Token) -> None:
        """Add text; an address in it is a link, too."""
        text, at = token.content, 0
        if self._link is None and "://" in text:
            for match in _BARE.finditer(text):
                found = _without_punctuation(match[0])
                address = self._numbers.resolve(found)
                if address is not None:
                    self._add(text[at : match.start()])
                    self._add(found, self._palette.accent)
                    self._add_number(address, "")
                    at = match.start() + len(found)
        self._add(text[at:])

    def _soft_break(self, token: Token) -> None:
        self._add(" ")

    def _hard_break(self, token: Token) -> None:
        if self.lines[-1] or len(self.lines) == 1:  # after a picture, a line has begun already
            self.lines.append([])

    def _code(self, token: Token) -> None:
        self._add(token.content, self._palette.bright)

    def _open(self, token: Token) -> None:
        self._styles.append(self._styles[-1] + _MARKUP[token.type])

    def _close(self, token: Token) -> None:
        self._styles.pop()

    def _open_link(self, token: Token) -> None:
        address = self._numbers.resolve(str(token.attrs.get("href", "")))
        self._link = None if address is None else (address, len(self.lines) - 1, len(self.lines[-1]))
        self._styles.append(self._styles[-1] + (_PLAIN if address is None else self._palette.accent))

    def _close_link(self, token: Token) -> None:
        link, self._link = self._link, None
        if link is not None:
            address, first, at = link
            pieces = [*self.lines[first][at:], *(piece for line in self.lines[first + 1 :] for piece in line)]
            words = " ".join("".join(text for text, _ in pieces).split())
            if not words:
                self._add("link")
            self._add_number(address, words)
        self._styles.pop()

    def _add_number(self, address: str, words: str) -> None:
        self.lines[-1].append((f"[{self._numbers.number(address, words)}]", self._palette.muted))

    def _picture(self, token: Token, at: int) -> None:
        """Add what a picture shows, in words: on a line of its own at the start and the end of a paragraph."""
        is_first = self._link is None and self._before_picture(at)
        if self._text_before() and not self.lines[-1][-1][0].endswith((" ", "(")):
            self._add(" ")
        words, title = (" ".join(text.split()) for text in (_plain(token), str(token.attrs.get("title", ""))))
        parts = dict.fromkeys(part for part in ("" if words == _NO_WORDS else words, title) if part)
        shown = f"image: {' – '.join(parts)}" if parts else "image"
        address = self._numbers.resolve(str(token.attrs.get("src", "")))
        self._add(shown, self._palette.muted + Style(meta={PICTURE: address}) if address else self._palette.muted)
        if self._link is not None:
            return
        if address is not None:
            self._add_number(address, shown)
        self._after_picture(at, is_first=is_first)

    def _text_before(self) -> bool:
        return any(text.strip() for text, _ in self.lines[-1])

    def _before_picture(self, at: int) -> bool:
        """Begin a line for a picture that ends at ``at`` if it is the last; return whether it is the first of one."""
        is_first = not self._text_before()
        if not is_first and _is_last(self._children, at):
            self.lines.append([])
        return is_first

    def _after_picture(self, at: int, *, is_first: bool) -> None:
        if is_first:
            self.lines.append([])
        elif at + 1 < len(self._children) and self._children[at + 1].content[:1].isalnum():
            self._add(" ")


def _end_of_pictures(children: Sequence[Token], at: int) -> int:
    """Return where a link ends that begins at ``at`` and has nothing but pictures; else 0."""
    end = at + 1
    while end < len(children) and children[end].type in _NO_TEXT:
        end += 1
    return end if end > at + 1 and end < len(children) and children[end].type == "link_close" else 0


def _is_last(children: Sequence[Token], at: int) -> bool:
    """Return whether nothing but pictures follows at the end of a paragraph."""
    return all(child.type in _NO_TEXT or not child.content.strip() for child in children[at + 1 :])


def _plain(token: Token) -> str:
    """Return the words of a picture's description, without markup."""
    return "".join(" " if child.type == "softbreak" else _plain(child) for child in token.children or ()) or (
        token.content
    )


def _without_punctuation(address: str) -> str:
    """Return an address that was found in a sentence without what belongs to the sentence."""
    while address:
        last = address[-1]
        if last in _AFTER_ADDRESS or (last in ")]" and address.count(last) > address.count("(["[last == "]"])):
            address = address[:-1]
        else:
            break
    return address


_HANDLERS = {
    "text": _Run._text,
    "softbreak": _Run._soft_break,
    "hardbreak": _Run._hard_break,
    "code_inline": _Run._code,
    **dict.fromkeys(_MARKUP, _Run._open),
    **dict.fromkeys((name.replace("open", "close") for name in _MARKUP), _Run._close),
    "link_open": _Run._open_link,
    "link_close": _Run._close_link,
}
