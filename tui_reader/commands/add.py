"""``news-tui add``: add sources to those that open by default."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from tui_reader.commands.output.words import shown_location
from tui_reader.commands.private_addresses import confirm_private
from tui_reader.config import Folders, Settings, folders, load_settings
from tui_reader.error_log import log_fault
from tui_reader.errors import ArticleError, NewsError, SourceError, UsageError
from tui_reader.model.text import visible
from tui_reader.sources.locations import is_remote_archive
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions, split_credentials

if TYPE_CHECKING:
    from tui_reader.queries.find_sources import FoundSource

_ON_DISK = {"folder", "file"}


def add(arguments: Namespace) -> int:
    """Run ``news-tui add``; return 1 if one of the sources cannot be added. The others are."""
    here = folders()
    settings = load_settings(here.settings)
    load_subscriptions(here.sources)  # if nothing can be added, nobody is asked
    if arguments.account:
        arguments.account = _account(here, arguments.account)
    wanted: list[Subscription] = []
    failed = False
    try:
        for name in dict.fromkeys(arguments.sources):
            try:
                wanted += _found(name, arguments, here, settings)
            except Exception as error:  # noqa: BLE001 - shown, and logged if it is a bug; the other sources are added
                failed = True
                print(f"news-tui: {_reason(name, error)}", file=sys.stderr)
    finally:
        # Also those found before Ctrl+C.
        added = add_subscriptions(here.sources, wanted)
        for source in wanted:
            print(f"{'added' if source in added else 'already added:'} {_full_name(source)}")
        if arguments.account and wanted:
            print(f"{arguments.account} is told with the next refresh")
    return 1 if failed else 0


def _account(here: Folders, name: str) -> str:
    """Return the name of the account to subscribe on. Raises :class:`UsageError`."""
    from tui_reader.subscriptions.accounts import AccountKind, find_account, load_accounts

    account = find_account(load_accounts(here.accounts), name)
    if account.kind is AccountKind.FEVER:
        raise UsageError(f"{account.name} speaks Fever, which cannot subscribe: do it on the server’s own page")
    return account.name


def _found(name: str, arguments: Namespace, here: Folders, settings: Settings) -> list[Subscription]:
    """Return the sources that are to be added for one name. Raises :class:`SourceError`, :class:`OSError`, EOFError."""
    from tui_reader.queries.find_sources import find_sources

    folder = tuple(part for part in arguments.folder.split("/") if part)
    chosen = _choose(name, find_sources(name, here, settings), everything=arguments.all)
    _check_private(name, chosen, confirmed=arguments.private)
    wanted = []
    for found in chosen:
        on_disk = found.kind in _ON_DISK
        if arguments.account and (on_disk or is_remote_archive(found.location)):
            raise SourceError(f"{visible(found.location)} is no feed, and the server of an account only has feeds")
        if on_disk:
            _check(found.location)
        title = visible(arguments.title or ("" if on_disk else found.title))
        only_public = bool(found.named_by) and not (arguments.private or found.is_private)
        wanted.append(
            Subscription(
                found.location,
                title=title,
                folder=folder,
                auth=found.auth,
                only_public=only_public,
                account=arguments.account,
            )
        )
    return wanted


def _reason(name: str, error: Exception) -> str:
    """Return an error as a sentence that names the source."""
    if isinstance(error, NewsError):
        reason = str(error)
    elif isinstance(error, OSError):
        reason = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    elif isinstance(error, EOFError):
        reason = "there was no answer"
    else:
        reason = log_fault(error)
    shown = visible(split_credentials(name)[0].strip())
    return visible(reason if shown in reason else f"{shown}: {reason}")


def _check_private(name: str, chosen: Sequence[FoundSource], *, confirmed: bool) -> None:
    """Raise :class:`SourceError` unless the person confirms what a page names in a private network."""
    page = split_credentials(name)[0]
    private = [found.location for found in chosen if found.is_private]
    if not confirm_private(page, private, confirmed=confirmed):
        where = visible(private[0])
        raise SourceError(
            f"{visible(page)} names {where}, which is in your private network: name it yourself, or use --private"
        )


def _full_name(source: Subscription) -> str:
    location = shown_location(source.location)
    return f"{visible(source.title)} ({location})" if source.title else location


def _choose(name: str, found: Sequence[FoundSource], *, everything: bool) -> Sequence[FoundSource]:
    """Ask which of several sources to add; raises :class:`SourceError` without a terminal to ask on."""
    if len(found) == 1 or everything:
        return found
    page = visible(split_credentials(name)[0])
    lines = [f"  {place}  {each.title} · {each.location}" for place, each in enumerate(found, 1)]
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        for line in lines:
            print(visible(line), file=sys.stderr)
        raise SourceError(f"{page} has several feeds: name one of them, or use --all to add them all")
    print(f"{page} has several:")
    for line in lines:
        print(visible(line))
    answer = input(f"Which? 1 to {len(found)}, several separated by spaces, ⏎ for the first: ").split() or ["1"]
    places = [int(word) for word in answer if word.isdecimal() and 1 <= int(word) <= len(found)]
    if len(places) != len(answer):
        raise SourceError(f"‘{' '.join(answer)}’ is not in that list: nothing of {page} was added")
    return [found[place - 1] for place in dict.fromkeys(places)]


def _check(location: str) -> None:
    """Raise :class:`SourceError` unless the source contains an article."""
    from tui_reader.sources.files.article_file import parse_article

    tried, reason = 0, ""
    for path, data in _article_files(location):
        tried += 1
        try:
            parse_article(data, path)
        except ArticleError as error:
            reason = reason or error.reason
            continue
        return
    if tried == 0:
        raise SourceError(f"{location} contains no text: name a folder, file or archive of articles, such as Markdown")
    which = "its only file is none" if tried == 1 else f"none of its {tried:,} files is one"
    raise SourceError(f"{location} contains no article: {which}: {reason}")


def _article_files(location: str) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the bytes of every file of a source that could be an article."""
    from tui_reader.sources.collection import open_collection
    from tui_reader.sources.files.archive import ArchiveCollection
    from tui_reader.sources.files.folder import FolderCollection, read_file
    from tui_reader.sources.files.layout import is_article_file, is_ignored

    collection = open_collection(location)
    if isinstance(collection, FolderCollection):
        for stamp in collection.files():
            with suppress(OSError):  # one that cannot be read is told once the source is added
                yield stamp.path, read_file(str(collection.root), stamp.path)
    elif isinstance(collection, ArchiveCollection):
        for stamp, data in collection.members():
            if is_article_file(stamp.path) and not is_ignored(stamp.path):
                yield stamp.path, data
