"""``news-tui refresh``: asks the kept sources for what is new and says what came."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tui_reader.commands.options import Options
from tui_reader.commands.progress import Bar
from tui_reader.commands.update import ending_at_once, tell_failures
from tui_reader.config import folders, load_settings
from tui_reader.errors import NewsError, SourceError
from tui_reader.model.progress import Progress
from tui_reader.subscriptions.selection import select_sources

_ABOUT = """\
Ask the kept sources on the network for what is new, and bring the index up to
date with all that are kept. Sources are left alone for as long as they ask for
it. For cron: news-tui refresh

Exit status: 0, or 1 where a source could not be asked."""


def refresh(arguments: Sequence[str]) -> int:
    """Run ``news-tui refresh``; return 1 where a source could not be asked."""
    start = time.monotonic()
    options = Options("refresh", "[SOURCE…] [--force] [--due] [--offline] [--json]", _ABOUT)
    options.add_argument(
        "sources", nargs="*", metavar="SOURCE", help="a kept source, by address or title; without, all"
    )
    options.add_argument("--force", action="store_true", help="ask sources that want to be left alone for now as well")
    options.add_argument(
        "--due", action="store_true", help="leave alone what was asked a short while ago (refresh.every)"
    )
    options.add_argument("--offline", action="store_true", help="ask nobody: only look at what is on the disk")
    options.json("print the progress, one JSON object a line, and nothing else")
    chosen = options.read(arguments)
    from tui_reader.pipeline.feed_fetcher import OFFLINE
    from tui_reader.pipeline.refresher import Refresher
    from tui_reader.subscriptions.subscription import find_subscription, load_subscriptions

    here = folders()
    selection = select_sources((), here)
    settings = load_settings(here.settings)
    locations = None
    if chosen.sources:
        kept = load_subscriptions(here.sources)
        locations = []
        for name in chosen.sources:
            source = find_subscription(kept, name) or next((each for each in kept if each.title == name), None)
            if source is None:
                raise SourceError(f"{name} is not kept: ‘news-tui sources’ lists what is")
            locations.append(source.location)
    bar = None if chosen.json else Bar.on_terminal()
    last = Progress()
    with ending_at_once(bar), failing_in_json(chosen.json):
        refresher = Refresher(selection, here, settings)
        for last in refresher.run(locations, automatic=chosen.due, force=chosen.force, offline=chosen.offline):
            if chosen.json:
                print_json(last)
            elif bar is not None:
                bar.show(last)
    if bar is not None:
        bar.erase()
    good = tell_failures(last.failures)
    if not chosen.json and OFFLINE not in last.failures:
        print(_summary(last, time.monotonic() - start))
    return 0 if good else 1


def _summary(last: Progress, seconds: float) -> str:
    new = f"{last.new:,} new article{'' if last.new == 1 else 's'}"
    asked = (
        f"{last.sources_done:,} source{'' if last.sources_done == 1 else 's'} asked"
        if last.sources_total
        else "no source had to be asked"
    )
    return f"{asked} · {new} · {seconds:.1f} s"


@contextmanager
def failing_in_json(wanted: bool) -> Iterator[None]:
    """Print an error that ends the run as progress with a failure too, if ``wanted``: the reader shows it."""
    try:
        yield
    except NewsError as error:
        if wanted:
            print_json(Progress(failures=(str(error),)))
        raise


def print_json(progress: Progress) -> None:
    """Print ``progress`` as one line; ends the process where nobody reads it any more."""
    try:
        print(json.dumps(progress._asdict()), flush=True)
    except BrokenPipeError:
        # Whoever followed the progress is gone. To end in good order would
        # mean to wait for the files that are being parsed just now.
        os._exit(0)
