"""``news-tui remove``: remove sources from those that open by default."""

from __future__ import annotations

from argparse import Namespace

from tui_reader.commands.named_sources import named_source
from tui_reader.commands.output.words import shown_location
from tui_reader.config import folders
from tui_reader.pipeline.retention import REMOVED_DAYS, remove_sources
from tui_reader.sources.locations import is_remote
from tui_reader.subscriptions.subscription import load_subscriptions


def remove(arguments: Namespace) -> int:
    """Run ``news-tui remove``; raises :class:`SourceError`, and removes nothing, if one name is unknown."""
    here = folders()
    subscriptions = load_subscriptions(here.sources)
    locations = list(dict.fromkeys(named_source(name, subscriptions).location for name in arguments.sources))
    accounts = {each.account for each in subscriptions if each.account and each.location in locations}
    remove_sources(here, locations)
    for location in locations:
        print(f"removed {shown_location(location)}")
    for account in sorted(accounts):
        print(f"{account} is told with the next refresh")
    if any(is_remote(location) for location in locations):
        print(f"what was fetched stays for {REMOVED_DAYS} days: ‘news-tui add’ brings it back")
    return 0
