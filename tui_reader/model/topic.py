"""Topics, which form a tree, in the publisher's order."""

from __future__ import annotations

from collections.abc import Iterable

from tui_reader.named_tuple import NamedTuple


class Topic(NamedTuple):
    """A topic; ``parent`` is the name of another topic, or empty.

    An article has the topic if its title has one of ``keywords`` and none of ``excluded``.
    """

    name: str
    parent: str = ""
    shortname: str = ""
    identifier: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


class TopicNode(NamedTuple):
    """A topic in the tree; ``depth`` is 0 for a root."""

    topic: Topic
    depth: int


def topic_tree(topics: Iterable[Topic]) -> list[TopicNode]:
    """Return the topics as a tree, parents before children, siblings in the given order.

    A topic whose parent does not exist, or that is its own ancestor, becomes a
    root, so that no topic is lost.
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
    done: set[str] = set()

    # The roots first; topics that are left after them have a cycle of parents.
    for root in (*roots, *known):
        waiting = [(root, 0)]
        while waiting:
            key, depth = waiting.pop()
            if key not in done:
                done.add(key)
                nodes.append(TopicNode(known[key], depth))
                waiting += [(child, depth + 1) for child in reversed(children.get(key, ()))]
    return nodes
