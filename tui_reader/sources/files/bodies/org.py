"""Makes HTML of Org, the markup of Emacs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from html import escape

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.bodies.html_parts import (
    Closings,
    dedented,
    item,
    link,
    picture,
    preformatted,
    table,
    written_address,
)

_NESTING = 20  # of lists and blocks; deeper ones are shown as text
_INLINE_NESTING = 3  # of emphasis
_HEADING = re.compile(r"(\*+) (?:(?:TODO|DONE|NEXT|WAITING|CANCELLED)\b ?)?(?:\[#[A-Z0-9]\] ?)?(.*)")
_NO_HEADING = re.compile(r"\*+[ \t]+")  # one without words, which some put above a text that needs none
_TAGS = re.compile(r"[ \t]+:([\w@#%:]+):[ \t]*$")
_BLOCK = re.compile(r"#\+begin_([\w-]{1,60})[ \t]*(.*)", re.IGNORECASE)
_KEYWORD = re.compile(r"#\+([\w-]{1,60})(?:\[[^\]\n]*\])?:[ \t]*(.*)")
_DRAWER = re.compile(r":[\w-]{1,60}:[ \t]*")
_PLANNING = re.compile(r"(?:CLOSED|DEADLINE|SCHEDULED|CLOCK):")
_ITEM = re.compile(r"( *)([-+]|\*(?=[ ])|\d{1,9}[.)])(?: +|$)(?:\[@(\d{1,9})\] *)?")
_TERM = re.compile(r"(.{1,500}?) ::(?: +|$)")
_CHECKBOX = re.compile(r"\[([ Xx-])\] ")
_NOTE = re.compile(r"\[fn:([\w-]{1,60})\][ \t]*")
_RULE = re.compile(r"-{5,}")
_TABLE_RULE = re.compile(r"\|-[-+|]*")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif)$", re.IGNORECASE)
_COMMA = re.compile(r"^(\s*),(?=\*|,*#\+)")  # keeps a line of code from being read as Org
_CODE = frozenset({"src", "example", "ascii"})

_MARK = re.compile(
    r"\[\[(?P<target>[^\[\]\n]{1,2000})\](?:\[(?P<words>[^\[\]]{1,1000})\])?\]"
    r"|\[fn:(?P<note>[\w-]{1,60})?(?::(?P<note_text>[^\[\]]{1,2000}))?\]"
    r"|(?P<address>https?://[^\s<>\[\]\"']+)|@@html:(?P<html>[^@\n]{0,500})@@|@@\w{1,20}:[^@\n]{0,500}@@"
    r"|(?P<raised>[\^_])\{(?P<small>[^{}\n]{1,100})\}|\{\{\{[^{}\n]{0,300}\}\}\}"
    r"|<(?P<time>\d{4}-\d\d-\d\d[^<>\n]{0,60})>|(?P<open>[*/_=~+])",
)
_CLOSING = {mark: re.compile(rf"(?<=\S){re.escape(mark)}(?=[\s\-–—.,;:!?'\")}}\]\\]|$)") for mark in "*/_=~+"}
_OPENS_AFTER = frozenset(" \n\t-–—({'\"")
_ELEMENTS = {"*": "b", "/": "em", "_": "u", "+": "s", "=": "code", "~": "code"}


class _Notes(NamedTuple):
    """The numbers of the notes, by label, and the texts of those that are written in a line."""

    numbers: dict[str, str]
    texts: list[tuple[str, str]]

    def number(self, label: str) -> str:
        return self.numbers.setdefault(label, str(len(self.numbers) + 1))


def org_to_html(text: str) -> str:
    """Return Org as HTML. Never raises; takes time in proportion to the length of ``text``."""
    notes = _Notes({}, [])
    lines = ["" if _NO_HEADING.fullmatch(line) else line.rstrip() for line in text.expandtabs(8).split("\n")]
    html = "".join(_blocks(_without_comments(lines), notes, 0))
    return html + "".join(f"<p><sup>{label}</sup> {words}</p>" for label, words in notes.texts)


def _without_comments(lines: Sequence[str]) -> list[str]:
    """Return the lines that are exported: no comments, no drawers, and no subtrees that are marked as such."""
    kept: list[str] = []
    hidden = 0  # the level of the heading whose subtree is left out
    drawer = -1  # the line at which an open drawer ends
    ends = [at for at, line in enumerate(lines) if line.strip().lower() == ":end:" or _HEADING.fullmatch(line)]
    block = ""
    for at, line in enumerate(lines):
        lower = line.strip().lower()
        if block:
            block = "" if lower == f"#+end_{block}" else block
            if not hidden:
                kept.append(line)
            continue
        if at <= drawer:
            continue
        if opened := _BLOCK.match(line.strip()):
            block = opened[1].lower()
        elif heading := _HEADING.fullmatch(line):
            level = len(heading[1])
            if hidden and level > hidden:
                continue
            tags = _TAGS.search(heading[2])
            left_out = heading[2].startswith("COMMENT") or (tags and "noexport" in tags[1].split(":"))
            hidden = level if left_out else 0
        elif _DRAWER.fullmatch(line.strip()):
            index = bisect_left(ends, at)
            if index < len(ends) and not lines[ends[index]].startswith("*"):
                drawer = ends[index]
                continue
        if not hidden and not (lower == "#" or lower.startswith("# ") or _PLANNING.match(line.strip())):
            kept.append(line)
    return kept


def _blocks(lines: Sequence[str], notes: _Notes, depth: int) -> Iterator[str]:
    """Yield the blocks of some lines as HTML."""
    if depth > _NESTING:
        yield preformatted(lines)
        return
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        end = at + 1
        if not line:
            pass
        elif heading := _HEADING.fullmatch(lines[at]):
            level = min(len(heading[1]) + 1, 6)  # the first is the title of the article
            yield f"<h{level}>{_words(_TAGS.sub('', heading[2]), notes)}</h{level}>"
        elif block := _BLOCK.match(line):
            end = _end_of_block(lines, at, block[1])
            yield _block(block, lines[at + 1 : end - 1], notes, depth)
        elif keyword := _KEYWORD.match(line):
            if keyword[1].lower() == "caption":
                yield f"<p>{_words(keyword[2], notes)}</p>"
        elif line == ":" or line.startswith(": "):
            end = _end(lines, at, lambda text: text == ":" or text.startswith(": "))
            yield preformatted([text.strip()[2:] for text in lines[at:end]])
        elif line.startswith("|"):
            end = _end(lines, at, lambda text: text.startswith("|"))
            yield _table(lines[at:end], notes)
        elif _RULE.fullmatch(line):
            yield "<hr>"
        elif _ITEM.match(lines[at]):
            end = _end_of_list(lines, at)
            yield _list(lines[at:end], notes, depth)
        else:
            end = _end(lines, at + 1, _goes_on)
            yield _paragraph(lines[at:end], notes)
        at = end


def _paragraph(lines: Sequence[str], notes: _Notes) -> str:
    text = "\n".join(line.strip().removesuffix("\\\\") + ("\v" if line.endswith("\\\\") else "") for line in lines)
    note = _NOTE.match(text)
    begin = f"<sup>{notes.number(note[1])}</sup> " if note else ""
    words = _words(text[note.end() :] if note else text, notes).replace("\v", "<br>")
    return f"<p>{begin}{words}</p>"


def _goes_on(line: str) -> bool:
    """Return whether a line goes on with the paragraph before it."""
    return bool(line) and not (
        line.startswith(("|", "#+", ": ", "* ")) or _NOTE.match(line) or _ITEM.match(line) or _HEADING.fullmatch(line)
    )


def _end(lines: Sequence[str], at: int, belongs: Callable[[str], object]) -> int:
    while at < len(lines) and belongs(lines[at].strip()):
        at += 1
    return at


def _end_of_block(lines: Sequence[str], at: int, name: str) -> int:
    """Return the line after the end of a block; one that is not closed ends with the text."""
    closing = f"#+end_{name}".lower()
    for end in range(at + 1, len(lines)):
        if lines[end].strip().lower() == closing:
            return end + 1
    return len(lines) + 1


def _block(block: re.Match[str], lines: Sequence[str], notes: _Notes, depth: int) -> str:
    name = block[1].lower()
    if name in _CODE:
        return preformatted([_COMMA.sub(r"\1", line) for line in lines], (block[2].split() or [""])[0])
    if name == "comment":
        return ""
    if name == "export":
        return "\n".join(lines) if block[2].lower().startswith("html") else ""
    if name == "html":
        return "\n".join(lines)
    if name == "verse":
        return f"<blockquote><p>{'<br>'.join(_words(line.strip(), notes) for line in lines)}</p></blockquote>"
    inside = "".join(_blocks(lines, notes, depth + 1))
    return f"<blockquote>{inside}</blockquote>" if name == "quote" else inside


def _table(lines: Sequence[str], notes: _Notes) -> str:
    written = [line.strip() for line in lines]
    rows = (
        [_words(cell.strip(), notes) for cell in row.removeprefix("|").removesuffix("|").split("|")]
        for row in written
        if not _TABLE_RULE.fullmatch(row)
    )
    return table(rows, has_head=any(_TABLE_RULE.fullmatch(row) for row in written[1:2]))


# -- lists -----------------------------------------------------------------------------


def _end_of_list(lines: Sequence[str], at: int) -> int:
    """Return where a list ends: at a line that is not indented and no item, or at two empty lines."""
    indent = len(lines[at]) - len(lines[at].lstrip())
    is_numbered = lines[at].lstrip()[0].isdigit()
    end = at
    while at < len(lines):
        line = lines[at]
        if line:
            inside = len(line) - len(line.lstrip()) > indent
            marker = None if inside else _ITEM.match(line)
            if not inside and (marker is None or len(marker[1]) != indent or marker[2][0].isdigit() != is_numbered):
                break
            end = at + 1
        elif at + 1 < len(lines) and not lines[at + 1]:
            break
        at += 1
    return end


def _list(lines: Sequence[str], notes: _Notes, depth: int) -> str:
    indent = len(lines[0]) - len(lines[0].lstrip())
    items: list[list[str]] = []
    start = ""
    for line in lines:
        marker = _ITEM.match(line)
        if marker and len(marker[1]) == indent:
            if not items and marker[2][0].isdigit():
                start = f' start="{marker[3] or marker[2][:-1]}"'
            items.append([line[marker.end() :]])
        else:
            items[-1].append(line)
    terms = [_TERM.match(written[0]) for written in items]
    if all(terms):
        made = (_definition(term, written, notes, depth) for term, written in zip(terms, items, strict=True) if term)
        return f"<dl>{''.join(made)}</dl>"
    shown = "".join(f"<li>{_item(written, notes, depth)}</li>" for written in items)
    return f"<ol{start}>{shown}</ol>" if start else f"<ul>{shown}</ul>"


def _definition(term: re.Match[str], lines: list[str], notes: _Notes, depth: int) -> str:
    inside = _item([lines[0][term.end() :], *lines[1:]], notes, depth)
    return f"<dt>{_words(term[1], notes)}</dt><dd>{inside}</dd>"


def _item(lines: list[str], notes: _Notes, depth: int) -> str:
    """Return the content of an item, with its checkbox as a sign."""
    if box := _CHECKBOX.match(lines[0]):
        lines[0] = ("☐ " if box[1] == " " else "☑ " if box[1] in "Xx" else "◩ ") + lines[0][box.end() :]
    return item(_blocks([lines[0], *dedented(lines[1:])], notes, depth + 1))


# -- inside of paragraphs --------------------------------------------------------------


def _words(text: str, notes: _Notes, depth: int = 0) -> str:
    """Return a text with markup as HTML."""
    closings = Closings(text, _CLOSING, _OPENS_AFTER)
    parts: list[str] = []
    at = place = 0
    while match := _MARK.search(text, place):
        place = match.end()
        mark = match["open"]
        if mark is None:
            html = _alone(match, notes)
        else:
            closing = closings.after(match, mark)
            if closing is None or depth > _INLINE_NESTING:
                continue
            inner = text[place : closing.start()]
            html = f"<{_ELEMENTS[mark]}>{escape(inner) if mark in '=~' else _words(inner, notes, depth + 1)}"
            html += f"</{_ELEMENTS[mark]}>"
            place = closing.end()
        parts += [escape(text[at : match.start()], quote=False), html]
        at = place
    parts.append(escape(text[at:], quote=False))
    return "".join(parts)


def _alone(match: re.Match[str], notes: _Notes) -> str:
    """Return markup that has no second mark."""
    if match["target"]:
        return _link(match["target"], match["words"] or "")
    if match["note"] or match["note_text"]:
        number = notes.number(match["note"] or f":{len(notes.numbers)}")
        if match["note_text"]:
            notes.texts.append((number, escape(match["note_text"])))
        return f'<sup><a href="#{number}">{number}</a></sup>'
    if match["address"]:
        return written_address(match["address"])
    if match["small"]:
        element = "sup" if match["raised"] == "^" else "sub"
        return f"<{element}>{escape(match['small'])}</{element}>"
    return escape(match["time"] or "") if match["html"] is None else match["html"]


def _link(target: str, words: str) -> str:
    """Return a link, or a picture; links to headings and to other notes show their words."""
    address = target.removeprefix("file:")
    shown = words.removeprefix("file:")
    if _PICTURE.search(address) and not words:
        return picture(address, "")
    if _PICTURE.search(shown):
        return link(picture(shown, ""), address)
    if target.startswith(("id:", "*", "#", "roam:")):
        return escape(words or target.lstrip("*#").removeprefix("roam:"))
    return link(escape(words or address), address)
