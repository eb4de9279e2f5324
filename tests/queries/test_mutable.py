"""What of a story can be muted: its names and words, each with what it would hide."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.index import indexed, opened
from tests.ui.pages import write_page
from tui_reader.model.query import Query
from tui_reader.queries.mutable import mutable, title_words


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("The best phone cases of the year", ["best", "phone", "cases", "year"]),
        (
            "Harbour Town wins against River City",
            ["Harbour Town", "River City", "Harbour", "Town", "wins", "against", "River", "City"],
        ),
        ("A Title With Capitals On All Its Words", ["Title", "Capitals", "Words"]),
        ("An eye on The Future of The Harbour Town", ["Harbour Town", "eye", "Future", "Harbour", "Town"]),
        ("EU fines AI firm 400 in Q3", ["EU", "fines", "AI", "firm", "Q3"]),
        ("rain, rain and Rain", ["Rain"]),
        ("of the and", []),
        ("", []),
    ],
)
def test_names_and_words_that_say_something(title: str, words: list[str]) -> None:
    assert title_words(title) == words


def test_each_mute_hides_as_many_stories_as_it_says(tmp_path: Path) -> None:
    site, index = tmp_path / "site", tmp_path / "index.db"
    write_page(site, "Rain floods the harbour", by="Sea Gazette", topics=["Weather"], quality=9, heat=9)
    write_page(site, "More rain", by="Sea Gazette", topics=["Weather", "Town"], quality=8, heat=8)
    write_page(site, "Rain, folded", by="Sea Gazette", quality=7, folded=True)
    write_page(site, "A dry harbour", by="Post", topics=["Town"], quality=6, heat=6)
    indexed(index, site)
    with opened(index) as (reader, marks):
        story = reader.story(reader.order(Query())[0])
        assert story is not None
        found = mutable(reader, story)
        assert [(each.kind, each.word, each.stories) for each in found] == [
            ("provider", "Sea Gazette", 2),
            ("topic", "Weather", 2),
            ("keyword", "Rain", 2),
            ("keyword", "floods", 1),
            ("keyword", "harbour", 2),
        ]
        for each in found:
            marks.mute(each.kind, each.word)
            assert reader.count(Query()) == 3 - each.stories
            assert reader.muted() == {(each.kind, each.word.casefold()): each.stories}
            marks.unmute(each.kind, each.word)
        marks.mute("keyword", "rain")
        assert {each.word: each.stories for each in mutable(reader, story)}["harbour"] == 1
