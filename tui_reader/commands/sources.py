"""``news-tui add``, ``remove`` and ``sources``: the sources that open when none is named."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.commands.options import Options
from tui_reader.commands.terminal import is_utf8
from tui_reader.config import folders, load_settings
from tui_reader.errors import ArticleError, SourceError
from tui_reader.model.dates import iso_date
from tui_reader.model.text import visible
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.locations import is_remote
from tui_reader.subscriptions.edit import add_subscriptions, remove_subscriptions
from tui_reader.subscriptions.subscription import (
    Subscription,
    find_subscription,
    load_subscriptions,
    split_credentials,
)

if TYPE_CHECKING:
    from tui_reader.queries.find_sources import Candidate
    from tui_reader.queries.source_status import SourceStatus

_ADD = """\
Keep sources: feeds, pages that have feeds, sites, archives, folders. They open
when none is named, as one front page. An address of a page finds its feeds and
asks which where there are several. A source that is not there is refused."""
_REMOVE = """\
Keep sources no longer, by any name of them, also when they are gone. What was
read and saved in them stays marked."""
_SOURCES = """\
List the sources that are kept: articles, articles a week, the last answer, and
what is wrong with those that fail."""


def add(arguments: Sequence[str]) -> int:
    """Run ``news-tui add``; raises :class:`SourceError` and keeps nothing where one source is unfit."""
    options = Options("add", "SOURCE… [--title TITLE] [--folder FOLDER] [--all]", _ADD)
    options.sources(required=True)
    options.add_argument("--title", default="", help="what to call it")
    options.add_argument("--folder", default="", help="the folder to file it in, with / between folders")
    options.add_argument("--all", action="store_true", help="keep all feeds that a page has")
    chosen = options.read(arguments)
    from tui_reader.queries.find_sources import find

    here = folders()
    settings = load_settings(here.settings)
    wanted: list[Subscription] = []
    folder = tuple(part for part in chosen.folder.split("/") if part)
    for name in dict.fromkeys(chosen.sources):
        for found in _chosen(name, find(name, here, settings), everything=chosen.all):
            if found.kind in {"folder", "file"}:
                _check(found.location)
            title = visible(chosen.title or (found.title if found.kind not in {"folder", "file"} else ""))
            wanted.append(Subscription(found.location, title=title, folder=folder, auth=found.auth))
    added = add_subscriptions(here.sources, wanted)
    for source in wanted:
        print(f"added {_named_in_full(source)}" if source in added else f"already kept: {_named_in_full(source)}")
    return 0


def _named_in_full(source: Subscription) -> str:
    address = redact_url(source.location) if is_remote(source.location) else source.location
    return visible(f"{source.title} ({address})" if source.title else address)


def _chosen(name: str, found: Sequence[Candidate], *, everything: bool) -> Sequence[Candidate]:
    """Let the person say which of several sources is meant; raises :class:`SourceError` where nobody can be asked."""
    if len(found) == 1 or everything:
        return found
    shown_name = visible(split_credentials(name)[0])
    lines = [f"  {place}  {each.title} · {each.location}" for place, each in enumerate(found, 1)]
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        for line in lines:
            print(visible(line), file=sys.stderr)
        raise SourceError(f"{shown_name} has several feeds: name one of them, or add --all to keep them all")
    print(f"{shown_name} has several:")
    for line in lines:
        print(visible(line))
    answer = input(f"Which? 1 to {len(found)}, several with spaces between, ⏎ for the first: ").split() or ["1"]
    places = [int(word) for word in answer if word.isdecimal() and 1 <= int(word) <= len(found)]
    if len(places) != len(answer):
        raise SourceError(f"there is no {' '.join(answer)} in that list: nothing was kept")
    return [found[place - 1] for place in dict.fromkeys(places)]


def _check(location: str) -> None:
    """Raise :class:`SourceError` unless there is an article in the source."""
    from tui_reader.sources.files.front_matter import parse_article

    tried = 0
    for name, data in _texts(location):
        tried += 1
        try:
            parse_article(data, name)
        except ArticleError:
            continue
        return
    if tried == 0:
        raise SourceError(f"{location} holds no Markdown file: name a folder, file or archive of articles")
    which = "its only Markdown file has no" if tried == 1 else f"none of its {tried:,} Markdown files has"
    raise SourceError(f"{location} holds no article: {which} readable front matter")


def _texts(location: str) -> Iterator[tuple[str, bytes]]:
    """Give name and bytes of every file of a source that could be an article."""
    from tui_reader.sources.collection import open_collection
    from tui_reader.sources.files.archive import ArchiveCollection
    from tui_reader.sources.files.folder import FolderCollection, read_file
    from tui_reader.sources.files.layout import is_ignored, is_markdown

    collection = open_collection(location)
    if isinstance(collection, FolderCollection):
        for stamp in collection.files():
            yield Path(stamp.path).name, read_file(str(collection.root), stamp.path)
    elif isinstance(collection, ArchiveCollection):
        for stamp, data in collection.members():
            if is_markdown(stamp.path) and not is_ignored(stamp.path):
                yield Path(stamp.path).name, data


def remove(arguments: Sequence[str]) -> int:
    """Run ``news-tui remove``; raises :class:`SourceError` and removes nothing where one is not kept."""
    options = Options("remove", "SOURCE…", _REMOVE)
    options.sources(required=True)
    here = folders()
    kept = load_subscriptions(here.sources)
    found: dict[str, None] = {}
    for name in options.read(arguments).sources:
        source = next((each for text in _names(name) if (each := find_subscription(kept, text))), None)
        source = source or next((each for each in kept if each.title == name), None)
        if source is None:
            raise SourceError(f"{name} is not kept: ‘news-tui sources’ lists what is")
        found[source.location] = None
    remove_subscriptions(here.sources, list(found))
    if any(is_remote(location) for location in found):
        from tui_reader.pipeline.refresher import prune_removed

        prune_removed(here)
    for location in found:
        print(f"removed {visible(redact_url(location) if is_remote(location) else location)}")
    return 0


def _names(name: str) -> Iterator[str]:
    """Give what may stand for ``name`` among the kept sources."""
    yield name
    path = Path(name).expanduser()
    # Not strict: what a person wants to be rid of is often gone already.
    yield str(path.resolve())
    yield str(path.absolute())


def sources(arguments: Sequence[str]) -> int:
    """Run ``news-tui sources``."""
    options = Options("sources", "[--json]", _SOURCES)
    options.json("one JSON object a line: location, whether it is there, and what is known of it")
    chosen = options.read(arguments)
    from tui_reader.queries.source_status import source_status

    facts = source_status(folders(), int(time.time()))
    for source in facts:
        if chosen.json:
            print(json.dumps(_fields(source), ensure_ascii=not is_utf8(sys.stdout)))
        else:
            print(_line(source))
    if not facts and not chosen.json:
        print("news-tui: nothing is kept yet: ‘news-tui add SOURCE’ keeps a source", file=sys.stderr)
    return 0


def _fields(source: SourceStatus) -> dict[str, object]:
    remote = is_remote(source.location)
    fields: dict[str, object] = {"location": source.location, "there": remote or not source.is_broken}
    fields |= {"title": source.title, "kind": source.kind, "health": source.health.value}
    fields |= {"folder": list(source.folder), "topics": list(source.topics)}
    if remote:
        times = {name: getattr(source, name) for name in ("asked", "next", "failing_since")}
        fields |= {name: iso_date(when) if when else None for name, when in times.items()}
        fields |= {"error": source.error, "articles": source.articles, "perWeek": source.a_week}
    return fields


def _line(source: SourceStatus) -> str:
    """A source in one line: what it is called and where it is, how much it has, and what is wrong."""
    if not is_remote(source.location):
        name = f"{source.own_title} ({source.address})" if source.own_title else source.address
        return f"{name}  (gone)" if source.is_broken else name
    # Where it has no title, it is called by its address.
    parts = [source.address if source.title in source.address else f"{source.title} ({source.address})"]
    if source.articles is not None:
        parts.append(f"{source.articles:,} article{'' if source.articles == 1 else 's'}, {source.a_week:g} a week")
    if source.asked is not None:
        parts.append(f"asked {_minute(source.asked)}")
    elif source.health == "new":
        parts.append("never asked")
    if source.health == "paused":
        parts.append("paused")
    if source.failing_since is not None:
        parts.append(f"failing since {_minute(source.failing_since)}: {source.error}")
    return " · ".join(parts)


def _minute(seconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
