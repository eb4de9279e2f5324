"""``news-tui mark``: mark articles as read or saved, and give them tags and notes."""

from __future__ import annotations

import io
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext

from tui_reader.commands.indexing import open_for_marking, report_sample, update_selection
from tui_reader.commands.named_articles import named_article
from tui_reader.commands.output.words import titles
from tui_reader.commands.searching import searched_words
from tui_reader.config import folders
from tui_reader.errors import UsageError
from tui_reader.model.counted import counted
from tui_reader.model.tags import clean_note, split_tags
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.marks import Marks
from tui_reader.subscriptions.selection import select_sources

_SHOWN = 10  # titles
_STANDARD_INPUT = "-"


class _What(NamedTuple):
    """A mark: what is done, in words; what its argument is called, if it has one; whether it is for whole stories."""

    words: str
    argument: str = ""
    stories: bool = False


_WHAT: Mapping[str, _What] = {
    "read": _What("read", stories=True),
    "unread": _What("unread", stories=True),
    "saved": _What("saved"),
    "unsaved": _What("unsaved"),
    "tag": _What("tagged", "TAG"),
    "untag": _What("untagged", "TAG"),
    "note": _What("noted", "TEXT"),
}


def mark(arguments: Namespace) -> int:
    """Run ``news-tui mark``; return 1 if a source could not be read or an article is not in the index."""
    what = _WHAT[arguments.what]
    argument, names = _split(arguments, what)
    query = searched_words(arguments)
    if not names and not query:
        arguments.error("name articles, or find them with --search")
    if query and what.argument == "TEXT":
        arguments.error("a note is for articles that are named, not for all that a search finds")
    here = folders()
    selection = select_sources((), here)
    report_sample(selection)
    good = update_selection(selection)
    with open_for_marking(selection, here) as (reader, marks):
        found = dict.fromkeys(reader.matching(query)) if query else {}
        for name in _names(names):
            number = named_article(reader, name)
            if number is None:
                print(f"news-tui: {visible(name)} is not in the index", file=sys.stderr)
                good = False
            else:
                found[number] = None
        numbers = list(reader.stories(found)) if what.stories else list(found)
        change = _change(marks, arguments.what, argument, numbers)
        for line in _run(marks, reader, what, change, numbers, dry_run=arguments.dry_run):
            print(line)
    return 0 if good else 1


def _split(arguments: Namespace, what: _What) -> tuple[str, Sequence[str]]:
    """Return the tag or the note, and the names of articles."""
    if not what.argument:
        return "", arguments.words
    if not arguments.words:
        arguments.error(f"‘{arguments.what}’ needs a {what.argument}")
    return arguments.words[0], arguments.words[1:]


def _names(names: Sequence[str]) -> Iterator[str]:
    """Yield the names of articles, those on standard input in place of ``-``."""
    for name in names:
        if name != _STANDARD_INPUT:
            yield name
            continue
        if isinstance(sys.stdin, io.TextIOWrapper):
            # Bytes that are not UTF-8 give an address that is not in the index.
            sys.stdin.reconfigure(errors="backslashreplace")
        yield from (line.strip() for line in sys.stdin or () if line.strip())


def _change(marks: Marks, what: str, argument: str, numbers: Sequence[int]) -> Callable[[], int]:
    """Return what makes the change, and returns how many articles it changed. Raises :class:`UsageError`."""
    now = int(time.time())
    if what in {"tag", "untag"}:
        tags = split_tags(argument)
        if not tags:
            raise UsageError(f"‘{visible(argument)}’ is no tag: it has no letter or digit")
        change = marks.tags.add if what == "tag" else marks.tags.remove
        return lambda: change(numbers, tags)
    if what == "note":
        note = clean_note(argument)
        return lambda: marks.tags.set_note(numbers, note, now)
    set_mark = marks.set_read if what in {"read", "unread"} else marks.set_saved
    return lambda: len(set_mark(numbers, None if what.startswith("un") else now))


def _run(
    marks: Marks, reader: IndexReader, what: _What, change: Callable[[], int], numbers: Sequence[int], *, dry_run: bool
) -> Iterator[str]:
    """Make the change, or only try it, and yield what was done."""
    with marks.taken_back() if dry_run else nullcontext(), marks.step(what.words):
        changed = change()
    were = f", {len(numbers) - changed:,} were so already" if changed < len(numbers) else ""
    yield f"{'would be ' if dry_run else ''}{what.words}: {counted(changed, 'article')}{were}"
    if dry_run:
        rows = reader.rows(numbers[:_SHOWN])
        yield from titles([rows[number] for number in numbers[:_SHOWN] if number in rows], len(numbers))
