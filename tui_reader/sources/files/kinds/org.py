"""Metadata of Org files: ``#+TITLE:`` and the other keywords at the top, and the properties there."""

from __future__ import annotations

import re

from tui_reader.sources.files.kinds.head import Head
from tui_reader.sources.files.kinds.metadata_lines import parse_nikola

_MOST_LINES = 300
_KEYWORD = re.compile(r"#\+(?P<name>[\w-]{1,40}):[ \t]*(?P<value>[^\n]*)(?:\n|\Z)")
_BLOCK = re.compile(r"begin_|attr_|caption|include|results|call|name|toc", re.IGNORECASE)
_PROPERTY = re.compile(r"[ \t]*:(?P<name>[\w-]{1,40}):[ \t]*(?P<value>[^\n]*)(?:\n|\Z)")
_PASSED = re.compile(r"(?:[ \t]*|# [^\n]*|#)\n")
_HEADING = re.compile(r"\*+[ \t]+(?:(?:TODO|DONE)[ \t]+)?(?P<title>[^\n]*?)(?:[ \t]+:[\w@:]+:)?[ \t]*(?:\n|\Z)")
# Nikola's lines of metadata stand in a comment.
_COMMENT = re.compile(r"(?:[ \t]*+\n|#\+[\w-]{1,40}:[^\n]*+\n)*+#\+begin_comment[ \t]*\n", re.IGNORECASE)
_COMMENT_END = re.compile(r"\A\s*#\+end_comment[ \t]*(?:\n|\Z)", re.IGNORECASE)
_TIME = re.compile(r"[<\[](\d{4}-\d\d-\d\d)(?:[ \t]+[^\W\d]+\.?)?(?:[ \t]+(\d\d?:\d\d))?[^>\]]{0,20}[>\]]")
_MEANS = {"filetags": "tags", "hugo_tags": "tags", "hugo_categories": "categories", "hugo_draft": "draft"}


def parse(text: str) -> Head | None:
    """Return the fields and the body of ``text``, ``None`` if it has neither a title nor a date."""
    if nikola := parse_nikola(text):
        return nikola
    comment = _COMMENT.match(text)
    if comment and (nikola := parse_nikola(text[comment.end() :])):
        return Head(
            nikola.fields, nikola.body[end.end() :] if (end := _COMMENT_END.match(nikola.body)) else nikola.body
        )
    fields: dict[str, object] = {}
    at = 0
    for _ in range(_MOST_LINES):
        if passed := _PASSED.match(text, at):
            at = passed.end()
        elif (keyword := _KEYWORD.match(text, at)) and not _BLOCK.match(keyword["name"]):
            _add(fields, keyword["name"], keyword["value"])
            at = keyword.end()
        elif prop := _PROPERTY.match(text, at):
            if prop["name"].casefold() not in {"properties", "end", "id"}:
                _add(fields, prop["name"], prop["value"])
            at = prop.end()
        else:
            break
    if "title" not in fields and (heading := _HEADING.match(text, at)):
        fields["title"] = heading["title"]
        at = heading.end()
    return Head(fields, text[at:]) if "title" in fields or "date" in fields else None


def _add(fields: dict[str, object], name: str, value: str) -> None:
    name = name.casefold()
    name = _MEANS.get(name, name)
    value = _TIME.sub(lambda match: f"{match[1]} {match[2] or ''}".strip(), value.strip())
    if name in {"tags", "categories", "keywords"}:
        words = value.replace(":", ",") if ":" in value else value
        parts = words.split(",") if "," in words else words.split()
        before = fields.get(name)
        fields[name] = [*(before if isinstance(before, list) else []), *(part.strip() for part in parts)]
    elif name == "title" and "title" in fields:
        fields[name] = f"{fields[name]} {value}"  # Org joins them
    else:
        fields.setdefault(name, value)
