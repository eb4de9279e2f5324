"""Metadata in lines: ``Title: …`` as Pelican and MultiMarkdown have them, ``.. title: …`` as Nikola has them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_reader.sources.files.kinds.head import Head, line_value

_MOST_LINES = 200
_LINE = re.compile(r"(?P<name>[^\W\d_][\w .-]{0,40}?)[ \t]*:(?:[ \t]+(?P<value>[^\n]*)|(?=\n|\Z))")
_NIKOLA = re.compile(r"[ \t]*\.\.[ \t]+(?P<name>[\w-]{1,40}):(?:[ \t]+(?P<value>[^\n]*))?(?=\n|\Z)")
_COMMENT = re.compile(r"\s*[^\s<]?<!?--[ \t]*\n?")  # also where a slip of the keys damaged its beginning
_COMMENT_END = re.compile(r"\s*-->[ \t]*\n?")
_NEEDED = frozenset({"title", "date"})  # one of them: anything else can be prose with a colon
_STATES = ("draft", "private")  # what tags can say of a post; in later versions, a line of its own does


def parse(text: str) -> Head | None:
    """Return the fields and the body of ``text``, ``None`` if it does not begin with such lines."""
    fields: dict[str, object] = {}
    name, end = "", 0
    for start, line in _lines(text, 0):
        match = _LINE.fullmatch(line)
        if match:
            name = match["name"]
            fields[name] = match["value"] or ""
        elif line.startswith(("  ", "\t")) and line.strip() and name:
            fields[name] = f"{fields[name]}\n{line.strip()}"
        elif line.strip():
            return None
        else:
            end = start
            break
        end = start + len(line) + 1
    if _NEEDED.isdisjoint(each.casefold() for each in fields):
        return None
    return Head({name: line_value(name, str(value)) for name, value in fields.items()}, text[end:])


def parse_nikola(text: str) -> Head | None:
    """Return the fields and the body of ``text``, ``None`` if it does not begin with lines such as ``.. title: …``."""
    comment = _COMMENT.match(text)
    end = comment.end() if comment else len(text) - len(text.lstrip("\n"))
    fields: dict[str, object] = {}
    for start, line in _lines(text, end):
        match = _NIKOLA.fullmatch(line)
        if match is None:
            break
        fields[match["name"]] = line_value(match["name"], match["value"] or "")
        end = start + len(line) + 1
    if _NEEDED.isdisjoint(each.casefold() for each in fields):
        return None
    fields.pop("type", None)  # how the site shows it: “text”
    tags = fields.get("tags")
    if isinstance(tags, list) and (states := [tag for tag in tags if tag.casefold() in _STATES]):
        fields["tags"] = [tag for tag in tags if tag.casefold() not in _STATES]
        fields["status"] = fields.get("status") or states[0]
    closing = _COMMENT_END.match(text, end) if comment else None
    return Head(fields, text[closing.end() if closing else end :])


def _lines(text: str, at: int) -> Iterator[tuple[int, str]]:
    """Yield the first lines of ``text`` from ``at`` on, each with its place, without its end."""
    for _ in range(_MOST_LINES):
        end = text.find("\n", at)
        if end < 0:
            if at < len(text):
                yield at, text[at:]
            return
        yield at, text[at:end]
        at = end + 1
