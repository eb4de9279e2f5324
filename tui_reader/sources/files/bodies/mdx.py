"""Makes Markdown with HTML of MDX: without its modules and expressions, with the words of its components."""

from __future__ import annotations

import re
from html import escape

from tui_reader.sources.files.bodies.fences import chunks
from tui_reader.sources.files.bodies.html_parts import link, picture

_EXPORT = re.compile(r"export\s+(?:const|let|var|default|function|async|class|type|interface|\{|\*)")
_IMPORT = re.compile(r"import\s+(?:[\"']|[\w*{$][^\n]*(?:\sfrom\s|[{,]\s*$))")
_TAG = re.compile(r"<(?P<closing>/)?(?P<name>[A-Za-z][\w.:-]{0,60})?(?=[\s/>])")
_NEXT = re.compile(r"[<{`$\\]")
_ATTRIBUTE = re.compile(r"""\s*([A-Za-z_@:][\w.:-]{0,60})(?:\s*=\s*(?:"([^"]{0,5000})"|'([^']{0,5000})'|(?=\{)))?""")
_BRACE = re.compile(r"[{}]")
_LITERAL = re.compile(r"""\{\s*(?:"([^"]*)"|'([^']*)'|`([^`$]*)`)\s*\}""")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s")
_LONGEST = 5000  # characters of a tag or an expression
_PICTURES = frozenset({"image", "img", "figure", "picture", "nextimage", "staticimage", "zoomimage", "blogimage"})
_TITLES = ("title", "label", "summary", "heading", "name")
_WORDS = ("caption", "description", "text", "quote", "author")
_BLOCKS = frozenset(
    {"div", "section", "article", "aside", "header", "footer", "main", "figure", "figcaption", "details",
     "nav", "center"}
)  # fmt: skip
_RENAMED = {"classname": "class", "htmlfor": "for"}


def without_components(text: str) -> str:
    """Return an MDX text as Markdown with HTML. Takes time in proportion to its length."""
    shown: list[str] = []
    for is_code, chunk in chunks(text):
        shown.append(chunk if is_code else _unindented(_Scanner(_without_modules(chunk)).shown()))
    return "".join(shown)


def _without_modules(text: str) -> str:
    """Return a text without ``import`` and ``export``, which end at an empty line."""
    if "import" not in text and "export" not in text:
        return text
    kept: list[str] = []
    inside = False
    is_start = True  # of a block
    for line in text.split("\n"):
        begins = _IMPORT.match(line) or _EXPORT.match(line)
        inside = bool(line.strip()) and (inside or (is_start and begins is not None))
        is_start = inside or not line.strip()
        if not inside:
            kept.append(line)
    return "\n".join(kept)


def _unindented(text: str) -> str:
    """Return a text without the indentation that MDX allows everywhere but in lists: it has no indented code."""
    lines = text.split("\n")
    base: int | None = None  # of the list that is open, in spaces
    for at, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" \t"))
        if _ITEM.match(line):
            base = indent if base is None else min(base, indent)
        elif line and not indent:
            base = None
        lines[at] = line[indent if base is None else min(indent, base) :]
    return "\n".join(lines)


class _Scanner:
    """Goes through a text once, and replaces components and expressions."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: dict[int, int] = {}  # where the braces that open at a place are closed
        opened: list[int] = []
        for match in _BRACE.finditer(text):
            if match[0] == "{":
                opened.append(match.start())
            elif opened:
                self._ends[opened.pop()] = match.end()

    def shown(self) -> str:
        """Return the text as a page shows it."""
        text, parts, at = self._text, list[str](), 0
        place = 0
        while match := _NEXT.search(text, place):
            start = match.start()
            html, end = self._at(start)
            if html is None:
                place = end
                continue
            parts += [text[at:start], html]
            at = place = end
        return "".join([*parts, text[at:]])

    def _at(self, start: int) -> tuple[str | None, int]:
        """Return what stands for the markup at a place, ``None`` for what is left as it is, and where it ends."""
        text = self._text
        if text[start] == "\\":
            return None, start + 2
        if text[start] in "`$":  # code in a line, and formulas
            run = start
            while run < len(text) and text[run] == text[start]:
                run += 1
            line_end = text.find("\n\n", run, run + _LONGEST)
            end = text.find(text[start:run], run, line_end if line_end >= 0 else run + _LONGEST)
            return None, end + run - start if end >= 0 else run
        if text[start] == "{":
            value, end = self._expression(start)
            return (None, start + 1) if end < 0 else (escape(value or ""), end)
        tag = _TAG.match(text, start)
        if tag is None:
            return None, start + 1
        return self._tag(tag)

    def _expression(self, start: int) -> tuple[str | None, int]:
        """Return the text that an expression in braces is, if it is one, and where it ends, -1 for nowhere."""
        end = self._ends.get(start, -1)
        if end < 0 or end - start > _LONGEST:
            return None, -1
        literal = _LITERAL.fullmatch(self._text, start, end)
        return (next(part for part in literal.groups() if part is not None) if literal else None), end

    def _tag(self, tag: re.Match[str]) -> tuple[str | None, int]:
        """Return a tag as HTML, or what a component says, and where it ends."""
        text, at = self._text, tag.end()
        name = tag["name"] or ""
        attributes: dict[str, str] = {}
        while at < len(text) and at - tag.start() < _LONGEST:
            at = _after_space(text, at)
            if text.startswith("/>", at) or text.startswith(">", at):
                is_empty = text.startswith("/>", at)
                at += 2 if is_empty else 1
                if name and not _is_component(name):
                    return _html(tag[0], attributes, is_empty=is_empty), at
                return self._component(tag, attributes, is_empty=is_empty, end=at), at
            if text.startswith("{", at):
                _, at = self._expression(at)
                if at < 0:
                    break
                continue
            match = _ATTRIBUTE.match(text, at)
            if match is None:
                break
            at = match.end()
            key = match[1].lower()
            value = match[2] if match[2] is not None else match[3]
            if value is None and text.startswith("{", at):
                value, at = self._expression(at)
                if at < 0:
                    break
            if value is not None:
                attributes[_RENAMED.get(key, key)] = value
        return None, tag.end()

    def _component(self, tag: re.Match[str], attributes: dict[str, str], *, is_empty: bool, end: int) -> str:
        """Return what is seen of the tag of a component; one that stands on its own line begins a paragraph."""
        name = (tag["name"] or "").lower()
        text = self._text
        before = text[text.rfind("\n", max(0, tag.start() - 100), tag.start()) + 1 : tag.start()]
        is_block = not before.strip() and text[end : end + 1] in {"", "\n"}
        gap = "\n\n" if is_block else ""
        href = attributes.get("href") or attributes.get("to") or attributes.get("url", "")
        if name.endswith(("link", "button")) and not is_empty:
            return "</a>" if tag["closing"] else f'<a href="{escape(href)}">'
        if tag["closing"]:
            return gap
        if name in _PICTURES:
            source, words = attributes.get("src", ""), attributes.get("alt", "")
            shown = [picture(source, words)] if source or words else []
            shown += [escape(attributes[key]) for key in (*_WORDS, "title") if attributes.get(key)]
        else:
            shown = [f"<b>{escape(attributes[key])}</b>" for key in _TITLES if attributes.get(key)][:1]
            if href:
                shown[:1] = [link(shown[0] if shown else escape(href), href)]
            shown += [escape(attributes[key]) for key in _WORDS if attributes.get(key)]
        return gap + (gap or " ").join(shown) + gap


def _is_component(name: str) -> bool:
    return name[0].isupper() or "." in name


def _html(opening: str, attributes: dict[str, str], *, is_empty: bool) -> str:
    """Return a tag of HTML whose attributes are text."""
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    gap = "\n\n" if opening.lstrip("</") in _BLOCKS else ""  # what is in them is Markdown
    return f"{gap}{opening}{written}{' /' if is_empty else ''}>{gap}"


def _after_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
