"""Writes stories as one document in one of the formats, story by story, however many there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from tui_reader.formats.exported import shared
from tui_reader.model.trending import Cooling
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.export import ExportedStory

SUFFIXES = {
    "markdown": ".md",
    "html": ".html",
    "text": ".txt",
    "json": ".json",
    "epub": ".epub",
    "opml": ".opml",
}
"""The formats, each with the suffix of its files."""

BINARY = frozenset({"epub"})
"""The formats that are no text."""

_KNOWN = {**{suffix: name for name, suffix in SUFFIXES.items()}, ".markdown": "markdown", ".htm": "html"} | {
    ".jsonl": "json",
    ".xhtml": "html",
}


class Contents(NamedTuple):
    """What is written: a title, the stories, and how their heat fades.

    ``single`` says that it is one story by itself; ``images`` lets HTML show
    pictures from where they are.
    """

    title: str
    stories: Iterable[ExportedStory]
    cooling: Cooling
    single: bool = False
    images: bool = False


def format_of(name: str) -> str | None:
    """Return the format that the suffix of a file stands for, or ``None``."""
    return next((form for suffix, form in _KNOWN.items() if name.lower().endswith(suffix)), None)


def write_document(file: IO[bytes], form: str, contents: Contents) -> None:
    """Write ``contents`` to ``file`` in the format ``form``, which is not OPML."""
    if form == "epub":
        from tui_reader.formats.epub import write_epub

        write_epub(file, contents.title, map(shared, contents.stories))
    else:
        for part in document_parts(form, contents):
            file.write(part.encode(errors="replace"))


def document_parts(form: str, contents: Contents) -> Iterator[str]:
    """Return ``contents`` as text, in parts, in the format ``form``, which is not binary and not OPML."""
    return _TEXTS[form](contents)


def _markdown(contents: Contents) -> Iterator[str]:
    from tui_reader.model.story_markdown import plain, story_markdown

    if not contents.single:
        yield f"# {plain(contents.title)}\n"
    for number, story in enumerate(contents.stories):
        if number or not contents.single:
            yield "\n"
        yield story_markdown(shared(story), level=1 if contents.single else 2)


def _html(contents: Contents) -> Iterator[str]:
    from tui_reader.formats.html import html_page, stories_html, story_html

    stories = map(shared, contents.stories)
    if contents.single:
        content = (story_html(story, level=1, images=contents.images) for story in stories)
        return html_page(contents.title, content, images=contents.images)
    return html_page(
        contents.title, stories_html(contents.title, stories, images=contents.images), images=contents.images
    )


def _text(contents: Contents) -> Iterator[str]:
    from tui_reader.formats.plain_text import Block, lay_out
    from tui_reader.formats.story_text import story_blocks

    if not contents.single:
        yield from (f"{line}\n" for line in lay_out([Block(contents.title)]))
    for number, story in enumerate(contents.stories, 1):
        before = "" if contents.single else f"{number}. "
        if before:
            yield "\n\n"
        yield "".join(f"{line}\n" for line in lay_out(story_blocks(shared(story), before=before)))


def _json(contents: Contents) -> Iterator[str]:
    from tui_reader.formats.json_fields import as_fields

    for story in contents.stories:
        yield json.dumps(as_fields(story, contents.cooling, bodies=True), ensure_ascii=False) + "\n"


_TEXTS: dict[str, Callable[[Contents], Iterator[str]]] = {
    "markdown": _markdown,
    "html": _html,
    "text": _text,
    "json": _json,
}
