"""Updates indexes for tests, and dumps everything that a reader can see in one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tui_reader.model.heat_parts import HeatParts
from tui_reader.model.progress import Progress
from tui_reader.model.query import Filter, Query, Sort, Window
from tui_reader.model.story import StoryRow
from tui_reader.pipeline.indexer import update_index
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.export import ExportReader
from tui_reader.storage.marks import Marks
from tui_reader.storage.story_evidence import StoryEvidence


class Store(NamedTuple):
    """An open index with its marks."""

    reader: ExportReader
    marks: Marks


@contextmanager
def opened(index: Path, marks: Path | None = None) -> Iterator[Store]:
    """Open an index with ``marks``, or with marks in a file beside it."""
    with closing(open_index(index)) as connection:
        attach_marks(connection, marks or index.with_suffix(".marks"))
        yield Store(ExportReader(connection), Marks(connection))


def indexed(index: Path, *sources: Path) -> Progress:
    """Update ``index`` from ``sources`` and return the final progress."""
    *_, progress = update_index(index, [str(source) for source in sources])
    assert progress.finished
    assert progress.done == progress.total
    return progress


def queries(reader: ExportReader, filters: Iterable[Filter] = Filter) -> Iterator[Query]:
    """Return every query without words that the screen offers, with some filters by marks or all of them."""
    topics = [count.topic.name for count in reader.topics(Query())]
    for topic in topics:
        for sort in Sort:
            for window in Window:
                for folded in (False, True):
                    for filter in filters:
                        yield Query(sort, window, folded, topic, filter)


def dump(index: Path) -> dict[str, Any]:
    """Return everything that can be seen in an index, with page ids in place of article ids, which vary."""
    with opened(index) as (reader, _):
        pages = {number: row.page for number, row in reader.rows(range(1, 1000)).items()}
        indexed_ids = reader.order(Query(folded=True))
        seen: dict[str, Any] = {
            # Marks are no part of an index.
            str(query): [pages[number] for number in reader.order(query)]
            for query in queries(reader, [Filter.ALL])
        }
        for number in pages:
            story = reader.story(number)
            assert story is not None
            seen[f"story {story.row.page}"] = (
                _seen(story.row),
                (story.links, story.body, story.topics, story.images, story.sources) if story.row.indexed else None,
                [_seen(row) for row in story.related],
                [_seen(row) for row in story.mentions],
                story.folded_under and _seen(story.folded_under),
            )
        # Articles may list a page that is not indexed by different addresses.
        seen["export"] = [
            repr(story._replace(related=tuple(entry._replace(web_url=None) for entry in story.related)))
            for story in reader.export(indexed_ids)
        ]
        seen["folded"] = _folded(index, pages)
        seen["heat"] = _heat_parts(index, pages)
        seen["topics"] = [reader.topics(Query(folded=folded)) for folded in (False, True)]
        seen["problems"] = reader.problems()
        seen["summary"] = reader.summary()
        for word in ("title", "entry", "excerpt", "news", "p1"):
            query = Query(folded=True, words=word)
            seen[f"search {word}"] = [pages[number] for number in reader.order(query)]
        return seen


def _folded(index: Path, pages: Mapping[int, int]) -> dict[int, int]:
    """Return the page of the lead that clustering folded each page under."""
    with closing(open_index(index)) as connection:
        rows = connection.execute("SELECT article_id, lead_id FROM folded").fetchall()
    return {pages[article]: pages[lead] for article, lead in rows}


def _heat_parts(index: Path, pages: Mapping[int, int]) -> dict[int, HeatParts]:
    """Return the parts of the heat of each page that leads a story."""
    with closing(open_index(index)) as connection:
        found = {page: StoryEvidence(connection).heat_parts(number) for number, page in pages.items()}
    return {page: parts for page, parts in found.items() if parts is not None}


def _seen(row: StoryRow) -> tuple[Any, ...]:
    facts = (row.page, row.indexed, row.title, row.provider.name, row.published, row.quality, row.excerpt, row.related)
    return (*facts, row.heat, row.shown) if row.indexed else facts
