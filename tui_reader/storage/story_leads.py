"""Tells which story each article is in, by the lead of that, read again only when the index has changed."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Sequence

from tui_reader.storage.article_sets import Picker
from tui_reader.storage.read_articles import FoldedArticles, flags, id_array, largest_id
from tui_reader.storage.versions import other_versions

_FEW = 2000  # articles that are looked up one by one

# The articles that mention one of the addresses of others: directly, or by a page that is only mentioned.
_MENTIONS_OF = (
    "SELECT value, m.articles FROM json_each(?) CROSS JOIN mention m ON m.target_id = value",
    "SELECT value, m.articles FROM json_each(?) CROSS JOIN address twin ON twin.article_id = value "
    "CROSS JOIN address mine ON mine.page = twin.page AND mine.article_id <> value "
    "CROSS JOIN article page ON page.id = mine.article_id AND page.indexed = 0 "
    "CROSS JOIN mention m ON m.target_id = page.id",
)
_SHOWN = (
    "SELECT article_id, coalesce(heat, -1), coalesce(published, 0) FROM json_each(?) "
    "CROSS JOIN listing ON topic_id = 0 AND article_id = value WHERE shown = 1"
)


class StoryLeads:
    """The lead of each article's story. The connection must not write to the index."""

    def __init__(self, connection: sqlite3.Connection, folded: FoldedArticles) -> None:
        self._db = connection
        self._folded = folded
        # The lead of each article, and the version of the index.
        self._leads: tuple[int, array[int]] = (-1, array("I"))
        self._folded_leads = Picker(())
        self._not_folded = -1

    def by_article(self, largest: int = 0) -> array[int]:
        """Return the lead of the story of each article up to the id ``largest`` at least, by article id.

        That of an article that is in no other story is the article itself.
        """
        version, _ = other_versions(self._db)
        if self._leads[0] != version or len(self._leads[1]) <= largest:
            lead_of = array("I", range(max(largest, largest_id(self._db)) + 1))
            for article, lead in self._folded.pairs():
                lead_of[article] = lead
            if self._db.execute("SELECT EXISTS (SELECT 1 FROM file WHERE rated = 0)").fetchone()[0]:
                self._add_folded_by_sources(lead_of)
            self._leads = (version, lead_of)
            folded = [article for article, lead in enumerate(lead_of) if article != lead]
            self._folded_leads = Picker(folded, [lead_of[article] for article in folded])
            self._not_folded = ~int.from_bytes(flags(folded, len(lead_of) - 1), "little")
        return self._leads[1]

    def of_members(self, members: bytes) -> bytearray:
        """Return a flag for each lead of the articles that have one in ``members``, by article id."""
        lead_of = self.by_article(len(members) - 1)
        size = len(lead_of)
        leads = int.from_bytes(members, "little") & self._not_folded
        found = bytearray(leads.to_bytes(size, "little"))
        for lead in self._folded_leads.pick(members.ljust(size, b"\0")):
            found[lead] = 1
        return found

    def of(self, articles: Sequence[int]) -> dict[int, int]:
        """Return the lead of the story of each of these articles; of few, without reading those of all others.

        An article that is in no other story is left out.
        """
        version, _ = other_versions(self._db)
        if len(articles) > _FEW or self._leads[0] == version:
            lead_of = self.by_article(max(articles, default=0))
            return {article: lead_of[article] for article in articles if lead_of[article] != article}
        ids = json.dumps(list(articles))
        found = dict(
            self._db.execute(
                "SELECT article_id, lead_id FROM json_each(?) CROSS JOIN folded ON article_id = value", (ids,)
            )
        )
        # What a source folds is in the hottest story that mentions one of its addresses.
        ranks: dict[int, tuple[int, int]] = {}
        for statement in _MENTIONS_OF:
            for article, packed in self._db.execute(statement, (ids,)):
                if article in found and article not in ranks:
                    continue  # clustering folded it
                for lead, heat, published in self._db.execute(_SHOWN, (json.dumps(list(array("I", packed))),)):
                    if article not in ranks or (heat, published) > ranks[article]:
                        ranks[article], found[article] = (heat, published), lead
        return found

    def _add_folded_by_sources(self, lead_of: array[int]) -> None:
        """Set the story of the articles that their source folds: the hottest that mentions one of their addresses."""
        leads = id_array(
            self._db,
            "SELECT group_concat(article_id) FROM (SELECT article_id FROM listing INDEXED BY by_heat "
            "WHERE topic_id = 0 AND shown = 1 ORDER BY heat DESC, published DESC LIMIT -1)",
        )
        rank = array("I", [len(leads)]) * len(lead_of)
        for place, lead in enumerate(leads):
            rank[lead] = place
        folded = (
            "CROSS JOIN listing l ON l.topic_id = 0 AND l.article_id = {article} AND l.shown = 0 "
            "AND NOT EXISTS (SELECT 1 FROM folded WHERE article_id = l.article_id)"
        )
        mentioned = f"SELECT l.article_id, m.articles FROM mention m {folded.format(article='m.target_id')}"
        # A page that is only mentioned may have an address of an article.
        by_another_address = (
            "SELECT l.article_id, m.articles FROM mention m CROSS JOIN article page ON page.id = m.target_id "
            "AND page.indexed = 0 CROSS JOIN address mine ON mine.article_id = page.id "
            f"CROSS JOIN address twin ON twin.page = mine.page {folded.format(article='twin.article_id')}"
        )
        for statement in (mentioned, by_another_address):
            for article, packed in self._db.execute(statement):
                lead = min(array("I", packed), key=rank.__getitem__)
                if rank[lead] < rank[lead_of[article]]:
                    lead_of[article] = lead
