"""``news-tui stories``: prints the list of stories, as a table or for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from tui_reader.commands.options import Options, at_least_zero
from tui_reader.commands.terminal import is_utf8
from tui_reader.commands.update import front_page, refresh, tell_sample
from tui_reader.config import folders
from tui_reader.errors import UsageError
from tui_reader.model.dates import iso_date
from tui_reader.model.query import Query, Sort, Window
from tui_reader.storage.export import Coverage, ExportedStory
from tui_reader.storage.index_reader import IndexReader
from tui_reader.subscriptions.selection import select_sources

_USAGE = (
    "[SOURCE…] [--topic T] [--sort heat|hot|newest|quality|provider]\n"
    "                        [--window all|month|week|day] [--folded] [--limit N] [--json]"
)
_ABOUT = """\
Print the list of stories that the reader shows. The table has the heat, the
title, the provider, the date and the number of related articles of each."""
_AT_ONCE = 500  # stories fetched together; bounds the memory


def _options() -> Options:
    options = Options("stories", _USAGE, _ABOUT)
    options.sources()
    options.add_argument("--topic", default="", metavar="T", help="only this topic; ‘news-tui topics’ lists them")
    options.add_argument(
        "--sort", choices=[sort.value for sort in Sort], default="heat", help="the order; heat unless said"
    )
    options.add_argument(
        "--window",
        choices=[window.value for window in Window],
        default="all",
        help="the time, back from the newest article",
    )
    options.add_argument("--folded", action="store_true", help="also articles folded under a hotter story")
    options.add_argument("--limit", type=at_least_zero, default=-1, metavar="N", help="at most so many")
    options.json("one JSON object a line, with the keys of the front matter")
    return options


def stories(arguments: Sequence[str]) -> int:
    """Run ``news-tui stories``; return 1 where a source could not be read."""
    chosen = _options().read(arguments)
    here = folders()
    selection = select_sources(chosen.sources, here)
    good = refresh(selection)
    with front_page(selection, here) as reader:
        topic = _topic(reader, chosen.topic)
        query = Query(Sort(chosen.sort), Window(chosen.window), chosen.folded, topic)
        numbers = reader.order(query, chosen.limit)
        if chosen.json:
            for start in range(0, len(numbers), _AT_ONCE):
                _print_json(reader.export(numbers[start : start + _AT_ONCE]))
        else:
            from tui_reader.commands.table import story_table

            tell_sample(selection)
            rows = reader.rows(numbers)
            for line in story_table([rows[number] for number in numbers if number in rows]):
                print(line)
    return 0 if good else 1


def _topic(reader: IndexReader, wanted: str) -> str:
    """Return the name of the topic that ``wanted`` names, by any of its names."""
    if not wanted:
        return ""
    topics = [count.topic for count in reader.topics(Query()) if count.topic.name]
    key = wanted.strip().casefold()
    for names in ("name", "shortname", "identifier"):
        for topic in topics:
            if getattr(topic, names).casefold() == key:
                return topic.name
    raise UsageError(f"there is no topic ‘{wanted}’: ‘news-tui topics’ lists the topics")


def _print_json(found: Iterable[ExportedStory]) -> None:
    ascii_only = not is_utf8(sys.stdout)
    for story in found:
        print(json.dumps(as_fields(story), ensure_ascii=ascii_only))


def as_fields(story: ExportedStory) -> dict[str, Any]:
    """Return ``story`` with the keys of the front matter, ``None`` where it says nothing."""
    return {
        "title": story.title,
        "excerpt": story.excerpt or None,
        "publishedDateTime": iso_date(story.published),
        "webUrl": story.web_url,
        "originalUrl": story.original_url,
        "ampWebUrl": story.amp_url,
        "type": story.kind,
        "quality": story.quality,
        "heat": story.heat,
        "published": story.shown,
        "provider": _provider(story.provider, story.domain),
        "topics": story.topics,
        "related": [_related(entry) for entry in story.related],
        "read": story.read,
        "saved": story.saved,
        "source": story.source,
        "sources": story.sources,
    }


def _related(entry: Coverage) -> dict[str, Any]:
    return {
        "title": entry.title,
        "webUrl": entry.web_url,
        "provider": _provider(entry.provider, entry.domain),
        "publishedDateTime": iso_date(entry.published),
        "quality": entry.quality,
    }


def _provider(name: str, domain: str) -> dict[str, str | None]:
    return {"name": name or None, "domain": domain or None}
