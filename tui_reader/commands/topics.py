"""``news-tui topics``: prints the topics and how many stories each has."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from tui_reader.commands.bring import front_page, refresh, tell_sample
from tui_reader.commands.options import Options
from tui_reader.commands.terminal import is_utf8
from tui_reader.config import folders
from tui_reader.edition import choose_edition
from tui_reader.model.query import Query
from tui_reader.model.story import TopicCount

_ABOUT = """\
Print the topics as a tree, in the publisher's order, with the number of stories
and of unread ones in each."""


def topics(arguments: Sequence[str]) -> int:
    """Run ``news-tui topics``; return 1 where a source could not be read."""
    options = Options("topics", "[SOURCE…] [--json]", _ABOUT)
    options.sources()
    options.json("one JSON object a line, with the keys of the topic files")
    chosen = options.read(arguments)
    here = folders()
    opening = choose_edition(chosen.sources, here)
    if not chosen.json:
        tell_sample(opening)
    good = refresh(opening)
    with front_page(opening, here) as reader:
        counts = reader.topics(Query())
    if chosen.json:
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
