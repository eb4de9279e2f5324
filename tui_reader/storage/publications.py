"""Reads the articles of stories to publish, and writes leads, heat and folded articles, many stories at a time."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from tui_reader.model.heat_parts import HeatParts
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.listings import Listings
from tui_reader.storage.statements import insert_into


class Member(NamedTuple):
    """An article of a story. ``rated`` is true if the indexer rates it, false if its source does.

    ``source`` is the location of its source, and ``rarity`` what a story gets
    that it leads.
    """

    article: int
    page: int
    published: int
    quality: int
    rated: bool
    domain: str
    provider: str
    source: str
    rarity: int


class MemberText(NamedTuple):
    """The title of an article of a story, and its whole text as a vector."""

    title: str
    vector: bytes


class AloneArticle(NamedTuple):
    """An article that is a story by itself; ``crowding`` is what other such stories of its outlet cost it now."""

    article: int
    page: int
    published: int
    quality: int
    rarity: int
    crowding: int


Alone: TypeAlias = tuple[str, int]
"""The outlet and the day (days since 1970) of a story of one article."""


class Parts(NamedTuple):
    """The parts of the heat of a lead, ``None`` if an article leads no story; ``alone`` is set for one by itself."""

    heat: HeatParts | None
    alone: Alone | None = None


class Publication(NamedTuple):
    """How to list an article: as the lead of a story with ``related`` articles, or folded ``under`` another lead.

    A lead may be not ``shown`` as well.
    """

    article: int
    shown: bool
    heat: int | None
    related: tuple[int, ...] = ()
    under: int | None = None


class _PartsRow(NamedTuple):
    article_id: int
    outlets: int
    further: int
    outlet_heat: int
    further_heat: int
    rarity: int
    crowding: int
    outlet: str | None
    day: int | None


# The columns are those of Member.
_ARTICLE_OF_STORY = """
    a.id, a.page, a.published, coalesce(a.quality, 0), a.rated, a.domain, a.provider,
    coalesce(s.location, ''), coalesce(s.rarity, 0)
"""
_MEMBERS = f"""
    SELECT p.story, {_ARTICLE_OF_STORY}
    FROM assignment p JOIN article a ON a.id = p.article_id LEFT JOIN source s ON s.id = a.source_id
    WHERE p.story IN (SELECT value FROM json_each(?))
"""
_LISTED = f"""
    SELECT {_ARTICLE_OF_STORY} FROM article a LEFT JOIN source s ON s.id = a.source_id
    WHERE a.id IN (SELECT value FROM json_each(?))
"""
# The columns after outlet and day are those of AloneArticle.
_ALONE = """
    SELECT h.outlet, h.day, a.id, a.page, a.published, coalesce(a.quality, 0), h.rarity, h.crowding
    FROM json_each(?) w
    CROSS JOIN heat_part h ON h.outlet = json_extract(w.value, '$[0]') AND h.day = json_extract(w.value, '$[1]')
    CROSS JOIN article a ON a.id = h.article_id
"""
_PUT_PARTS = insert_into("heat_part", _PartsRow._fields, replace=True)


class Publications:
    """The stories of an index as they are listed; the caller opens the transaction."""

    def __init__(self, connection: sqlite3.Connection, listings: Listings) -> None:
        self._db = connection
        self._listings = listings

    @raises_store_error
    def members(self, stories: Collection[int]) -> dict[int, list[Member]]:
        """Return the articles of each of ``stories``."""
        found: dict[int, list[Member]] = {}
        for story, *member in self._db.execute(_MEMBERS, (json.dumps(list(stories)),)):
            found.setdefault(story, []).append(Member(*member))
        return found

    @raises_store_error
    def texts(self, articles: Collection[int]) -> dict[int, MemberText]:
        """Return the texts of articles, by page."""
        rows = self._db.execute(
            "SELECT a.page, a.title, p.vector FROM article a JOIN assignment p ON p.article_id = a.id "
            "WHERE a.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(articles)),),
        )
        return {page: MemberText(title, vector) for page, title, vector in rows}

    @raises_store_error
    def source_leads(self, stories: Collection[int]) -> dict[int, int]:
        """Return the leads of those stories that come from a source, and not from clustering."""
        rows = self._db.execute(
            "SELECT page, id FROM article WHERE page IN (SELECT value FROM json_each(?)) AND indexed = 1 AND rated = 0",
            (json.dumps(list(stories)),),
        )
        return dict(rows.fetchall())

    @raises_store_error
    def listed_by_source(self, lead: int) -> list[Member]:
        """Return the lead of a story from a source, and the articles that the source lists as related."""
        (packed, added) = self._db.execute(
            "SELECT a.related, coalesce(c.articles, 0) FROM article a "
            "LEFT JOIN added_coverage c ON c.article_id = a.id WHERE a.id = ?",
            (lead,),
        ).fetchone()
        related = array("I", packed or b"")
        listed = [lead, *related[: len(related) - added]]
        return [Member(*row) for row in self._db.execute(_LISTED, (json.dumps(listed),))]

    @raises_store_error
    def alone(self, crowds: Collection[Alone]) -> dict[Alone, list[AloneArticle]]:
        """Return the articles that an outlet alone tells of on a day, in no order."""
        found: dict[Alone, list[AloneArticle]] = {}
        for outlet, day, *article in self._db.execute(_ALONE, (json.dumps(list(crowds)),)):
            found.setdefault((outlet, day), []).append(AloneArticle(*article))
        return found

    # -- writing -----------------------------------------------------------

    @raises_store_error
    def put_parts(self, parts: Mapping[int, Parts]) -> set[Alone]:
        """Store the parts of the heat of articles; return the crowds that they were or are in."""
        columns = ", ".join(_PartsRow._fields)
        rows = self._db.execute(
            f"SELECT {columns} FROM heat_part WHERE article_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(parts)),),
        )
        before = {row[0]: _PartsRow._make(row) for row in rows}
        crowds = {(row.outlet, row.day) for row in before.values() if row.outlet is not None and row.day is not None}
        changed = []
        for article, (heat, alone) in parts.items():
            if heat is None:
                continue
            row = _PartsRow(article, *heat, *(alone or (None, None)))
            known = before.get(article)
            if alone is not None:
                crowds.add(alone)
                # What others cost it is found with its crowd.
                row = row._replace(crowding=known.crowding if known is not None else 0)
            if row != known:
                changed.append(row)
        self._db.executemany(_PUT_PARTS, changed)
        gone = [(article,) for article, (heat, _) in parts.items() if heat is None and article in before]
        self._db.executemany("DELETE FROM heat_part WHERE article_id = ?", gone)
        return crowds

    @raises_store_error
    def set_crowding(self, points: Iterable[tuple[int, int]]) -> None:
        """Store what other stories of its outlet cost each article that is a story by itself."""
        self._db.executemany(
            "UPDATE heat_part SET crowding = ? WHERE article_id = ?", ((cost, article) for article, cost in points)
        )

    @raises_store_error
    def publish(self, publications: Sequence[Publication]) -> None:
        """List articles as leads, or fold them under others."""
        rows = self._db.execute(
            "SELECT id, shown, heat, related, published, topics, lead_id FROM article "
            "LEFT JOIN folded ON article_id = id WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([each.article for each in publications]),),
        )
        before = {row[0]: row[1:] for row in rows}
        changed: list[tuple[bool, int | None, bytes | None, int]] = []
        mentions: list[tuple[int, set[int]]] = []
        for article, shown, heat, related, _ in publications:
            shown_before, heat_before, packed_before, published, topics, _ = before[article]
            packed = array("I", related).tobytes() or None
            if (bool(shown_before), heat_before, packed_before) == (shown, heat, packed):
                continue
            changed.append((shown, heat, packed, article))
            if (bool(shown_before), heat_before) != (shown, heat):
                self._listings.update(article, topics, published, shown=(bool(shown_before), shown), heat=heat)
            if packed != packed_before:
                listed, lists = set(array("I", packed_before or b"")), set(related)
                self._listings.remove_mentions(article, listed - lists)
                mentions.append((article, lists - listed))
        self._db.executemany("UPDATE article SET shown = ?, heat = ?, related = ? WHERE id = ?", changed)
        for article, targets in mentions:
            self._listings.mention(article, targets)
        self._fold((each.article, each.under) for each in publications if each.under != before[each.article][-1])

    def _fold(self, changes: Iterable[tuple[int, int | None]]) -> None:
        """Fold articles under others, or unfold them (``None``)."""
        folded = dict(changes)
        self._db.executemany(
            "INSERT OR REPLACE INTO folded (article_id, lead_id) VALUES (?, ?)",
            [(article, under) for article, under in folded.items() if under is not None],
        )
        self._db.executemany(
            "DELETE FROM folded WHERE article_id = ?",
            [(article,) for article, under in folded.items() if under is None],
        )

    @raises_store_error
    def add_coverage(self, lead: int, articles: Sequence[int], heat: int) -> None:
        """Append articles to the related ones of a story from a source, which add ``heat`` to it.

        They replace those that were appended before.
        """
        heat_before, packed, count_before, added_before = self._db.execute(
            "SELECT a.heat, a.related, coalesce(c.articles, 0), coalesce(c.heat, 0) "
            "FROM article a LEFT JOIN added_coverage c ON c.article_id = a.id WHERE a.id = ?",
            (lead,),
        ).fetchone()
        related = array("I", packed or b"")
        listed = related[: len(related) - count_before]
        added = array("I", [article for article in articles if article not in listed])
        if added == related[len(listed) :] and heat == added_before:
            return
        self._listings.unlist(lead)
        self._listings.remove_mentions(lead, set(related) - set(listed) - set(added))
        self._db.execute(
            "UPDATE article SET heat = ?, related = ? WHERE id = ?",
            (
                None if heat_before is None else heat_before - added_before + heat,
                (listed + added).tobytes() or None,
                lead,
            ),
        )
        self._db.execute("DELETE FROM added_coverage WHERE article_id = ?", (lead,))
        if added:
            self._db.execute(
                "INSERT INTO added_coverage (article_id, articles, heat) VALUES (?, ?, ?)", (lead, len(added), heat)
            )
        self._listings.relist(lead)
        self._listings.mention(lead, set(added) - set(related))
