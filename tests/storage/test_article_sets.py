"""Sets of articles are those that a loop over the rows makes."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

from tui_reader.storage.article_sets import Picker, found_by_text, listed_in

ARTICLES = 2_345


def as_set(ids: set[int]) -> int:
    return sum(1 << 8 * number for number in ids)


def test_sets_of_all_sizes() -> None:
    chance = random.Random(2)
    shares = {"all": 1.0, "most": 0.97, "half": 0.5, "tenth": 0.1, "some": 0.03, "one": 0.0, "none": -1.0}
    ids = sorted({1, 99, 100, 101, ARTICLES - 1, *chance.sample(range(1, ARTICLES), 2_000)})
    words = {number: {word for word, share in shares.items() if chance.random() < share} for number in ids}
    words[ids[-1]] |= {"one"}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE search USING fts5 (title, content = '', prefix = 1)")
        connection.execute("CREATE TABLE listing (topic_id, shown, article_id, PRIMARY KEY (topic_id, article_id))")
        rows = [(number, " ".join(words[number])) for number in ids]
        connection.executemany("INSERT INTO search (rowid, title) VALUES (?, ?)", rows)
        listed = [(7, "half" in words[number], number) for number in chance.sample(ids, len(ids))]
        connection.executemany("INSERT INTO listing VALUES (?, ?, ?)", listed)
        for word in shares:
            for size in (ARTICLES, ARTICLES + 55, 30 * ARTICLES):
                expected = as_set({number for number in ids if word in words[number]})
                assert found_by_text(connection, "search", f'"{word}"', size) == expected, (word, size)
        assert listed_in(connection, 7, ARTICLES) == as_set(set(ids))
        assert listed_in(connection, 7, ARTICLES, shown=True) == as_set({n for n in ids if "half" in words[n]})
        assert listed_in(connection, 8, ARTICLES) == 0


def test_what_is_in_a_set_is_picked_in_the_order_of_a_list() -> None:
    members = as_set({2, 3, 5}).to_bytes(9, "little")
    assert list(Picker([8, 5, 4, 2]).pick(members)) == [5, 2]
    assert list(Picker([8, 5, 4, 2], [80, 50, 40, 20]).pick(members)) == [50, 20]
    assert list(Picker([3]).pick(members)) == [3]
    assert list(Picker([]).pick(b"\0")) == []
    assert (Picker([8, 5]).largest, Picker([]).largest) == (8, 0)
