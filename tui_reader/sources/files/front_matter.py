"""Reads one front-matter file: YAML between two ``---`` lines, then a Markdown body.

Nearly all of a collection's bytes are related entries, and they repeat from
file to file. So the related block is cut into its entries as text, each entry
is known by the fingerprint of that text, and a text that was met before is
never parsed again. Where the cut does not work out (another layout, a quoted
line that looks like an entry), the whole front matter is parsed as one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from typing import NamedTuple

from tui_reader.errors import ArticleError
from tui_reader.model.article import Article
from tui_reader.model.fingerprint import fingerprint
from tui_reader.sources.article_fields import build_article
from tui_reader.sources.files.layout import MAX_FILE_BYTES
from tui_reader.sources.files.plain_yaml import Value, decode, parse_yaml

_FENCE = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\n")
_CLOSE = re.compile(rb"\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
# An opaque blob of the publisher's that is never needed, a fifth of the text.
_SECURED = re.compile(rb'\nsecured: "[A-Za-z0-9+/=;]*"(?=\n)')
_RELATED = re.compile(rb"\nrelated:[ \t]*(?=\n( *)- )")
# The next line in the first column ends the related block; a list that is not
# indented has its own dashes there. Anything but a plain key (a comment, the
# rest of a quoted text) makes the cut unsafe.
_NEXT_LINE = re.compile(rb"\n(?=[^ \n-])")
_PLAIN_KEY = re.compile(rb"\n[A-Za-z_][A-Za-z0-9_]*:[ \n]")


class FrontMatter(NamedTuple):
    """One parsed file: its article, and those of its related entries that were new."""

    article: Article
    entries: dict[int, Article]


def _mapping(text: str) -> dict[str, Value]:
    value = parse_yaml(text)
    if not isinstance(value, dict):
        raise ArticleError("the front matter is no list of ‘name: value’ lines", 1)
    return value


class _Cut(NamedTuple):
    """A front matter in pieces: before and after the related block, its entries and their indent."""

    before: bytes
    after: bytes
    texts: list[bytes]
    indent: int


def _cut_related(head: bytes) -> _Cut | None:
    """Split off the related block; ``None`` where there is none or it is laid out in another way."""
    start = _RELATED.search(head)
    if start is None:
        return None
    indent = len(start[1])
    end = _NEXT_LINE.search(head, start.end())
    stop = end.start() if end else len(head)
    if end and not _PLAIN_KEY.match(head, stop):
        return None
    texts = head[start.end() : stop].rstrip(b"\n").split(b"\n" + b" " * indent + b"- ")
    if texts[0].strip():
        return None
    return _Cut(head[: start.start() + 1], head[stop:], texts[1:], indent)


def _entry(fields: Value) -> Article | None:
    if not isinstance(fields, Mapping):
        return None
    try:
        return build_article(fields)
    except ArticleError:
        # An entry without title and address says nothing; the caller notes it.
        return None


def _parse_in_pieces(head: bytes, known: Container[int]) -> tuple[dict[str, Value], list[int], dict[int, Article]]:
    cut = _cut_related(head)
    if cut is None:
        return _parse_whole(head)
    # Each on its own: a quoted text that is opened before the block and closed
    # after it (so that the block is no block) is an error in both.
    fields: dict[str, Value] = {}
    for part in (cut.before, cut.after):
        if part.strip():
            fields |= _mapping(decode(part))
    if "related" in fields:
        raise ArticleError("related twice")
    order: list[int] = []
    entries: dict[int, Article] = {}
    lead = " " * cut.indent + "- "
    for text in cut.texts:
        print_ = fingerprint(text)
        if print_ not in known and print_ not in entries:
            value = parse_yaml(lead + decode(text) + "\n")
            if not isinstance(value, list) or len(value) != 1:
                raise ArticleError("an entry that is no single item")
            article = _entry(value[0])
            if article is None:
                continue
            entries[print_] = article
        order.append(print_)
    return fields, order, entries


def _parse_whole(head: bytes) -> tuple[dict[str, Value], list[int], dict[int, Article]]:
    fields = _mapping(decode(head))
    raw = fields.get("related")
    order: list[int] = []
    entries: dict[int, Article] = {}
    for value in raw if isinstance(raw, list) else ():
        article = _entry(value)
        if article is not None:
            print_ = fingerprint(json.dumps(value, sort_keys=True, ensure_ascii=True).encode())
            entries[print_] = article
            order.append(print_)
    return fields, order, entries


def split_front_matter(data: bytes) -> tuple[bytes, bytes]:
    """Return the front matter and the body of ``data``; raises :class:`ArticleError`."""
    if len(data) > MAX_FILE_BYTES:
        raise ArticleError(f"larger than {MAX_FILE_BYTES // 1024**2} MB: refused")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    selection = _FENCE.match(data)
    if selection is None:
        raise ArticleError("no front matter: the first line is not ‘---’", 1)
    closing = _CLOSE.search(data, selection.end() - 1)
    if closing is None:
        raise ArticleError("the front matter is not closed: no second ‘---’ line", 1)
    # The newline before the first key stays, so that every key follows one.
    return data[selection.end() - 1 : closing.start() + 1], data[closing.end() :]


def parse_article(data: bytes, file_name: str, known: Container[int] = ()) -> FrontMatter:
    """Parse one file of a collection.

    ``known`` holds the fingerprints of related entries that need no parsing
    any more; they stand in the article's ``related`` but not in ``entries``.
    Raises :class:`ArticleError`, with a line where one is to blame.
    """
    head, body = split_front_matter(data)
    head = _SECURED.sub(b"", head, count=1)
    try:
        fields, order, entries = _parse_in_pieces(head, known)
    except ArticleError:
        # Whole, so that the line of a real error is right: the front matter
        # begins with the end of the fence's line, so its lines are the file's.
        fields, order, entries = _parse_whole(split_front_matter(data)[0])
    text = body.decode(errors="replace") if body.strip() else ""
    article = build_article(fields, file_name=file_name, body=text, related=tuple(order))
    return FrontMatter(article, entries)
