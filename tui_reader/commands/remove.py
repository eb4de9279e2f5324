"""``news-tui remove``: remove sources from those that open by default."""

from __future__ import annotations

from argparse import Namespace

from tui_reader.commands.named_sources import named_source
from tui_reader.commands.output.words import shown_location
from tui_reader.config import folders
from tui_reader.sources.locations import is_remote
from tui_reader.subscriptions.edit import remove_subscriptions
from tui_reader.subscriptions.subscription import load_subscriptions


def remove(arguments: Namespace) -> int:
    """Run ``news-tui remove``; raises :class:`SourceError`, and removes nothing, if one name is unknown."""
    here = folders()
    subscriptions = load_subscriptions(here.sources)
    locations = list(dict.fromkeys(named_source(name, subscriptions).location for name in arguments.sources))
    remove_subscriptions(here.sources, locations)
    if any(is_remote(location) for location in locations):
        from tui_reader.pipeline.refresher import prune_removed

        prune_removed(here)
    for location in locations:
        print(f"removed {shown_location(location)}")
    return 0
