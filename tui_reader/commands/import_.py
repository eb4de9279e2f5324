"""``news-tui import``: add the feeds of OPML files, or carry the set-up of newsboat over."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from urllib.parse import urlsplit

from tui_reader.commands.output.words import shown_location
from tui_reader.commands.private_addresses import confirm_private
from tui_reader.config import folders
from tui_reader.errors import SourceError
from tui_reader.model.counted import counted
from tui_reader.model.networks import is_private_host
from tui_reader.model.text import visible
from tui_reader.model.urls import domain_of
from tui_reader.sources.locations import named_path
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.opml_reader import MAX_BYTES, SkippedOutline, read_opml
from tui_reader.subscriptions.subscription import Subscription, is_address, load_subscriptions, source_key

_STANDARD_INPUT = "-"


def import_(arguments: Namespace) -> int:
    """Run ``news-tui import``; return 1 if a file contains no feed that can be added.

    Raises :class:`SourceError` for a file that cannot be read. Feeds of the files
    before it have been added by then.
    """
    if arguments.newsboat and len(arguments.files) > 1:
        arguments.error("--newsboat takes one folder")
    if not arguments.newsboat and not arguments.files:
        arguments.error("name an OPML file, its address, ‘-’, or a folder of newsboat")
    if arguments.newsboat:
        return _import_newsboat(next(iter(arguments.files), ""), arguments)
    return max([_import_one(name, arguments) for name in arguments.files])


def _import_one(name: str, arguments: Namespace) -> int:
    if name != _STANDARD_INPUT and not is_address(name) and named_path(name).is_dir():
        return _import_newsboat(name, arguments)
    if arguments.dry_run:
        arguments.error("--dry-run is for a folder of newsboat")
    return _import_file(name, private=arguments.private)


def _import_newsboat(name: str, arguments: Namespace) -> int:
    from tui_reader.commands.import_newsboat import import_newsboat
    from tui_reader.subscriptions.newsboat.files import newsboat_folder

    folder = newsboat_folder(name)

    def confirm(feeds: Sequence[Subscription]) -> tuple[Sequence[Subscription], Sequence[str]]:
        wanted, refused = _only_confirmed(str(folder), feeds, private=arguments.private)
        return wanted, [f"{each.name}: {each.reason}" for each in refused]

    return import_newsboat(folder, confirm=confirm, dry_run=arguments.dry_run)


def _import_file(name: str, *, private: bool) -> int:
    data = _read(name)
    try:
        opml = read_opml(data, _shown(name))
    except SourceError as error:
        raise _recognised(name, data) or error from error
    wanted, refused_here = _only_confirmed(name, opml.subscriptions, private=private)
    opml = opml._replace(subscriptions=wanted, skipped=(*opml.skipped, *refused_here))
    added = add_subscriptions(folders().sources, opml.subscriptions)
    present = len(opml.subscriptions) - len(added)
    parts = [f"added {counted(len(added), 'feed')}"]
    parts += [f"{present:,} already added"] if present else []
    parts += [f"{opml.repeated:,} listed more than once"] if opml.repeated else []
    parts += [f"{len(opml.skipped):,} refused"] if opml.skipped else []
    print(f"{_shown(name)}: {', '.join(parts)}")
    for note in opml.notes:
        print(f"{_shown(name)}: {note}")
    for refused in opml.skipped:
        print(f"refused {refused.name}: {refused.reason}")
    return 0 if opml.subscriptions else 1


def _recognised(name: str, data: bytes) -> SourceError | None:
    """Return what is wrong with a file of newsboat that is given as OPML; ``None`` for any other file."""
    from tui_reader.subscriptions.newsboat.recognition import newsboat_advice

    is_file = name != _STANDARD_INPUT and not is_address(name)
    advice = newsboat_advice(data, named_path(name) if is_file else None)
    return SourceError(f"{_shown(name)} is {advice}") if advice else None


def _only_confirmed(
    name: str, named: Sequence[Subscription], *, private: bool
) -> tuple[tuple[Subscription, ...], list[SkippedOutline]]:
    """Return the sources of a list to add, and those in a private network that the person does not confirm.

    A source on the host of the list itself needs no confirmation, nor one that
    was added before.
    """
    host = domain_of(name) if is_address(name) else ""
    known = {source_key(source.location) for source in load_subscriptions(folders().sources)}
    local = {
        source.location
        for source in named
        if is_private_host(urlsplit(source.location).hostname or "")
        and domain_of(source.location) != host
        and source_key(source.location) not in known
    }
    is_confirmed = confirm_private(_shown(name), sorted(local), confirmed=private)
    wanted, refused = [], []
    for source in named:
        if source.location in local and not is_confirmed:
            shown = visible(source.title) or shown_location(source.location)
            refused.append(
                SkippedOutline(shown, "it is in your private network: use --private, or add it by its address")
            )
            continue
        may_be_private = private or source.location in local or domain_of(source.location) == host
        wanted.append(source._replace(only_public=not may_be_private))
    return tuple(wanted), refused


def _read(name: str) -> bytes:
    """Return at most one byte more than the limit, which tells :func:`read_opml` that a file is too large."""
    if name == _STANDARD_INPUT:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if is_address(name):
        import asyncio

        return asyncio.run(_fetch(name, MAX_BYTES))
    with named_path(name).open("rb") as file:
        return file.read(MAX_BYTES + 1)


async def _fetch(address: str, limit: int) -> bytes:
    from tui_reader.sources.http.client import Fetcher

    async with Fetcher() as fetcher:
        return (await fetcher.get(address, limit=limit, trusted=(address,))).body


def _shown(name: str) -> str:
    if name == _STANDARD_INPUT:
        return "standard input"
    return shown_location(name) if is_address(name) else visible(name)
