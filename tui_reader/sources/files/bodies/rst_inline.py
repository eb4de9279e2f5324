"""Makes HTML of the markup inside of paragraphs of reStructuredText."""

from __future__ import annotations

import re
from html import escape

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.bodies.html_parts import Closings, link, picture, written_address

# A backslash, an address, what opens markup, a reference to a note, and a name that is a link.
_MARK = re.compile(
    r"\\(?P<escaped>.?)|(?P<address>https?://[^\s<>\\]+)"
    r"|(?P<open>\*\*|\*|``|(?::(?P<role>[A-Za-z][\w.+:-]{0,60}):)?`|\|)"
    r"|\[(?P<note>[\w#.+-]{1,60}|\*)\]_(?!\w)"
    r"|(?<![\w.+-])(?P<name>[A-Za-z0-9](?:[\w.+-]{0,100}[A-Za-z0-9])?)__?(?![\w-])",
    re.DOTALL,
)
_CLOSING = {
    "**": re.compile(r"(?<=[^\s\\])\*\*(?!\w)"),
    "*": re.compile(r"(?<=[^\s\\*])\*(?![\w*])"),
    "``": re.compile(r"(?<=\S)``(?![\w`])"),
    "`": re.compile(r"(?<=[^\s\\`])`(?P<link>__?)?(?![\w`])"),
    "|": re.compile(r"(?<=[^\s\\])\|(?:__?)?(?!\w)"),
}
_OPENS_AFTER = frozenset(" \n\t'\"([{<-/:‘“«¿¡")
_WITH_TARGET = re.compile(r"(.*?)\s*<([^<>]*)>", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CODE_ROLES = frozenset(
    {"code", "literal", "samp", "file", "command", "program", "option", "envvar", "kbd", "func", "class", "meth", "mod",
     "attr", "data", "exc", "obj", "const", "keyword", "makevar"}
)  # fmt: skip
_ELEMENTS = {
    "emphasis": "em", "title-reference": "em", "title": "em", "t": "em", "strong": "b",
    "sub": "sub", "subscript": "sub", "sup": "sup", "superscript": "sup",
}  # fmt: skip
_PAGES = {"pep": ("PEP", "https://peps.python.org/pep-{:0>4}/"), "rfc": ("RFC", "https://www.rfc-editor.org/rfc/rfc{}")}
_BUDGET = 100_000  # characters that all substitutions of a text may add to it


class Names(NamedTuple):
    """What names in a text stand for: addresses, texts, pictures (address, words) and numbers of notes.

    ``anonymous`` are the addresses and ``numbers`` those of the notes that have
    no names, in order.
    """

    addresses: dict[str, str]
    texts: dict[str, str]
    pictures: dict[str, tuple[str, str]]
    notes: dict[str, str]
    anonymous: list[str]
    numbers: list[str]


def label_of(name: str) -> str:
    """Return a name as names are compared: in lower case, with single spaces."""
    return " ".join(name.lower().split())


class Inline:
    """Turns the text of paragraphs into HTML, in time that grows with its length."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._anonymous = iter(names.anonymous)
        self._numbers = iter(names.numbers)
        self._budget = _BUDGET

    def html(self, text: str, *, is_substituted: bool = False) -> str:
        """Return a text with markup as HTML."""
        closings = Closings(text, _CLOSING, _OPENS_AFTER)
        parts: list[str] = []
        at = place = 0
        while match := _MARK.search(text, place):
            place = match.end()
            opened = match["open"]
            if opened is None:
                html = self._alone(match)
            else:
                closing = closings.after(match, "`" if match["role"] else opened)
                if closing is None:
                    continue
                html = self._marked(match, text[match.end() : closing.start()], closing, nested=is_substituted)
                place = closing.end()
            if html is not None:
                parts += [escape(text[at : match.start()], quote=False), html]
                at = place
        parts.append(escape(text[at:], quote=False))
        return "".join(parts)

    def _alone(self, match: re.Match[str]) -> str | None:
        """Return markup that does not enclose anything, or ``None`` if it is none."""
        if match["escaped"] is not None:
            return "" if match["escaped"].isspace() else escape(match["escaped"])
        if match["address"]:
            return written_address(match["address"])
        if match["note"]:
            label = next(self._numbers, "") if match["note"] == "#" else match["note"]
            return f'<sup><a href="#note">{escape(self._names.notes.get(label, label))}</a></sup>'
        address = self._names.addresses.get(match["name"].lower(), "")
        if match[0].endswith("__"):
            address = next(self._anonymous, "")
        return link(escape(match["name"]), address) if address else None

    def _marked(self, match: re.Match[str], inner: str, closing: re.Match[str], *, nested: bool) -> str:
        """Return what stands between two marks."""
        opened, role = match["open"], match["role"]
        if opened == "|":
            return self._substituted(inner, nested=nested)
        if role:
            return _role(role.rpartition(":")[2].lower(), inner)
        if opened == "`" and closing["link"]:
            return self._reference(inner, is_anonymous=closing["link"] == "__")
        element = {"``": "code", "**": "b"}.get(opened, "em")
        words = inner if opened == "``" else _ESCAPE.sub(r"\1", inner)
        return f"<{element}>{escape(words)}</{element}>"

    def _reference(self, inner: str, *, is_anonymous: bool) -> str:
        """Return a link: to an address in it, to that of a name, or to the next one without a name."""
        addresses = self._names.addresses
        if target := _WITH_TARGET.fullmatch(inner):
            address = "".join(target[2].split())
            if address.endswith("_"):
                address = addresses.get(label_of(address[:-1]), "")
            return link(escape(_ESCAPE.sub(r"\1", target[1])) or escape(address), address)
        words = escape(_ESCAPE.sub(r"\1", inner))
        return link(words, next(self._anonymous, "") if is_anonymous else addresses.get(label_of(inner), ""))

    def _substituted(self, name: str, *, nested: bool) -> str:
        label = label_of(name)
        text = self._names.texts.get(label)
        shown = self._names.pictures.get(label)
        length = sum(map(len, shown)) if shown else len(text or "")
        if nested or length > self._budget:
            return escape(name)
        self._budget -= length
        if shown:
            return picture(*shown)
        return escape(f"|{name}|") if text is None else self.html(text, is_substituted=True)


def _role(role: str, inner: str) -> str:
    """Return interpreted text: what other pages are called, code, indices and formulas."""
    target = _WITH_TARGET.fullmatch(inner)
    words = escape(_ESCAPE.sub(r"\1", target[1] if target and target[1] else inner))
    if role == "math":
        return f"${escape(inner)}$"
    if role in _CODE_ROLES:
        return f"<code>{words.lstrip('~!')}</code>"
    if role in _ELEMENTS:
        return f"<{_ELEMENTS[role]}>{words}</{_ELEMENTS[role]}>"
    if role in _PAGES and words.isdigit():
        name, page = _PAGES[role]
        return link(f"{name} {words}", page.format(words))
    return words
