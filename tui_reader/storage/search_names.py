"""The names that a search can have as values, to complete them while they are typed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from tui_reader.model.source_tree import ListedSource, folder_path, source_tree
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.topics import defined_topics
from tui_reader.storage.transactions import one_snapshot

_MOST_PROVIDERS = 2000

# Those with the most articles. The index of the lists counts them in a quarter of the time that the articles take.
_PROVIDERS = """
    SELECT a.provider FROM (
        SELECT max(article_id) AS id, count(*) AS number FROM listing INDEXED BY by_provider
        WHERE topic_id = 0 GROUP BY provider ORDER BY number DESC LIMIT ?
    ) f CROSS JOIN article a ON a.id = f.id ORDER BY number DESC, a.provider
"""


class SearchNames:
    """Answers which topics, providers, tags, sources and folders there are; needs the marks attached."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @raises_store_error
    @one_snapshot
    def names(self, sources: Sequence[ListedSource]) -> dict[str, list[str]]:
        """Return the names by the field of a search that takes them, the most likely first."""
        topics = [topic.name for topic in defined_topics(self._db)]
        topics += self._texts("SELECT name FROM topic WHERE id > 0 ORDER BY key")
        folders = [folder_path(branch.folder) for branch in source_tree(sources) if branch.is_folder]
        titles = [source.title or source.location for source in sources]
        found = {
            "topic": topics,
            "provider": self._texts(_PROVIDERS, _MOST_PROVIDERS),
            "tag": self._texts(
                "SELECT min(tag) FROM marks.tag WHERE typeof(tag) = 'text' GROUP BY key ORDER BY count(*) DESC, key"
            ),
            "source": titles,
            "folder": folders,
        }
        return {field: list(dict.fromkeys(filter(None, names))) for field, names in found.items()}

    def _texts(self, statement: str, *values: int) -> list[str]:
        return [str(row[0]) for row in self._db.execute(statement, values)]
