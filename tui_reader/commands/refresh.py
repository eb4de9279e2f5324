"""``news-tui refresh``: fetch new articles from the sources and update the index."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_reader.commands.indexing import follow, report_failures
from tui_reader.commands.named_sources import named_source
from tui_reader.config import Folders, folders, load_settings
from tui_reader.model.counted import counted
from tui_reader.model.progress import Progress, Untold
from tui_reader.model.text import visible
from tui_reader.pipeline.fetch_result import OFFLINE
from tui_reader.pipeline.fetch_run import FetchRun
from tui_reader.pipeline.refresher import Refresher
from tui_reader.queries.lost_sources import lost_sources
from tui_reader.storage.copies import make_copies
from tui_reader.subscriptions.selection import Selection, select_sources
from tui_reader.subscriptions.subscription import load_subscriptions

if TYPE_CHECKING:
    from tui_reader.pipeline.account_sync import SyncAccount
    from tui_reader.subscriptions.accounts import Account


def refresh(arguments: Namespace) -> int:
    """Run ``news-tui refresh``; return 1 if a source could not be fetched."""
    here = folders()
    locations = None
    if arguments.sources:
        subscriptions = load_subscriptions(here.sources)
        locations = [named_source(name, subscriptions).location for name in arguments.sources]
    accounts: Sequence[SyncAccount] = ()
    mistakes: Sequence[str] = ()
    if here.accounts.exists():
        from tui_reader.pipeline.connected_accounts import connected_accounts  # many have none

        accounts, mistakes = connected_accounts(here)
    return _refresh(here, arguments, accounts, locations, mistakes)


def synchronise(here: Folders, accounts: Sequence[Account], *, as_json: bool, asked: bool) -> int:
    """Synchronise with these accounts, and fetch no other source; return 1 if one could not be."""
    from tui_reader.pipeline.connected_accounts import with_clients

    options = Namespace(json=as_json, due=False, force=False, offline=False, untold=False, asked=asked)
    return _refresh(here, options, with_clients(here, accounts), only_accounts=True)


def _refresh(
    here: Folders,
    arguments: Namespace,
    accounts: Sequence[SyncAccount],
    locations: Sequence[str] | None = None,
    mistakes: Sequence[str] = (),
    *,
    only_accounts: bool = False,
) -> int:
    start = time.monotonic()
    selection = select_sources((), here)
    settings = load_settings(here.settings)
    lost = lost_sources(here) if selection.is_sample else ""
    report_failures([lost] if lost else [])
    problems = [*make_copies(here), *mistakes]
    report_failures(problems)
    asked = arguments.asked or sys.stdin.isatty()
    fetch_run = FetchRun(here, settings, accounts=accounts, only_accounts=only_accounts, asked=asked)
    steps = Refresher(selection, here, settings, fetch_run=fetch_run).run(
        locations, automatic=arguments.due, force=arguments.force, offline=arguments.offline
    )
    if settings.hooks:
        from tui_reader.commands.hooks import with_hooks

        claim = arguments.json and not arguments.untold
        steps = with_hooks(steps, selection, here, settings.hooks, claim=claim)
    last = follow(steps, as_json=arguments.json, notices=problems)
    if not arguments.json:
        report_failures(last.notices)
        if last.untold:
            _notify(selection, here, last.untold)
    good = report_failures(last.failures)
    was_tried = last.sources_total > 0 or (good and not lost)
    if not arguments.json and was_tried and OFFLINE not in last.failures:
        print(_summary(last, time.monotonic() - start))
    return 0 if good and not lost else 1


def _notify(selection: Selection, here: Folders, untold: Sequence[Untold]) -> None:
    """Let the terminal show notifications; where there is none, print what they would have said."""
    from tui_reader.commands.hooks import tell
    from tui_reader.model.notifications import terminal_notification

    for text in tell(selection, here, untold):
        if sys.stdout.isatty():
            print(terminal_notification(text, os.environ), end="", flush=True)
        else:
            print(visible(text))


def _summary(last: Progress, seconds: float) -> str:
    fetched = f"{counted(last.sources_done, 'source')} fetched" if last.sources_total else "no source was due"
    return f"{fetched} · {counted(last.new, 'new article')} · {seconds:.1f} s"
