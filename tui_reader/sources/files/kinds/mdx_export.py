"""Metadata of MDX files that are exported: ``export const metadata = {title: …}``, as Next.js and others have them."""

from __future__ import annotations

import re

from tui_reader.sources.files.kinds.head import Head

_LOOK = 64 * 1024  # characters in which the metadata are looked for
_START = re.compile(
    r"^export\s+const\s+(?:metadata|meta|front[mM]atter|attributes)\b[^=\n]{0,80}=\s{0,20}\{", re.MULTILINE
)
# Quotes that are not closed end with the line or the file, so that nothing is looked at twice.
_STRING = r"(?:\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|`(?:[^`\\]|\\.)*+`?)"
_NAME = r"""(?P<mark>["']?)(?P<name>[A-Za-z_$][\w$-]{0,60})(?P=mark)"""
# A property with a plain value; else what opens or closes, and what is quoted.
_TOKEN = re.compile(
    rf"""{_NAME}\s{{0,20}}:\s{{0,20}}(?P<date>new\s+Date\(\s*)?"""
    rf"""(?:(?P<text>{_STRING})|(?P<word>true|false|-?\d[\d.]{{0,20}})\b|(?P<list>\[[^\[\]{{}}]{{0,5000}}\]))(?(date)\s{{0,20}}\))"""
    rf"""|(?P<open>[{{\[(])|(?P<close>[}}\])])|{_STRING}|\w+"""
)
_ITEM = re.compile(_STRING)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def parse(text: str) -> Head | None:
    """Return the fields and the body of ``text``, ``None`` if it exports no metadata. Nothing of it is run."""
    start = _START.search(text, 0, _LOOK)
    if start is None:
        return None
    fields: dict[str, object] = {}
    depth = 1
    for token in _TOKEN.finditer(text, start.end(), start.end() + _LOOK):
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth -= 1
            if depth == 0:
                return Head(fields, text[: start.start()] + text[token.end() :].removeprefix(";")) if fields else None
        elif token["name"] and depth == 1:
            fields.setdefault(token["name"], _value(token))
    return None


def _value(token: re.Match[str]) -> object:
    if token["list"]:
        return [_unquoted(item[0]) for item in _ITEM.finditer(token["list"])]
    return _unquoted(token["text"]) if token["text"] else token["word"]


def _unquoted(text: str) -> str:
    return _ESCAPE.sub(r"\1", text[1:-1])
