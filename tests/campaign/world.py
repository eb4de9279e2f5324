"""A home as a person has it after some days: feeds, an archive, a site, marks, settings and a view."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import NamedTuple

from tests.campaign.checks import config, data, listed, run, state
from tests.campaign.marker import mark_some
from tests.campaign.sources import packed, serve
from tests.campaign.stage import Stage
from tests.support.collections import make_collection
from tests.support.command import Home
from tests.support.servers import Loopback, Site

_MARKS = ("read", "saved", "tags", "note")  # as they are exported
FEEDS, NEWEST = 2, 15  # how many feeds there are, and the newest entry of each

SETTINGS = """\
title = "My Paper"
[refresh]
every = 30
[hooks]
new = {query = "ferry", command = "true"}
"""
VIEWS = '[[view]]\nname = "Boats"\nquery = "ferry OR harbour"\n'
FILTER = "comet -bridge"  # a query of a filter that saves what arrives
VIEW = {"sort": "newest", "window": "all", "folded": False, "theme": "news-dark"}


class World(NamedTuple):
    """A home, and every article that it had when it was made, by its address; and where the articles come from."""

    home: Home
    articles: dict[str, dict[str, object]]
    site: Site
    collection: Path

    def marked(self) -> set[tuple[str, str]]:
        """Return what is read and saved, and has tags or a note."""
        return marked(self.articles)


def marked(articles: dict[str, dict[str, object]]) -> set[tuple[str, str]]:
    """Return the kind and the address of each mark."""
    return {(kind, address) for address, story in articles.items() for kind in _MARKS if story[kind]}


def make_world(stage: Stage, net: Loopback, name: str = "home") -> World:
    """Make a home in the folder of the attempt, with sources on a server of ``net``."""
    home = stage.home(name)
    site = net.site()
    collection = make_collection(stage.folder / "site", 12)
    archive = packed(make_collection(stage.folder / "far", 9), stage.folder / "far.tar.gz")
    site.page("/far.tar.gz", archive.read_bytes(), kind="application/gzip")
    config(home).mkdir(parents=True)
    (config(home) / "config.toml").write_text(SETTINGS, encoding="utf-8")
    (config(home) / "views.toml").write_text(VIEWS, encoding="utf-8")
    state(home).mkdir(parents=True)
    (state(home) / "view.json").write_text(json.dumps(VIEW), encoding="utf-8")
    run(home, "add", *serve(site, FEEDS, NEWEST), site.url("/far.tar.gz"), collection)
    run(home, "refresh")
    run(home, "filter", "--save", FILTER)
    # A reader would save by a key; the library writes the same in no time.
    (index,) = home.index_files()
    mark_some(index, data(home) / "marks.db", 4)
    run(home, "refresh", "--offline")
    return World(home, listed(home), site, collection)


def copied(world: World, name: str) -> World:
    """Return a copy of a world, with the same articles."""
    folder = world.home.folder.with_name(name)
    shutil.copytree(world.home.folder, folder, symlinks=True)
    return world._replace(home=Home(folder, **{**world.home.environment, "HOME": str(folder)}))
