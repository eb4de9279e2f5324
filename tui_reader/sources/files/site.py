"""A site's own data: its title and root topic from ``_config.yml``, and its topic files."""

from __future__ import annotations

from collections.abc import Mapping

from tui_reader.errors import ArticleError
from tui_reader.model.text import clean_line
from tui_reader.model.topic import Topic
from tui_reader.named_tuple import NamedTuple


class Site(NamedTuple):
    """The title and the root topic of a collection. Either can be empty."""

    title: str = ""
    root_topic: str = ""


def parse_site(data: bytes) -> Site:
    """Parse ``_config.yml``. Raises :class:`ArticleError` where it is not valid YAML."""
    # PyYAML is loaded only when there is something to parse.
    from tui_reader.sources.files.plain_yaml import decode, top_level_scalars

    values = top_level_scalars(decode(data))
    return Site(clean_line(values.get("title", "")), clean_line(values.get("topic", "")))


def parse_topic(data: bytes) -> Topic:
    """Parse one file of ``_data/topics``. Raises :class:`ArticleError` where it is not a topic."""
    from tui_reader.sources.files.plain_yaml import decode, parse_yaml

    value = parse_yaml(decode(data))
    if not isinstance(value, Mapping):
        raise ArticleError("a topic file needs ‘name: value’ lines", 1)

    def text(name: str) -> str:
        item = value.get(name)
        return clean_line(item) if isinstance(item, str) else ""

    name = text("name")
    if not name:
        raise ArticleError("a topic without a name")
    keywords = value.get("keywords")
    return Topic(
        name=name,
        parent=text("parent"),
        shortname=text("shortname"),
        identifier=text("_id"),
        description=text("description"),
        keywords=tuple(clean_line(word) for word in keywords if isinstance(word, str))
        if isinstance(keywords, list)
        else (),
    )
