"""``news-tui topics``: print the topics with their numbers of stories, or test them on a title."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import Any

from tui_reader.commands.indexing import open_for_reading, report_sample, update_selection
from tui_reader.commands.output.json_lines import print_json_lines
from tui_reader.config import folders
from tui_reader.model.query import Query
from tui_reader.model.story import TopicCount
from tui_reader.model.topic import Topic
from tui_reader.subscriptions.selection import select_sources


def topics(arguments: Namespace) -> int:
    """Run ``news-tui topics``; return 1 if a source could not be read."""
    here = folders()
    selection = select_sources(arguments.sources, here)
    if not arguments.json:
        report_sample(selection)
    good = update_selection(selection)
    with open_for_reading(selection, here) as reader:
        # The first count is that of all stories and has no topic.
        counts = reader.topics(Query())
    named = [count for count in counts if count.topic.name]
    if arguments.test is not None:
        _test(arguments.test, [count.topic for count in named], as_json=arguments.json)
    elif arguments.json:
        print_json_lines(map(as_fields, named))
    else:
        from tui_reader.commands.output.tables import topic_table

        for line in topic_table(counts):
            print(line)
    return 0 if good else 1


def as_fields(count: TopicCount) -> dict[str, Any]:
    """Return a topic with the keys of the topic files and its numbers; a missing value is ``None``."""
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
    """Print which topics match a title and by which keyword, one per line; then those that a word excludes."""
    from tui_reader.stories.topics import compile_topics

    excluded = {topic.name: topic.excluded for topic in topics if topic.excluded}
    found = compile_topics(topics, without=excluded).explain(title)
    if as_json:
        print_json_lines(match._asdict() for match in found)
        return
    for match in found:
        print(match)
    for line in _excluded(title, topics):
        print(line)
    if not found:
        print("news-tui: no topic matches this title", file=sys.stderr)


def _excluded(title: str, topics: Sequence[Topic]) -> Iterator[str]:
    """Yield a line for each topic that matches a title but is excluded by a word in its ``not`` list."""
    from tui_reader.stories.topics import compile_topics

    for topic in topics:
        for match in compile_topics([topic._replace(parent="")]).explain(title):
            for word in compile_topics([topic._replace(parent="", keywords=topic.excluded)]).explain(title):
                yield f"{match}, but “{word.keyword}” excludes it"
