"""An index that is brought up to date is the same as one built anew, whatever came, changed and went in between."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.collections import moment, write_article
from tests.support.index import dump, indexed
from tui_reader.pipeline import clusterer, publisher

# The same events in several words, so that one article more or less decides about stories.
PARTS = (
    (("IBM", "A chip maker"), ("asks for", "wants", "opposes"), ("limits on", "controls on"), ("exports", "cameras")),
    (("A storm", "The wind"), ("closes", "hits", "spares"), ("the port of", "ships near"), ("Rotterdam", "Antwerp")),
    (("Version 3.5", "A release"), ("brings", "delays"), ("faster", "smaller"), ("exports", "ships", "cameras")),
)


class Made(NamedTuple):
    """An article of a collection or a feed. ``lists`` are the numbers of its related articles."""

    number: int
    title: str
    hours: int
    rated: bool
    lists: frozenset[int]

    @property
    def url(self) -> str:
        """The address. Some numbers share one: the same page in two files, or in a file and a feed."""
        return f"https://wire{self.number % 5}.example/{self.number % 50}"


def make(rng: random.Random, number: int) -> Made:
    title = " ".join(rng.choice(words) for words in rng.choice(PARTS))
    lists = frozenset(rng.sample(range(60), rng.randrange(4)))
    return Made(number, title, rng.randrange(20 * 24), rng.random() < 0.4, lists)


def write_site(folder: Path, articles: Mapping[int, Made]) -> None:
    """Write a collection. What is rated has a heat and related articles, which the source folded under it."""
    for path in folder.glob("*.md"):
        path.unlink()
    for number, one in articles.items():
        fields: dict[str, Any] = {"title": one.title, "publishedDateTime": moment(one.hours), "webUrl": one.url}
        if one.rated:
            shown = number % 2 == 0
            related = [articles[other] for other in sorted(one.lists) if other in articles and other != number]
            fields |= {"quality": 40 + number, "heat": 60 + number if shown else -1, "published": shown}
            fields["related"] = [{"title": other.title, "webUrl": other.url} for other in related]
        write_article(folder / f"{number}.md", fields)


def write_feed(path: Path, articles: Iterable[Made]) -> None:
    """Write a JSON Feed."""
    items = [
        {"id": one.url, "url": one.url, "title": one.title, "date_published": moment(one.hours)} for one in articles
    ]
    path.write_text(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "A feed", "items": items}))


@pytest.mark.parametrize("seed", range(8))
def test_an_updated_index_equals_one_built_anew(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Every second of articles is a batch of its own in half of the runs, and each story.
    monkeypatch.setattr(clusterer, "_STEP_SECONDS", 0.0 if seed % 2 else 1.0)
    monkeypatch.setattr(publisher, "_BATCH", 1 if seed % 2 else 2000)
    rng = random.Random(seed)
    site, feed, updated = tmp_path / "site", tmp_path / "feed.json", tmp_path / "updated.db"
    site.mkdir()
    files: dict[int, Made] = {}
    entries: dict[int, Made] = {}
    for step in range(5):
        for articles, new in ((files, 30), (entries, 12)):
            for number in rng.sample(sorted(articles), len(articles) // rng.randrange(3, 8)):
                del articles[number]
            articles |= {number: make(rng, number) for number in rng.sample(range(60), new if step == 0 else new // 8)}
        write_site(site, files)
        write_feed(feed, entries.values())
        indexed(updated, site, feed)
        indexed(tmp_path / f"{step}.db", site, feed)
        assert dump(updated) == dump(tmp_path / f"{step}.db"), f"step {step}"


def test_a_page_that_another_feed_lists_later_stays_as_its_story_was_published(tmp_path: Path) -> None:
    articles = [
        Made(number, f"A storm closes the port of Rotterdam{end}", hours=number, rated=False, lists=frozenset())
        for number, end in enumerate(("", " today", ", ships wait"))
    ]
    articles.append(Made(3, "Parliament votes on the fishing quota", hours=80, rated=False, lists=frozenset()))
    feed, other = tmp_path / "feed.json", tmp_path / "other.json"
    write_feed(feed, articles)
    write_feed(other, [])
    indexed(tmp_path / "updated.db", feed, other)
    # The versions of the first feed are newer, so the articles are still made from those.
    write_feed(other, [article._replace(hours=article.hours - 1) for article in articles[1:]])
    indexed(tmp_path / "updated.db", feed, other)
    indexed(tmp_path / "anew.db", feed, other)
    assert dump(tmp_path / "updated.db") == dump(tmp_path / "anew.db")
