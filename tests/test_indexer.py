"""However an index came to be what it is, it shows what one made anew shows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indexing import dump, indexed, opened
from tests.making import entry_fields, front_matter, make_collection, write_article
from tui_reader import indexer, parsing
from tui_reader.index.connection import open_index
from tui_reader.index.write import Writer
from tui_reader.indexer import bring_up_to_date
from tui_reader.model.query import Query, Sort

PAGES = range(5)


def page(number: int, form: str = "{}") -> str:
    return form.format(f"example.com/p{number}")


FORMS = [
    {"webUrl": "https://{}"},
    {"webUrl": "http://www.{}/?utm_source=x#top"},
    {"originalUrl": "https://{}"},
    {"webUrl": "https://example-com.cdn.ampproject.org/c/s/{}"},
    {"ampWebUrl": "https://m.{}/mobile"},  # another page, but an address of the article as well
]


def entry(number: int, form: dict[str, str]) -> dict[str, Any]:
    urls = {name: page(number, pattern) for name, pattern in form.items()}
    facts = {"title": f"Entry {number}", "excerpt": "What an entry says.", "quality": number}
    return facts | {"provider": {"name": "Entry News"}, "publishedDateTime": "2020-01-01"} | urls


@st.composite
def articles(draw: st.DrawFn) -> str:
    number = draw(st.sampled_from(PAGES))
    related = draw(st.lists(st.builds(entry, st.sampled_from(PAGES), st.sampled_from(FORMS)), max_size=4))
    fields = {
        "title": draw(st.sampled_from(["Title", "Title two", ""])),
        "excerpt": "Excerpt",
        "webUrl": page(number, "https://{}"),
        "ampWebUrl": page(number, "https://m.{}/mobile"),
        "originalUrl": draw(st.none() | st.just(page(number, "https://www.{}"))),
        "publishedDateTime": draw(st.sampled_from([None, "2020-01-01", "2020-01-02", "2020-01-09", "2020-03-01"])),
        "quality": draw(st.sampled_from([None, 0, 5, "none"])),
        "heat": draw(st.sampled_from([None, -1, 0, 40])),
        "published": draw(st.sampled_from([None, True, False])),
        "topics": draw(st.lists(st.sampled_from(["AI", "IoT", "Law"]), max_size=3)),
        "provider": draw(st.sampled_from([None, {"name": "B News"}, {"name": "a news"}])),
        "related": related,
    }
    return front_matter({k: v for k, v in fields.items() if v is not None}, draw(st.sampled_from(["", "Body."])))


NAMES = ["one/a.md", "one/b.md", "one/c.md", "two/a.md", "two/d.md"]
edit = st.tuples(
    st.sampled_from(NAMES), articles() | st.none() | st.just("bad"), st.sampled_from(["", "", "run", "break off", "one only"])
)


class Desk:
    """Two folders that are edited, and one index of both that is kept up to date."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.index = root / "kept.db"
        self.now = 0
        for name in NAMES:
            (root / name).parent.mkdir(exist_ok=True)

    def sources(self) -> list[Path]:
        return [self.root / "one", self.root / "two"]

    def put(self, name: str, text: str | None) -> None:
        path = self.root / name
        self.now += 1
        if text is None:
            path.unlink(missing_ok=True)
        elif text != "bad" or not path.exists():
            # A bad file keeps its article, which an index made anew cannot know.
            path.write_text(text)
            os.utime(path, (self.now, self.now))

    def run(self, how: str) -> None:
        if how == "run":
            indexed(self.index, *self.sources())
        elif how == "one only":
            indexed(self.index, self.root / "one")
        elif how == "break off":
            steps = bring_up_to_date(self.index, [str(source) for source in self.sources()])
            next(steps)
            next(steps, None)
            steps.close()

    def check(self) -> None:
        indexed(self.index, *self.sources())
        anew = self.root / "anew.db"
        indexed(anew, *self.sources())
        kept, made = dump(self.index), dump(anew)
        assert kept == made
        with opened(self.index) as (reader, _):
            for folded in (False, True):
                for count in reader.topics(Query(folded=folded)):
                    query = Query(topic=count.topic.name, folded=folded)
                    assert count.stories == len(reader.order(query)) == reader.count(query)


@settings(deadline=None, max_examples=700)
@given(st.lists(edit, max_size=14))
def test_kept_up_to_date_is_as_good_as_made_anew(edits: list[tuple[str, str | None, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        for name, text, how in edits:
            desk.put(name, text)
            desk.run(how)
        desk.check()
