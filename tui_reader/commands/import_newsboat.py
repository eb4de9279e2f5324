"""``news-tui import --newsboat``: carry the feeds, rules and settings of newsboat over."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TypeAlias

from tui_reader.commands.output.words import shown_location
from tui_reader.config import Folders, folders, read_toml
from tui_reader.errors import SourceError, UsageError
from tui_reader.model.article_filter import Action, ArticleFilter, make_filter
from tui_reader.model.counted import counted
from tui_reader.model.expression import to_text
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.marks import Marks
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.newsboat.config_file import Config, Rule, Value, read_config
from tui_reader.subscriptions.newsboat.filter_language import FeedTags, translate
from tui_reader.subscriptions.newsboat.lines import MAX_BYTES, Line, lines_of
from tui_reader.subscriptions.newsboat.patterns import Translated, Untranslatable
from tui_reader.subscriptions.newsboat.urls_file import Note, QueryFeed, read_urls
from tui_reader.subscriptions.selection import select_sources
from tui_reader.subscriptions.subscription import Subscription, find_subscription, load_subscriptions
from tui_reader.subscriptions.views import MAX_NAME, SmartView, add_view, check_new, load_views

_ALL_FEEDS = "*"
_LONGEST = 100  # characters of a line that is quoted


Confirm: TypeAlias = Callable[[Sequence[Subscription]], tuple[Sequence[Subscription], Sequence[str]]]
"""Returns the feeds that may be added, and the others, each with the reason."""


class _Read(NamedTuple):
    """A line with what it came to."""

    file: str
    note: Note
    is_done: bool


def newsboat_folder(name: str) -> Path:
    """Return the folder of newsboat: the one that is named, or the one that newsboat itself would use.

    Raises :class:`SourceError` if there is none.
    """
    home = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    candidates = [Path(name).expanduser()] if name else [config / "newsboat", home / ".newsboat"]
    for folder in candidates:
        if (folder / "urls").is_file():
            return folder
    places = " or ".join(visible(str(folder)) for folder in candidates)
    raise SourceError(f"there is no file ‘urls’ of newsboat in {places}: name its folder")


def import_newsboat(folder: Path, *, confirm: Confirm, dry_run: bool) -> int:
    """Carry over what is in a folder of newsboat, and print what became of each line.

    With ``dry_run``, everything is decided in the same way, and nothing is
    stored. ``confirm`` returns the feeds that may be added. Return 1 if no
    feed can be added.
    """
    here = folders()
    urls = read_urls(_lines(folder / "urls"))
    config = read_config(_lines(folder / "config", is_config=True))
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
    read += [_Read("config", note, is_done=True) for note in config.done]
    read += [_Read("config", note, is_done=False) for note in config.refused]
    # The notes and settings quote words of newsboat's files as they are there.
    for line in (*_report(read), *_settings(here, config)):
        print(visible(line))
    return 0 if feeds else 1


def _lines(path: Path, *, is_config: bool = False) -> list[Line]:
    """Return the lines of a file; none where there is no file."""
    try:
        with path.open("rb") as file:
            return list(lines_of(file.read(MAX_BYTES + 1), str(path), is_config=is_config))
    except FileNotFoundError:
        return []


def _new(here: Folders, feeds: Sequence[Subscription]) -> list[Subscription]:
    present = load_subscriptions(here.sources)
    return [feed for feed in feeds if find_subscription(present, feed.location) is None]


# -- what became of each line ----------------------------------------------------------


def _report(read: Sequence[_Read]) -> Iterator[str]:
    """Yield what came along, then what did not, each in the order of the files."""
    for is_done, heading in ((True, "Carried over:"), (False, "Not carried over:")):
        some = sorted((each for each in read if each.is_done is is_done), key=_place)
        if some:
            yield heading
        for each in some:
            text = each.note.line.text
            text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
            if each.file == "urls":
                text = shown_location(each.note.line.words[0]) if "://" in each.note.line.words[0] else text
            yield f"  {each.file}:{each.note.line.number}: {text}"
            yield f"      {each.note.words}"


def _place(read: _Read) -> tuple[bool, int]:
    return read.file != "urls", read.note.line.number


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
        yield Note(query.line, f"the view ‘{view.name}’: {view.query}{_nearly(found)}"), True


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
    if rule.feed != _ALL_FEEDS:
        source = find_subscription(sources, rule.feed)
        if source is None:
            raise Untranslatable("its feed is not one of your sources")
        location = source.location
    found = translate(rule.expression, tags)
    text = to_text(found.expression)
    if found.finds_more:
        raise Untranslatable(
            f"it would hide more ({', '.join(found.finds_more)}): see what, with  "
            f"news-tui filter '{text}' --mute --dry-run"
        )
    return make_filter(text, Action.MUTE, source=location)


# -- settings ----------------------------------------------------------------------------


def _settings(here: Folders, config: Config) -> Iterator[str]:
    """Yield the lines for ``config.toml``, which only its owner writes, without what is in it already."""
    tables = {table: dict(values) for table, values in config.settings.items()}
    if keys := _keys(config.keys):
        tables["keys"] = dict(keys)
    present = read_toml(here.settings)
    lines: list[str] = []
    for table in sorted(tables):
        known = present.get(table) if table else present
        if not isinstance(known, dict):
            known = {}  # a mistake of the person, which other commands tell
        new = {name: value for name, value in tables[table].items() if known.get(name) != value}
        if new:
            lines += [f"[{table}]"] if table else []
            lines += [f"{_toml_key(name)} = {_toml(value)}" for name, value in new.items()]
    if lines:
        yield f"For {visible(str(here.settings))}, which this command does not change:"
        yield ""
        yield from lines


def _toml_key(name: str) -> str:
    return name if name.isascii() and name.replace("-", "").replace("_", "").isalnum() else _toml(name)


def _toml(value: Value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_toml(each)}" for name, each in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def _keys(wanted: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    """Return the keys of commands as ``[keys]`` has them: the new ones, then those that the command has anyway."""
    from tui_reader.ui.keymap import Keymap

    keymap = Keymap()
    known = {command.id for command in keymap.commands}
    taken = {key: command for command, keys in wanted.items() for key in keys if command in known}
    found = {}
    for command, keys in wanted.items():
        own = [key for key in keymap.keys(command) if taken.get(key, command) == command] if command in known else []
        if set(keys) - set(own):
            found[command] = ",".join(dict.fromkeys((*keys, *own)))
    return {command: keys for command, keys in found.items() if command in known}
