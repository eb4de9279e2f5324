"""Marks articles without a screen, says so after each mark, and waits to be killed."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.campaign.sources import WORDS
from tui_reader.model.query import Query
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.marks import Marks, corrections


class Change(NamedTuple):
    """A change of the marks: of the article with this number in the list, or of a muted word."""

    kind: str
    what: int
    on: bool


State = dict[tuple[str, int], bool]
"""What is marked, by kind and number; what was never changed is not in it."""


def changes(seed: str, articles: int) -> Iterator[Change]:
    """Yield changes without end, the same for the same seed."""
    random = Random(seed)
    while True:
        kind = random.choice(("read", "saved", "saved", "mute", "split"))
        yield Change(kind, random.randrange(len(WORDS) if kind == "mute" else articles - 1), random.random() < 0.8)


def main(index: str, marks: str, seed: str) -> None:
    """Make changes until killed; print the number of each once it is stored."""
    with closing(open_index(Path(index))) as connection:
        attach_marks(connection, Path(marks))
        order = list(IndexReader(connection).order(Query(folded=True)))
        pages = [IndexReader(connection).rows([number])[number].page for number in order]
        store = Marks(connection)
        for count, change in enumerate(changes(seed, len(order)), 1):
            with store.step(change.kind):
                _make(store, change, order, pages)
            print(count, flush=True)


def _make(store: Marks, change: Change, order: list[int], pages: list[int]) -> None:
    when = int(time.time()) if change.on else None
    if change.kind == "read":
        store.set_read([order[change.what]], when)
    elif change.kind == "saved":
        store.set_saved([order[change.what]], when)
    elif change.kind == "split":
        store.correct({(pages[change.what], pages[change.what + 1]): False if change.on else None})
    elif change.on:
        store.mute("keyword", WORDS[change.what])
    else:
        store.unmute("keyword", WORDS[change.what])


def stored(index: Path, marks: Path) -> State:
    """Return what is marked, as :func:`changes` counts the articles."""
    with closing(open_index(index)) as connection:
        attach_marks(connection, marks)
        # No title has one of the muted words, so the numbers of the articles stay.
        muted = {word for _, word in Marks(connection).mutes()}
        order = list(IndexReader(connection).order(Query(folded=True)))
        rows = IndexReader(connection).rows(order)
    apart, _ = corrections(marks)
    found = {("mute", number): word in muted for number, word in enumerate(WORDS)}
    for number, article in enumerate(order):
        found["read", number] = rows[article].read
        found["saved", number] = rows[article].saved
        if number + 1 < len(order):
            pair = rows[article].page, rows[order[number + 1]].page
            found["split", number] = (min(pair), max(pair)) in apart
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
