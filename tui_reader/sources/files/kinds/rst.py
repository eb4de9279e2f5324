"""Metadata of reStructuredText: the title, the fields below it, and the directives of ABlog and Nikola."""

from __future__ import annotations

import re

from tui_reader.sources.files.kinds.head import Head, line_value
from tui_reader.sources.files.kinds.metadata_lines import parse_nikola

_LOOK = 16 * 1024  # characters in which the metadata are looked for
_RULE = r"(?P<{0}>[=\-`:.'\"~^_*+#<>])(?P={0}){{2,}}[ \t]*"
_TITLE = re.compile(
    rf"(?:{_RULE.format('over')}\n[ \t]*(?P<middle>[^\n]{{1,500}})\n(?P=over){{3,}}[ \t]*(?:\n|\Z)"
    rf"|(?P<title>[^\s][^\n]{{0,500}})\n{_RULE.format('under')}(?:\n|\Z))"
)
_FIELD = re.compile(r":(?P<name>[^\W\d_][\w -]{0,40}):(?:[ \t]+(?P<value>[^\n]*))?(?:\n|\Z)")
_MORE = re.compile(r"[ \t]+(?P<value>[^\n]+)(?:\n|\Z)")
_POST = re.compile(r"^\.\. post::[ \t]*(?P<date>[^\n]{0,100})\n(?P<options>(?:[ \t]+:[^\n]*(?:\n|\Z))*)", re.MULTILINE)
_OPTION = re.compile(r"[ \t]+:(?P<name>\w{1,40}):[ \t]*(?P<value>[^\n]*)")
_SKIPPED = re.compile(r"(?:[ \t]*\n|\.\. _[^\n]*:[ \t]*\n)+")  # blank lines, targets


def parse(text: str) -> Head | None:
    """Return the fields and the body of ``text``, ``None`` if it has neither a title nor fields."""
    if nikola := parse_nikola(text):
        return nikola
    fields: dict[str, object] = {}
    post = _POST.search(text, 0, _LOOK)
    if post:
        fields["date"] = post["date"].strip()
        for option in _OPTION.finditer(post["options"]):
            fields[option["name"]] = line_value(option["name"], option["value"])
        text = text[: post.start()] + text[post.end() :]
    at = _after_fields(text, 0, fields)
    if title := _TITLE.match(text, at):
        fields.setdefault("title", (title["middle"] or title["title"]).strip())
        at = _after_fields(text, title.end(), fields)
    return Head(fields, text[at:]) if "title" in fields or "date" in fields else None


def _skip(text: str, at: int) -> int:
    match = _SKIPPED.match(text, at)
    return match.end() if match else at


def _after_fields(text: str, at: int, fields: dict[str, object]) -> int:
    """Add the fields at ``at``, with blank lines between them or not, to ``fields``; return where the text goes on."""
    at = _skip(text, at)
    while (match := _FIELD.match(text, at)) and at < _LOOK:
        at = match.end()
        value = match["value"] or ""
        while (more := _MORE.match(text, at)) and at < _LOOK:
            value, at = f"{value} {more['value'].strip()}", more.end()
        fields[match["name"]] = line_value(match["name"], value)
        at = _skip(text, at)
    return at
