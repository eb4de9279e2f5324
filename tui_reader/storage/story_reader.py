"""Reads rows of articles, and stories with their coverage."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tui_reader.model.fingerprint import page_id
from tui_reader.model.links import Enclosure, Links, Provider
from tui_reader.model.story import Story, StoryRow
from tui_reader.model.text import visible
from tui_reader.model.urls import page_key, safe_url
from tui_reader.storage.errors import raises_store_error
from tui_reader.storage.schema import BEST_URL
from tui_reader.storage.statements import select_by_id
from tui_reader.storage.topics import topic_names, unpack_topics

# The columns are those that _row() unpacks.
_ROW = """
    SELECT a.id, a.page, a.title, a.provider, a.domain, a.published, a.quality, a.heat, a.shown, a.indexed,
           coalesce(length(a.related), 0) / 4, a.kind, m.read IS NOT NULL, m.saved IS NOT NULL, a.excerpt,
           a.shown AND coalesce(length(a.related), 0) / 4 > c.articles,
           EXISTS (SELECT 1 FROM marks.tag WHERE page = a.page) OR EXISTS (SELECT 1 FROM marks.note WHERE page = a.page)
    FROM article a LEFT JOIN marks.mark m ON m.page = a.page LEFT JOIN marks.coverage c ON c.page = a.page
"""
_STORY = """
    SELECT original_url, web_url, amp_url, cdn_amp_url, topics, images, video, related, coalesce(b.text, ''),
           author, comments_url, enclosures, f.text
    FROM article a LEFT JOIN body b ON b.article_id = a.id LEFT JOIN full_text f ON f.article_id = a.id WHERE a.id = ?
"""


def enclosures_of(column: str | None) -> tuple[Enclosure, ...]:
    """Return the files of an ``enclosures`` column."""
    return tuple(Enclosure(kind, address) for kind, address in json.loads(column)) if column else ()


def _row(values: Sequence[Any]) -> StoryRow:
    number, page, title, provider, domain, published, quality, heat, *rest = values
    shown, indexed, related, kind, read, saved, excerpt, rising, annotated = rest
    return StoryRow(
        article=number,
        page=page,
        title=title,
        provider=Provider(provider, domain),
        published=published,
        quality=quality,
        heat=heat,
        shown=bool(shown),
        indexed=bool(indexed),
        related=related,
        kind=kind,
        read=bool(read),
        saved=bool(saved),
        excerpt=excerpt,
        rising=bool(rising),
        annotated=bool(annotated),
    )


def article_at(connection: sqlite3.Connection, url: str) -> int | None:
    """Return the id of the article at ``url`` or another spelling of it, preferring indexed articles.

    Return ``None`` if there is none, or if ``url`` is not safe to open.
    """
    safe = safe_url(url)
    if safe is None:
        return None
    row = connection.execute(
        "SELECT a.id FROM address d JOIN article a ON a.id = d.article_id WHERE d.page = ? "
        "ORDER BY a.indexed DESC, a.page = d.page DESC, a.page LIMIT 1",
        (page_id(page_key(safe)),),
    ).fetchone()
    return None if row is None else int(row[0])


class StoryReader:
    """Reads articles by their ids; needs the marks attached."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @raises_store_error
    def rows(self, ids: Iterable[int]) -> dict[int, StoryRow]:
        """Return the rows of the articles with these ``ids``, except for those that no longer exist."""
        wanted = list(dict.fromkeys(ids))
        return {values[0]: _row(values) for values in select_by_id(self._db, f"{_ROW} WHERE a.id IN ({{ids}})", wanted)}

    @raises_store_error
    def heats(self, ids: Sequence[int]) -> list[tuple[int | None, int | None, int | None]]:
        """Return heat, quality and date of the articles with these ``ids``, in no order."""
        return list(select_by_id(self._db, "SELECT heat, quality, published FROM article WHERE id IN ({ids})", ids))

    @raises_store_error
    def story(self, number: int) -> Story | None:
        """Return an article with its coverage, or ``None`` if it no longer exists."""
        values = self._db.execute(f"{_ROW} WHERE a.id = ?", (number,)).fetchone()
        if values is None:
            return None
        row = _row(values)
        original, web, amp, cdn_amp, topics, images, video, related, body, author, comments, enclosures, full = (
            self._db.execute(_STORY, (number,)).fetchone()
        )
        mentions = self._mentions(number)
        tags, note = self._annotations(row.page) if row.annotated else ((), "")
        folded_under = None
        if row.indexed and not row.shown:
            shown = [mention for mention in mentions if mention.shown]
            lead = self._db.execute("SELECT lead_id FROM folded WHERE article_id = ?", (number,)).fetchone()
            folded_under = next((mention for mention in shown if lead == (mention.article,)), next(iter(shown), None))
        return Story(
            row=row,
            links=Links(original, web, amp, cdn_amp),
            body=full or body,
            topics=self.topic_names(topics),
            images=tuple(json.loads(images)) if images else (),
            video=video,
            sources=self._sources(number),
            related=self.related(related),
            mentions=mentions,
            folded_under=folded_under,
            author=author,
            comments=comments,
            enclosures=enclosures_of(enclosures),
            is_full=full is not None,
            tags=tags,
            note=note,
        )

    def _annotations(self, page: int) -> tuple[tuple[str, ...], str]:
        """Return the tags of a page, and its note."""
        from tui_reader.storage.tags import read_note, read_tags  # few articles have any

        return read_tags(self._db, page), read_note(self._db, page)

    @raises_store_error
    def links(self, ids: Iterable[int]) -> dict[int, Links]:
        """Return the addresses of the articles with these ``ids``, except for those that no longer exist."""
        columns = "SELECT id, original_url, web_url, amp_url, cdn_amp_url FROM article WHERE id IN ({ids})"
        return {number: Links(*urls) for number, *urls in select_by_id(self._db, columns, list(ids))}

    @raises_store_error
    def related(self, packed: bytes | None) -> tuple[StoryRow, ...]:
        """Return the rows of a ``related`` column, preferring indexed articles with the same address."""
        ids = array("I", packed or b"")
        rows = self.rows(ids)
        for number, row in rows.items():
            if not row.indexed:
                twin = self._indexed_twin(number)
                if twin is not None:
                    rows[number] = twin
        return tuple(rows[number] for number in ids if number in rows)

    @raises_store_error
    def topic_names(self, topics: str) -> tuple[str, ...]:
        """Return the topic names of a ``topics`` column."""
        return topic_names(self._db, unpack_topics(topics))

    @raises_store_error
    def with_leads(self, rows: Mapping[int, StoryRow]) -> dict[int, StoryRow]:
        """Return ``rows`` with the titles of the stories that folded articles are in."""
        found = dict(rows)
        leads = self.leads_of(number for number, row in rows.items() if row.indexed and not row.shown)
        titles = dict(
            select_by_id(self._db, "SELECT id, title FROM article WHERE id IN ({ids})", list(set(leads.values())))
        )
        for number, lead in leads.items():
            if lead in titles:
                found[number] = found[number]._replace(lead=titles[lead])
        return found

    @raises_store_error
    def leads_of(self, folded: Iterable[int]) -> dict[int, int]:
        """Return the lead of the story that each of these folded articles is in, if it is in one."""
        wanted = list(folded)
        found: dict[int, int] = dict(
            select_by_id(self._db, "SELECT article_id, lead_id FROM folded WHERE article_id IN ({ids})", wanted)
        )
        return found | self._hottest_mentioning([number for number in wanted if number not in found])

    def _hottest_mentioning(self, numbers: Sequence[int]) -> dict[int, int]:
        """Return for articles that their source folds the hottest story that lists each."""
        packed = dict(
            select_by_id(self._db, "SELECT target_id, articles FROM mention WHERE target_id IN ({ids})", numbers)
        )
        mentioners = {number: array("I", articles) for number, articles in packed.items()}
        stories = {
            number: (heat, published, title, number)
            for number, heat, published, title in select_by_id(
                self._db,
                "SELECT id, coalesce(heat, 0), coalesce(published, 0), title FROM article "
                "WHERE indexed = 1 AND shown = 1 AND id IN ({ids})",
                list(set[int]().union(*mentioners.values())),
            )
        }
        listed = {number: [stories[each] for each in found if each in stories] for number, found in mentioners.items()}
        return {number: max(found)[-1] for number, found in listed.items() if found}

    @raises_store_error
    def article_id(self, page: int) -> int | None:
        """Return the present id of the article with this page id."""
        row = self._db.execute("SELECT id FROM article WHERE page = ?", (page,)).fetchone()
        return None if row is None else int(row[0])

    @raises_store_error
    def article_at(self, url: str) -> int | None:
        """Return the id of the article at ``url`` or another spelling of it, preferring indexed articles."""
        return article_at(self._db, url)

    @raises_store_error
    def pages(self, ids: Iterable[int]) -> dict[int, int]:
        """Return the page ids of the articles with these ``ids``, except for those that no longer exist."""
        return dict(select_by_id(self._db, "SELECT id, page FROM article WHERE id IN ({ids})", list(ids)))

    @raises_store_error
    def articles_of_pages(self, pages: Iterable[int]) -> dict[int, int]:
        """Return the present ids of the articles with these page ids, by page."""
        return dict(select_by_id(self._db, "SELECT page, id FROM article WHERE page IN ({ids})", list(pages)))

    @raises_store_error
    def articles_at(self, pages: Sequence[int]) -> dict[int, int]:
        """Return the ids of the articles that are indexed at these pages, by page."""
        found = select_by_id(
            self._db,
            "SELECT d.page, a.id FROM address d JOIN article a ON a.id = d.article_id "
            "WHERE d.page IN ({ids}) AND a.indexed ORDER BY a.id DESC",
            pages,
        )
        return dict(found)

    @raises_store_error
    def file_of(self, number: int) -> tuple[str, str] | None:
        """Return the location of a source that has an article in a file, and the path of that file there."""
        row = self._db.execute(
            "SELECT s.location, f.path FROM file f JOIN source s ON s.id = f.source_id "
            "WHERE f.article_id = ? AND f.since = 0 ORDER BY s.position, f.path LIMIT 1",
            (number,),
        ).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))

    @raises_store_error
    def source_locations(self, number: int) -> tuple[str, ...]:
        """Return the locations of all sources that have an article."""
        rows = self._db.execute(
            "SELECT location FROM source WHERE id IN (SELECT source_id FROM file WHERE article_id = ?)", (number,)
        )
        return tuple(row[0] for row in rows)

    def _sources(self, number: int) -> tuple[str, ...]:
        rows = self._db.execute(
            "SELECT coalesce(nullif(title, ''), location) FROM source "
            "WHERE id IN (SELECT source_id FROM file WHERE article_id = ?) ORDER BY position",
            (number,),
        )
        return tuple(visible(row[0]) for row in rows)

    def _indexed_twin(self, number: int) -> StoryRow | None:
        """Return the indexed article that has an address in common with a page that is only mentioned."""
        values = self._db.execute(
            f"{_ROW} WHERE a.indexed = 1 AND a.id IN (SELECT other.article_id FROM address mine "
            "JOIN address other ON other.page = mine.page WHERE mine.article_id = ?) ORDER BY a.page LIMIT 1",
            (number,),
        ).fetchone()
        return None if values is None else _row(values)

    def _mentions(self, number: int) -> tuple[StoryRow, ...]:
        """Return the articles that list an article, or a page with one of its addresses, the hottest first."""
        packed_ids = self._db.execute(
            "SELECT articles FROM mention WHERE target_id IN (SELECT :article UNION SELECT twin.article_id "
            "FROM address mine JOIN address twin ON twin.page = mine.page WHERE mine.article_id = :article)",
            {"article": number},
        )
        mentioners = {article for (packed,) in packed_ids for article in array("I", packed)} - {number}
        rows = self._db.execute(
            f"{_ROW} WHERE a.indexed = 1 AND a.id IN (SELECT value FROM json_each(?)) "
            f"ORDER BY a.shown DESC, a.heat DESC, a.published DESC, {BEST_URL}, a.page",
            (json.dumps(list(mentioners)),),
        )
        return tuple(_row(values) for values in rows)
