"""Tells what a filter would find: how much, and the newest of it."""

from __future__ import annotations

from collections.abc import Collection

from tui_reader.model.article_filter import ON_HEAT, Action, ArticleFilter
from tui_reader.model.counted import counted
from tui_reader.model.expression import quoted
from tui_reader.model.story import StoryRow
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.index_reader import IndexReader

SHOWN = 12
"""How many articles a preview names."""


class FilterPreview(NamedTuple):
    """What a filter finds now.

    ``stories`` counts the listed ones that are led by an article that it
    finds: those that a mute hides. ``rated`` counts the articles whose heat is
    made here, which a filter can raise or lower. ``newest`` are the newest
    articles, ``found`` the ids of all.
    """

    filter: ArticleFilter
    articles: int
    stories: int
    rated: int
    newest: tuple[StoryRow, ...]
    found: tuple[int, ...]

    @property
    def words(self) -> str:
        """What it finds, as a sentence without a full stop."""
        articles, stories = counted(self.articles, "article"), counted(self.stories, "story", "stories")
        if self.filter.action is Action.MUTE:
            return f"hides {stories} ({articles})"
        if self.filter.action in ON_HEAT and self.rated < self.articles:
            rest = self.articles - self.rated
            return f"finds {articles}, of which {rest:,} stay as they are: their source says itself how hot they are"
        return f"finds {articles}"


def preview(reader: IndexReader, wanted: ArticleFilter) -> FilterPreview:
    """Return what a filter finds. Raises :class:`UsageError` for a query that is none, and :class:`StoreError`."""
    return _preview(reader, wanted, reader.filtered.of(wanted))


def preview_mute(reader: IndexReader, kind: str, word: str) -> FilterPreview:
    """Return what a mute hides, as :func:`preview` does. Raises :class:`StoreError`."""
    return _preview(reader, ArticleFilter(mute_query(kind, word), Action.MUTE), reader.found_by_mute(kind, word))


def _preview(reader: IndexReader, wanted: ArticleFilter, found: Collection[int]) -> FilterPreview:
    numbers = reader.newest_among(found, SHOWN)
    rows = reader.rows(numbers)
    return FilterPreview(
        wanted,
        len(found),
        reader.listed_among(found),
        reader.count_rated(found) if wanted.action in ON_HEAT else 0,
        tuple(rows[number] for number in numbers if number in rows),
        tuple(found),
    )


def mute_query(kind: str, word: str) -> str:
    """Return the query that finds what a mute hides, or nearly."""
    fields = {"provider": "provider", "topic": "topic"}
    return f"{fields.get(kind, 'title')}:{quoted(word)}"
