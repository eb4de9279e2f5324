"""Parses one answer of a source and stores what it lists, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui_reader.model.feed_entry import MAX_NOTES
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.http.caching import FetchState, after_success
from tui_reader.storage.feed_store import FeedStore, FetchedSource, StoreResult

if TYPE_CHECKING:
    from tui_reader.sources.feeds.response import ParsedResponse


class Answer(NamedTuple):
    """An answer to be parsed and stored.

    ``source`` is the source as it is stored, ``title`` the one that the person
    gave it. ``url`` is where the answer came from in the end, and ``moved``
    where permanent redirects lead. ``now`` is in seconds since 1970, ``age``
    that of the store. ``is_further`` is true for all pages of an API but the
    first, which change nothing about their source.
    """

    source: FetchedSource
    title: str
    body: bytes
    url: str
    status: int
    headers: Mapping[str, str]
    moved: str | None
    now: int
    age: int
    is_further: bool = False


class StoredAnswer(NamedTuple):
    """What was stored of an answer.

    ``source`` is the source as it is stored now. An API has ``topics`` (the
    address of its topics), and perhaps a ``next_page``; ``oldest`` is the
    earliest date on this one.
    """

    source: FetchedSource
    stored: StoreResult = StoreResult()
    topics: str | None = None
    next_page: str | None = None
    oldest: int | None = None

    def again(self) -> StoredAnswer:
        """Return this, where it may have been stored before: then nothing of it is new by now, but it has changed."""
        return self._replace(stored=self.stored._replace(changed=max(1, self.stored.changed)))


def store_answer(store: FeedStore, answer: Answer) -> StoredAnswer:
    """Parse an answer and store what it lists; raises :class:`SourceError` where it is no feed and no API.

    The state for the next request is stored with it, except for that of an
    API: if one of its later pages fails, the next refresh starts over.
    """
    # Here, because at most refreshes most sources have nothing new, and another process parses.
    from tui_reader.sources.feeds.response import parse_response

    parsed = parse_response(answer.body, answer.headers.get("content-type", ""), answer.url, answer.now)
    source = answer.source
    is_api = parsed.topics is not None
    with store.together():
        since = int(state_of(source).last_success)
        if not answer.is_further:
            title = answer.title or parsed.title or source.title
            source = source._replace(title=title, page=parsed.page)
            if not is_api:
                state = state_after(state_of(source), answer, ttl=parsed.ttl_minutes)
                source = source._replace(state=state, removed=0, notes=parsed.notes)
            store.put_source(source)
        stored = store.store_entries(source.address, parsed.entries, answer.now, since, answer.age)
        stored = stored._replace(notes=tuple(dict.fromkeys((*stored.notes, *parsed.notes)))[:MAX_NOTES])
        if not is_api and stored.notes != source.notes:
            source = source._replace(notes=stored.notes)
            store.put_source(source)
    return StoredAnswer(source, stored, parsed.topics, parsed.next_page, _oldest(parsed))


def state_of(source: FetchedSource | None) -> FetchState:
    """Return the fetch state stored with a source; an empty one for a source never fetched."""
    return FetchState.from_text(source.state) if source else FetchState()


def state_after(state: FetchState, answer: Answer, ttl: int | None = None) -> str:
    """Return the state to store after a good answer, as JSON; ``ttl`` is what a feed asks to wait, in minutes."""
    return after_success(
        state,
        status=answer.status,
        headers=answer.headers,
        now=answer.now,
        ttl=ttl,
        every=0,  # the interval is read anew before the next fetch: it may change
        moved=answer.moved,
    ).as_text()


def _oldest(parsed: ParsedResponse) -> int | None:
    dates = (entry.article.published for entry in parsed.entries)
    return min((date for date in dates if date is not None), default=None)
