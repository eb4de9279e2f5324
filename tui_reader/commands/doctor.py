"""``news-tui doctor``: check all files, and restore a copy of one."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from tui_reader.config import Folders, folders, read_settings
from tui_reader.errors import UsageError
from tui_reader.model.counted import counted
from tui_reader.model.text import visible
from tui_reader.queries.checks import Finding, KeptCopy, check_files, list_copies
from tui_reader.storage.copies import Kept, kept_files
from tui_reader.storage.feed_store import FeedStore
from tui_reader.storage.locks import exclusive_lock
from tui_reader.storage.put_back import put_back
from tui_reader.storage.restore import begin_anew, restore

_WIDTH = 14  # of the first column


def doctor(arguments: Namespace) -> int:
    """Run ``news-tui doctor``; return 1 if a file needs something to be done."""
    here = folders()
    if sum(map(bool, (arguments.restore, arguments.set_aside, arguments.put_back))) > 1:
        arguments.error("use one of --restore, --set-aside and --put-back")
    if arguments.copy is not None and not arguments.restore:
        arguments.error("name the file whose copy it is: --restore FILE COPY")
    if arguments.restore:
        return _restore(_kept(here, arguments.restore), arguments.copy)
    if arguments.set_aside:
        return _set_aside(_kept(here, arguments.set_aside))
    if arguments.put_back:
        return _put_back(here)
    return _check(here)


def _check(here: Folders) -> int:
    problems = 0
    for finding in (*check_files(here), *_settings(here)):
        problems += not finding.is_good
        advice = f" → {finding.advice}" if finding.advice else ""
        print(visible(f"{finding.subject:<{_WIDTH}}  {finding.words}{advice}"))
    copies = list_copies(here)
    for copy in copies:
        print(visible(_copy_line(copy)))
    if not copies:
        print(f"{'copies':<{_WIDTH}}  none yet: they are made once a day")
    print(f"{counted(problems, 'problem')} found" if problems else "All is well")
    return 1 if problems else 0


def _settings(here: Folders) -> Iterator[Finding]:
    """Yield each mistake in the keys and the theme of the settings, which only the reader can judge."""
    from tui_reader.commands.config import reviewed

    found = read_settings(here.settings)
    for mistake in reviewed(found).mistakes[len(found.mistakes) :]:
        yield Finding(here.settings.name, mistake.at(here.settings.name), "correct the line")


def _copy_line(copy: KeptCopy) -> str:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(copy.when))
    subject = f"copy {copy.number}"
    return f"{subject:<{_WIDTH}}  {copy.name} of {when}: {copy.words}"


def _restore(kept: Kept, number: int | None) -> int:
    copy, aside = restore(kept, number)
    content = kept.content(kept.path, thorough=False)
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(copy.stat().st_mtime))
    print(visible(f"restored {kept.path} as of {when}: {content.words}"))
    _say_aside(aside)
    return 0


def _set_aside(kept: Kept) -> int:
    aside = begin_anew(kept)
    if aside is None:
        print(visible(f"news-tui: there was no {kept.path}: the next run begins an empty one"), file=sys.stderr)
    _say_aside(aside)
    return 0


def _put_back(here: Folders) -> int:
    index = here.database((), kept=True)
    count = 0
    if index.exists():
        # In the order of a refresh: in the other one, each could wait for the other for ever.
        with exclusive_lock(here.fetched), exclusive_lock(index), FeedStore.opened(here.fetched) as store:
            count = put_back(index, store, store.age(int(time.time())))
    name = here.fetched.name
    print(f"{counted(count, 'article')} of the index are in {name} again" if count else f"{name} lacks no articles")
    return 0


def _say_aside(aside: Path | None) -> None:
    if aside is not None:
        print(visible(f"what was there is kept as {aside}"))


def _kept(here: Folders, name: str) -> Kept:
    for kept in kept_files(here):
        if name in {kept.name, kept.path.name}:
            return kept
    names = ", ".join(kept.name for kept in kept_files(here))
    raise UsageError(f"there are no copies of {name!r}: use one of {names}")
