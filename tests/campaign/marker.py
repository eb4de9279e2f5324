"""Marks articles without a screen, says so after each mark, and waits to be killed."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.campaign.sources import WORDS
from tui_reader.model.article_filter import Action, make_filter
from tui_reader.model.query import Query
from tui_reader.storage.connection import attach_marks, open_index, open_marks
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.marks import Marks, corrections

TAG = "kept"
"""The tag that articles get."""


class Change(NamedTuple):
    """A change of the marks: of an article, by its page, of a pair of them, of a muted word, or of a filter."""

    kind: str
    what: object
    on: bool


State = dict[tuple[str, object], bool]
"""What is marked: the kind, and the page, pair, word or query."""


def changes(seed: str, pages: Sequence[int]) -> Iterator[Change]:
    """Yield changes without end, the same for the same seed."""
    random = Random(seed)
    while True:
        kind = random.choice(("read", "saved", "saved", "mute", "filter", "filter", "split", "tag", "note"))
        one, other = sorted(random.sample(pages, 2))
        what = random.choice(WORDS) if kind in {"mute", "filter"} else (one, other) if kind == "split" else one
        yield Change(kind, what, random.random() < 0.8)


def command(index: Path, marks: Path, pages: Path, seed: str) -> list[str]:
    """Return the command that makes the changes of ``seed`` to the pages of a file."""
    return [sys.executable, "-m", "tests.campaign.marker", str(index), str(marks), str(pages), seed]


def main(index: str, marks: str, pages: str, seed: str) -> None:
    """Make changes until killed; print the number of each once it is stored."""
    known = json.loads(Path(pages).read_text(encoding="utf-8"))
    with closing(open_index(Path(index))) as connection:
        attach_marks(connection, Path(marks))
        numbers = {page: number for number, page in _pages(connection).items()}
        there = list(numbers.values())
        store = Marks(connection)
        for count, change in enumerate(changes(seed, known), 1):
            if change.kind == "filter":
                _make_filter(store, str(change.what), there, on=change.on)
            else:
                with store.step(change.kind):
                    _make(store, change, numbers)
            print(count, flush=True)


def _pages(connection: sqlite3.Connection) -> dict[int, int]:
    """Return the page of every article that is listed."""
    reader = IndexReader(connection)
    rows = reader.rows(reader.order(Query(folded=True)))
    return {number: row.page for number, row in rows.items()}


def _make(store: Marks, change: Change, numbers: dict[int, int]) -> None:
    when = int(time.time()) if change.on else None
    match change:
        case ("read", int(page), _):
            store.set_read([numbers[page]], when)
        case ("saved", int(page), _):
            store.set_saved([numbers[page]], when)
        case ("split", (int(one), int(other)), _):
            store.correct({(one, other): False if change.on else None})
        case ("tag", int(page), _):
            (store.tags.add if change.on else store.tags.remove)([numbers[page]], [TAG])
        case ("note", int(page), _):
            store.tags.set_note([numbers[page]], "A note" if change.on else "", int(time.time()))
        case ("mute", str(word), True):
            store.mute("keyword", word)
        case ("mute", str(word), False):
            store.unmute("keyword", word)


def _make_filter(store: Marks, query: str, there: Sequence[int], *, on: bool) -> None:
    """Make a filter that leaves the articles ``there`` as they are, or remove it; one that is not made is made first.

    What is made only to be removed is undone, unless somebody else took a step after it.
    """
    made = next((each for each in store.filters.all() if each.query == query), None)
    if made is None:
        with store.step("filter"):
            made = store.filters.add(make_filter(query, Action.SAVE), there)
        step = None if on else store.last_step()
        if step is not None and step.before.get("filter") == [[made.number, None]] and store.undo(step):
            return
    if not on:
        with store.step("filter"):
            store.filters.remove(made.number)


def write_pages(index: Path, marks: Path, to: Path) -> list[int]:
    """Write the pages of all articles to a file, for the marker; return them."""
    with closing(open_index(index)) as connection:
        attach_marks(connection, marks)
        pages = sorted(_pages(connection).values())
    to.write_text(json.dumps(pages), encoding="utf-8")
    return pages


def mark_some(index: Path, marks: Path, count: int) -> None:
    """Save the first articles of an index, and mark the ones after them as read."""
    with closing(open_index(index)) as connection:
        attach_marks(connection, marks)
        order = list(IndexReader(connection).order(Query(folded=True)))
        store = Marks(connection)
        with store.step("saved"):
            store.set_saved(order[:count], 1_790_000_000)
        with store.step("read"):
            store.set_read(order[count : 2 * count], 1_790_000_000)
        with store.step("tagged"):
            store.tags.add(order[:count], [TAG])
            store.tags.set_note(order[:count], "A note", 1_790_000_000)


def stored(marks: Path) -> State:
    """Return what is marked in a file; what is not in it is not marked."""
    found: State = {}
    with closing(open_marks(marks)) as connection:
        for page, read, saved in connection.execute("SELECT page, read, saved FROM mark"):
            found["read", page] = read is not None
            found["saved", page] = saved is not None
        for table in ("tag", "note"):
            found |= {(table, page): True for (page,) in connection.execute(f"SELECT page FROM {table}")}
        found |= {("mute", word): True for (word,) in connection.execute("SELECT word FROM mute")}
        found |= {("filter", query): True for (query,) in connection.execute("SELECT query FROM filter")}
    apart, _ = corrections(marks)
    return found | {("split", pair): True for pair in apart}


def agrees(found: State, change: Change) -> bool:
    """Whether a change is stored."""
    return found.get((change.kind, change.what), False) == change.on


if __name__ == "__main__":
    main(*sys.argv[1:])
