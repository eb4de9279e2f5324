"""Topics: subjects with a parent, in the publisher's order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Topic(NamedTuple):
    """A subject of a collection; ``parent`` is another topic's name or empty.

    A title with one of ``keywords`` has the topic, unless it has one of ``excluded``.
    """

    name: str
    parent: str = ""
    shortname: str = ""
    identifier: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


class TopicNode(NamedTuple):
    """A topic at its place in the tree; ``depth`` is 0 for a root."""

    topic: Topic
    depth: int


def topic_tree(topics: Iterable[Topic]) -> list[TopicNode]:
    """Return the topics as a tree, top down, siblings in the order given.

    A parent that does not exist makes its child a root; a topic that is its
    own ancestor becomes a root as well, so that nothing is ever lost.
    """
    known: dict[str, Topic] = {}
    for topic in topics:
        known.setdefault(topic.name.casefold(), topic)
    children: dict[str, list[str]] = {}
    roots: list[str] = []
    for key, topic in known.items():
        parent = topic.parent.casefold()
        if parent in known and parent != key:
            children.setdefault(parent, []).append(key)
        else:
            roots.append(key)
    nodes: list[TopicNode] = []
    placed: set[str] = set()

    # The roots first; what is left after them hangs in a circle of parents.
    for root in (*roots, *known):
        waiting = [(root, 0)]
        while waiting:
            key, depth = waiting.pop()
            if key not in placed:
                placed.add(key)
                nodes.append(TopicNode(known[key], depth))
                waiting += [(child, depth + 1) for child in reversed(children.get(key, ()))]
    return nodes
