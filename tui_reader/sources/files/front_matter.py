"""Parses front matter: YAML between two ``---`` lines, then a body.

Related entries make up most of a collection's bytes, and they repeat from file
to file. So the related block is split into entries as text, each entry is
identified by the fingerprint of its text, and a known text is not parsed
again. Where splitting fails (another layout, a quoted line that looks like an
entry), the front matter is parsed as a whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping, Sequence

from tui_reader.errors import ArticleError
from tui_reader.model.article import Article
from tui_reader.model.fingerprint import fingerprint
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.article_fields import build_article
from tui_reader.sources.files.layout import MAX_FILE_BYTES
from tui_reader.sources.files.plain_yaml import UnusualError, Value, decode, parse_yaml

_FENCE = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\n")
_OPENING = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*[\r\n]")
_CLOSE = re.compile(rb"\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
# Unused opaque data of the publisher, a fifth of the text.
_SECURED = re.compile(rb'\nsecured: "[A-Za-z0-9+/=;]*"(?=\n)')
_RELATED = re.compile(rb"\nrelated:[ \t]*(?=\n( *)- )")
# The next line in the first column ends the related block, except for the
# dashes of an unindented list. If it is anything but a plain key (a comment,
# the rest of a quoted text), splitting is not safe.
_NEXT_LINE = re.compile(rb"\n(?=[^ \n-])")
_PLAIN_KEY = re.compile(rb"\n[A-Za-z_][A-Za-z0-9_]*:[ \n]")


class FrontMatter(NamedTuple):
    """The fields of a file and its body.

    ``related`` are the fingerprints of its related entries, ``entries`` those
    that were not known yet, by fingerprint.
    """

    fields: Mapping[str, object]
    body: str
    related: Sequence[int] = ()
    entries: Mapping[int, Article] = {}
    notes: tuple[str, ...] = ()


def _mapping(text: str, *, plain_only: bool = False) -> dict[str, Value]:
    value = parse_yaml(text, plain_only=plain_only)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ArticleError("the front matter needs ‘name: value’ lines", 1)
    return value


class _SplitHead(NamedTuple):
    """A front matter split at its related block: before, after, the entries and their indent."""

    before: bytes
    after: bytes
    texts: list[bytes]
    indent: int


def _split_related(head: bytes) -> _SplitHead | None:
    """Split off the related block. Return ``None`` where there is none or its layout differs."""
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
    return _SplitHead(head[: start.start() + 1], head[stop:], texts[1:], indent)


def _entry(fields: Value) -> Article | None:
    if not isinstance(fields, Mapping):
        return None
    try:
        return build_article(fields)
    except ArticleError:
        return None  # neither a title nor an address: not an article


def _parse_split(head: bytes, known: Container[int]) -> tuple[dict[str, Value], list[int], dict[int, Article]]:
    split = _split_related(head)
    if split is None:
        return _parse_whole(head)
    # Parsed separately: a quoted text that begins before the block and ends
    # after it, which makes the block a part of the text, is an error in both.
    fields: dict[str, Value] = {}
    for part in (split.before, split.after):
        if part.strip():
            fields |= _mapping(decode(part))
    if "related" in fields:
        raise ArticleError("two ‘related’ lists")
    order: list[int] = []
    entries: dict[int, Article] = {}
    lead = " " * split.indent + "- "
    for text in split.texts:
        print_ = fingerprint(text)
        if print_ not in known and print_ not in entries:
            value = parse_yaml(lead + decode(text) + "\n")
            if not isinstance(value, list) or len(value) != 1:
                raise ArticleError("a related entry is not a single item")
            article = _entry(value[0])
            if article is None:
                continue
            entries[print_] = article
        order.append(print_)
    return fields, order, entries


def _parse_whole(head: bytes, *, plain_only: bool = False) -> tuple[dict[str, Value], list[int], dict[int, Article]]:
    fields = _mapping(decode(head), plain_only=plain_only)
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
    """Return the front matter and the body of ``data``. Raises :class:`ArticleError`."""
    if len(data) > MAX_FILE_BYTES:
        raise ArticleError(f"larger than {MAX_FILE_BYTES // 1024**2} MB")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    opening = _FENCE.match(data)
    if opening is None:
        raise ArticleError("no front matter: the first line is not ‘---’", 1)
    closing = _CLOSE.search(data, opening.end() - 1)
    if closing is None:
        raise ArticleError("the front matter is not closed: no second ‘---’ line", 1)
    # Keep the newline before the first key, so that every key follows a newline.
    return data[opening.end() - 1 : closing.start() + 1], data[closing.end() :]


def begins_with_fence(data: bytes) -> bool:
    """Return whether ``data`` begins like front matter in YAML."""
    return data.startswith((b"---", b"\xef\xbb\xbf---")) and _OPENING.match(data) is not None


def read_front_matter(data: bytes, known: Container[int] = ()) -> FrontMatter:
    """Read the front matter of a file.

    ``known`` are the fingerprints of related entries that are stored already:
    they are in ``related`` but not in ``entries``. Raises
    :class:`ArticleError`, with the line where there is one.
    """
    head, body = split_front_matter(data)
    head = _SECURED.sub(b"", head, count=1)
    notes: tuple[str, ...] = ()
    try:
        fields, order, entries = _parse_split(head, known)
    except ArticleError:
        # Parsed as a whole, real errors have the right line: the text begins
        # at the end of the first line, so lines count as in the file.
        whole = split_front_matter(data)[0]
        try:
            fields, order, entries = _parse_whole(whole)
        except UnusualError as error:
            fields, order, entries = _parse_whole(whole, plain_only=True)
            notes = (f"in line {error.line}, {error.left_out}",)
    return FrontMatter(fields, body.decode(errors="replace"), order, entries, notes)
