"""``news-tui import --newsboat``: carry the feeds, rules and settings of newsboat over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TypeAlias

from tui_reader.commands.newsboat_settings import new_settings
from tui_reader.commands.output.words import shown_location
from tui_reader.config import Folders, folders, read_toml
from tui_reader.errors import UsageError
from tui_reader.model.article_filter import Action, ArticleFilter, make_filter
from tui_reader.model.counted import counted
from tui_reader.model.expression import all_of, to_text
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.marks import Marks
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.newsboat.config_file import Rule, read_config
from tui_reader.subscriptions.newsboat.files import config_lines, urls_lines
from tui_reader.subscriptions.newsboat.filter_language import FeedTags, named_by_pattern, translate
from tui_reader.subscriptions.newsboat.patterns import Translated, Untranslatable
from tui_reader.subscriptions.newsboat.urls_file import Note, QueryFeed, read_urls
from tui_reader.subscriptions.selection import select_sources
from tui_reader.subscriptions.subscription import Subscription, find_subscription, load_subscriptions
from tui_reader.subscriptions.views import MAX_NAME, SmartView, add_view, check_new, load_views

_ALL_FEEDS = "*"
_BY_PATTERN = "regex:"
_LONGEST = 100  # characters of a line that is quoted


Confirm: TypeAlias = Callable[[Sequence[Subscription]], tuple[Sequence[Subscription], Sequence[str]]]
"""Returns the feeds that may be added, and the others, each with the reason."""


class _Read(NamedTuple):
    """A line with what it came to."""

    file: str
    note: Note
    is_done: bool


def import_newsboat(folder: Path, *, confirm: Confirm, dry_run: bool) -> int:
    """Carry over what is in a folder of newsboat, and print what became of each line.

    With ``dry_run``, everything is decided in the same way, and nothing is
    stored. ``confirm`` returns the feeds that may be added. Return 1 if no
    feed can be added.
    """
    here = folders()
    urls = read_urls(urls_lines(folder))
    in_config = config_lines(folder)
    config = read_config(in_config)
    settings = new_settings(config, read_toml(here.settings))
    feeds, kept_out = confirm(urls.feeds)
    added = _new(here, feeds) if dry_run else add_subscriptions(here.sources, feeds)
    parts = [f"{'would add' if dry_run else 'added'} {counted(len(added), 'feed')}"]
    parts += [f"{len(feeds) - len(added):,} already added"] if len(added) < len(feeds) else []
    parts += [f"{urls.repeated:,} listed more than once"] if urls.repeated else []
    print(f"{visible(str(folder))}: {', '.join(parts)}")
    for refused in kept_out:
        print(f"  refused {refused}")
    every = [*load_subscriptions(here.sources), *(added if dry_run else ())]
    read = [_Read("urls", note, is_done=False) for note in urls.refused]
    read += [_Read("urls", note, is_done=True) for note in urls.notes]
    views = list(load_views(here.views))
    for file, queries in (("urls", urls.queries), ("config", config.queries)):
        made = _views(here, queries, urls.tags, views, dry_run=dry_run)
        read += [_Read(file, note, done) for note, done in made]
    read += [_Read("config", note, done) for note, done in _filters(here, config.rules, urls.tags, every, dry_run)]
    read += [_Read("config", note, is_done=True) for note in settings.notes]
    read += [_Read("config", note, is_done=False) for note in config.refused]
    places = {(line.file, line.number): at for at, line in enumerate(in_config)}
    # The notes and settings quote words of newsboat's files as they are there.
    for line in _report(sorted(read, key=lambda each: _place(each, places))):
        print(visible(line))
    if settings.lines:
        print(f"For {visible(str(here.settings))}, which this command does not change:\n")
    for line in settings.lines:
        print(visible(line))
    return 0 if feeds else 1


def _new(here: Folders, feeds: Sequence[Subscription]) -> list[Subscription]:
    present = load_subscriptions(here.sources)
    return [feed for feed in feeds if find_subscription(present, feed.location) is None]


# -- what became of each line ----------------------------------------------------------


def _report(read: Sequence[_Read]) -> Iterator[str]:
    """Yield what came along, then what did not."""
    for is_done, heading in ((True, "Carried over:"), (False, "Not carried over:")):
        some = [each for each in read if each.is_done is is_done]
        if some:
            yield heading
        for each in some:
            text = each.note.line.text
            text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
            if each.file == "urls":
                text = shown_location(each.note.line.words[0]) if "://" in each.note.line.words[0] else text
            yield f"  {each.note.line.file or each.file}:{each.note.line.number}: {text}"
            yield f"      {each.note.words}"


def _place(read: _Read, in_config: Mapping[tuple[str, int], int]) -> tuple[bool, int]:
    """Return what sorts lines as they are read: those of the feeds first, and included ones where they are included."""
    line = read.note.line
    return (False, line.number) if read.file == "urls" else (True, in_config[line.file, line.number])


def _views(
    here: Folders, queries: Sequence[QueryFeed], tags: FeedTags, views: list[SmartView], *, dry_run: bool
) -> Iterator[tuple[Note, bool]]:
    """Make a view of each query feed, after ``views``; yield what became of it, and whether it is one."""
    for query in queries:
        try:
            found = translate(query.expression, tags)
        except Untranslatable as why:
            yield Note(query.line, f"{why}"), False
            continue
        view = SmartView(visible(query.name)[:MAX_NAME].strip(), to_text(found.expression))
        if any(view.name.casefold() == other.name.casefold() for other in views):
            yield Note(query.line, f"there is a view ‘{view.name}’ already"), True
            continue
        try:
            check_new(view, views)
            if not dry_run:
                add_view(here.views, view)
        except UsageError as why:
            yield Note(query.line, str(why)), False
            continue
        views.append(view)
        tags_too = "; its tags do not come along" if any(not each.startswith("!") for each in query.tags) else ""
        yield Note(query.line, f"the view ‘{view.name}’: {view.query}{_nearly(found)}{tags_too}"), True


def _nearly(found: Translated) -> str:
    return f" (it finds more: {', '.join(found.finds_more)})" if found.finds_more else ""


def _filters(
    here: Folders, rules: Sequence[Rule], tags: FeedTags, sources: Sequence[Subscription], dry_run: bool
) -> Iterator[tuple[Note, bool]]:
    """Make a filter of each rule; yield what became of it, and whether it is one."""
    if not rules:
        return
    with closing(open_index(select_sources((), here).database)) as connection:
        attach_marks(connection, here.marks)
        marks = Marks(connection)
        with marks.taken_back() if dry_run else nullcontext():
            known = {each._replace(number=0, paused=False) for each in marks.filters.all()}
            for rule in rules:
                try:
                    wanted = _filter(rule, tags, sources)
                    is_new = wanted not in known
                    if is_new:
                        with marks.step("filter", wanted.query):
                            marks.filters.add(wanted)
                except (Untranslatable, UsageError) as why:
                    yield Note(rule.line, str(why)), False
                    continue
                known.add(wanted)
                there = "" if is_new else ", which is there already"
                yield Note(rule.line, f"the filter  mute ‘{wanted.query}’{there}"), True


def _filter(rule: Rule, tags: FeedTags, sources: Sequence[Subscription]) -> ArticleFilter:
    """Return the filter that does what a rule does; raises :class:`Untranslatable` for one that would hide more."""
    location = ""
    found = translate(rule.expression, tags)
    if rule.feed.startswith(_BY_PATTERN):
        in_source = named_by_pattern("source", rule.feed.removeprefix(_BY_PATTERN))
        found = found._replace(expression=all_of([found.expression, in_source]))
    elif rule.feed != _ALL_FEEDS:
        source = find_subscription(sources, rule.feed)
        if source is None:
            raise Untranslatable("its feed is not one of your sources")
        location = source.location
    text = to_text(found.expression)
    if found.finds_more:
        raise Untranslatable(
            f"it would hide more ({', '.join(found.finds_more)}): see what, with  "
            f"news-tui filter '{text}' --mute --dry-run"
        )
    return make_filter(text, Action.MUTE, source=location)
