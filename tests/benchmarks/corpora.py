"""Generate collections of any size; the same size always gives the same files.

The shape follows real collections: a file of front matter holds its article
(1.3 KB) and its related entries (0.8 KB each), most of which are themselves
articles of the collection, with the same text in every file.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_SYLLABLES = (
    "ba", "con", "da", "el", "fir", "gra", "ho", "in", "ju", "ker", "lo", "mi", "nor", "ou", "pre", "qui", "ra", "sto",
    "tur", "ul", "ver", "wa", "xo", "yen", "za", "sen", "tri", "plo",
)  # fmt: skip
_TOPICS = (
    "Compute", "Storage", "Networks", "Databases", "Security", "Identity", "Mobile", "Web", "Robots", "Language",
    "Vision", "Policy", "Chips", "Games", "Science", "Energy", "Health", "Space",
)  # fmt: skip
_PROVIDERS = 400
_SECURED = "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[i * 37 % 64] for i in range(600))


@dataclass(frozen=True)
class Shape:
    """Size of a collection: articles, related entries in total, and the share of articles that are not folded.

    ``body`` is how many words bodies have at most; there are none without it.
    """

    name: str
    articles: int
    related: int
    shown: float = 0.4
    body: int = 0

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return f"{'bodies' if self.body else 'collection'}-{self.articles}"


# As large as the largest real collection: 139 MB, 161,223 related entries.
BIG_COLLECTION = Shape("139MB", 4_958, 161_223, shown=0.12)
SIZES = {n: Shape(f"{n:,}", n, n * 5) for n in (1_000, 10_000, 100_000)}
WITH_BODIES = {n: Shape(f"{n:,} with bodies", n, n, body=350) for n in SIZES}
_SHORTEST = 50  # words of a body
_CHINESE = 20  # every so many articles have a line of it


def words(rng: random.Random, vocabulary: list[str], count: int) -> str:
    """Return ``count`` random words, separated by spaces."""
    # Squaring the draw makes a few words common and most rare, as in a language.
    size = len(vocabulary)
    return " ".join(vocabulary[int(size * rng.random() ** 2)] for _ in range(count))


def _article(rng: random.Random, vocabulary: list[str], number: int, start: datetime) -> dict[str, str]:
    provider = int(_PROVIDERS * rng.random() ** 2)
    date = start + timedelta(minutes=number * 17 + rng.randrange(17))
    title = words(rng, vocabulary, rng.randint(7, 13)).capitalize()
    slug = "-".join(title.lower().split()[:8])
    url = f"https://www.provider{provider}.example/news/{date:%Y/%m/%d}/{slug}-{number}"
    return {
        "title": title,
        "excerpt": words(rng, vocabulary, rng.randint(20, 46)).capitalize() + ".",
        "date": f"{date:%Y-%m-%dT%H:%M:%SZ}",
        "file": f"{date:%Y-%m-%d}-{slug}-{number}.md",
        "url": url,
        "amp": url + "/amp" if rng.random() < 0.25 else "",
        "name": f"Provider {provider}",
        "domain": f"provider{provider}.example",
        "quality": str(rng.randrange(0, 130)),
        "image": f"https://images.provider{provider}.example/{number}.jpg" if rng.random() < 0.6 else "",
        "topic": _TOPICS[int(len(_TOPICS) * rng.random() ** 2)],
    }


def _with_body(vocabulary: list[str], number: int, most: int, article: dict[str, str]) -> dict[str, str]:
    """Return an article with a body of up to ``most`` words; some of them have Chinese too, which has no spaces."""
    rng = random.Random(number)  # the rest of the article is the same with and without a body
    paragraphs = [words(rng, vocabulary, rng.randint(_SHORTEST, most) // 3).capitalize() + "." for _ in range(3)]
    if number % _CHINESE:
        return article | {"body": "\n\n".join(paragraphs)}
    line = "".join(chr(0x4E00 + int(3_000 * rng.random() ** 2)) for _ in range(40))
    return article | {"title": f"{article['title']} {line[:8]}", "body": "\n\n".join([*paragraphs, line])}


def _entry(article: dict[str, str]) -> str:
    lines = [
        f'  - title: "{article["title"]}"',
        f'    excerpt: "{article["excerpt"]}"',
        f"    publishedDateTime: {article['date']}",
        f'    webUrl: "{article["url"]}"',
    ]
    if article["amp"]:
        lines.append(f'    ampWebUrl: "{article["amp"]}"')
        lines.append(f'    cdnAmpWebUrl: "https://cdn.ampproject.org/c/s/{article["amp"][8:]}"')
    lines += [
        "    type: article",
        "    provider:",
        f"      name: {article['name']}",
        f"      domain: {article['domain']}",
        f"    quality: {article['quality']}",
    ]
    if article["image"]:
        lines += ["    images:", f'      - url: "{article["image"]}"', "        width: 1200", "        height: 627"]
    return "\n".join(lines) + "\n"


def _file(article: dict[str, str], related: list[str], shown: bool) -> str:
    heat = int(article["quality"]) + 20 * len(related) if shown else -1
    amp = f'ampWebUrl: "{article["amp"]}"\n' if article["amp"] else ""
    images = f'images:\n  - url: "{article["image"]}"\n    width: 1200\n    height: 627\n\n' if article["image"] else ""
    listed = "related:\n" + "".join(related) + "\n" if related else ""
    return (
        "---\ncategory: news\n"
        f'title: "{article["title"]}"\nexcerpt: "{article["excerpt"]}"\npublishedDateTime: {article["date"]}\n'
        f'originalUrl: "{article["url"]}"\nwebUrl: "{article["url"]}"\n{amp}'
        f"type: article\nquality: {article['quality']}\nheat: {heat}\npublished: {str(shown).lower()}\n\n"
        f"provider:\n  name: {article['name']}\n  domain: {article['domain']}\n\n"
        f"topics:\n  - Field\n  - {article['topic']}\n\n{images}{listed}"
        f'secured: "{_SECURED};{article["date"]}"\n---\n{article.get("body", "")}'
    ).replace(f";{article['date']}", ";AAAA==")


def _coverage(rng: random.Random, shape: Shape) -> list[int]:
    """Return the number of related entries of each article: a few have many (179 at most), most have few."""
    weights = [rng.paretovariate(0.9) for _ in range(shape.articles)]
    most = min(179, shape.articles - 1)
    low, high = 0.0, 200.0
    for _ in range(40):
        factor = (low + high) / 2
        total = sum(min(int(weight * factor), most) for weight in weights)
        low, high = (factor, high) if total < shape.related else (low, factor)
    return [min(int(weight * low), most) for weight in weights]


def make(folder: Path, shape: Shape) -> Path:
    """Write the collection of ``shape`` to ``folder``, unless it exists, and return ``folder``."""
    done = folder / ".made"
    if done.exists():
        return folder
    rng = random.Random(20201031)
    vocabulary = sorted({"".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4))) for _ in range(9000)})
    rng.shuffle(vocabulary)
    start = datetime(2024, 1, 1, tzinfo=UTC) - timedelta(minutes=17 * shape.articles)
    articles = [_article(rng, vocabulary, number, start) for number in range(shape.articles)]
    if shape.body:
        articles = [_with_body(vocabulary, number, shape.body, each) for number, each in enumerate(articles)]
    entries = [_entry(article) for article in articles]
    news, topics = folder / "_news", folder / "_data" / "topics"
    news.mkdir(parents=True)
    topics.mkdir(parents=True)
    (folder / "_config.yml").write_text(f'title: "Collection of {shape.name}"\ntopic: Field\n')
    for place, name in enumerate(("Field", *_TOPICS)):
        parent = "" if name == "Field" else "parent: Field\n"
        text = f"_id: {name.lower()}\nname: {name}\n{parent}keywords:\n  - {name.lower()}\n"
        (topics / f"{place:02}-{name.lower()}.yaml").write_text(text)
    for number, (article, count) in enumerate(zip(articles, _coverage(rng, shape), strict=True)):
        near = [n for n in range(max(0, number - count), min(shape.articles, number + count + 1)) if n != number]
        chosen = sorted(rng.sample(near, min(count, len(near))))
        text = _file(article, [entries[other] for other in chosen], rng.random() < shape.shown)
        (news / article["file"]).write_text(text)
    done.touch()
    return folder
