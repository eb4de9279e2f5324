"""Generates small collections for tests, in the form of real ones.

A generated collection consists of groups of three: a story, and two articles
folded under it. The story lists both as related, and each of them lists the
story.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

TOPICS = ("Weather", "Rain", "Snow")
"""The topics of a generated collection; the first is the parent of the others."""

PROVIDERS = (("The Daily Cloud", "cloud.example"), ("Rain Review", "rain.example"), ("Снег", "snow.example"))
GROUP = 3
FIRST = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)
"""The date of the first article; each of the others is an hour later than the one before."""

Fields = Mapping[str, Any]


def moment(number: int) -> str:
    """Return the date of article ``number`` as in its front matter."""
    return (FIRST + timedelta(hours=number)).strftime("%Y-%m-%dT%H:%M:%SZ")


def address(number: int) -> str:
    """Return the web address of article ``number``."""
    return f"https://{PROVIDERS[number % len(PROVIDERS)][1]}/news/{number}"


def file_name(number: int) -> str:
    """Return the file name of article ``number``."""
    return f"{moment(number)[:10]}-report-{number}.md"


def entry_fields(number: int) -> dict[str, Any]:
    """Return the fields of article ``number`` as a related entry."""
    name, domain = PROVIDERS[number % len(PROVIDERS)]
    return {
        "title": f"Report {number} on the weather",
        "excerpt": f"What the sky did in hour {number}.",
        "publishedDateTime": moment(number),
        "webUrl": address(number),
        "type": "article",
        "provider": {"name": name, "domain": domain},
        "quality": number % 90,
    }


def article_fields(number: int, articles: int, **changes: Any) -> dict[str, Any]:
    """Return the front matter of article ``number`` of ``articles``; a change to ``None`` leaves a field out."""
    story = number - number % GROUP
    group = range(story, min(story + GROUP, articles))
    related = [entry_fields(other) for other in (group[1:] if number == story else group[:1])]
    shown = number == story
    fields = entry_fields(number) | {
        "topics": [TOPICS[0], TOPICS[1 + story // GROUP % 2]],
        "heat": number % 90 + 20 * len(related) if shown else -1,
        "published": shown,
        "related": related,
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def front_matter(fields: Fields, body: str = "") -> str:
    """Return the text of an article's file with ``fields`` as front matter, formatted like real files."""
    lines = ["---"]
    for name, value in fields.items():
        if name == "related":
            lines.append("related:")
            for entry in value:
                lead = "- "
                for key, item in entry.items():
                    lines.append(f"{lead}{key}: {json.dumps(item, ensure_ascii=False)}")
                    lead = "  "
        else:
            # JSON on one line is valid YAML.
            lines.append(f"{name}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join([*lines, "---", body])


def write_article(path: Path, fields: Fields, body: str = "") -> Path:
    """Write an article's file and create its folders; return ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(front_matter(fields, body), encoding="utf-8")
    return path


def write_topics(folder: Path, names: Iterable[str] = TOPICS) -> None:
    """Write the topic files of a site; the first topic is the parent of the others."""
    place = folder / "_data" / "topics"
    place.mkdir(parents=True, exist_ok=True)
    root = ""
    for number, name in enumerate(names):
        fields = {"name": name, "shortname": name[:4], "_id": name.lower(), "parent": root, "keywords": [name.lower()]}
        text = "\n".join(f"{key}: {json.dumps(value)}" for key, value in fields.items() if value)
        (place / f"{number:02}-{name.lower()}.yaml").write_text(text + "\n", encoding="utf-8")
        root = root or name


def make_collection(folder: Path, articles: int = 12, *, title: str = "Made Every Day", site: bool = True) -> Path:
    """Generate a collection of ``articles`` articles in ``folder`` and return the folder.

    A ``site`` has ``_config.yml``, topics, and its articles in ``_news``;
    otherwise the articles are in the folder itself. ``stories_of`` and
    ``heat_of`` return the stories that a reader should show.
    """
    if site:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "_config.yml").write_text(f"title: {json.dumps(title)}\ntopic: {TOPICS[0]}\n", encoding="utf-8")
        write_topics(folder)
    place = folder / "_news" if site else folder
    for number in range(articles):
        write_article(place / file_name(number), article_fields(number, articles))
    return folder


def stories_of(articles: int) -> list[int]:
    """Return the numbers of the stories of a generated collection, by heat."""
    return sorted(range(0, articles, GROUP), key=lambda number: (-heat_of(number, articles), -number))


def heat_of(number: int, articles: int) -> int:
    """Return the heat of story ``number`` of a generated collection."""
    return number % 90 + 20 * (min(number + GROUP, articles) - number - 1)


STORM = (
    "A storm closes the port of Rotterdam",
    "Port of Rotterdam closed by a storm",
    "Rotterdam: storm closes the port",
    "The port of Rotterdam closes in a storm",
    "Storm has closed the port of Rotterdam",
)
"""The titles of one story, as several outlets tell it."""
