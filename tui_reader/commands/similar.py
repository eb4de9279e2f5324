"""``news-tui similar``: print the articles most similar to one."""

from __future__ import annotations

import io
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing

from tui_reader.commands.indexing import report_sample, update_selection
from tui_reader.commands.output.json_lines import print_json_lines
from tui_reader.config import folders
from tui_reader.model.text import visible
from tui_reader.queries.similar import find_similar
from tui_reader.storage.connection import open_index
from tui_reader.storage.similar import ArticleText, SimilarReader
from tui_reader.subscriptions.selection import select_sources


def similar(arguments: Namespace) -> int:
    """Run ``news-tui similar``; return 1 if a source could not be read or a URL is not in the index."""
    selection = select_sources(arguments.sources, folders())
    report_sample(selection)
    good = update_selection(selection)
    with closing(open_index(selection.database)) as connection:
        reader = SimilarReader(connection)
        many = arguments.url == "-"
        for url in _standard_input() if many else [arguments.url]:
            found = _ranked(reader, url, arguments.limit)
            if found is None:
                print(f"news-tui: {visible(url)} is not in the index", file=sys.stderr)
                good = False
            if arguments.json:
                print_json_lines([_fields(url, found or [])])
                continue
            if many:
                print(visible(url))
            for text, score in found or []:
                print(f"{'  ' if many else ''}{score:.2f}  {text.title}  {text.url or ''}".rstrip())
    return 0 if good else 1


def _standard_input() -> Iterator[str]:
    """Yield the lines of standard input that are not blank."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        # Bytes that are not UTF-8 give an address that is not in the index.
        sys.stdin.reconfigure(errors="backslashreplace")
    for line in sys.stdin or ():
        if line.strip():
            yield line.strip()


def _ranked(reader: SimilarReader, url: str, limit: int) -> list[tuple[ArticleText, float]] | None:
    """Return the articles most similar to the one at ``url``, or ``None`` if it is not in the index.

    Articles with a low score are included, so that programs can set their own limit.
    """
    number = reader.article_at(url)
    if number is None:
        return None
    found = find_similar(reader, number, limit, min_score=0.0)
    texts = reader.texts(each.article for each in found)
    return [(texts[each.article], each.score) for each in found if each.article in texts]


def _fields(url: str, found: Sequence[tuple[ArticleText, float]]) -> dict[str, object]:
    similar = [{"webUrl": text.url, "title": text.title, "score": round(score, 4)} for text, score in found]
    return {"url": url, "similar": similar}
