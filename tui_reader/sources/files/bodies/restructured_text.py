"""Makes HTML of reStructuredText, as the pages of Pelican, Nikola and Sphinx show it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.bodies.html_parts import dedented, item, link, picture, preformatted
from tui_reader.sources.files.bodies.rst_inline import Inline, Names, label_of
from tui_reader.sources.files.bodies.rst_tables import grid_table, simple_table, table_html

_NESTING = 20  # of blocks; deeper ones are shown as text
_RULE = re.compile(r"([!-/:-@\[-`{-~])\1*")
_BULLET = re.compile(r"[-*+•‣⁃](?:\s+|$)")
_NUMBER = re.compile(r"\(?(\d{1,9}|#|[a-zA-Z]|[ivxlcdm]{1,9}|[IVXLCDM]{1,9})[.)](?:\s+|$)")
_FIELD = re.compile(r":(?![:\s])([^:\n]{1,200}(?::\S[^:\n]{1,200}){0,3}):(?:\s+|$)")
_DIRECTIVE = re.compile(r"\.\.\s+(?:\|([^|\n]{1,200})\|\s+)?([\w:.+-]{1,100})::(?:\s+(.*)|$)")
_NOTE = re.compile(r"\.\.\s+\[([\w#*.+-]{1,100})\](?:\s+(.*)|$)")
_TARGET = re.compile(r"(?:\.\.\s+_(`[^`\n]{1,200}`|(?:[^:\\\n]|\\.|:(?=\S)){0,200}):|__)(?:\s+(.*)|$)")
_SIMPLE_TABLE = re.compile(r"=+(?: +=+)+")
_MOST_OPTIONS = 6  # of a picture that a name stands for
_WRITTEN_LENGTH = 500  # characters of what a substitution stands for

_CODE = frozenset(
    {"code", "code-block", "sourcecode", "parsed-literal", "doctest", "testcode", "testoutput", "prompt", "ipython",
     "productionlist", "graphviz", "digraph", "mermaid", "code-cell"}
)  # fmt: skip
_NOTICES = frozenset(
    {"note", "warning", "tip", "hint", "important", "caution", "danger", "error", "attention", "seealso", "todo"}
)
_TITLED = frozenset({"admonition", "topic", "sidebar", "rubric", "dropdown", "tab", "tab-item", "card"})
_QUOTES = frozenset({"epigraph", "highlights", "pull-quote", "blockquote"})
_PICTURES = frozenset({"image", "figure", "thumbnail"})
_PLAYERS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
_VERSIONS = {
    "versionadded": "New in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
}
# What a page shows nothing of, and what only the site can fill in.
_UNSEEN = frozenset(
    {"contents", "toctree", "meta", "sectnum", "section-numbering", "header", "footer", "include", "index", "highlight",
     "default-role", "role", "title", "post-list", "listing", "gallery", "literalinclude", "automodule", "post",
     "currentmodule", "module", "target-notes"}
)  # fmt: skip


class _Directive(NamedTuple):
    """A directive: its name, what stands in its first lines, its options, and its content."""

    name: str
    argument: str
    options: Mapping[str, str]
    content: list[str]


def rst_to_html(text: str) -> str:
    """Return reStructuredText as HTML. Never raises; takes time in proportion to the length of ``text``."""
    lines = [line.rstrip() for line in text.expandtabs(8).split("\n")]
    return "".join(_Document(lines).blocks(lines, 0))


class _Document:
    """Turns lines into blocks. What is defined anywhere in the text is known everywhere in it."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._names = _defined(lines)
        self._inline = Inline(self._names)
        self._numbers = iter(self._names.numbers)
        self._levels: list[str] = []  # how titles are underlined, from the highest level on

    def blocks(self, lines: list[str], depth: int) -> Iterator[str]:
        """Yield the blocks of some lines as HTML."""
        if depth > _NESTING:
            yield preformatted(lines)
            return
        at = 0
        while at < len(lines):
            if not lines[at]:
                at += 1
                continue
            html, at = self._block(lines, at, depth)
            yield html

    def _block(self, lines: list[str], at: int, depth: int) -> tuple[str, int]:
        """Return the block at a line that is not empty, and where it ends."""
        line = lines[at]
        if line[0] == " ":
            end = _end_of_indented(lines, at)
            return f"<blockquote>{self._inside(lines[at:end], depth)}</blockquote>", end
        if line == ".." and not any(lines[at + 1 : at + 2]):
            return "", at + 1  # ends what is before it: what is indented below it is a quote
        if line == ".." or line.startswith((".. ", "__ ")):
            end = _end_of_indented(lines, at + 1)
            return self._explicit(lines[at:end], depth), end
        for kind in (self._title, self._table, self._list, self._lines_as_they_are):
            if found := kind(lines, at, depth):
                return found
        return self._text(lines, at, depth)

    def _inside(self, lines: list[str], depth: int) -> str:
        return "".join(self.blocks(dedented(lines), depth + 1))

    def _words(self, lines: Sequence[str]) -> str:
        return self._inline.html("\n".join(line.strip() for line in lines))

    # -- blocks by their first line --------------------------------------------------

    def _title(self, lines: list[str], at: int, _depth: int) -> tuple[str, int] | None:
        """Return a title or a rule."""
        line = lines[at]
        after = lines[at + 1 : at + 3]
        if _RULE.fullmatch(line):
            if len(after) == 2 and after[0] and after[1] == line:
                return self._heading(after[0], line[0] * 2), at + 3
            if len(line) >= 4 and not (after and after[0]):
                return "<hr>", at + 1
        elif after and _RULE.fullmatch(after[0]) and len(after[0]) >= min(len(line), 4):
            return self._heading(line, after[0][0]), at + 2
        return None

    def _heading(self, words: str, style: str) -> str:
        if style not in self._levels:
            self._levels.append(style)
        level = min(self._levels.index(style) + 2, 6)  # the first is the title of the article
        return f"<h{level}>{self._words([words])}</h{level}>"

    def _table(self, lines: list[str], at: int, _depth: int) -> tuple[str, int] | None:
        if lines[at].startswith(("+-", "+=")):
            end = _end_of_paragraph(lines, at)
            return table_html(grid_table(lines[at:end]), self._words), end
        if _SIMPLE_TABLE.fullmatch(lines[at]):
            rows, length = simple_table(lines, at)
            return table_html(rows, self._words), at + length
        return None

    def _list(self, lines: list[str], at: int, depth: int) -> tuple[str, int] | None:
        line = lines[at]
        if _BULLET.match(line):
            items, end = _items(lines, at, _BULLET)
            return f"<ul>{self._list_items(items, depth)}</ul>", end
        if (number := _NUMBER.match(line)) and _begins_list(lines, at):
            items, end = _items(lines, at, _NUMBER)
            start = f' start="{number[1]}"' if number[1].isdigit() else ""
            return f"<ol{start}>{self._list_items(items, depth)}</ol>", end
        if _FIELD.match(line):
            fields: list[str] = []
            while at < len(lines) and (match := _FIELD.match(lines[at])):
                end = _end_of_indented(lines, at + 1)
                content = [lines[at][match.end() :], *dedented(lines[at + 1 : end])]
                fields.append(f"<dt>{self._words([match[1]])}</dt><dd>{self._item(content, depth)}</dd>")
                at = end
            return f"<dl>{''.join(fields)}</dl>", at
        return None

    def _list_items(self, items: Sequence[list[str]], depth: int) -> str:
        return "".join(f"<li>{self._item(lines, depth)}</li>" for lines in items)

    def _item(self, lines: list[str], depth: int) -> str:
        return item(self.blocks(lines, depth + 1))

    def _lines_as_they_are(self, lines: list[str], at: int, _depth: int) -> tuple[str, int] | None:
        """Return a line block or an interactive session of Python."""
        if lines[at].startswith("| ") or lines[at] == "|":
            end = _end_of_paragraph(lines, at)
            shown = "<br>".join(self._words([line.removeprefix("|")]) for line in lines[at:end])
            return f"<p>{shown}</p>", end
        if lines[at].startswith(">>> "):
            end = _end_of_paragraph(lines, at)
            return preformatted(lines[at:end], "pycon"), end
        return None

    def _text(self, lines: list[str], at: int, depth: int) -> tuple[str, int]:
        """Return a paragraph, with the literal block that it announces, or terms with their definitions."""
        end = at + 1
        while end < len(lines) and lines[end] and lines[end][0] != " ":
            end += 1
        if end == at + 1 and end < len(lines) and lines[end] and not lines[at].endswith("::"):
            stop = _end_of_indented(lines, end)
            term = self._words([lines[at]])
            return f"<dl><dt>{term}</dt><dd>{self._inside(lines[end:stop], depth)}</dd></dl>", stop
        paragraph = lines[at:end]
        if not paragraph[-1].endswith("::"):
            return f"<p>{self._words(paragraph)}</p>", end
        last = paragraph[-1].removesuffix("::")
        paragraph[-1] = f"{last}:" if last and last[-1] != " " else last.rstrip()
        stop = _end_of_literal(lines, end)
        words = f"<p>{self._words(paragraph)}</p>" if any(paragraph) else ""
        return words + preformatted(lines[end:stop]), stop

    # -- explicit markup -------------------------------------------------------------

    def _explicit(self, lines: list[str], depth: int) -> str:
        """Return what a block that begins with two dots shows; a comment shows nothing."""
        if match := _DIRECTIVE.match(lines[0]):
            return "" if match[1] else self._directive(_directive(match, lines[1:]), depth)
        if match := _NOTE.match(lines[0]):
            label = next(self._numbers, "") if match[1] == "#" else self._names.notes.get(match[1], match[1])
            content = self._item([match[2] or "", *dedented(lines[1:])], depth)
            return f"<p><sup>{escape(label)}</sup> {content}</p>"
        return ""

    def _directive(self, found: _Directive, depth: int) -> str:
        name = found.name.rpartition(":")[2].lower()
        if name in _UNSEEN:
            return ""
        for names, made in self._MADE:
            if name in names:
                return made(self, found, depth)
        # What is not known shows what is written in it.
        return self._titled(found, depth)

    def _code(self, found: _Directive, _depth: int) -> str:
        return preformatted(found.content, found.argument or found.options.get("language", ""))

    def _notice(self, found: _Directive, depth: int) -> str:
        title = found.name.rpartition(":")[2].replace("seealso", "see also").capitalize()
        content = [*([found.argument, ""] if found.argument else []), *found.content]
        return f"<blockquote><p><b>{escape(title)}</b></p>{self._inside(content, depth)}</blockquote>"

    def _titled(self, found: _Directive, depth: int) -> str:
        title = f"<p><b>{self._words([found.argument])}</b></p>" if found.argument else ""
        return title + self._inside(found.content, depth)

    def _quote(self, found: _Directive, depth: int) -> str:
        return f"<blockquote>{self._inside([found.argument, *found.content], depth)}</blockquote>"

    def _picture(self, found: _Directive, depth: int) -> str:
        shown = picture("".join(found.argument.split()), found.options.get("alt", ""))
        return f"<p>{shown}</p>" + self._inside(found.content, depth)

    def _player(self, found: _Directive, _depth: int) -> str:
        address = _PLAYERS[found.name.lower()] + found.argument
        return f"<p>{link('video', address)}</p>"

    def _version(self, found: _Directive, depth: int) -> str:
        version, _, words = found.argument.partition(" ")
        begin = f"<p><i>{_VERSIONS[found.name.lower()]} {escape(version)}</i> {self._words([words])}</p>"
        return begin + self._inside(found.content, depth)

    def _raw(self, found: _Directive, _depth: int) -> str:
        return "\n".join(found.content) if "html" in found.argument.lower() else ""

    def _formula(self, found: _Directive, _depth: int) -> str:
        formula = " ".join(line.strip() for line in [found.argument, *found.content])
        return f"<p>$${escape(formula.strip())}$$</p>"

    def _list_table(self, found: _Directive, depth: int) -> str:
        start = next((at for at, line in enumerate(found.content) if line), 0)
        if _items(found.content, start, _BULLET)[1] < len(found.content):
            return self._titled(found, depth)  # more than a list: nothing of it is left out
        rows = [
            [[line] if (line := " ".join(part.strip() for part in cell)) else [] for cell in _all_items(row)]
            for row in _all_items(found.content)
        ]
        return self._caption(found) + table_html(rows, self._words)

    def _csv_table(self, found: _Directive, _depth: int) -> str:
        header = [found.options["header"]] if "header" in found.options else []
        content = [*header, *found.content]
        try:
            rows = list(csv.reader(content, skipinitialspace=True))
        except csv.Error:
            return preformatted(content)
        return self._caption(found) + table_html([[[cell] for cell in row] for row in rows if row], self._words)

    def _caption(self, found: _Directive) -> str:
        return f"<p>{self._words([found.argument])}</p>" if found.argument else ""

    def _content(self, found: _Directive, depth: int) -> str:
        return self._inside(found.content, depth)

    _MADE: tuple[tuple[frozenset[str], Callable[[_Document, _Directive, int], str]], ...] = (
        (_CODE, _code),
        (_NOTICES, _notice),
        (_TITLED, _titled),
        (_QUOTES, _quote),
        (_PICTURES, _picture),
        (frozenset(_PLAYERS), _player),
        (frozenset(_VERSIONS), _version),
        (frozenset({"raw"}), _raw),
        (frozenset({"math"}), _formula),
        (frozenset({"list-table"}), _list_table),
        (frozenset({"csv-table"}), _csv_table),
        (frozenset({"class", "cssclass", "container", "only", "ifconfig", "compound", "div"}), _content),
    )


# -- lines -----------------------------------------------------------------------------


def _end_of_paragraph(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and lines[at]:
        at += 1
    return at


def _end_of_indented(lines: Sequence[str], at: int) -> int:
    """Return where lines end that are indented, or empty; empty lines at their end do not count."""
    end = at
    while at < len(lines) and (not lines[at] or lines[at][0] == " "):
        at += 1
        if lines[at - 1]:
            end = at
    return end


def _end_of_literal(lines: Sequence[str], at: int) -> int:
    """Return where a literal block ends: it is indented, or each of its lines begins with the same punctuation."""
    end = _end_of_indented(lines, at)
    if end > at:
        return end
    while at < len(lines) and not lines[at]:
        at += 1
    if at < len(lines) and _RULE.match(lines[at]):
        mark = lines[at][0]
        while at < len(lines) and lines[at].startswith(mark):
            at += 1
        return at
    return end


def _items(lines: Sequence[str], at: int, marker: re.Pattern[str]) -> tuple[list[list[str]], int]:
    """Return the items of the list at a line, each as lines, and where the list ends."""
    items: list[list[str]] = []
    kind = _kind_of_item(lines[at])
    while at < len(lines):
        match = marker.match(lines[at])
        if match is None or _kind_of_item(lines[at]) != kind:
            break
        end = _end_of_indented(lines, at + 1)
        items.append([lines[at][match.end() :], *dedented(lines[at + 1 : end])])
        at = end
        while at < len(lines) and not lines[at]:
            at += 1
    return items, at


def _kind_of_item(line: str) -> str:
    """Return what tells the items of one list from those of another: the bullet, or whether they have digits."""
    first = line.removeprefix("(")[:1]
    return "1" if first.isdigit() or first == "#" else "a" if first.isalpha() else first


def _all_items(lines: Sequence[str]) -> list[list[str]]:
    start = next((at for at, line in enumerate(lines) if line), 0)
    return _items(lines, start, _BULLET)[0]


def _begins_list(lines: Sequence[str], at: int) -> bool:
    """Return whether a line with a number begins a list, and is no sentence such as ``A. Turing was …``."""
    after = lines[at + 1] if at + 1 < len(lines) else ""
    return not after or after[0] == " " or _NUMBER.match(after) is not None


# -- what is defined -------------------------------------------------------------------


def _directive(match: re.Match[str], lines: list[str]) -> _Directive:
    """Return a directive of its first line and those after it."""
    content = dedented(lines)
    argument = [match[3] or ""]
    at = 0
    while at < len(content) and content[at] and not _FIELD.match(content[at]) and match[3]:
        argument.append(content[at])
        at += 1
    options: dict[str, str] = {}
    while at < len(content) and (field := _FIELD.match(content[at])):
        options[field[1].lower()] = content[at][field.end() :].strip()
        at += 1
        while at < len(content) and content[at].startswith(" "):  # an option of several lines
            options[field[1].lower()] += f" {content[at].strip()}"
            at += 1
    return _Directive(match[2], " ".join(part.strip() for part in argument).strip(), options, content[at:])


def _define(names: Names, match: re.Match[str], after: Sequence[str]) -> None:
    """Add what a name stands for: the text or the picture that a directive in the line of the name makes."""
    label = label_of(match[1])
    if match[2] in {"replace", "unicode"}:
        names.texts[label] = (match[3] or "")[:_WRITTEN_LENGTH]
    elif match[2] == "image":
        found = _directive(match, list(after[: _end_of_indented(after, 0)]))
        address = "".join(found.argument.split())
        names.pictures[label] = (address[:_WRITTEN_LENGTH], found.options.get("alt", "")[:_WRITTEN_LENGTH])


def _defined(lines: Sequence[str]) -> Names:
    """Return the names that stand for addresses, texts and notes."""
    names = Names({}, {}, {}, {}, [], [])
    waiting: list[str] = []  # names before the one with the address
    numbered: list[str] = []
    for at, indented in enumerate(lines):
        line = indented.lstrip()
        if not line.startswith((".. ", "__ ")):
            continue
        if match := _NOTE.match(line):
            numbered.append(match[1])
        elif match := _DIRECTIVE.match(line):
            if match[1]:
                _define(names, match, lines[at + 1 : at + 1 + _MOST_OPTIONS])
        elif match := _TARGET.match(line):
            address = "".join((match[2] or (lines[at + 1] if at + 1 < len(lines) else "")).split())
            name = match[1]
            if name is None or name == "_":
                names.anonymous.append(address)
                continue
            waiting.append(label_of(name.strip("`").replace("\\", "")))
            if address.startswith(("http://", "https://", "/", "mailto:", "{", "|", "..")) or "." in address:
                for label in waiting:
                    names.addresses.setdefault(label, address)
                waiting = []
    taken = set(numbered)
    free = (str(number) for number in range(1, len(numbered) * 2 + 1) if str(number) not in taken)
    for name in numbered:
        if name == "#":
            names.numbers.append(next(free))
        elif name.startswith("#"):
            names.notes.setdefault(name, next(free))
    return names
