"""The starter packs: well-known feeds on one subject, with the topics that sort them."""

from __future__ import annotations

from importlib.resources import files
from typing import NamedTuple

from tui_reader.errors import SourceError
from tui_reader.model.topic import Topic
from tui_reader.subscriptions.opml_reader import read_opml
from tui_reader.subscriptions.subscription import Subscription

PACK_NAMES = ("artificial-intelligence", "technology", "science", "world", "programming", "security")
"""The packs in the order in which they are offered; each is an OPML file in the package."""


class Pack(NamedTuple):
    """Feeds to begin with; the first of the ``topics`` is the parent of the others."""

    name: str
    description: str
    subscriptions: tuple[Subscription, ...]
    topics: tuple[Topic, ...]


def load_pack(pack: str) -> Pack:
    """Return one of :data:`PACK_NAMES`. Raises :class:`SourceError` where there is none of that name."""
    if pack not in PACK_NAMES:
        raise SourceError(f"there is no pack {pack!r}; there are {', '.join(PACK_NAMES)}")
    file = files(__package__) / "packs" / f"{pack}.opml"
    opml = read_opml(file.read_bytes(), file.name)
    return Pack(opml.title, opml.description, opml.subscriptions, opml.topics)


def load_packs() -> list[Pack]:
    """Return all packs, in the order in which they are offered."""
    return [load_pack(pack) for pack in PACK_NAMES]
