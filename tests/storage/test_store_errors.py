"""Every method of the stores raises StoreError in place of the errors of SQLite."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tui_reader.errors import StoreError
from tui_reader.model.article import Article
from tui_reader.model.article_filter import Action, ArticleFilter
from tui_reader.model.feed_entry import Entry
from tui_reader.model.full_text import FullText
from tui_reader.model.query import Filter, Query, Window
from tui_reader.model.topic import Topic
from tui_reader.storage.accounts import Accounts, AccountState, AgreedFeed
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.export import ExportReader
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.storage.file_writer import ReadFile
from tui_reader.storage.full_texts import FullTexts
from tui_reader.storage.index_writer import IndexWriter
from tui_reader.storage.marks import Marks
from tui_reader.storage.remote_marks import Deed, Listed, Missing, RemoteMarks
from tui_reader.storage.similar import SimilarReader
from tui_reader.storage.story_evidence import StoryEvidence
from tui_reader.storage.text_wishes import WishReader
from tui_reader.storage.undo import Step


def _transaction(writer: IndexWriter) -> None:
    with writer.transaction():
        pass


def _together(store: FeedStore) -> None:
    with store.together():
        pass


def _taken_back(marks: Marks) -> None:
    with marks.taken_back():
        marks.set_read([1], 1)


def _step(marks: Marks) -> None:
    with marks.step("read"):
        pass


VIEW = Query(window=Window.DAY, topic="AI", filter=Filter.UNREAD, words="a")
FILTER = ArticleFilter("a", Action.READ)
CALLS: dict[type[Any], dict[str, Callable[[Any], object]]] = {
    ExportReader: {
        "order": lambda reader: reader.order(VIEW),
        "count": lambda reader: reader.count(VIEW),
        "plan": lambda reader: reader.plan(VIEW),
        "rows": lambda reader: reader.rows([1]),
        "listed": lambda reader: reader.listed(Query(), [1]),
        "count_rated": lambda reader: reader.count_rated({1}),
        "found_by": lambda reader: reader.found_by([FILTER]),
        "found_by_mute": lambda reader: reader.found_by_mute("keyword", "a"),
        "listed_among": lambda reader: reader.listed_among([1]),
        "newest_among": lambda reader: reader.newest_among({1}, 1),
        "unread_before": lambda reader: reader.unread_before([1], Window.DAY),
        "view_count": lambda reader: reader.view_count(Query(within="a")),
        "leads_of": lambda reader: reader.leads_of([1]),
        "pages": lambda reader: reader.pages([1]),
        "articles_of_pages": lambda reader: reader.articles_of_pages([1]),
        "article_at": lambda reader: reader.article_at("https://a.example/"),
        "arrivals": lambda reader: reader.arrivals(0, 0),
        "place": lambda reader: reader.place(),
        "with_leads": lambda reader: reader.with_leads(reader.rows([1])),
        "stories": lambda reader: reader.stories([1]),
        "leads": lambda reader: reader.leads([1]),
        "story": lambda reader: reader.story(1),
        "related": lambda reader: reader.related(bytes(4)),
        "topic_names": lambda reader: reader.topic_names("1"),
        "article_id": lambda reader: reader.article_id(1),
        "newest": lambda reader: reader.newest(),
        "prepare_condition": lambda reader: reader.prepare_condition("heat"),
        "prepare_search": lambda reader: reader.prepare_search(VIEW),
        "since": lambda reader: reader.since(Window.DAY),
        "cooling": lambda reader: reader.cooling(),
        "is_blog": lambda reader: reader.is_blog(),
        "sample_numbers": lambda reader: reader.sample_numbers(Query()),
        "summary": lambda reader: reader.summary(),
        "topics": lambda reader: reader.topics(VIEW),
        "source_titles": lambda reader: reader.source_titles(),
        "problems": lambda reader: reader.problems(),
        "muted": lambda reader: reader.muted(),
        "hidden_by": lambda reader: reader.hidden_by([("provider", "a")]),
        "matching": lambda reader: reader.matching("a heat:>1"),
        "hidden_from_search": lambda reader: reader.hidden_from_search(Query(words="a", window=Window.DAY)),
        "unknown_names": lambda reader: reader.unknown_names(Query(words="provider:a")),
        "file_of": lambda reader: reader.file_of(1),
        "links": lambda reader: reader.links([1]),
        "articles_at": lambda reader: reader.articles_at([1]),
        "heats": lambda reader: reader.heats([1]),
        "source_locations": lambda reader: reader.source_locations(1),
        "export": lambda reader: reader.export([1]),
    },
    IndexWriter: {
        "transaction": _transaction,
        "set_sources": lambda writer: writer.set_sources(["a"]),
        "source_ids": lambda writer: writer.source_ids(),
        "source_stamp": lambda writer: writer.source_stamp(1),
        "set_site": lambda writer: writer.set_site(1, "", "", [], []),
        "set_source_stamp": lambda writer: writer.set_source_stamp(1, 1),
        "has_entries": lambda writer: writer.has_entries(1, 1),
        "sources_read": lambda writer: writer.sources_read(),
        "has_stories": lambda writer: writer.has_stories(1),
        "set_stories": lambda writer: writer.set_stories(1),
        "set_entries_stamp": lambda writer: writer.set_entries_stamp(1, 1),
        "prepare_bulk_write": lambda writer: writer.prepare_bulk_write(),
        "clusters": lambda writer: writer.clusters().rated(),
        "source_stories": lambda writer: writer.source_stories().any_corrected(),
        "path": lambda writer: writer.path(),
        "set_half_life": lambda writer: writer.set_half_life(1),
        "set_user_topics": lambda writer: writer.set_user_topics([Topic("A")]),
        "root_topics": lambda writer: writer.root_topics(),
        "file_stamps": lambda writer: writer.file_stamps(1),
        "known_files": lambda writer: writer.known_files(1).parts(),
        "known_entries": lambda writer: writer.known_entries(),
        "store": lambda writer: writer.store(1, [ReadFile(1, 1, "a.md", Article("A"), {})]),
        "remove_files": lambda writer: writer.remove_files([1]),
        "update_texts": lambda writer: writer.update_texts(None),
        "count_unsearched": lambda writer: writer.count_unsearched(),
        "search_bodies": lambda writer: writer.search_bodies(),
        "settle": lambda writer: writer.settle(),
        "finish": lambda writer: writer.finish(),
    },
    Marks: {
        "set_read": lambda marks: marks.set_read([1], 1),
        "set_saved": lambda marks: marks.set_saved([1], 1),
        "step": _step,
        "taken_back": _taken_back,
        "apply": lambda marks: marks.apply(FILTER, [1], 1),
        "apply_to_arrived": lambda marks: marks.apply_to_arrived(FILTER._replace(number=1), [1], 1),
        "as_step": lambda marks: marks.as_step("read", "", lambda: None),
        "carry_over": lambda marks: marks.carry_over(),
        "complete_stories": lambda marks: marks.complete_stories(),
        "last_step": lambda marks: marks.last_step(),
        "undo": lambda marks: marks.undo(Step(1, "", "", {})),
        "correct": lambda marks: marks.correct({(1, 2): True}),
        "mute": lambda marks: marks.mute("keyword", "a"),
        "unmute": lambda marks: marks.unmute("keyword", "a"),
        "mutes": lambda marks: marks.mutes(),
        "note_weight": lambda marks: marks.note_weight("a", "normal"),
        "record_coverage": lambda marks: marks.record_coverage(1),
        "version": lambda marks: marks.version(),
    },
    SimilarReader: {
        "article_at": lambda reader: reader.article_at("https://a.example/"),
        "stop_words": lambda reader: reader.stop_words(),
        "count": lambda reader: reader.count(),
        "containing": lambda reader: reader.containing("a", 1, prefix=False),
        "texts": lambda reader: reader.texts([1]),
    },
    StoryEvidence: {
        "points": lambda evidence: evidence.points(1),
        "root_topic": lambda evidence: evidence.root_topic(1),
        "source_weight": lambda evidence: evidence.source_weight(1),
        "heat_parts": lambda evidence: evidence.heat_parts(1),
        "added_coverage": lambda evidence: evidence.added_coverage(1),
        "source": lambda evidence: evidence.source(1),
        "source_says": lambda evidence: evidence.source_says(1),
        "stop_words": lambda evidence: evidence.stop_words(),
        "topics": lambda evidence: evidence.topics(),
        "members": lambda evidence: evidence.members(1),
        "corrections": lambda evidence: evidence.corrections([1, 2]),
    },
    FullTexts: {
        "put": lambda texts: texts.put([FullText(1, "a")]),
        "stamps": lambda texts: texts.stamps(),
        "texts": lambda texts: texts.texts([1]),
        "tried": lambda texts: texts.tried([1]),
    },
    WishReader: {
        "wishes": lambda reader: reader.wishes([1]),
        "at_page": lambda reader: reader.at_page(1),
        "newest": lambda reader: reader.newest("a", 1),
    },
    FeedStore: {
        "sources": lambda store: store.sources(),
        "addresses": lambda store: store.addresses(),
        "put_source": lambda store: store.put_source(FetchedSource("a")),
        "move": lambda store: store.move("a", "b"),
        "set_removed": lambda store: store.set_removed({"a"}, 1),
        "drop_removed": lambda store: store.drop_removed(1, ()),
        "age": lambda store: store.age(1),
        "dropped": lambda store: store.dropped("a"),
        "forget_dropped": lambda store: store.forget_dropped(1),
        "stamps_of_pages": lambda store: store.stamps_of_pages("a", ()),
        "store_entries": lambda store: store.store_entries("a", [Entry("a", Article("A"))], 1),
        "store_named": lambda store: store.store_named("a", [Entry("a", Article("A"))], 1, 1),
        "pages": lambda store: store.pages("a"),
        "all_pages": lambda store: store.all_pages(),
        "mark_listed": lambda store: store.mark_listed("a", 1),
        "stamps": lambda store: store.stamps("a"),
        "listings": lambda store: store.listings(["a"]),
        "overdue": lambda store: store.overdue(["a"], age=1, keep=0, most=1),
        "articles": lambda store: store.articles("a", [1]),
        "first_seen": lambda store: store.first_seen("a", [1]),
        "put_back": lambda store: store.put_back("a", "A", {1: (1, Article("A"))}, 1),
        "volumes": lambda store: store.volumes(1),
        "together": _together,
        "full_texts": lambda store: store.full_texts().stamps(),
        "prune": lambda store: store.prune("a", age=1, keep=0, most=1, kept=()),
    },
    Accounts: {
        "marks": lambda accounts: accounts.marks("a").queued(),
        "state": lambda accounts: accounts.state("a"),
        "put_state": lambda accounts: accounts.put_state(AccountState("a")),
        "begin": lambda accounts: accounts.begin("a", ""),
        "update_state": lambda accounts: accounts.update_state(AccountState("a")),
        "knows": lambda accounts: accounts.knows("a"),
        "replace": lambda accounts: accounts.replace("a", "", "b"),
        "feeds": lambda accounts: accounts.feeds("a"),
        "put_feed": lambda accounts: accounts.put_feed("a", AgreedFeed("1", "a", "A", (), "A", ())),
        "remove_feed": lambda accounts: accounts.remove_feed("a", "1"),
        "other_with": lambda accounts: accounts.other_with("a", "a"),
        "forget": lambda accounts: accounts.forget("a"),
        "newest_deed": lambda accounts: accounts.newest_deed(1),
        "waiting": lambda accounts: accounts.waiting(),
    },
    RemoteMarks: {
        "pages": lambda marks: marks.pages(["1"]),
        "store": lambda marks: marks.store([Listed("1", "f", 1, "a", True, False)], 1),
        "forget_old": lambda marks: marks.forget_old((), (), ()),
        "leave_out": lambda marks: marks.leave_out(["1"]),
        "ask_again": lambda marks: marks.ask_again(),
        "compare": lambda marks: marks.compare(frozenset(), frozenset(), {"f"}, 1),
        "dropped": lambda marks: marks.dropped(Missing(frozenset({"1"}), frozenset(), frozenset()), ()),
        "queued": lambda marks: marks.queued(),
        "sending": lambda marks: marks.sending([Deed(1, "1", "read", True)]),
        "acknowledge": lambda marks: marks.acknowledge([Deed(1, "1", "read", True)]),
        "give_up": lambda marks: marks.give_up([Deed(1, "1", "read", True)]),
    },
}
METHODS = [(owner, name) for owner, calls in CALLS.items() for name in calls]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Any]:
    with closing(open_index(tmp_path / "index.db")) as connection:
        attach_marks(connection, tmp_path / "marks.db")
        yield connection


def _subject(owner: type[Any], connection: Any) -> Any:
    return owner(connection, "a") if owner is RemoteMarks else owner(connection)


@pytest.mark.parametrize("owner", CALLS)
def test_every_method_is_tested(owner: type[Any]) -> None:
    public = {name for name, _ in inspect.getmembers(owner, inspect.isfunction) if not name.startswith("_")}
    assert public - {"discard"} == set(CALLS[owner])  # which asks the database nothing


@pytest.mark.parametrize(("owner", "name"), METHODS)
def test_a_closed_connection_raises_a_store_error(connection: Any, owner: type[Any], name: str) -> None:
    subject = _subject(owner, connection)
    connection.close()
    with pytest.raises(StoreError):
        CALLS[owner][name](subject)


# These methods read no table.
TABLELESS = {"together", "transaction", "prepare_bulk_write", "version", "path"}


@pytest.mark.parametrize(("owner", "name"), [method for method in METHODS if method[1] not in TABLELESS])
def test_missing_tables_raise_a_store_error(connection: Any, owner: type[Any], name: str) -> None:
    subject = _subject(owner, connection)
    tables = [
        f"{schema}.{table}"
        for schema in ("main", "marks")
        for (table,) in connection.execute(
            f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' "
            "AND name NOT GLOB '*search_*' AND name NOT GLOB 'sqlite_*'"
        )
    ]
    for table in tables:
        connection.execute(f"DROP TABLE {table}")
    with pytest.raises(StoreError):
        CALLS[owner][name](subject)
    assert not connection.in_transaction
