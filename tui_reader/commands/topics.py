"""``news-tui topics``: prints the topics and how many stories each has, or which ones a title has."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from tui_reader.commands.options import Options
from tui_reader.commands.terminal import is_utf8
from tui_reader.commands.update import front_page, refresh, tell_sample
from tui_reader.config import folders
from tui_reader.model.query import Query
from tui_reader.model.story import TopicCount
from tui_reader.model.topic import Topic
from tui_reader.subscriptions.selection import select_sources

_ABOUT = """\
Print the topics as a tree, in the publisher's order, with the number of stories
and of unread ones in each. With --test, print instead which of them a title has
and by which of their keywords: your own topics of topics.toml and the sources'."""


def topics(arguments: Sequence[str]) -> int:
    """Run ``news-tui topics``; return 1 where a source could not be read."""
    options = Options("topics", "[SOURCE…] [--test TITLE] [--json]", _ABOUT)
    options.sources()
    options.add_argument("--test", metavar="TITLE", help="say which topics an article of this title has, and why")
    options.json("one JSON object a line, with the keys of the topic files")
    chosen = options.read(arguments)
    here = folders()
    selection = select_sources(chosen.sources, here)
    if not chosen.json:
        tell_sample(selection)
    good = refresh(selection)
    with front_page(selection, here) as reader:
        counts = reader.topics(Query())
    if chosen.test is not None:
        _test(chosen.test, [count.topic for count in counts if count.topic.name], as_json=chosen.json)
    elif chosen.json:
        ascii_only = not is_utf8(sys.stdout)
        for count in counts:
            # The first stands for everything and is no topic.
            if count.topic.name:
                print(json.dumps(as_fields(count), ensure_ascii=ascii_only))
    else:
        from tui_reader.commands.table import topic_table

        for line in topic_table(counts):
            print(line)
    return 0 if good else 1


def as_fields(count: TopicCount) -> dict[str, Any]:
    """Return a topic with the keys of the topic files, ``None`` where it says nothing, and its numbers."""
    topic = count.topic
    return {
        "name": topic.name,
        "shortname": topic.shortname or None,
        "_id": topic.identifier or None,
        "parent": topic.parent or None,
        "keywords": topic.keywords,
        "description": topic.description or None,
        "depth": count.depth,
        "stories": count.stories,
        "unread": count.unread,
    }


def _test(title: str, topics: Sequence[Topic], *, as_json: bool) -> None:
    """Print which topics a title has, a line a topic, and by which keyword; those that are excluded follow."""
    from tui_reader.stories.topics import compile_topics

    excluded = {topic.name: topic.excluded for topic in topics if topic.excluded}
    found = compile_topics(topics, without=excluded).explain(title)
    if as_json:
        for match in found:
            print(json.dumps(match._asdict(), ensure_ascii=not is_utf8(sys.stdout)))
        return
    for match in found:
        print(match)
    for line in _barred(title, topics):
        print(line)
    if not found:
        print("news-tui: no keyword of a topic stands in this title", file=sys.stderr)


def _barred(title: str, topics: Sequence[Topic]) -> Iterator[str]:
    """Give a line for each topic that a title would have if another of its words did not bar it."""
    from tui_reader.stories.topics import compile_topics

    for topic in topics:
        for match in compile_topics([topic._replace(parent="")]).explain(title):
            for bar in compile_topics([topic._replace(parent="", keywords=topic.excluded)]).explain(title):
                yield f"{match}, but “{bar.keyword}” bars it"
