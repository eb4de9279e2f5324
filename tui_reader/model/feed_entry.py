"""An article as a source on the network lists it."""

from __future__ import annotations

from typing import NamedTuple

from tui_reader.model.article import Article
from tui_reader.model.fingerprint import fingerprint


class Entry(NamedTuple):
    """An article, and the name by which its source knows it, which may be empty."""

    name: str
    article: Article

    def apart(self) -> Entry:
        """The entry as one of several that stand on one page."""
        return self._replace(article=self.article._replace(part=self.name, numbers=()))

    def key(self) -> int:
        """The number that the article has in its source: of its page, or else of its name there.

        Feeds change their names for articles more often than the pages' addresses.
        """
        if self.article.links.identity() or not self.name:
            return self.article.page_ids()[0]
        return fingerprint(self.name.encode(errors="replace"))
