"""Starter packs: well-known feeds on one subject, with topics for them."""

from __future__ import annotations

from importlib.resources import files

from tui_reader.errors import SourceError
from tui_reader.model.topic import Topic
from tui_reader.named_tuple import NamedTuple
from tui_reader.subscriptions.opml_reader import read_opml
from tui_reader.subscriptions.subscription import Subscription

PACK_NAMES = ("artificial-intelligence", "technology", "science", "world", "programming", "security")
"""The packs in the order they are offered. Each is an OPML file in the package."""


class Pack(NamedTuple):
    """The feeds of one subject. The first of the ``topics`` is the parent of the others."""

    name: str
    description: str
    subscriptions: tuple[Subscription, ...]
    topics: tuple[Topic, ...]


def load_pack(name: str) -> Pack:
    """Return the pack called ``name``, one of :data:`PACK_NAMES`. Raises :class:`SourceError`."""
    if name not in PACK_NAMES:
        raise SourceError(f"there is no pack {name!r}: choose one of {', '.join(PACK_NAMES)}")
    file = files(__package__) / "packs" / f"{name}.opml"
    opml = read_opml(file.read_bytes(), file.name)
    return Pack(opml.title, opml.description, opml.subscriptions, opml.topics)


def load_packs() -> list[Pack]:
    """Return all packs, in the order they are offered."""
    return [load_pack(name) for name in PACK_NAMES]
