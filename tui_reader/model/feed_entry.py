"""An article as a feed or site API lists it."""

from __future__ import annotations

from typing import NamedTuple

from tui_reader.model.article import Article
from tui_reader.model.fingerprint import fingerprint


class Entry(NamedTuple):
    """An article and the name (GUID) that its source has for it, which may be empty."""

    name: str
    article: Article

    def apart(self) -> Entry:
        """Return the entry as one of several with the same address, distinguished by name."""
        return self._replace(article=self.article._replace(part=self.name, cached_page_ids=()))

    def key(self) -> int:
        """Return the id of the entry within its source: that of its page, or without an address of its name.

        Feeds change the names of articles more often than their addresses.
        """
        if self.article.links.identity() or not self.name:
            return self.article.page_ids()[0]
        return fingerprint(self.name.encode(errors="replace"))
