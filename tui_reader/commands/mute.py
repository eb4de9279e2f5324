"""``news-tui mute``: hide stories by keyword, provider or topic."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing

from tui_reader.commands.indexing import report_sample, update_selection
from tui_reader.config import folders
from tui_reader.errors import UsageError
from tui_reader.model.text import clean_line
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.marks import Marks
from tui_reader.subscriptions.selection import select_sources


def mute(arguments: Namespace) -> int:
    """Run ``news-tui mute``; return 1 if a source could not be read for the list."""
    named = [("keyword", word) for word in arguments.words]
    named += [("provider", word) for word in arguments.provider] + [("topic", word) for word in arguments.topic]
    if arguments.remove and not named:
        arguments.error("name what to unmute")
    wanted = [(kind, _normalized(kind, word)) for kind, word in named]
    here = folders()
    selection = select_sources((), here)
    good = True
    with closing(open_index(selection.database)) as connection:
        attach_marks(connection, here.marks)
        marks = Marks(connection)
        for line in _unmute(marks, wanted) if arguments.remove else _mute(marks, wanted):
            print(line)
        if arguments.list or not wanted:
            report_sample(selection)
            good = update_selection(selection)
            for line in _list(IndexReader(connection)):
                print(line)
    return 0 if good else 1


def _normalized(kind: str, word: str) -> str:
    """Return a word as it is stored; raises :class:`UsageError` if no title can contain it."""
    word = clean_line(word).casefold()
    if not any(letter.isalnum() for letter in word):
        raise UsageError(f"{_named(kind, word)} has no letter or digit: nothing was changed")
    return word


def _named(kind: str, word: str) -> str:
    return f"the {kind} ‘{word}’"


def _mute(marks: Marks, wanted: Sequence[tuple[str, str]]) -> Iterator[str]:
    before = set(marks.mutes())
    for kind, word in dict.fromkeys(wanted):
        with marks.step("muted", word):
            marks.mute(kind, word)
        yield f"{'already muted' if (kind, word) in before else 'muted'}: {_named(kind, word)}"


def _unmute(marks: Marks, wanted: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Unmute each word; raises :class:`UsageError`, and changes nothing, if one is not muted."""
    before = set(marks.mutes())
    for kind, word in wanted:
        if (kind, word) not in before:
            raise UsageError(f"{_named(kind, word)} is not muted: ‘news-tui mute’ lists what is")
    for kind, word in dict.fromkeys(wanted):
        with marks.step("unmuted", word):
            marks.unmute(kind, word)
        yield f"unmuted: {_named(kind, word)}"


def _list(reader: IndexReader) -> Iterator[str]:
    muted = reader.muted()
    for (kind, word), stories in sorted(muted.items()):
        yield f"{stories:>7,}  {kind:<8}  {word}"
    if not muted:
        print("news-tui: nothing is muted: ‘news-tui mute WORD’ mutes a word", file=sys.stderr)
