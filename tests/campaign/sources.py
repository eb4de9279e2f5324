"""What the attempts read: feeds on a loopback server, a site, and an archive, all of one small world."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path
from random import Random

from tests.support.collections import STORM, make_collection
from tests.support.feeds import START, Item, rss
from tests.support.servers import Site

WORDS = (
    "storm",
    "harbour",
    "budget",
    "comet",
    "bridge",
    "ferry",
    "museum",
    "tax",
    "glacier",
    "printer",
    "vaccine",
    "strike",
)


def entry(feed: int, number: int) -> Item:
    """Return entry ``number`` of a feed; every fifth tells the same story in all feeds."""
    link = f"https://paper{feed}.example/{number}"
    date = START + 3600 * number + feed
    if number % 5 == 0:
        return Item(f"{STORM[feed % len(STORM)]}, day {number // 5}", link, f"{feed}-{number}", date)
    words = Random(f"{feed} {number}").sample(WORDS, 5)
    return Item(
        f"The {words[0]} of {words[1]} and a {words[2]}, a {words[3]} or {words[4]} {number}",
        link,
        f"{feed}-{number}",
        date,
    )


def feed(number: int, newest: int, length: int = 20) -> bytes:
    """Return a feed as it is when entry ``newest`` has come: the older ones beyond ``length`` are gone from it."""
    first = max(0, newest - length)
    return rss(*(entry(number, each) for each in range(newest, first, -1)), title=f"Paper {number}")


def serve(site: Site, feeds: int, newest: int, folder: str = "") -> list[str]:
    """Put feeds on a server, as they are when entry ``newest`` has come; return their addresses."""
    return [site.page(f"{folder}/{number}.xml", feed(number, newest)) for number in range(feeds)]


def packed(collection: Path, archive: Path) -> Path:
    """Pack a collection into an archive, of the kind that its name says; return the archive."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive, "w") as zipped:
            for path in sorted(collection.rglob("*")):
                zipped.write(path, path.relative_to(collection.parent))
    else:
        with tarfile.open(archive, "w:gz") as tar:
            tar.add(collection, collection.name)
    return archive


def collection(folder: Path, articles: int) -> Path:
    """Write a site of so many articles and return it."""
    return make_collection(folder, articles)
