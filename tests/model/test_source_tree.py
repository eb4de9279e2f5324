"""Folders and sources are in the order that people expect, and are found by what people type."""

from __future__ import annotations

import pytest

from tui_reader.model.source_tree import (
    ListedSource,
    folders_named,
    natural_key,
    source_tree,
    sources_named,
)

SOURCES = [
    ListedSource("a", "Feed 10", ("News",)),
    ListedSource("b", "feed 2", ("News",), broken=True),
    ListedSource("c", "Daily", ("News", "World")),
    ListedSource("d", "Alone"),
    ListedSource("e", "Zebra", ("art",)),
]


def test_folders_come_before_sources_in_natural_order() -> None:
    tree = source_tree(SOURCES)
    assert [("  " * branch.depth + branch.label, branch.sources) for branch in tree] == [
        ("art", ("e",)),
        ("  Zebra", ("e",)),
        ("News", ("a", "b", "c")),
        ("  World", ("c",)),
        ("    Daily", ("c",)),
        ("  feed 2", ("b",)),
        ("  Feed 10", ("a",)),
        ("Alone", ("d",)),
    ]
    assert [branch.label for branch in tree if branch.broken] == ["News", "feed 2"]


@pytest.mark.parametrize(
    "names",
    [
        ["Feed 2", "feed 10", "Feed 11b"],
        ["1", "2", "a", "B"],
        ["x" + "1" * 30, "x" + "2" * 30],
    ],
)
def test_numbers_are_sorted_as_numbers(names: list[str]) -> None:
    assert sorted(names, key=natural_key) == names


def test_sources_are_found_by_title_address_or_a_part() -> None:
    assert [source.location for source in sources_named(SOURCES, "Feed 1")] == ["a"]
    assert [source.location for source in sources_named(SOURCES, "FEED 2")] == ["b"]
    assert [source.location for source in sources_named(SOURCES, "feed")] == ["a", "b"]
    assert [source.location for source in sources_named(SOURCES, "c")] == ["c"]
    assert sources_named(SOURCES, " ") == []


def test_folders_are_found_by_path_or_its_end() -> None:
    tree = source_tree(SOURCES)
    assert [branch.sources for branch in folders_named(tree, "news")] == [("a", "b", "c")]
    assert [branch.sources for branch in folders_named(tree, "News / World/")] == [("c",)]
    assert [branch.sources for branch in folders_named(tree, "world")] == [("c",)]
    assert folders_named(tree, "") == []
