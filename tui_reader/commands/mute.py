"""``news-tui mute``: what is not to be listed, by keyword, provider or topic."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing

from tui_reader.commands.options import Options
from tui_reader.commands.update import refresh, tell_sample
from tui_reader.config import folders
from tui_reader.errors import UsageError
from tui_reader.model.text import clean_line
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.marks import Marks
from tui_reader.subscriptions.selection import select_sources

_USAGE = "[WORD…] [--provider NAME] [--topic NAME] [--list] [--remove]"
_ABOUT = """\
List no more stories with a WORD in the title, of a provider (name or domain), or
of a topic. Nothing is deleted: --remove lists them again. Without anything to
mute, list what is muted and how many of the present stories each hides."""


def mute(arguments: Sequence[str]) -> int:
    """Run ``news-tui mute``; return 1 where, for the list, a source could not be read."""
    options = Options("mute", _USAGE, _ABOUT)
    options.add_argument("words", nargs="*", metavar="WORD", help="a word, or several in quotes that stand together")
    options.add_argument("--provider", action="append", default=[], metavar="NAME", help="a provider's name or domain")
    options.add_argument("--topic", action="append", default=[], metavar="NAME", help="a topic’s name")
    options.add_argument("--list", action="store_true", help="list what is muted afterwards")
    options.add_argument("--remove", action="store_true", help="mute what is named no longer")
    chosen = options.read(arguments)
    named = [("keyword", word) for word in chosen.words]
    named += [("provider", word) for word in chosen.provider] + [("topic", word) for word in chosen.topic]
    if chosen.remove and not named:
        options.error("name what is to be muted no longer")
    wanted = [(kind, _spelled(kind, word)) for kind, word in named]
    here = folders()
    selection = select_sources((), here)
    good = True
    with closing(open_index(selection.database)) as connection:
        attach_marks(connection, here.marks)
        marks = Marks(connection)
        for line in _unmute(marks, wanted) if chosen.remove else _mute(marks, wanted):
            print(line)
        if chosen.list or not wanted:
            tell_sample(selection)
            good = refresh(selection)
            for line in _listed(IndexReader(connection)):
                print(line)
    return 0 if good else 1


def _spelled(kind: str, word: str) -> str:
    """Return a word as it is kept; raises :class:`UsageError` where it can be in no title."""
    word = clean_line(word).casefold()
    if not any(letter.isalnum() for letter in word):
        raise UsageError(f"{_named(kind, word)} has no letter or number in it: nothing was changed")
    return word


def _named(kind: str, word: str) -> str:
    return f"the {kind} ‘{word}’"


def _mute(marks: Marks, wanted: Sequence[tuple[str, str]]) -> Iterator[str]:
    before = set(marks.mutes())
    for kind, word in dict.fromkeys(wanted):
        marks.mute(kind, word)
        yield f"{'already muted' if (kind, word) in before else 'muted'}: {_named(kind, word)}"


def _unmute(marks: Marks, wanted: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Raises :class:`UsageError`, and changes nothing, where one is not muted."""
    before = set(marks.mutes())
    for kind, word in wanted:
        if (kind, word) not in before:
            raise UsageError(f"{_named(kind, word)} is not muted: ‘news-tui mute’ lists what is")
    for kind, word in dict.fromkeys(wanted):
        marks.unmute(kind, word)
        yield f"muted no longer: {_named(kind, word)}"


def _listed(reader: IndexReader) -> Iterator[str]:
    muted = reader.muted()
    for (kind, word), stories in sorted(muted.items()):
        yield f"{stories:>7,}  {kind:<8}  {word}"
    if not muted:
        print("news-tui: nothing is muted: ‘news-tui mute WORD’ mutes a word", file=sys.stderr)
