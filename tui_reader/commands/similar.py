"""``news-tui similar``: ranks the articles that are most like one."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing

from tui_reader.commands.options import Options, at_least_zero
from tui_reader.commands.terminal import is_utf8
from tui_reader.commands.update import refresh, tell_sample
from tui_reader.config import folders
from tui_reader.model.text import visible
from tui_reader.queries.similar import alike
from tui_reader.storage.connection import open_index
from tui_reader.storage.similar import ArticleText, SimilarReader
from tui_reader.subscriptions.selection import select_sources

_ABOUT = """\
Rank the articles that are most like the one at a URL, by what titles and
excerpts say, with a score from 0 to 1. With - the URLs come from the standard
input, one a line. A URL that is not in the index is told of, with status 1."""


def similar(arguments: Sequence[str]) -> int:
    """Run ``news-tui similar``; return 1 where a source could not be read or a URL is not in the index."""
    options = Options("similar", "URL|- [SOURCE…] [--limit N] [--json]", _ABOUT)
    options.sources()
    options.add_argument("--limit", type=at_least_zero, default=5, metavar="N", help="at most so many; 5 unless said")
    options.json("one JSON object a URL: the url, and a list “similar” of webUrl, title and score")
    chosen = options.read(arguments)
    if not chosen.sources:
        options.error("name a URL, or - to read some from the standard input")
    wanted, *named = chosen.sources
    here = folders()
    selection = select_sources(named, here)
    tell_sample(selection)
    good = refresh(selection)
    many = wanted == "-"
    with closing(open_index(selection.database)) as connection:
        store = SimilarReader(connection)
        for url in _lines() if many else [wanted]:
            found = _ranked(store, url, chosen.limit)
            if found is None:
                print(f"news-tui: {visible(url)} is not in the index", file=sys.stderr)
                good = False
            if chosen.json:
                print(json.dumps(_fields(url, found or []), ensure_ascii=not is_utf8(sys.stdout)))
                continue
            if many:
                print(visible(url))
            for text, score in found or []:
                print(f"{'  ' if many else ''}{score:.2f}  {text.title}  {text.url or ''}".rstrip())
    return 0 if good else 1


def _lines() -> Iterator[str]:
    """Give the lines of the standard input that hold anything."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        # Bytes that are no text make an address that is not in the index.
        sys.stdin.reconfigure(errors="backslashreplace")
    for line in sys.stdin or ():
        if line.strip():
            yield line.strip()


def _ranked(store: SimilarReader, url: str, limit: int) -> list[tuple[ArticleText, float]] | None:
    """Return the articles that are most like the one at ``url``, or ``None`` where it is not in the index.

    However little alike: a program may draw its own line.
    """
    number = store.number_at(url)
    if number is None:
        return None
    found = alike(store, number, limit, least=0.0)
    texts = store.texts(each.article for each in found)
    return [(texts[each.article], each.score) for each in found if each.article in texts]


def _fields(url: str, found: Sequence[tuple[ArticleText, float]]) -> dict[str, object]:
    similar = [{"webUrl": text.url, "title": text.title, "score": round(score, 4)} for text, score in found]
    return {"url": url, "similar": similar}
