"""``news-tui filter``: do something with all articles that a query finds, now and when they arrive."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Iterator

from tui_reader.commands.indexing import open_for_marking, report_failures, report_sample, update_selection
from tui_reader.commands.output.words import shown_location, titles
from tui_reader.config import Folders, folders
from tui_reader.errors import UnknownName, UsageError
from tui_reader.model.article_filter import ON_ARRIVAL, Action, ArticleFilter, make_filter, points_of
from tui_reader.model.text import visible
from tui_reader.queries.filter_preview import preview
from tui_reader.sources.locations import is_there
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.marks import Marks
from tui_reader.subscriptions.selection import select_sources

_UNSET = (None, False)
_WIDTH = 12  # of the column with what a filter does


def filter(arguments: Namespace) -> int:
    """Run ``news-tui filter``; return 1 if a source could not be read."""
    here = folders()
    wanted = _wanted(arguments, here)
    selection = select_sources(arguments.sources, here)
    report_sample(selection)
    good = update_selection(selection)
    with open_for_marking(selection, here) as (reader, marks):
        before = points_of(marks.filters.all())
        if wanted is not None:
            lines = _make(reader, marks, wanted, arguments)
        elif changes := {number: _CHANGES[name] for name in _CHANGES for number in getattr(arguments, name)}:
            lines = _change(reader, marks, changes)
        else:
            lines = _list(reader, marks)
        for line in lines:
            print(line)
        is_other_heat = points_of(marks.filters.all()) != before
    if is_other_heat:
        good = update_selection(selection) and good
    return 0 if good else 1


def _wanted(arguments: Namespace, here: Folders) -> ArticleFilter | None:
    """Return the filter that is to be made, or ``None``. Raises :class:`UsageError`."""
    query = " ".join(arguments.query)
    given = {action: getattr(arguments, action) for action in Action}
    actions = [(action, "" if value is True else str(value)) for action, value in given.items() if value not in _UNSET]
    if not actions and not query and not arguments.source:
        return None
    for word in arguments.query:
        if "/" in word and is_there(word):
            arguments.error(f"{visible(word)} is no part of a query: --in {visible(word)} counts what is found there")
    if len(actions) != 1:
        arguments.error("say what to do with it: one of --mute, --read, --save, --tag T, --raise N, --lower N")
    action, argument = actions[0]
    return make_filter(query, action, argument, _location(arguments.source, here) if arguments.source else "")


def _location(name: str, here: Folders) -> str:
    from tui_reader.commands.named_sources import named_source
    from tui_reader.subscriptions.subscription import load_subscriptions

    return named_source(name, load_subscriptions(here.sources)).location


# -- making one --------------------------------------------------------------------


def _make(reader: IndexReader, marks: Marks, wanted: ArticleFilter, arguments: Namespace) -> Iterator[str]:
    found = preview(reader, wanted)
    if arguments.dry_run:
        yield f"{described(wanted)}: {found.words}"
        yield from titles(found.newest, found.articles)
        print("news-tui: nothing was changed: leave out --dry-run to make the filter", file=sys.stderr)
        return
    filters = marks.filters.all()
    for place, each in enumerate(filters, 1):
        if _is_same(each, wanted):
            yield f"filter {place} does that already: {described(each)}"
            return
    with marks.step("filter", wanted.query):
        added = marks.filters.add(wanted, found.found)
        if arguments.now and wanted.action in ON_ARRIVAL:
            marks.apply(added, found.found, int(time.time()))
    yield f"filter {len(filters) + 1}: {described(added)}: {found.words}"
    if wanted.action in ON_ARRIVAL and found.articles:
        yield "they are done too" if arguments.now else "they stay as they are; --now does it with them too"


def _is_same(one: ArticleFilter, other: ArticleFilter) -> bool:
    return one._replace(number=0, paused=False) == other._replace(number=0, paused=False)


def described(each: ArticleFilter) -> str:
    """Return a filter in words: what it does, with what, and in which source."""
    only = f" only {shown_location(each.source)}" if each.source else ""
    return f"{each.does} ‘{visible(each.query)}’{only}" if each.query else f"{each.does}{only}"


# -- changing and listing ------------------------------------------------------------

_CHANGES = {"remove": "removed", "pause": "paused", "resume": "resumed"}


def _change(reader: IndexReader, marks: Marks, changes: dict[str, str]) -> Iterator[str]:
    """Remove, pause or resume filters, by their places in the list.

    Raises :class:`UsageError`, and changes nothing, if one is not there.
    """
    present = {str(place): each for place, each in enumerate(marks.filters.all(), 1)}
    for number in changes:
        if number not in present:
            raise UsageError(f"there is no filter {number}: ‘news-tui filter --list’ lists them")
    for number, done in changes.items():
        each = present[number]
        with marks.step(f"filter {done}", each.query):
            if done == "removed":
                marks.filters.remove(each.number)
            else:
                there = reader.filtered.of_valid(each)  # what came while it was paused stays as it is
                marks.filters.change(each._replace(paused=done == "paused"), there)
        yield f"{done} filter {number}: {described(each)}"


def _unknown(reader: IndexReader, each: ArticleFilter) -> str:
    """Return which topic, source or folder in a filter there is not, perhaps not yet; empty if there are all."""
    try:
        reader.filtered.of(each)
    except UnknownName as error:
        return str(error)
    return ""


def _list(reader: IndexReader, marks: Marks) -> Iterator[str]:
    """Yield all filters with how many stories each finds, then the mutes of words, providers and topics."""
    filters = marks.filters.all()
    failures = []
    for place, (each, stories) in enumerate(zip(filters, reader.found_by(filters), strict=True), 1):
        number = "?" if stories is None else f"{stories:,}"
        does, off = each.does.ljust(_WIDTH), " (off)" if each.paused else ""
        only = f"only {shown_location(each.source)}" if each.source else ""
        rest = "  ".join(part for part in (visible(each.query), only) if part)
        yield f"{place:>4}  {number:>7}  {does}  {rest}{off}"
        if stories is None:
            failures.append(f"filter {place} does nothing, its query is none: ‘news-tui filter --remove’ it")
        elif not stories and (unknown := _unknown(reader, each)):
            failures.append(f"filter {place} finds nothing: {unknown}")
    muted = reader.muted()
    for (kind, word), count in sorted(muted.items()):
        yield f"{'':>4}  {count:>7,}  {'mute'.ljust(_WIDTH)}  {kind} {visible(word)}"
    report_failures(failures)
    if not filters and not muted:
        print("news-tui: there are no filters: ‘news-tui filter QUERY --mute’ makes one", file=sys.stderr)
