"""What a site says of itself: its title and root topic, its topics, and which files are articles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from tui_reader.errors import ArticleError
from tui_reader.model.text import clean_line
from tui_reader.model.topic import Topic

ARTICLE_FOLDERS = frozenset({"_news", "_posts"})
"""Folders whose Markdown files, at any depth, are a site's articles."""

_SITE_FILE = re.compile(r"(?:[^/]+/)?(?:_config\.yml|(?P<topic>_data/topics/[^/]+\.ya?ml))")
_ENDINGS = (".md", ".markdown")
# In a bare folder these are about the folder, not articles in it.
_ABOUT = frozenset({"readme.md", "license.md", "contributing.md", "changelog.md", "code_of_conduct.md"})
# Beside the articles of a site these hold its parts; in a folder of articles a
# category may have such a name.
_PARTS = frozenset({"_data", "_includes", "_layouts", "assets", "api"})


class Site(NamedTuple):
    """The name and the root topic of a collection, either may be empty."""

    title: str = ""
    root_topic: str = ""


def site_from(data: bytes) -> Site:
    """Return what ``_config.yml`` says; raises :class:`ArticleError` where it is no YAML."""
    from tui_reader.sources.files.plain_yaml import decode, top_level_scalars

    found = top_level_scalars(decode(data))
    return Site(clean_line(found.get("title", "")), clean_line(found.get("topic", "")))


def topic_from(data: bytes) -> Topic:
    """Return the topic of one file of ``_data/topics``; raises :class:`ArticleError`."""
    from tui_reader.sources.files.plain_yaml import decode, parse_yaml

    value = parse_yaml(decode(data))
    if not isinstance(value, Mapping):
        raise ArticleError("no topic: not a list of ‘name: value’ lines", 1)

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


def topic_order(path: str) -> tuple[int, str]:
    """Sort key for topic files: the number in front of the name, then the name."""
    name = PurePosixPath(path).name
    number = re.match(r"[0-9]{1,9}", name)
    return (int(number[0]) if number else 1_000_000, name)


def site_part(path: str) -> str:
    """Say what ``path`` (with ``/``) is to its site: ``config``, ``topic`` or nothing.

    One folder may stand before it, as archives of a repository have.
    """
    match = _SITE_FILE.fullmatch(path)
    if match is None:
        return ""
    return "topic" if match["topic"] else "config"


def is_markdown(path: str) -> bool:
    """Whether the name is one of a Markdown file that can be an article."""
    lower = path.lower()
    return lower.endswith(_ENDINGS) and lower.rpartition("/")[2] not in _ABOUT


def in_article_folder(path: str) -> bool:
    """Whether one of the folders on ``path`` holds a site's articles."""
    return not ARTICLE_FOLDERS.isdisjoint(path.split("/")[:-1])


def is_hidden(path: str) -> bool:
    """Whether ``path`` lies in a folder that is never part of a collection."""
    return any(part.startswith(".") or part in {"node_modules", "_site", "_drafts"} for part in path.split("/"))


def is_part(path: str) -> bool:
    """Whether ``path``, not in a folder of articles, lies among the parts that a site is made of."""
    return not _PARTS.isdisjoint(path.split("/"))
