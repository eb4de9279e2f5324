"""Writes Markdown from the events of an HTML parser: what each tag does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.html.blocks import SPACES, BlockWriter
from tui_reader.sources.html.formula import Formula, TexScript
from tui_reader.sources.html.lists import HtmlList
from tui_reader.sources.html.nesting import MAX_DEPTH, TooDeep
from tui_reader.sources.html.pictures import drawn_text, picture_address, picture_name, picture_words
from tui_reader.sources.html.player import Player, embedded_address, is_video
from tui_reader.sources.html.syntax import (
    escape_markdown,
    is_tracker,
    language_of,
    markdown_link,
    markdown_picture,
    resolve_url,
)
from tui_reader.sources.html.table import PIPE, Table

_MAX_IMAGES = 8
_REMOVED = frozenset({
    "script", "style", "template", "head", "title", "svg", "form", "button", "select", "textarea", "applet", "rp",
    "noembed", "noframes",
})  # fmt: skip
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOTE_REFERENCE = re.compile(r"^#|#[\w:.-]*(?:fn|note|cite|ref)", re.IGNORECASE)
_A_DATE = re.compile(r"[\d\s:.,TZ+-]+")
_LINE_NUMBERS = re.compile(r"(?:^|\s)(?:rouge-gutter|gutter|linenos?|hljs-ln-numbers|blob-num)(?:\s|$)")
_BESIDE_CODE = frozenset({"td", "span"})
_BACK = re.compile(r"(?:^|\s)(?:footnote-back(?:ref|link)?|reversefootnote|data-footnote-backref)(?:\s|$)")
_EMBEDDED = {"video": "video", "audio": "audio"}
_PLAYABLE = ("video/", "audio/", "text/html", "application/x-shockwave-flash", "application/pdf")


class ConvertedHtml(NamedTuple):
    """The readable content of HTML: as Markdown, as one plain line, and its first images.

    ``more`` is true where the Markdown has more than the line: a second
    paragraph, a link, or words beyond the length of the line.
    """

    markdown: str = ""
    line: str = ""
    images: tuple[str, ...] = ()
    more: bool = False


def _is_hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    """Return whether an element is not shown, or only numbers the lines of code beside it."""
    if "hidden" in attributes or ("style" in attributes and _HIDDEN.search(attributes["style"])):
        return True
    # A search for a name is faster than one for a pattern, and nearly no element has one of these.
    kind = attributes.get("class", "") if tag in _BESIDE_CODE else ""
    return ("line" in kind or "gutter" in kind or "num" in kind) and bool(_LINE_NUMBERS.search(kind))


class Writer(BlockWriter):
    """A parser target of lxml that writes Markdown."""

    def __init__(self, base: str = "", lengths: tuple[int, ...] = ()) -> None:
        self.reset(base, lengths)

    def reset(self, base: str, lengths: tuple[int, ...] = ()) -> None:
        """Begin a document: a parser with its target is used again, as making one takes longer than an entry.

        ``lengths`` are the numbers of items of its lists, which only lists that count down need.
        """
        self.begin()
        self._base = base
        self._lengths = lengths
        self.lengths: list[int] = []  # as found
        self._depth = 0
        self._quotes = 0
        self._ended_list: tuple[int, str] = (-1, "")  # blocks at the end of the last list, and its delimiter
        self._skipped: list[str] = []
        self._reader: Formula | Player | TexScript | None = None  # of the element that is skipped
        self._in_noscript = False
        self._images: list[str] = []
        self._sources = ""  # srcset of the picture element around an image
        self._embeds: set[str] = set()
        self._abbreviations: set[str] = set()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle a start tag. Raises :class:`TooDeep`."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooDeep
        if self._skipped:
            if tag not in _VOID:
                self._skipped.append(tag)
            self._start_in_skipped(tag, attributes)
            return
        if self._text:
            self._flush_text()
        if attributes and _is_hidden(tag, attributes):
            if tag not in _VOID:
                self._skipped.append(tag)
            return
        if begin := _BEGIN.get(tag):
            begin(self, tag, attributes)

    def end(self, tag: str) -> None:
        """Handle an end tag. The parser closes every element."""
        self._depth -= 1
        if self._skipped:
            if tag not in _VOID:
                self._skipped.pop()
                if not self._skipped:
                    self._end_skipped()
                elif self._reader is not None:
                    self._reader.end(tag)
            return
        if self._text:
            self._flush_text()
        if finish := _FINISH.get(tag):
            finish(self, tag)

    def data(self, text: str) -> None:
        """Handle text with its entities decoded."""
        if not self._skipped:
            self._text.append(text)
        elif self._reader is not None:
            self._reader.data(text)

    def close(self) -> ConvertedHtml:
        """Return the result."""
        if self._text:
            self._flush_text()
        self._end_block()
        self._release_table()
        line, shortened = self._plain.result()
        markdown = "".join(self._blocks).strip("\n").replace(PIPE, "|")
        return ConvertedHtml(markdown, line, tuple(self._images), self._more or shortened)

    # Elements that are left out or read as a whole.

    def _skip(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._skipped.append(tag)
        if tag == "script" and attributes.get("type", "").startswith("math/tex"):
            self._reader = TexScript()

    def _read_formula(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._skipped.append(tag)
        self._reader = Formula(attributes)

    def _read_player(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._skipped.append(tag)
        self._reader = Player(tag, attributes, self._base)

    def _read_noscript(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._skipped.append(tag)
        self._in_noscript = True

    def _start_in_skipped(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._reader is not None:
            self._reader.start(tag, attributes)
        elif self._in_noscript and len(self._skipped) < MAX_DEPTH:
            # What a page without scripts shows instead of pictures that are loaded late.
            if tag == "img":
                self._image(tag, attributes)
            elif tag == "iframe" and not _HIDDEN.search(attributes.get("style", "")):
                self._embed(attributes)

    def _end_skipped(self) -> None:
        reader, self._reader = self._reader, None
        self._in_noscript = False
        if isinstance(reader, Player):
            self._write_player(reader)
        elif reader is not None:
            self._put_text(reader.text())

    def _write_player(self, player: Player) -> None:
        if player.poster and len(self._images) < _MAX_IMAGES and player.poster not in self._images:
            self._images.append(player.poster)
        address = player.best()
        if address is None:
            self._text += player.instead
        else:
            self._write_link(player.title, _EMBEDDED[player.tag], address)

    # Start tags.

    def _block(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_block()
        if "class" in attributes and not self._pre:
            self._outer_language = language_of(attributes)
        if tag in _DELIMITERS:
            self._open_inline(_DELIMITERS[tag], _DELIMITERS[tag])

    def _caption(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin a caption: in italics, right below the picture before it."""
        if self._line and self._last_picture[0] and self._table is None and not self._pre:
            self._add("  \n")
            self._plain.add(" ")
        else:
            self._end_block()
        self._open_inline("*", "*")

    def _inline(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._open_inline(_DELIMITERS[tag], _DELIMITERS[tag])

    def _anchor(self, tag: str, attributes: Mapping[str, str]) -> None:
        if "class" in attributes and "foot" in attributes["class"] and _BACK.search(attributes["class"]):
            self._skipped.append(tag)  # an arrow from a note to the place that refers to it
            return
        reference = attributes.get("href")
        self._open_inline("a", resolve_url(reference, self._base) or "")
        if reference and "#" in reference and _NOTE_REFERENCE.search(reference):
            self._open_span("a")

    def _code(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._pre:
            self._language = self._language or language_of(attributes)
        self._open_inline("code", "`")

    def _raise(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._open_span(tag)

    def _abbreviation(self, tag: str, attributes: Mapping[str, str]) -> None:
        title = SPACES.sub(" ", attributes.get("title", "")[:200]).strip()
        if title and title not in self._abbreviations and not _A_DATE.fullmatch(title):
            self._abbreviations.add(title)
            self._open_span("abbr", title)

    def _quote(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._put_text("‘" if self._quotes % 2 else "“")
        self._quotes += 1

    def _reading(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._put_text("(")

    def _item(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_block()
        self._release_table()
        self._enter(tag, attributes.get("value"))

    def _terms(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_block()
        self._nested.append((tag, False))

    def _term(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_block()
        if self._nested and self._nested[-1][0] == "dd":
            self._leave("dd")  # without an end tag
        if tag == "dd":
            self._item(tag, attributes)
        else:
            self._open_inline("**", "**")

    def _list(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_block()
        self._release_table()
        self._tight = bool(self._lists)
        place = len(self.lengths)
        self.lengths.append(0)
        length = self._lengths[place] if place < len(self._lengths) else 0
        blocks, delimiter = self._ended_list
        # Markdown would go on with the list before, if it ended right here.
        delimiter = ")" if blocks == len(self._blocks) and delimiter == "." else "."
        self._lists.append((HtmlList(tag, attributes, delimiter=delimiter, length=length), place))

    def _preformatted(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_block()
        self._release_table()
        self._pre += 1
        self._language = language_of(attributes) or self._outer_language
        self._outer_language = ""

    def _heading_start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_block()
        self._release_table()
        self._heading = "#" * int(tag[1]) + " "

    def _table_start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_block()
        # Of tables in each other, only the innermost has data: the others lay out the page.
        self._release_table()
        if not self._pre and attributes.get("role", "") not in {"presentation", "none"}:
            self._table = Table()

    def _row(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_block()
        if self._table is not None:
            self._table.start_row()

    def _cell(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._table is not None:
            self._end_block()
            if self._table.in_row:
                self._plain.add(" · ")
            self._table.start_cell(tag == "th", attributes)
        else:
            if self._line:
                self._add(" · ")
                self._plain.add(" · ")
            if tag == "th":
                self._open_inline("**", "**")

    def _break(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._pre:
            self._add("\n")
        elif self._line and self._line[-1] == "  \n" and not self._heading:
            self._end_block()  # two of them: a new paragraph
        elif self._line:
            self._add("  \n")
        self._plain.add(" ")

    def _rule(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_block()
        self._release_table()
        self._write_block("---")

    def _checkbox(self, tag: str, attributes: Mapping[str, str]) -> None:
        if attributes.get("type", "").lower() == "checkbox":
            self._put_text("[x] " if "checked" in attributes else "[ ] ")

    def _picture(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._sources = ""

    def _source(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._sources = self._sources or attributes.get("srcset") or attributes.get("data-srcset") or ""

    def _image(self, tag: str, attributes: Mapping[str, str]) -> None:
        if drawn := drawn_text(attributes):
            self._put_text(drawn)
            return
        address = picture_address(attributes, self._base, self._sources)
        words, title = picture_words(attributes)
        if address is None:
            if words or title:
                self._put_picture(words, "", title)
            return
        if is_tracker(address, attributes):
            return
        name, in_noscript = self._last_picture
        if name and in_noscript != self._in_noscript and name == picture_name(address):
            return  # the same picture, for pages with or without scripts
        self._last_picture = (picture_name(address), self._in_noscript)
        if len(self._images) < _MAX_IMAGES and address not in self._images:
            self._images.append(address)
        self._put_picture(words, address, title)

    def _put_picture(self, words: str, address: str, title: str) -> None:
        if self._in_noscript and self._line and self._line[-1].startswith("![") and self._line[-1].endswith("]()"):
            self._line.pop()  # it stood for the same picture
        if self._table is not None:
            self._table.has_pictures = True
        self._more = True
        if self._pre or (self._open and self._open[-1][0] == "code"):
            self._add(words)
        else:
            self._add(markdown_picture(escape_markdown(words), address, title))

    def _frame(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._embed(attributes)
        if tag == "iframe":
            self._skipped.append(tag)  # its content is a fallback for browsers without frames

    def _object(self, tag: str, attributes: Mapping[str, str]) -> None:
        if attributes.get("type", "").lower().startswith(_PLAYABLE) and resolve_url(attributes.get("data"), self._base):
            self._embed({"src": attributes.get("data", ""), "title": attributes.get("title", "")})
            self._skipped.append(tag)

    def _embed(self, attributes: Mapping[str, str]) -> None:
        address = embedded_address(attributes, self._base)
        if address is not None and address not in self._embeds and not is_tracker(address, attributes):
            self._embeds.add(address)
            self._write_link(attributes.get("title", ""), "video" if is_video(address) else "embedded page", address)

    def _write_link(self, title: str, kind: str, address: str) -> None:
        words = escape_markdown(SPACES.sub(" ", title[:200]).strip()) or kind
        if self._pre:
            self._add(f"{words} {address}\n")
            return
        self._end_block()
        self._release_table()
        self._write_block(markdown_link(words, address))

    # End tags.

    def _finish_inline(self, tag: str) -> None:
        self._close_inline(_DELIMITERS[tag])
        if tag == "dt":
            self._end_block()

    def _finish_block(self, tag: str) -> None:
        if tag in _DELIMITERS:
            self._close_inline(_DELIMITERS[tag])
        self._end_block()

    def _finish_caption(self, tag: str) -> None:
        self._close_inline("*")
        self._end_block()

    def _finish_anchor(self, tag: str) -> None:
        self._close_inline("a")
        self._close_span("a")

    def _finish_abbreviation(self, tag: str) -> None:
        self._close_span("abbr")

    def _finish_picture(self, tag: str) -> None:
        self._sources = ""

    def _finish_code(self, tag: str) -> None:
        self._close_inline("code")

    def _finish_quote(self, tag: str) -> None:
        self._quotes -= 1
        self._put_text("’" if self._quotes % 2 else "”")

    def _finish_reading(self, tag: str) -> None:
        self._put_text(")")

    def _finish_item(self, tag: str) -> None:
        self._end_block()
        if self._nested and self._nested[-1][0] == tag:
            self._leave(tag)

    def _finish_terms(self, tag: str) -> None:
        self._end_block()
        while self._nested and self._nested[-1][0] == "dd":
            self._leave("dd")
        if self._nested and self._nested[-1][0] == tag:
            self._nested.pop()

    def _finish_list(self, tag: str) -> None:
        self._end_block()
        ended, place = self._lists.pop()
        self.lengths[place] = ended.items
        self._ended_list = (len(self._blocks), ended.delimiter) if ended.is_ordered else (-1, "")
        self._tight = bool(self._lists)

    def _finish_heading(self, tag: str) -> None:
        self._end_block()
        self._heading = ""

    def _finish_head(self, tag: str) -> None:
        self._end_block()
        if self._table is not None:
            self._table.end_head()

    def _finish_cell(self, tag: str) -> None:
        if self._table is None and tag == "th":
            self._close_inline("**")

    def _finish_table(self, tag: str) -> None:
        self._end_block()
        table = self._table
        if table is None:
            return
        blocks = table.markdown()
        if blocks is None:
            self._release_table()
            return
        self._table = None
        for block in blocks:
            self._write_block(block)


_DELIMITERS = {
    "em": "*",
    "i": "*",
    "cite": "*",
    "strong": "**",
    "b": "**",
    "dt": "**",
    "summary": "**",
    "del": "~~",
    "s": "~~",
    "strike": "~~",
}
_BLOCKS = (
    "p", "div", "section", "article", "aside", "main", "header", "footer", "nav", "address", "figure",
    "details", "summary", "center", "body", "tbody", "tfoot", "caption", "fieldset", "hgroup", "legend",
    "dialog", "search",
)  # fmt: skip
_Begin: TypeAlias = Callable[[Writer, str, Mapping[str, str]], None]
_BEGIN: dict[str, _Begin] = {
    **dict.fromkeys(_REMOVED, Writer._skip),
    **dict.fromkeys(_DELIMITERS, Writer._inline),
    **dict.fromkeys(_BLOCKS, Writer._block),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), Writer._code),
    **dict.fromkeys(("li", "blockquote"), Writer._item),
    **dict.fromkeys(("dt", "dd"), Writer._term),
    "dl": Writer._terms,
    **dict.fromkeys(("ul", "ol", "menu", "dir"), Writer._list),
    **dict.fromkeys(("pre", "listing", "xmp"), Writer._preformatted),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), Writer._heading_start),
    **dict.fromkeys(("td", "th"), Writer._cell),
    **dict.fromkeys(("iframe", "embed"), Writer._frame),
    **dict.fromkeys(("video", "audio"), Writer._read_player),
    **dict.fromkeys(("abbr", "acronym"), Writer._abbreviation),
    **dict.fromkeys(("sup", "sub"), Writer._raise),
    **dict.fromkeys(("tr", "thead"), Writer._row),
    "table": Writer._table_start,
    "figcaption": Writer._caption,
    "a": Writer._anchor,
    "br": Writer._break,
    "hr": Writer._rule,
    "img": Writer._image,
    "picture": Writer._picture,
    "source": Writer._source,
    "input": Writer._checkbox,
    "q": Writer._quote,
    "rt": Writer._reading,
    "math": Writer._read_formula,
    "noscript": Writer._read_noscript,
    "object": Writer._object,
}
_FINISH: dict[str, Callable[[Writer, str], None]] = {
    **dict.fromkeys(_DELIMITERS, Writer._finish_inline),
    **dict.fromkeys(_BLOCKS, Writer._finish_block),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), Writer._finish_code),
    **dict.fromkeys(("li", "dd", "blockquote"), Writer._finish_item),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), Writer._finish_list),
    **dict.fromkeys(("pre", "listing", "xmp"), Writer._end_pre),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), Writer._finish_heading),
    **dict.fromkeys(("td", "th"), Writer._finish_cell),
    **dict.fromkeys(("abbr", "acronym"), Writer._finish_abbreviation),
    **dict.fromkeys(("sup", "sub"), Writer._close_span),
    "dl": Writer._finish_terms,
    "tr": Writer._finish_block,
    "thead": Writer._finish_head,
    "table": Writer._finish_table,
    "figcaption": Writer._finish_caption,
    "picture": Writer._finish_picture,
    "a": Writer._finish_anchor,
    "q": Writer._finish_quote,
    "rt": Writer._finish_reading,
}
