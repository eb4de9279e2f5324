"""Reports the status of each subscription: when it was fetched, whether it fails, how much it publishes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from tui_reader.config import Folders, read_settings
from tui_reader.errors import StoreError
from tui_reader.model.dates import DAY, short_date
from tui_reader.model.text import visible
from tui_reader.model.urls import safe_url
from tui_reader.model.weights import Weight
from tui_reader.named_tuple import NamedTuple
from tui_reader.queries.account_states import known_accounts
from tui_reader.sources.feeds.file import is_feed_file
from tui_reader.sources.files.layout import is_archive
from tui_reader.sources.http.caching import FetchState
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.locations import is_remote, is_remote_archive
from tui_reader.storage.accounts import AccountState
from tui_reader.storage.feed_store import FeedStore, FetchedSource
from tui_reader.storage.statistics import Volume, indexed_problems, indexed_volumes
from tui_reader.storage.traces import was_there
from tui_reader.subscriptions.subscription import Subscription, is_address, load_subscriptions

_GITHUB = "github:"
_FETCHED_KINDS = frozenset({"feed", "site API"})
_PASSING = frozenset({"DOWN", "RATE_LIMIT"})  # problems that are over by themselves
_API = "/api/news/"  # in the address of every page of a site's API


class Health(StrEnum):
    """The health of a source."""

    FINE = "fine"
    PAUSED = "paused"
    NEW = "new"
    """Never fetched."""
    FAILING = "failing"
    """The last fetch failed."""
    GONE = "gone"
    """The server says that the source no longer exists (410), or its files do not exist."""


_BROKEN = {Health.FAILING, Health.GONE}


class SourceStatus(NamedTuple):
    """The status of a subscription; times are in seconds since 1970.

    ``location`` is that of the subscription, ``address`` the same without
    secrets. ``title`` is shown on the screen, ``custom_title`` is the one that
    the person chose, or empty. ``website`` is the address to open in a browser.
    ``last_fetched`` is the last successful fetch and ``next_fetch`` the next
    one due, which may be past: then it takes place with the next refresh.
    ``articles`` and ``per_week`` (the median of the last twelve weeks) are
    ``None`` for a folder, file or archive that was not indexed yet. ``notes``
    say what of it could not be read or was left out. ``account`` is that which
    its articles come from, whose state it has then; empty for most.
    """

    location: str
    address: str
    title: str
    custom_title: str
    folder: tuple[str, ...]
    topics: tuple[str, ...]
    kind: str
    health: Health
    website: str | None = None
    last_fetched: int | None = None
    error: str = ""
    failing_since: int | None = None
    next_fetch: int | None = None
    articles: int | None = None
    per_week: float | None = None
    weight: Weight = Weight.NORMAL
    apart: bool = False
    full_text: bool = False
    selector: str = ""
    notes: tuple[str, ...] = ()
    account: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether the source needs attention."""
        return self.health in _BROKEN


def source_status(folders: Folders, now: int) -> list[SourceStatus]:
    """Return the status of every subscription, in the order of the subscriptions.

    ``now`` is in seconds since 1970. Raises :class:`UsageError` if a
    configuration file is invalid, and :class:`StoreError` if the index cannot
    be read. If the feed store cannot, nothing is known of what was fetched:
    :func:`fetched_problem` says why.
    """
    subscriptions = load_subscriptions(folders.sources)
    every = read_settings(folders.settings).settings.refresh_every
    known, _ = _fetched_sources(folders)
    volumes: dict[str, Volume] = {}
    problems: dict[str, tuple[str, ...]] = {}
    if known:
        with FeedStore.opened(folders.fetched) as store:
            volumes = store.volumes(now)
    # Articles of folders, files and archives are in the index only.
    if any(not is_remote(source.location) or is_remote_archive(source.location) for source in subscriptions):
        index = folders.database((), kept=True)
        volumes = indexed_volumes(index, now) | volumes
        problems = indexed_problems(index)
    found = [
        _remote(source, known.get(source.location), volumes.get(source.location), source.every or every, now)
        if is_remote(source.location)
        else _local(source, volumes.get(source.location))
        for source in subscriptions
    ]
    states = _account_states(folders) if any(source.account for source in subscriptions) else {}
    found = [
        _of_account(each, source.account, states.get(source.account), every) if source.account else each
        for source, each in zip(subscriptions, found, strict=True)
    ]
    # The notes on feeds are in the feed store, as of their last fetch.
    return [
        each
        if each.kind in _FETCHED_KINDS and is_remote(each.location)
        else each._replace(notes=problems.get(each.location, ()))
        for each in found
    ]


def fetched_problem(folders: Folders) -> str:
    """Return why nothing is known of what was fetched, as a sentence; empty if all is well, or nothing ever was."""
    return _fetched_sources(folders)[1]


def _fetched_sources(folders: Folders) -> tuple[dict[str, FetchedSource], str]:
    """Return the sources in the feed store by address, and why they cannot be read."""
    if not (folders.fetched.exists() or was_there(folders.fetched)):
        return {}, ""  # opening it would create it
    try:
        with FeedStore.opened(folders.fetched) as store:
            return store.sources(), ""
    except StoreError as error:
        return {}, str(error)


def broken_sources(folders: Folders) -> frozenset[str]:
    """Return the locations of the subscriptions that need attention: failing, or gone. Raises as above."""
    known, _ = _fetched_sources(folders)
    broken = set()
    subscriptions = load_subscriptions(folders.sources)
    names = {source.account for source in subscriptions if source.account}
    states = _account_states(folders) if names else {}
    unusable = {name for name in names if name not in states or not _may_pass(states[name])}
    for source in subscriptions:
        if source.account:
            is_broken = source.account in unusable
        elif is_remote(source.location):
            state = FetchState.from_text(known[source.location].state) if source.location in known else None
            is_broken = state is not None and _health(source, state) in _BROKEN
        else:
            is_broken = not Path(source.location).exists()
        if is_broken:
            broken.add(source.location)
    return frozenset(broken)


def _account_states(folders: Folders) -> dict[str, AccountState]:
    """Return what is known of each account, by its name; nothing where that cannot be read."""
    try:
        return {known.account.name: known.state for known in known_accounts(folders)[0]}
    except StoreError:
        return {}  # whoever needs the marks says why


def _may_pass(state: AccountState) -> bool:
    """Return whether nothing is wrong with an account, or what may be over by itself, such as a server that is down."""
    return not state.problem or state.problem_kind in _PASSING


def _of_account(facts: SourceStatus, account: str, state: AccountState | None, every: int) -> SourceStatus:
    """Return the status of a source of an account: it is as well as that."""
    facts = facts._replace(account=account)
    if facts.health is Health.PAUSED:
        return facts
    if state is None:
        error = f"there is no account ‘{account}’: ‘news-tui account add’ adds it"
        return facts._replace(health=Health.FAILING, error=error, failing_since=None, next_fetch=None)
    health = Health.FAILING if state.problem else Health.FINE if state.succeeded else Health.NEW
    return facts._replace(
        health=health,
        last_fetched=_moment(state.succeeded),
        error=visible(state.problem),
        failing_since=_moment(state.succeeded or state.tried) if state.problem else None,
        next_fetch=max(state.held_until, state.tried + every),
    )


def shown_address(location: str) -> str:
    """Return a location to show on the screen, without credentials and anything that looks like a key."""
    # In github:OWNER/REPO@REF the part before the “@” is no password.
    return visible(redact_url(location) if is_address(location) else location)


def describe_influence(facts: SourceStatus) -> str:
    """Return how the source differs from others in what it does to stories, in a few words; empty if it does not."""
    weight = "" if facts.weight is Weight.NORMAL else f"counts {facts.weight.value}"
    return " · ".join(filter(None, (weight, "kept apart" if facts.apart else "")))


def describe_state(facts: SourceStatus, now: int) -> str:
    """Return the status of a source in a few words: when it was last fetched, or since when it fails."""
    if facts.health is Health.FAILING:
        return f"failing for {duration(now - (facts.failing_since or now))}"
    if facts.health is Health.GONE:
        return "gone for good" if is_remote(facts.location) else "not found"
    if facts.health is Health.PAUSED:
        return "paused"
    if facts.health is Health.NEW:
        return "not fetched yet"
    return "on disk" if facts.last_fetched is None else time_ago(facts.last_fetched, now)


def time_ago(moment: int, now: int) -> str:
    """Return ``12 min ago``, or the date if that is more than a week ago; both times are in seconds since 1970."""
    text = short_date(moment, now)
    return f"{text} ago" if text.endswith((" min", " h", " d")) else text


def duration(seconds: int) -> str:
    """Return a duration in its largest unit: ``3 days``, ``1 hour``, ``12 min``."""
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
        custom_title=source.title,
        folder=source.folder,
        topics=source.topics,
        kind=_kind(path),
        health=Health.FINE if path.exists() else Health.GONE,
        articles=volume.articles if volume else None,
        per_week=volume.per_week if volume else None,
        weight=source.weight,
        apart=source.apart,
        full_text=source.full_text,
        selector=source.selector,
    )


def _kind(path: Path) -> str:
    if path.is_dir():
        return "folder"
    return "archive" if is_archive(path.name) else "feed" if is_feed_file(path.name) else "file"


def _remote(
    source: Subscription, known: FetchedSource | None, volume: Volume | None, every: int, now: int
) -> SourceStatus:
    known = known or FetchedSource(source.location)
    state = FetchState.from_text(known.state)
    address = shown_address(source.location)
    kind = "archive" if is_remote_archive(source.location) else "site API" if _API in source.location else "feed"
    is_active = not source.paused and not state.stopped
    if volume is None and kind != "archive":
        volume = Volume(0, 0.0)
    return SourceStatus(
        location=source.location,
        address=address,
        title=source.title or known.title or short_address(source.location),
        custom_title=source.title,
        folder=source.folder,
        topics=source.topics,
        kind=kind,
        health=_health(source, state),
        website=_website(source.location, known, kind),
        last_fetched=_moment(state.last_success),
        error=visible(state.last_error),
        failing_since=_moment(state.failing_since),
        next_fetch=_next_fetch(state, every, now) if is_active else None,
        articles=volume.articles if volume else None,
        per_week=volume.per_week if volume else None,
        weight=source.weight,
        apart=source.apart,
        full_text=source.full_text,
        selector=source.selector,
        notes=tuple(map(visible, known.notes)),
    )


def _health(source: Subscription, state: FetchState) -> Health:
    if source.paused:
        return Health.PAUSED
    if state.stopped:
        return Health.GONE
    if state.failures:
        return Health.FAILING
    return Health.FINE if state.last_success else Health.NEW


def _website(location: str, known: FetchedSource, kind: str) -> str | None:
    """Return the address to open in a browser: the website of a feed or an API, else the source itself.

    An address that contains a key is not opened: it would stay in the history.
    """
    if location.startswith(_GITHUB):
        return f"https://github.com/{location.removeprefix(_GITHUB).partition('@')[0]}"
    if kind == "site API":
        return safe_url(location.partition(_API)[0] + "/")
    return safe_url(known.page) or (safe_url(location) if redact_url(location) == location else None)


def _next_fetch(state: FetchState, every: int, now: int) -> int:
    """Return when a source is due; waits that :func:`is_due` ignores are ignored here as well."""
    waits = [
        state.held_until if state.held_until <= now + DAY else 0,
        state.next_due if state.next_due <= now + max(every, DAY) else 0,
        state.last_success + every if 0 < state.last_success <= now else 0,
    ]
    return int(max(waits))


def _moment(seconds: float) -> int | None:
    return int(seconds) if seconds else None


def short_address(location: str) -> str:
    """Return the address of a source without scheme and secrets, to show where it has no title."""
    bare = shown_address(location).removeprefix(_GITHUB).removeprefix("https://").removeprefix("http://")
    return bare.removeprefix("www.").rstrip("/")
