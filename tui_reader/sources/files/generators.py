"""Tells in which folders of a site its articles are, by the files that its generator is known by."""

from __future__ import annotations

from collections.abc import Callable

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.addresses.config_files import ELEVENTY


class _Generator(NamedTuple):
    """Files or folders of which one shows the generator, and the folders that it makes pages of."""

    markers: tuple[str, ...]
    places: tuple[str, ...]


def _named(stem: str, *endings: str) -> tuple[str, ...]:
    return tuple(f"{stem}.{ending}" for ending in endings)


_SCRIPT = ("js", "mjs", "cjs", "ts", "mts")
_DATA = ("toml", "yaml", "yml", "json")
_GENERATORS = (
    _Generator((*_named("hugo", *_DATA), *_named("config", *_DATA), "config/_default", "zola.toml"), ("content",)),
    _Generator(("pelicanconf.py",), ("content",)),
    _Generator(("conf.py",), ("posts",)),
    _Generator(_named("astro.config", *_SCRIPT), ("src/content", "src/data", "src/pages", "src/posts", "src/blog")),
    _Generator(_named("docusaurus.config", *_SCRIPT), ("blog", "docs", "website/blog")),
    _Generator(_named("nuxt.config", *_SCRIPT), ("content",)),
    _Generator(_named("gatsby-config", *_SCRIPT), ("content", "src/pages", "blog", "posts")),
    _Generator(_named("next.config", *_SCRIPT), ("content", "posts", "data", "src/content", "src/posts")),
    _Generator(("docs/.vitepress", "docs/.vuepress"), ("docs",)),
    _Generator(_named("mkdocs", "yml", "yaml"), ("docs",)),
)


def content_places(exists: Callable[[str], bool], read: Callable[[str], bytes]) -> tuple[str, ...]:
    """Return the folders with the articles of a site, relative to it; none if nothing tells, so that it is all of it.

    ``exists`` tells whether the site has a file or folder at a path, and
    ``read`` returns how one of its files begins.
    """
    for name in filter(exists, ELEVENTY):
        from tui_reader.sources.files.addresses.eleventy import input_folder
        from tui_reader.sources.files.addresses.javascript import JavaScript

        folder = input_folder(JavaScript(read(name).decode(errors="replace")))
        if folder and exists(folder):
            return (folder,)
    for generator in _GENERATORS:
        if any(exists(marker) for marker in generator.markers):
            places = tuple(place for place in generator.places if exists(place))
            if places:
                return places
    return ()
