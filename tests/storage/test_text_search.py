"""Words and phrases are found in titles, excerpts, bodies and full texts, as a slow search finds them."""

from __future__ import annotations

import random
import re
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.collections import write_article
from tests.support.index import indexed, opened
from tui_reader.model.expression import Text
from tui_reader.model.query import Query
from tui_reader.pipeline.body_search import search_bodies_of
from tui_reader.pipeline.indexer import update_index
from tui_reader.storage import indexed_texts
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.text_search import TextSearch

WORDS = (
    "storm",
    "stormy",
    "Café",
    "naïve",
    "go",
    "goal",
    "of",
    "the",
    "東京",
    "大阪市",
    "発売",
    "ข่าวเช้า",
    "C++",
    "http/3",
    "x",
)
FIELDS = ("", "title", "text", "provider")


def words_of(text: str) -> list[str]:
    """Split a text as a search does: a character of a script without spaces is a word."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not "\u0300" <= c <= "\u036f")
    return re.findall(
        r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\W_\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]+", plain
    )


def is_in(term: Text, text: str, *, is_body: bool) -> bool:
    words = [word for word in words_of(text) if word.isalnum()]
    wanted = [word for word in words_of(term.text) if word.isalnum()]
    if term.phrase or any(word > "\u0e00" for word in wanted):
        return any(words[start : start + len(wanted)] == wanted for start in range(len(words)))
    (word,) = wanted
    return any(one == word if is_body and len(word) < 4 else one.startswith(word) for one in words)


def found(index: Path, *terms: Text) -> list[str]:
    """Return the titles of what is found, sorted."""
    with closing(open_index(index)) as connection:
        attach_marks(connection, index.with_suffix(".marks"))
        numbers = TextSearch(connection).articles(terms)
        assert list(numbers) == sorted(set(numbers))
        titles = dict(connection.execute("SELECT id, title FROM article"))
    return sorted(titles[number] for number in numbers)


def write(site: Path, number: int, title: str, excerpt: str, body: str, provider: str = "The Wire") -> None:
    fields = {
        "title": title,
        "excerpt": excerpt,
        "provider": {"name": provider, "domain": "wire.example"},
        "webUrl": f"https://wire.example/{number}",
    }
    write_article(site / f"{number}.md", fields, body=body)


def test_all_terms_find_what_a_slow_search_finds(tmp_path: Path) -> None:
    chance = random.Random(5)
    articles: dict[str, tuple[str, str, str]] = {}
    for number in range(60):
        title, excerpt, body = (" ".join(chance.choices(WORDS, k=count)) for count in (2, 3, 8))
        provider = chance.choice(["Storm Daily", "東京新聞"])
        title = f"{title} n{number}"
        articles[title] = (f"{excerpt}.", f"{body}.", provider)
        write(tmp_path / "news", number, title, *articles[title])
    index = tmp_path / "index.db"
    indexed(index, tmp_path / "news")
    texts = ["storm", "stor", "cafe", "CAFÉ", "g", "go", "goa", "東", "京", "京大", "京発売", "阪市", "ข่าว", "x"]
    phrases = ["of the", "the storm", "Cafe naive", "東京大", "go", "goal", "C++ x", "HTTP 3"]
    terms = [Text(text, field) for text in texts for field in FIELDS]
    terms += [Text(text, field, phrase=True) for text in phrases for field in FIELDS]
    many = 0
    for term in terms:
        expected = []
        for title, (excerpt, body, provider) in articles.items():
            places = {"title": [title], "provider": [provider], "text": [excerpt], "": [title, excerpt, provider]}
            is_found = any(is_in(term, text, is_body=False) for text in places[term.field])
            if is_found or (term.field in {"", "text"} and is_in(term, body, is_body=True)):
                expected.append(title)
        assert found(index, term) == sorted(expected), term
        many += 0 < len(expected) < len(articles)
    assert many > len(terms) // 2
    both = set(found(index, Text("storm", "title"))) & set(found(index, Text("goal", "text", phrase=True)))
    assert found(index, Text("storm", "title"), Text("goal", "text", phrase=True)) == sorted(both) != []


def test_a_word_finds_the_same_whether_it_is_typed_or_pasted(tmp_path: Path) -> None:
    site, index = tmp_path / "news", tmp_path / "index.db"
    bodies = ["The storm.", "Stormy seas.", "A store.", "The sto.", "Storms and cafés.", "The café, the storm."]
    for number, body in enumerate(bodies):
        write(site, number, f"{bodies[number - 2]} n{number}", bodies[number - 1], body)
    indexed(index, site)
    typed = ["stormy", "stored", "cafés", "a_store", "storm", "st\u00f6rm", "s\u0308torm", "東京", "C++20"]
    with closing(open_index(index)) as connection:
        attach_marks(connection, index.with_suffix(".marks"))
        read: list[str] = []
        for word in typed:
            for field in FIELDS:
                search = TextSearch(connection)
                for end in range(1, len(word) + 1):
                    term = Text(word[:end], field)
                    read.clear()
                    connection.set_trace_callback(read.append)
                    articles = search.articles([term])
                    connection.set_trace_callback(None)
                    assert articles == TextSearch(connection).articles([term]), term
                    if term == Text("café", "title"):
                        assert not any("group_concat" in statement for statement in read), "it found the same before"


@pytest.mark.parametrize("body", ["A heron stood there.", ""])
def test_a_body_that_changed_or_went_is_no_longer_found(tmp_path: Path, body: str) -> None:
    site, index = tmp_path / "news", tmp_path / "index.db"
    write(site, 0, "One", "Short.", "The otter swims.")
    write(site, 1, "Two", "Short.", "Two otters swim.")
    indexed(index, site)
    assert found(index, Text("otter")) == ["One", "Two"]
    write(site, 0, "One", "Short.", body)
    indexed(index, site)
    assert found(index, Text("otter")) == ["Two"]
    assert found(index, Text("heron stood", phrase=True)) == (["One"] if body else [])
    (site / "1.md").unlink()
    indexed(index, site)
    assert found(index, Text("otter")) == []
    check(index)


def check(index: Path) -> None:
    """Assert that the search index has exactly the texts of the articles."""
    with closing(sqlite3.connect(index)) as connection:
        expected = connection.execute(
            "SELECT article_id FROM body UNION SELECT article_id FROM full_text "
            "EXCEPT SELECT article_id FROM unsearched"
        ).fetchall()
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, text_search, instance)")
        assert connection.execute("SELECT DISTINCT doc FROM words ORDER BY doc").fetchall() == sorted(expected)


def test_an_update_that_was_stopped_in_its_last_step_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexed_texts, "_MOST_BODIES", 2)
    site, index = tmp_path / "news", tmp_path / "index.db"
    for number in range(5):
        write(site, number, f"Article {number}", "Short.", "The otter swims.")
    run = update_index(index, [str(site)])
    for step in run:
        if step.searching:
            break
    del run  # as the end of its process would
    assert len(found(index, Text("article"))) == 5, "they can be read, and found by their titles"
    assert len(found(index, Text("otter"))) == 2
    check(index)
    write(site, 0, "Article 0", "Short.", "Gone.")  # one that is in the search index already
    write(site, 4, "Article 4", "Short.", "The heron.")  # and one that is not
    assert len([*update_index(index, [str(site)], bodies=False)]) > 0
    assert len(found(index, Text("otter"))) == 1
    assert len([*search_bodies_of(index)]) == 2
    assert found(index, Text("otter")) == ["Article 1", "Article 2", "Article 3"]
    assert found(index, Text("heron")) == ["Article 4"]
    check(index)


def test_the_reader_finds_stories_by_what_is_in_their_bodies(tmp_path: Path) -> None:
    site, index = tmp_path / "news", tmp_path / "index.db"
    write(site, 0, "One", "Short.", 'They said: "Data-centre outages" are rare.')
    write(site, 1, "Two", "Short.", "Outages in a centre of data.")
    indexed(index, site)
    with opened(index) as (reader, _):
        for words, count in [
            ("outages", 2), ('"data centre outages"', 1), ('"outages are"', 1), ("outages -rare", 1),
            ("title:outages", 0), ("text:outages", 2), ("one outages", 1), ("rare OR two", 2), ('"outages rare"', 0),
        ]:  # fmt: skip
            assert len(reader.order(Query(words=words))) == count, words
