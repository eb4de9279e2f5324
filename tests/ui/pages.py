"""Write small collections for the tests of the UI: a town's front page, and single pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

NOW = int(datetime(2024, 6, 10, 12, tzinfo=UTC).timestamp())
"""The current time of every test, in seconds since 1970."""

BRIDGE = "The old bridge opens"
FERRY = "Ferry captain fears"
COMET = "Comet returns"
FARES = "Ferry fares fall"
TARIFF = "Tariffs, explained"
DREDGING = "Dredging a harbour"
HOTTEST_FIRST = (BRIDGE, FERRY, COMET, FARES, TARIFF, DREDGING)
ENGINEERS = "Engineers praise it"
COST = "What the bridge costs"
WALK = "A walk across"
MINOR = 30
"""Number of stories of little heat below those with names."""


def address(title: str) -> str:
    """Return the default URL of a page."""
    return f"https://example.org/{slug(title)}"


def slug(title: str) -> str:
    """Return ``title`` as part of a URL and file name."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "page"


def write_page(
    folder: Path,
    title: str,
    *,
    when: str = "2024-06-01T09:00:00Z",
    by: str = "Harbour Post",
    folded: bool = False,
    body: str = "",
    name: str = "",
    **fields: Any,
) -> Path:
    """Write one article into ``folder``.

    ``fields`` are added to its front matter; ``None`` omits a default field.
    """
    front: dict[str, Any] = {
        "title": title,
        "excerpt": f"What is to be said about it: {title}.",
        "publishedDateTime": when,
        "webUrl": address(title),
        "provider": {"name": by, "domain": "example.org"},
    }
    if folded:
        front |= {"published": False, "heat": -1}
    front = {key: value for key, value in {**front, **fields}.items() if value is not None}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{when[:10]}-{name or slug(title)}.md"
    text = yaml.safe_dump(front, allow_unicode=True, sort_keys=False)
    path.write_text(f"---\n{text}---\n{body}", encoding="utf-8")
    return path


def entry(title: str, **fields: Any) -> dict[str, Any]:
    """Return an entry of a page's related coverage; ``None`` omits a default field."""
    front: dict[str, Any] = {
        "title": title,
        "excerpt": f"In short: {title}.",
        "publishedDateTime": "2024-06-01T12:00:00Z",
        "webUrl": address(title),
        "provider": {"name": "Other Voices", "domain": "example.net"},
        "quality": 31,
    }
    return {key: value for key, value in {**front, **fields}.items() if value is not None}


def write_topics(site: Path, title: str, *topics: tuple[str, str]) -> None:
    """Write the title of a site and its topics, each with its parent."""
    folder = site / "_data" / "topics"
    folder.mkdir(parents=True, exist_ok=True)
    (site / "_config.yml").write_text(f"title: {title}\ntopic: {topics[0][0]}\n")
    for place, (name, parent) in enumerate(topics):
        line = f"parent: {parent}\n" if parent else ""
        (folder / f"{place:02}-{slug(name)}.yaml").write_text(f"name: {name}\n{line}")


def write_town(site: Path) -> Path:
    """Write the front page of a town and return the folder of its articles.

    By heat its stories come as in ``HOTTEST_FIRST``, then ``MINOR`` small
    ones. The bridge's coverage leads to the ferry, that to the fares, those
    to the tariff, that to the dredging. Two folded articles belong to the bridge.
    """
    write_topics(site, "The Town Crier", ("Town", ""), ("Harbour", "Town"), ("Bridges", "Harbour"), ("Sky", "Town"))
    news = site / "_news"
    harbour = ["Harbour", "Town"]
    # The engineers' page by its AMP URL, with tracking parameters.
    engineers = f"https://amp.example.org/{slug(ENGINEERS)}/amp?utm_source=crier&fbclid=9#top"
    write_page(
        news,
        BRIDGE,
        when="2024-06-09T09:00:00Z",
        quality=90,
        topics=["Bridges", *harbour],
        originalUrl="https://example.org/the-bridge-itself",
        ampWebUrl=f"{address(BRIDGE)}/amp",
        related=[entry(ENGINEERS, webUrl=engineers), entry(FERRY), entry(WALK), entry(COST)],
    )
    write_page(
        news,
        FERRY,
        when="2024-06-08T09:00:00Z",
        by="Sea Gazette",
        quality=60,
        topics=harbour,
        related=[entry(FARES), entry(BRIDGE)],
    )
    write_page(
        news,
        COMET,
        when="2024-06-05T21:00:00Z",
        by="Night Sky",
        quality=80,
        topics=["Sky", "Town"],
        type="video",
        featuredContent='<iframe src="https://video.example.org/comet"></iframe>',
        images=[{"url": "https://example.org/comet.jpg"}],
    )
    related = [entry(TARIFF)]
    write_page(news, FARES, when="2024-05-25T09:00:00Z", by="Sea Gazette", quality=50, topics=harbour, related=related)
    write_page(news, TARIFF, when="2024-05-20T09:00:00Z", quality=45, topics=["Town"], related=[entry(DREDGING)])
    parts = [f"## Part {number}\n\nThe dredger lifts mud for the *{number}th* time.\n" for number in range(1, 21)]
    write_page(news, DREDGING, when="2024-03-01T09:00:00Z", quality=42, topics=harbour, body="\n".join(parts))
    bridges = ["Bridges", *harbour]
    write_page(
        news,
        ENGINEERS,
        when="2024-06-09T11:00:00Z",
        by="Builders' Weekly",
        folded=True,
        quality=35,
        topics=bridges,
        excerpt="All that the engineers say, at length.",
    )
    write_page(news, COST, when="2024-06-07T11:00:00Z", by="Town Hall", folded=True, quality=20, topics=bridges)
    for number in range(1, MINOR + 1):
        day = f"2023-{1 + number % 12:02}-{1 + number % 28:02}T08:00:00Z"
        write_page(news, minor(number), when=day, by="Notices", quality=40 - number, topics=["Town"])
    return news


def minor(number: int) -> str:
    """Return the title of a minor story; 1 is the hottest."""
    return f"Minor matter {number:02}"
