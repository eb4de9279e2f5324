"""How every kept source is: asked when, failing since when, with how many articles; in facts and in words."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from tui_reader.config import Folders, load_settings
from tui_reader.model.dates import DAY, short_date
from tui_reader.model.text import visible
from tui_reader.model.urls import safe_url
from tui_reader.sources.feeds.file import is_feed_file
from tui_reader.sources.files.layout import is_archive
from tui_reader.sources.http.caching import FetchState
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.locations import is_remote, is_remote_archive
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.storage.statistics import Volume, indexed_volumes
from tui_reader.subscriptions.subscription import Subscription, is_address, load_subscriptions

_GITHUB = "github:"
_API = "/api/news/"  # in the address of every page of a site's API


class Health(StrEnum):
    """How a source is, in a word."""

    FINE = "fine"
    PAUSED = "paused"
    NEW = "new"
    """Never asked."""
    FAILING = "failing"
    """The latest answer was of no use, or there was none."""
    GONE = "gone"
    """It says itself that it is gone for good, or its files are no longer there."""


class SourceStatus(NamedTuple):
    """A kept source and what is known of it; times are seconds since 1970.

    ``location`` is how it is kept and ``address`` the same for showing, without
    anything secret. ``title`` is what it is called on the screen, ``own_title``
    what the person calls it (empty where it is called what it calls itself).
    ``page`` is what a browser can show of it. ``asked`` is the last answer that
    was of use; it and ``failing_since`` and ``next`` are ``None`` for never or
    not. ``next`` may lie in the past: then it is asked with the next refresh.
    ``articles`` and ``a_week`` (the median of the last twelve weeks) are
    ``None`` where nothing is known of them: of what is on the disk, or an
    archive, that was not indexed yet.
    """

    location: str
    address: str
    title: str
    own_title: str
    folder: tuple[str, ...]
    topics: tuple[str, ...]
    kind: str
    health: Health
    page: str | None = None
    asked: int | None = None
    error: str = ""
    failing_since: int | None = None
    next: int | None = None
    articles: int | None = None
    a_week: float | None = None

    @property
    def is_broken(self) -> bool:
        """Whether somebody should look after it."""
        return self.health in {Health.FAILING, Health.GONE}


def source_status(folders: Folders, now: int) -> list[SourceStatus]:
    """Return the facts of every kept source, in the order in which they are kept.

    Raises :class:`UsageError` where a file of the person's is unfit, and
    :class:`StoreError` where what was fetched cannot be read.
    """
    kept = load_subscriptions(folders.sources)
    every = load_settings(folders.settings).refresh_every
    known: dict[str, FetchedSource] = {}
    volumes: dict[str, Volume] = {}
    # Asking for what was never fetched would make the file.
    if folders.fetched.exists():
        with FeedStore.opened(folders.fetched) as store:
            known, volumes = store.sources(), store.volumes(now)
    # What is on the disk, and in archives, is kept in the index only.
    if any(not is_remote(source.location) or is_remote_archive(source.location) for source in kept):
        volumes = indexed_volumes(folders.database((), kept=True), now) | volumes
    return [
        _remote(source, known.get(source.location), volumes.get(source.location), source.every or every, now)
        if is_remote(source.location)
        else _local(source, volumes.get(source.location))
        for source in kept
    ]


def shown_address(location: str) -> str:
    """Return a location for the screen: without name, password and what looks like a key."""
    # What stands before the “@” of a repository is no password.
    return visible(redact_url(location) if is_address(location) else location)


def state_words(facts: SourceStatus, now: int) -> str:
    """Say in a few words how a source is: when it last answered, or since when it does not."""
    if facts.health is Health.FAILING:
        return f"failing for {span(now - (facts.failing_since or now))}"
    if facts.health is Health.GONE:
        return "gone for good" if is_remote(facts.location) else "no longer there"
    if facts.health is Health.PAUSED:
        return "paused"
    if facts.health is Health.NEW:
        return "not asked yet"
    return "on the disk" if facts.asked is None else ago(facts.asked, now)


def ago(moment: int, now: int) -> str:
    """Return ``12 min ago``, or the date of what is longer ago than a week; both in seconds since 1970."""
    text = short_date(moment, now)
    return f"{text} ago" if text.endswith((" min", " h", " d")) else text


def span(seconds: int) -> str:
    """Return ``3 days``, ``1 hour`` or ``12 min``: the greatest whole unit of a time."""
    for unit, name in ((DAY, "day"), (3600, "hour")):
        number = seconds // unit
        if number:
            return f"{number} {name}{'' if number == 1 else 's'}"
    return f"{max(1, seconds // 60)} min"


def _local(source: Subscription, volume: Volume | None) -> SourceStatus:
    path = Path(source.location)
    return SourceStatus(
        location=source.location,
        address=shown_address(source.location),
        title=source.title or visible(path.name) or visible(source.location),
        own_title=source.title,
        folder=source.folder,
        topics=source.topics,
        kind=_kind(path),
        health=Health.FINE if path.exists() else Health.GONE,
        articles=volume.articles if volume else None,
        a_week=volume.a_week if volume else None,
    )


def _kind(path: Path) -> str:
    if path.is_dir():
        return "folder"
    return "archive" if is_archive(path.name) else "feed" if is_feed_file(path.name) else "file"


def _remote(
    source: Subscription, known: FetchedSource | None, volume: Volume | None, every: int, now: int
) -> SourceStatus:
    known = known or FetchedSource(source.location)
    state = FetchState.from_json(json.loads(known.state))
    address = shown_address(source.location)
    kind = "archive" if is_remote_archive(source.location) else "site API" if _API in source.location else "feed"
    asks = not source.paused and not state.stopped
    if volume is None and kind != "archive":
        volume = Volume(0, 0.0)
    return SourceStatus(
        location=source.location,
        address=address,
        title=source.title or known.title or _without_scheme(address),
        own_title=source.title,
        folder=source.folder,
        topics=source.topics,
        kind=kind,
        health=_health(source, state),
        page=_page(source.location, known, kind),
        asked=_moment(state.last_success),
        error=visible(state.last_error),
        failing_since=_moment(state.failing_since),
        next=_next(state, every, now) if asks else None,
        articles=volume.articles if volume else None,
        a_week=volume.a_week if volume else None,
    )


def _health(source: Subscription, state: FetchState) -> Health:
    if source.paused:
        return Health.PAUSED
    if state.stopped:
        return Health.GONE
    if state.failures:
        return Health.FAILING
    return Health.FINE if state.last_success else Health.NEW


def _page(location: str, known: FetchedSource, kind: str) -> str | None:
    """What a browser can show of a source: its own page, else the site of an API, else what is read itself.

    An address with a key in it is for nobody's history.
    """
    if location.startswith(_GITHUB):
        return f"https://github.com/{location.removeprefix(_GITHUB).partition('@')[0]}"
    if kind == "site API":
        return safe_url(location.partition(_API)[0] + "/")
    return safe_url(known.page) or (safe_url(location) if redact_url(location) == location else None)


def _next(state: FetchState, every: int, now: int) -> int:
    """When a source is asked next; waits that :func:`may_ask` does not believe do not count."""
    waits = [
        state.held_until if state.held_until <= now + DAY else 0,
        state.next_due if state.next_due <= now + max(every, DAY) else 0,
        state.last_success + every if 0 < state.last_success <= now else 0,
    ]
    return int(max(waits))


def _moment(seconds: float) -> int | None:
    return int(seconds) if seconds else None


def _without_scheme(address: str) -> str:
    bare = address.removeprefix(_GITHUB).removeprefix("https://").removeprefix("http://")
    return bare.removeprefix("www.").rstrip("/")
