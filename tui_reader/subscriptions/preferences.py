"""The user's preferences about stories, collected from settings, topics, subscriptions and marks."""

from __future__ import annotations

from typing import TypeAlias

from tui_reader.config import Folders, load_settings
from tui_reader.errors import StoreError
from tui_reader.model.article_filter import Action, ArticleFilter
from tui_reader.model.preferences import Preferences
from tui_reader.model.source_tree import ListedSource
from tui_reader.model.weights import Weight
from tui_reader.storage.filters import filters_in
from tui_reader.storage.marks import corrections, kept_pages
from tui_reader.subscriptions.subscription import load_subscriptions
from tui_reader.subscriptions.topics import load_topics

Pairs: TypeAlias = tuple[tuple[int, int], ...]


def load_preferences(folders: Folders) -> Preferences:
    """Return the user's topics, corrections and weights.

    Where the marks cannot be read nothing is corrected or kept. Raises
    :class:`UsageError` where one of the user's files is not valid.
    """
    apart: Pairs = ()
    together: Pairs = ()
    kept: frozenset[int] = frozenset()
    filters: tuple[ArticleFilter, ...] = ()
    missing = ""
    try:
        apart, together = corrections(folders.marks)
        kept = frozenset(kept_pages(folders.marks))
        filters = filters_in(folders.marks)
    except StoreError as error:
        missing = str(error)
    sources = load_subscriptions(folders.sources)
    settings = load_settings(folders.settings)
    return Preferences(
        topics=load_topics(folders.topics),
        topics_by_source={source.location: source.topics for source in sources if source.topics},
        weight_by_source={source.location: source.weight for source in sources if source.weight is not Weight.NORMAL},
        sources_apart=frozenset(source.location for source in sources if source.apart),
        apart=apart,
        together=together,
        kept=kept,
        places=tuple(ListedSource(each.location, each.title, each.folder) for each in sources),
        filters=tuple(each for each in filters if each.action is not Action.MUTE and not each.paused),
        language=settings.language,
        half_life=settings.half_life,
        weights=settings.weights,
        missing=missing,
    )
