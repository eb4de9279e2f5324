"""The user's preferences for clustering: topics, corrections and weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui_reader.model.topic import Topic
from tui_reader.model.trending import HALF_LIFE
from tui_reader.model.weights import DEFAULT_WEIGHTS, Weight, Weights
from tui_reader.named_tuple import NamedTuple

if TYPE_CHECKING:
    from tui_reader.model.article_filter import ArticleFilter
    from tui_reader.model.source_tree import ListedSource


class Preferences(NamedTuple):
    """Topics, corrections and weights for the stories that the indexer makes.

    ``topics`` are those that the user defines. ``topics_by_source`` are topics
    that all articles of a source get, by its location. ``weight_by_source``
    has the sources that count less or more than others. The articles of
    ``sources_apart`` are never folded into stories. ``apart`` and ``together``
    are pairs of page ids that the user split, or merged into one story.
    ``kept`` are the ids of the pages that are saved, tagged or have a note:
    they stay when their source does not.
    ``filters`` are the filters that do something, except mutes; ``places`` the
    sources with the titles and folders by which they name them.
    ``language`` is the one to read where a site has several.
    ``half_life`` are the seconds over which heat halves in the order “hot”.
    ``weights`` determine quality and heat. ``missing`` says, as a sentence, why
    the corrections are not known, if the marks cannot be read.
    """

    topics: tuple[Topic, ...] = ()
    topics_by_source: Mapping[str, tuple[str, ...]] = {}
    weight_by_source: Mapping[str, Weight] = {}
    sources_apart: frozenset[str] = frozenset()
    apart: tuple[tuple[int, int], ...] = ()
    together: tuple[tuple[int, int], ...] = ()
    kept: frozenset[int] = frozenset()
    filters: tuple[ArticleFilter, ...] = ()
    places: tuple[ListedSource, ...] = ()
    language: str = ""
    half_life: int = HALF_LIFE
    weights: Weights = DEFAULT_WEIGHTS
    missing: str = ""
