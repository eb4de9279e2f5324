"""Replaces what a site generator fills in (the tags of Liquid, Jekyll and Hugo) by what a reader sees of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_reader.sources.files.bodies.fences import chunks
from tui_reader.sources.html.syntax import longest_backtick_run

_LONGEST = 2000  # characters of a tag
_LOOK_BACK = 300  # characters in which code in a line is noticed
_BRACE = "\ufdd0"  # stands for a brace that begins no tag
_ARGUMENT = re.compile(r"""(?:([\w-]+)\s*[=:]\s*)?(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
_PATH = re.compile(r"\S*[/.]\S+\Z")
_ADDRESS_NAMES = ("src", "url", "image_path", "image", "file", "path", "link")
_WORDS = ("title", "caption", "text", "content", "quote", "attr", "author", "description", "source", "cite")
_PICTURES = frozenset({"figure", "image", "img", "picture", "include", "include_cached", "imgproc"})
_WITH_PAGE = {
    "youtube": ("video", "https://www.youtube.com/watch?v="),
    "vimeo": ("video", "https://vimeo.com/"),
    "gist": ("code", "https://gist.github.com/"),
}
_ATTRIBUTES = re.compile(
    r"\{::?[^{}\n]{0,300}\}|[ \t]\{#[\w:.-]{1,200}\}(?=[ \t]*$)"
    r"|(?:^|[ \t])\{[.#][\w:.-]{1,60}(?:[ \t]+[.#][\w:.-]{1,60}){0,9}[ \t]*\}(?=[ \t]*$)",
    re.MULTILINE,
)
# How Hugo is told to show a tag, also in code.
_COMMENTED = re.compile(r"\{\{([<%])/\*([^{}\n]{0,300}?)\*/([>%])\}\}")
# Attributes of Pandoc and Quarto: of a link or a picture, of some words, of a heading.
_PANDOC = r"\{(?:[.#][\w-]|[\w-]{1,30}=)[^{}\n]{0,300}\}"
_OF_LINK = re.compile(rf"(?<=\)){_PANDOC}|(?<!\])\[([^\[\]\n]{{1,300}})\]{_PANDOC}")
_OF_HEADING = re.compile(rf"^(#{{1,6}}[ \t][^\n]{{0,300}}?)[ \t]*{_PANDOC}[ \t]*$", re.MULTILINE)
# Jekyll reads on after the end of an element; plain Markdown would show the signs of the text below it.
_AFTER_HTML = re.compile(r"^(?=<)(.{0,2000}(?:</\w{1,20}|/)>|<img\b[^<>]{0,1000}>)[ \t]*\n(?=[*_\[])", re.MULTILINE)
_CONTENTS = re.compile(r"^[*+-][ \t].{0,100}\n\{:\s*toc[^}\n]{0,100}\}", re.MULTILINE)
_ABBREVIATION = re.compile(r"^\*(\[[^\[\]\n]{1,100}\]):", re.MULTILINE)
_PARSED_INSIDE = re.compile(
    r"""(<[a-z][\w-]{0,20}\b[^<>]{0,500}?)\s+markdown\s*=\s*["']?(?:1|block|span|true)["']?([^<>]{0,500}>)""",
    re.IGNORECASE,
)


_BLOCK_TAG = re.compile(
    r"<(/?)(?:article|aside|blockquote|center|details|div|dl|fieldset|figure|footer|header|main|nav|ol|section|table"
    r"|tbody|tr|td|ul|li)\b[^<>]*>",
    re.IGNORECASE,
)


def without_templates(text: str) -> str:
    """Return a Markdown text without template tags.

    Code that they mark becomes a block of code, pictures and videos that they
    show become such, with their captions. What only the site knows is left
    out; code that shows such tags stays as it is.
    """
    text = "".join(_verbatim(text))
    shown = (chunk if is_code else _without_tags(chunk) for is_code, chunk in chunks(text))
    return _COMMENTED.sub(r"{{\1\2\3}}", "".join(shown).replace(_BRACE, "{"))


def _tags(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield the tags of ``text``: start, end, what opens each (``{%``, ``{{``, ``{{<``, ``{{%``) and its content."""
    found: dict[str, int] = {}  # the next place of what closes a tag, so that each is searched once
    at = 0
    while (start := text.find("{", at)) >= 0:
        opening = next((kind for kind in ("{{<", "{{%", "{{", "{%") if text.startswith(kind, start)), "")
        at = start + 1
        if not opening:
            continue
        closing = {"{{<": ">}}", "{{%": "%}}", "{{": "}}", "{%": "%}"}[opening]
        begin = start + len(opening)
        if found.get(closing, -1) < begin:
            place = text.find(closing, begin)
            found[closing] = len(text) + _LONGEST if place < 0 else place
        end = found[closing]
        if end - begin <= _LONGEST and end < len(text):
            at = end + len(closing)
            yield start, at, opening, text[begin:end].strip("- \t\n")


def _verbatim(text: str) -> Iterator[str]:
    """Yield ``text`` with marked code as fenced blocks, without comments, and without tags in what is left as it is."""
    at = 0
    inside = ("", "", 0)  # what is open: its name, its arguments, and where its text begins
    for start, end, _, content in _tags(text):
        name, _, arguments = content.partition(" ")
        if inside[0]:
            if content.replace(" ", "") in {f"end{inside[0]}", f"/{inside[0]}"}:
                yield _shown_verbatim(*inside[:2], text[inside[2] : start])
                inside, at = ("", "", 0), end
        elif name in {"highlight", "raw", "comment"}:
            yield text[at:start]
            inside = (name, arguments, end)
            at = start
    yield text[at:]


def _shown_verbatim(name: str, arguments: str, text: str) -> str:
    if name == "comment":
        return ""
    text = text.replace("{", _BRACE)
    if name == "raw":
        return text
    fence = "`" * max(3, longest_backtick_run(text) + 1)
    words = arguments.split()
    code = text.strip("\n")
    return f"\n{fence}{words[0] if words else ''}\n{code}\n{fence}\n"


def _without_tags(text: str) -> str:
    text = _CONTENTS.sub("", text) if "toc" in text else text
    parts: list[str] = []
    at = 0
    for start, end, opening, content in _tags(text):
        if _is_in_code(text, start):
            continue
        shown = _shown(opening, content)
        if text[start - 1 : start] == "[" and text.startswith("](", end):
            shown = " ".join(shown.split("\n\n")).strip()  # of a link: a paragraph of its own would undo it
        parts += [text[at:start], shown]
        at = end
    parts.append(text[at:])
    text = _ATTRIBUTES.sub("", _OF_HEADING.sub(r"\1", _OF_LINK.sub(_without_attributes, "".join(parts))))
    text = _ABBREVIATION.sub(r"\\\1:", text)
    if "</" in text and ("\n    " in text or "\n\t" in text):
        text = _unindented(text)
    return _PARSED_INSIDE.sub(r"\1\2\n\n", _AFTER_HTML.sub(r"\1\n\n", text))


def _is_in_code(text: str, at: int) -> bool:
    """Return whether a place is in code in a line."""
    line = text.rfind("\n", max(0, at - _LOOK_BACK), at) + 1
    return text.count("`", max(line, at - _LOOK_BACK), at) % 2 == 1


def _without_attributes(match: re.Match[str]) -> str:
    return match[0] if _is_in_code(match.string, match.start()) else match[1] or ""


def _unindented(text: str) -> str:
    """Return ``text`` with its HTML at the start of its lines: an indented line of it would be taken for code."""
    lines = text.split("\n")
    depth = 0  # of the HTML block that is open
    for at, line in enumerate(lines):
        if depth > 0 and line.startswith(("    ", "\t")) and line.lstrip().startswith("<"):
            lines[at] = line.lstrip()
        if depth > 0 or line.startswith("<"):
            depth = max(0, depth + sum(-1 if match[1] else 1 for match in _BLOCK_TAG.finditer(line)))
    return "\n".join(lines)


def _shown(opening: str, content: str) -> str:
    """Return what is seen of a tag."""
    if content.startswith("/*"):
        return f"{_BRACE}{opening[1:]} {content.strip('/* ')} {'%' if '%' in opening else '>'}}}}}"
    if opening == "{{":
        return _output(content)
    name, *arguments = [
        (match[1] or "", next(part for part in match.groups()[1:] if part is not None) if match[0] else "")
        for match in _ARGUMENT.finditer(content)
    ] or [("", "")]
    tag = name[1].lower()
    named = {key.lower(): value for key, value in arguments if key}
    plain = [value for key, value in arguments if not key]
    if tag in _WITH_PAGE and (identifier := named.get("id") or (plain[0] if plain else "")):
        words, site = _WITH_PAGE[tag]
        return f"[{named.get('title') or words}]({site}{identifier})"
    if tag in _PICTURES:
        return _picture(tag, named, plain)
    shown = [named[key] for key in _WORDS if named.get(key)]
    return "\n\n".join(["", *shown, ""]) if shown else ""


def _output(content: str) -> str:
    """Return a value that a page shows, if it stands there; what the site knows is left out."""
    first = content.split("|", maxsplit=1)[0].strip()
    if len(first) > 1 and first[0] == first[-1] and first[0] in "\"'":
        return first[1:-1]
    is_place = "url" in content or first.startswith(("site.", "page.", ".Site", ".Page"))
    return "" if is_place else f"{_BRACE}{_BRACE} {content} }}}}"


def _picture(tag: str, named: dict[str, str], plain: list[str]) -> str:
    """Return a picture and its caption."""
    address = next((named[key] for key in _ADDRESS_NAMES if named.get(key)), "")
    plain = plain[1:] if tag.startswith("include") else plain
    if not address and plain and _PATH.match(plain[0]):
        address = plain.pop(0)
    words = named.get("alt") or (plain[0] if plain and " " in plain[0] else "")
    captions = [named[key] for key in _WORDS if named.get(key) and named[key] != words]
    if tag.startswith("include") and not (words or address):
        pictures: list[str] = []
    else:
        pictures = [f"![{words}](<{address}>)"] if address or words else []
    shown = [*pictures, *captions]
    return "\n\n".join(["", *shown, ""]) if shown else ""
