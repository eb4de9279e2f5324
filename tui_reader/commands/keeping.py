"""``news-tui add``, ``remove`` and ``sources``: the sources that open when none is named."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tui_reader.commands.options import Options
from tui_reader.commands.terminal import is_utf8
from tui_reader.config import folders, keep_sources, kept_sources
from tui_reader.errors import ArticleError, SourceError
from tui_reader.model.text import visible

_ADD = """\
Keep sources: folders, files or archives. They open when none is named, as one
front page. A source that is not there, or holds no article, is refused."""
_REMOVE = """\
Keep sources no longer, by any name of them, also when they are gone. What was
read and saved in them stays marked."""
_SOURCES = "List the sources that are kept."


def add(arguments: Sequence[str]) -> int:
    """Run ``news-tui add``; raises :class:`SourceError` and keeps nothing where one source is unfit."""
    from tui_reader.sources.locations import real_locations

    named = _named("add", _ADD, arguments)
    locations = real_locations(named)
    file = folders().sources
    kept = kept_sources(file)
    new = [location for location in locations if location not in kept]
    for location in new:
        _check(location)
    keep_sources(file, new, [])
    for location in locations:
        print(f"added {visible(location)}" if location in new else f"already kept: {visible(location)}")
    return 0


def _check(location: str) -> None:
    """Raise :class:`SourceError` unless there is an article in the source."""
    from tui_reader.sources.front_matter import parse_article

    tried = 0
    for name, data in _texts(location):
        tried += 1
        try:
            parse_article(data, name)
        except ArticleError:
            continue
        return
    if tried == 0:
        raise SourceError(f"{location} holds no Markdown file: name a folder, file or archive of articles")
    which = "its only Markdown file has no" if tried == 1 else f"none of its {tried:,} Markdown files has"
    raise SourceError(f"{location} holds no article: {which} readable front matter")


def _texts(location: str) -> Iterator[tuple[str, bytes]]:
    """Give name and bytes of every file of a source that could be an article."""
    from tui_reader.sources.collection import FolderCollection, read_file
    from tui_reader.sources.opening import open_collection
    from tui_reader.sources.site import is_hidden, is_markdown

    collection = open_collection(location)
    if isinstance(collection, FolderCollection):
        for stamp in collection.files():
            yield Path(stamp.path).name, read_file(str(collection.root), stamp.path)
    else:
        for stamp, data in collection.members():
            if is_markdown(stamp.path) and not is_hidden(stamp.path):
                yield Path(stamp.path).name, data


def remove(arguments: Sequence[str]) -> int:
    """Run ``news-tui remove``; raises :class:`SourceError` and removes nothing where one is not kept."""
    named = _named("remove", _REMOVE, arguments)
    file = folders().sources
    kept = kept_sources(file)
    found: dict[str, None] = {}
    for name in named:
        location = next((text for text in _names(name) if text in kept), None)
        if location is None:
            raise SourceError(f"{name} is not kept: ‘news-tui sources’ lists what is")
        found[location] = None
    keep_sources(file, [], list(found))
    for location in found:
        print(f"removed {visible(location)}")
    return 0


def _names(name: str) -> Iterator[str]:
    """Give what may stand for ``name`` among the kept sources."""
    yield name
    path = Path(name).expanduser()
    # Not strict: what a person wants to be rid of is often gone already.
    yield str(path.resolve())
    yield str(path.absolute())


def sources(arguments: Sequence[str]) -> int:
    """Run ``news-tui sources``."""
    options = Options("sources", "[--json]", _SOURCES)
    options.json("one JSON object a line: location and whether it is there")
    chosen = options.read(arguments)
    kept = kept_sources(folders().sources)
    for location in kept:
        there = Path(location).exists()
        if chosen.json:
            print(json.dumps({"location": location, "there": there}, ensure_ascii=not is_utf8(sys.stdout)))
        else:
            print(visible(location) + ("" if there else "  (gone)"))
    if not kept and not chosen.json:
        print("news-tui: nothing is kept yet: ‘news-tui add SOURCE’ keeps a source", file=sys.stderr)
    return 0


def _named(command: str, about: str, arguments: Sequence[str]) -> list[str]:
    options = Options(command, "SOURCE…", about)
    options.sources(required=True)
    return list(options.read(arguments).sources)
