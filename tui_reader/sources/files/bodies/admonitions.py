"""Makes quotes of admonitions, which each generator writes in its own way, and code of code cells."""

from __future__ import annotations

import re

from tui_reader.sources.files.bodies.fences import fence_of

_NESTING = 5  # of quotes in each other
_MOST_OPEN = 30  # admonitions in each other; what would open more is shown as it is written
_INDENT = 4  # spaces, of what belongs to an admonition of Python-Markdown
# Docusaurus, VitePress, Zola and Quarto: `:::note Title`, `::: {.callout-note title="…"}`; Nuxt: `::note{…}`.
_COLONS = re.compile(
    r"[ \t]{0,12}(?P<colons>:{2,9})[ \t]*(?P<name>[a-z][\w-]{0,40})?(?:\[(?P<bracketed>[^\]\n]{0,200})\])?[ \t]*"
    r"(?P<attributes>\{[^{}\n]{0,500}\})?[ \t]*(?P<title>[^\n:]{0,200})",
    re.IGNORECASE,
)
# Python-Markdown, MkDocs: `!!! note "Title"`, `??? note`, `=== "Tab"`.
_MARKS = re.compile(
    r'(?:!!!|\?\?\?\+?|===)[ \t]+(?P<name>[a-z][\w-]{0,40})?[^"\n]{0,100}(?:"(?P<title>[^"\n]{0,200})")?[ \t]*'
)
# GitHub, Obsidian: `> [!note] Title`.
_CALLOUT = re.compile(
    r"(?P<quote>[ \t]{0,3}(?:>[ \t]?){1,5})\[!(?P<name>[\w-]{1,40})\][-+]?[ \t]*(?P<title>[^\n]{0,200})"
)
_TITLE = re.compile(r"""(?:\btitle|\bsummary|\blabel)\s*=\s*(?:"([^"]{1,200})"|'([^']{1,200})')""")
_CLASS = re.compile(r"\.(?:callout-)?([a-z]+)")
_INFO = re.compile(r"([ \t>]*(?:`{3,}|~{3,}))[ \t]*\{([^{}\n]{0,300})\}[ \t]*([^\n]*)")
_OPTION = re.compile(r"[ \t]*#\| ")
_KINDS = frozenset(
    {"note", "tip", "info", "warning", "danger", "caution", "important", "success", "failure", "bug", "example",
     "quote", "abstract", "question", "hint", "attention", "error", "details", "seealso", "admonition", "summary",
     "todo", "faq", "tldr", "cite", "check", "done", "missing", "fail", "help", "spoiler", "alert", "callout"}
)  # fmt: skip
_UNNAMED = frozenset({"details", "admonition", "spoiler", "alert", "callout", "quote", "cite"})


def has_admonitions(text: str) -> bool:
    """Return whether a text may have what :func:`without_admonitions` changes."""
    in_fence = "{" in text and ("```" in text or "~~~" in text)
    return in_fence or "::" in text or "!!! " in text or "???" in text or "=== " in text or "[!" in text


def without_admonitions(text: str) -> str:
    """Return a Markdown text with its admonitions as quotes that begin with their titles."""
    return "\n".join(_Lines(text.split("\n")).quoted())


class _Lines:
    """Goes through the lines of a text once, and knows which admonitions are open."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._open: list[tuple[int, bool]] = []  # their colons, or backticks below 0, and whether they are quotes
        self._indented = False  # in one that ends where its indentation does
        self._fence = ""
        self._shown: list[str] = []

    def quoted(self) -> list[str]:
        """Return the lines as they are shown."""
        for at, written in enumerate(self._lines):
            line = self._dedented(written)
            fence = fence_of(line)
            if self._fence:
                if fence.startswith(self._fence) and line.strip(" \t>`~") == "":
                    self._fence = ""
                elif _OPTION.match(line) and fence_of(self._lines[at - 1]):
                    continue  # of a cell in Quarto
                self._add(line)
            elif fence and self._open and self._open[-1][0] == -len(fence) and line.strip() == fence:
                self._close()
            elif fence:
                self._open_fence(line, fence)
            elif not (self._colons(line) or self._marks(line) or self._callout(line)):
                self._add(line)
        return self._shown

    def _dedented(self, line: str) -> str:
        if not self._indented:
            return line
        if line.startswith(" " * _INDENT):
            return line[_INDENT:]
        if line.startswith("\t"):
            return line[1:]
        if line.strip():
            self._indented = False
            self._shown.append("")
        return line

    def _add(self, line: str) -> None:
        depth = min(sum(is_quote for _, is_quote in self._open) + self._indented, _NESTING)
        if self._open and line.startswith("    ") and not self._fence and not self._shown[-1].strip("> "):
            line = line.lstrip()  # what stands in colons may be indented, and is no code
        self._shown.append(("> " * depth + line).rstrip() if depth else line)

    def _begin(self, title: str) -> None:
        """Add the first lines of an admonition that was just opened."""
        self._shown.append("")
        if title:
            self._add(f"**{title}**")
            self._add("")

    def _open_fence(self, line: str, fence: str) -> None:
        """Add the first line of code; what MyST writes in a fence is no code."""
        info = _INFO.fullmatch(line)
        if info is None:
            self._fence = fence
            self._add(line)
            return
        words = info[2].replace(",", " ").strip().split()
        name = words[0].lstrip(".").lower() if words else ""
        if name in _KINDS and len(self._open) < _MOST_OPEN:
            self._open.append((-len(fence), True))
            self._begin(info[3].strip() or name.capitalize())
            return
        self._fence = fence
        language = info[3].split() if name in {"code-block", "code", "code-cell", "sourcecode"} else [name]
        self._add(f"{info[1]}{language[0] if language else ''}")

    def _colons(self, line: str) -> bool:
        """Return whether a line of colons opened or closed something."""
        if ":" not in line[:20]:
            return False
        match = _COLONS.fullmatch(line)
        if match is None:
            return False
        colons = len(match["colons"])
        name, attributes = (match["name"] or "").lower(), match["attributes"] or ""
        if not name and not attributes and not match["title"].strip():
            return bool(self._open) and self._close()
        if (colons == 2 and (match["title"].strip() or not name)) or len(self._open) == _MOST_OPEN:
            return False
        if not name and (kind := _CLASS.search(attributes)):
            name = kind[1]
        given = _TITLE.search(attributes)
        title = match["bracketed"] or (given[1] or given[2] if given else "") or match["title"].strip()
        is_quote = name in _KINDS
        self._open.append((colons, is_quote))
        self._begin(title or (name.capitalize() if is_quote and name not in _UNNAMED else ""))
        return True

    def _close(self) -> bool:
        self._open.pop()
        self._add("")
        return True

    def _marks(self, line: str) -> bool:
        """Return whether a line opened an admonition of indented lines."""
        if not line.startswith(("!!! ", "??? ", "???+ ", "=== ")):
            return False
        match = _MARKS.fullmatch(line)
        if match is None or (line.startswith("=== ") and not match["title"]):
            return False
        self._indented = True
        name = match["name"] or ""
        self._begin(match["title"] if match["title"] is not None else name.capitalize())
        return True

    def _callout(self, line: str) -> bool:
        """Return whether a line is the first of a quote with a kind."""
        if "[!" not in line[:30]:
            return False
        match = _CALLOUT.fullmatch(line)
        if match is None:
            return False
        title = match["title"].strip() or match["name"].replace("-", " ").capitalize()
        quote = match["quote"].rstrip()
        self._add(f"{quote} **{title}**")
        self._add(quote)
        return True
