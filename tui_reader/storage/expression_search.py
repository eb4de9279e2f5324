"""Finds the articles that a search expression means: all conditions but those on texts are answered from columns."""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Callable, Sequence
from itertools import compress

from tui_reader.errors import QueryError, UnknownName
from tui_reader.model.expression import (
    NUMBER_FIELDS,
    And,
    Expression,
    Field,
    Not,
    Or,
    Text,
    all_of,
    is_host,
    leaves,
    provider_terms,
)
from tui_reader.model.expression_dates import Span, age_seconds, date_span
from tui_reader.model.expression_parser import parse
from tui_reader.model.source_tree import ListedSource
from tui_reader.model.tags import note_key, tag_key
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.article_columns import ArticleColumns
from tui_reader.storage.article_sets import listed_in
from tui_reader.storage.named_places import UnknownPlace, named_locations, named_topics
from tui_reader.storage.read_articles import ReadArticles, flags, id_array
from tui_reader.storage.source_articles import SourceArticles
from tui_reader.storage.story_leads import StoryLeads
from tui_reader.storage.text_search import TextSearch
from tui_reader.storage.versions import data_versions

# The columns that the fields of numbers and dates are compared in.
_COLUMN_OF = {name: name for name in NUMBER_FIELDS} | dict.fromkeys(("date", "before", "after", "age"), "date")
_MOST_KNOWN = 32  # sets that are kept; each takes a byte for each article


class Shared(NamedTuple):
    """What the search shares with the lists: each reads only once what it needs of the index or the marks."""

    read: ReadArticles
    sources: SourceArticles
    leads: StoryLeads


class ExpressionSearch:
    """Evaluates search expressions; needs the marks attached. The connection must not write to the index.

    A set of articles is an integer with a byte for each article id, 1 for
    those in the set: two sets of 100,000 are joined in some microseconds.
    """

    def __init__(
        self, connection: sqlite3.Connection, shared: Shared, places: Callable[[], Sequence[ListedSource]]
    ) -> None:
        """``places`` returns the sources with their titles and folders, by which they are named in a query."""
        self._db = connection
        self._shared = shared
        self._places = places
        self._columns = ArticleColumns(connection, shared.leads)
        self._texts = TextSearch(connection)
        # The sets that some conditions have found, and the versions that they were found in.
        self._known: dict[Field | tuple[Text, ...], int] = {}
        self._versions: tuple[int, ...] = ()

    def prepare(self, field: str = "") -> None:
        """Read what operators need, and conditions on this field, whatever their value is."""
        self._columns.flags("listed")
        if field in _COLUMN_OF:
            self._columns.prepare(_COLUMN_OF[field])

    def articles(self, text: str, within: str = "") -> array[int]:
        """Return the articles that a query finds among those of ``within``, by rising id; an empty one finds all.

        Raises :class:`QueryError`, also for a name of a source, folder or topic that there is not; for one in
        ``within``, it is about all of the text.
        """
        found = self.members(text, within)
        return array("I", compress(range(len(found)), found))

    def members(self, text: str, within: str = "") -> bytes:
        """Return the same as a byte for each id, 1 for those that are found."""
        # Each by itself: a parenthesis may be missing in either, and either may be as long as a query can be.
        try:
            view = parse(within)
        except QueryError as error:
            raise QueryError(_of_view(error, within), 0, len(text)) from error
        words = parse(text)
        try:
            parts = [part for part in (view, words) if part is not None]
            return self._members(all_of(parts) if parts else None)
        except UnknownPlace as error:
            if within and not _names(words, error.name):
                raise UnknownName(_of_view(error, within), 0, len(text)) from error
            place = re.search(re.escape(error.name), text, re.IGNORECASE)
            raise UnknownName(str(error), *(place.span() if place else (0, len(text)))) from error

    def _members(self, expression: Expression | None) -> bytes:
        if expression is not None and (terms := _only_texts(expression)):
            return self._texts.members(terms).to_bytes(self._columns.size(), "little")
        versions = data_versions(self._db)
        if self._versions != versions:
            self._known, self._versions = {}, versions
        every = self._listed()
        found = every if expression is None else self._find(expression) & every
        return found.to_bytes(self._columns.size(), "little")

    def _find(self, expression: Expression) -> int:
        match expression:
            case And(parts):
                texts = tuple(part for part in parts if isinstance(part, Text) and not _is_domain(part))
                found = self._texts_set(texts) if texts else self._listed()
                # Each part is looked at, so that a name that there is not is told in any case.
                for part in parts:
                    if part not in texts:
                        found &= self._find(part)
                return found
            case Or(parts):
                found = 0
                for part in parts:
                    found |= self._find(part)
                return found
            case Not(part):
                return self._listed() & ~self._find(part)
            case Text():
                return self._texts_set((expression,))
            case Field():
                # Which sources have a name may change though the index does not.
                if expression.name in {"source", "folder"}:
                    return self._by_place(expression)
                return self._kept(expression, lambda: self._by_field(expression))

    def _kept(self, key: Field | tuple[Text, ...], find: Callable[[], int]) -> int:
        """Return a set that was found before, or what ``find`` finds."""
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.pop(next(iter(self._known)))
            self._known[key] = find()
        return self._known[key]

    # -- conditions --------------------------------------------------------------

    def _listed(self) -> int:
        return _set(self._columns.flags("listed"))

    def _texts_set(self, terms: tuple[Text, ...]) -> int:
        def find() -> int:
            found = self._texts.members(terms)
            return found | self._of_domain(terms[0].text) if len(terms) == 1 and _is_domain(terms[0]) else found

        return self._kept(terms, find)

    def _of_domain(self, domain: str) -> int:
        """Return the articles of a provider's domain and those below it."""
        name = domain.casefold()
        return self._select(
            "SELECT group_concat(id) FROM article WHERE indexed = 1 AND (domain = ? OR domain LIKE ? ESCAPE '\\')",
            name,
            "%." + name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"),
        )

    def _by_field(self, field: Field) -> int:
        name, value = field.name, field.value
        if name in {"is", "has"}:
            return self._by_state(name, value)
        if name == "topic":
            found = 0
            for topic in named_topics(self._db, value):
                found |= listed_in(self._db, topic, self._columns.size())
            return found
        by_name = {"tag": self._by_tag, "note": self._by_note, "lead": self._by_lead}
        if name in by_name:
            return by_name[name](value)
        if name in {"date", "age"}:
            return self._between("date", *self._moments(field))
        number = int(value)
        return self._between(name, *_limits(field.operator, Span(number, number + 1)))

    def _by_state(self, name: str, state: str) -> int:
        if state in {"tag", "note"}:
            return self._select(
                f"SELECT group_concat(a.id) FROM (SELECT DISTINCT page FROM marks.{state}) m "
                "CROSS JOIN article a ON a.page = m.page"
            )
        if name == "has":
            return _set(self._columns.flags(state))
        if state == "saved":
            return self._select(
                "SELECT group_concat(a.id) FROM marks.mark m CROSS JOIN article a ON a.page = m.page "
                "WHERE m.saved IS NOT NULL"
            )
        opposites = {"unread": "read", "folded": "lead"}
        if state in opposites:
            return self._listed() & ~self._by_state(name, opposites[state])
        return self._ids(self._shared.read.ids()) if state == "read" else _set(self._columns.flags("lead"))

    def _by_tag(self, tag: str) -> int:
        return self._select(
            "SELECT group_concat(a.id) FROM marks.tag t CROSS JOIN article a ON a.page = t.page WHERE t.key = ?",
            tag_key(tag.strip("#")),
        )

    def _by_note(self, words: str) -> int:
        """Return the articles whose note has these words, as they stand there; there are few notes."""
        wanted = note_key(words)
        rows = self._db.execute(
            "SELECT a.id, n.text FROM marks.note n CROSS JOIN article a ON a.page = n.page "
            "WHERE typeof(n.text) = 'text'"
        )
        return self._ids(array("I", [number for number, text in rows if wanted in note_key(text)]))

    def _by_lead(self, provider: str) -> int:
        """Return the articles of the stories that a provider leads."""
        terms = provider_terms(provider)
        if not terms:
            return 0
        size = self._columns.size()
        is_by = self._find(all_of(terms)).to_bytes(size, "little")
        return _set(bytes(map(is_by.__getitem__, self._shared.leads.by_article(size - 1)[:size])))

    def _by_place(self, field: Field) -> int:
        locations = named_locations(self._places(), field)
        return self._ids(self._shared.sources.articles(locations))

    def _moments(self, field: Field) -> tuple[int | None, int | None]:
        """Return from when and until when an article is published that has a date or an age."""
        if field.name == "date":
            return _limits(field.operator, date_span(field.value))
        moment = self._now() - (age_seconds(field.value) or 0)
        opposite = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        return _limits(opposite.get(field.operator, "="), Span(moment, moment + 1))

    def _now(self) -> int:
        """Return the date of the newest article, or that of the last run if it is dated later."""
        newest = self._db.execute(
            "SELECT published FROM listing INDEXED BY by_newest WHERE topic_id = 0 ORDER BY published DESC LIMIT 1"
        ).fetchone()
        clock = self._db.execute("SELECT value FROM state WHERE name = 'clock'").fetchone()
        return min((row[0] or 0 for row in (newest, clock) if row), default=0)

    def _between(self, name: str, least: int | None, below: int | None) -> int:
        return self._listed() & _set(self._columns.between(name, least, below))

    # -- sets ----------------------------------------------------------------------

    def _select(self, statement: str, *values: object) -> int:
        return self._ids(id_array(self._db, statement, *values))

    def _ids(self, ids: array[int]) -> int:
        return _set(flags(ids, self._columns.size() - 1))


def _of_view(error: Exception, query: str) -> str:
    """Return what is wrong with the query of a view; it is not what was typed."""
    return f"{error} (in the query of the view: {query})"


def _names(expression: Expression | None, name: str) -> bool:
    """Whether one of the fields in an expression has this value."""
    return expression is not None and any(isinstance(leaf, Field) and leaf.value == name for leaf in leaves(expression))


def _set(members: bytes | bytearray) -> int:
    return int.from_bytes(members, "little")


def _limits(operator: str, span: Span) -> tuple[int | None, int | None]:
    """Return the least number that compares with a span in this way, and the one that all of them are below."""
    least = {"=": span.start, ">=": span.start, ">": span.end}.get(operator)
    below = {"=": span.end, "<=": span.end, "<": span.start}.get(operator)
    return least, below


def _only_texts(expression: Expression) -> list[Text]:
    """Return the words and phrases of an expression that are all to be found together; none for any other."""
    parts = expression.parts if isinstance(expression, And) else (expression,)
    terms = [part for part in parts if isinstance(part, Text) and not _is_domain(part)]
    return terms if len(terms) == len(parts) else []


def _is_domain(term: Text) -> bool:
    """Whether the provider that is looked for may be named by its domain."""
    return term.field == "provider" and is_host(term.text)
