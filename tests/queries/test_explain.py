"""Explanations: the parts of quality and heat, and why articles are one story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.support.index import indexed
from tests.ui.pages import write_page, write_topics
from tui_reader.model.article_filter import Action, make_filter
from tui_reader.model.preferences import Preferences
from tui_reader.model.query import Query
from tui_reader.model.story import StoryRow
from tui_reader.pipeline.indexer import update_index
from tui_reader.queries.explain import MAX_COMPARED, Explanation, explain
from tui_reader.storage.connection import attach_marks, open_index
from tui_reader.storage.index_reader import IndexReader
from tui_reader.storage.marks import Marks
from tui_reader.storage.story_evidence import StoryEvidence

REUTERS: dict[str, Any] = {"name": "Reuters", "domain": "reuters.com"}
LEAD = "IBM calls for new export controls on facial recognition systems"
OTHERS = ("IBM wants export controls on facial recognition", "Facial recognition: IBM asks for export controls")


def write_unrated(site: Path) -> None:
    """Write a site that does not rate its articles: a story of three, and another article."""
    write_topics(site, "AI", ("AI", ""), ("Facial Recognition", "AI"))
    topic = site / "_data" / "topics" / "01-facial-recognition.yaml"
    topic.write_text(topic.read_text() + "keywords: [facial recognition]\n")
    news = site / "_news"
    excerpt = "IBM said the Commerce Department should limit the export of facial recognition systems."
    images = [{"url": "https://example.org/picture.jpg"}]
    write_page(news, LEAD, provider=REUTERS, images=images, excerpt=excerpt)
    for hour, title in enumerate(OTHERS, 12):
        provider = {"name": f"Paper {hour}", "domain": f"paper{hour}.example"}
        write_page(news, title, when=f"2024-06-01T{hour}:00:00Z", provider=provider, excerpt=excerpt)
    write_page(news, "Voters in Iceland elect a president", excerpt="The polls have closed.")


@contextmanager
def evidence(tmp_path: Path, source: Path) -> Iterator[tuple[IndexReader, StoryEvidence, Marks]]:
    index = tmp_path / "index.db"
    indexed(index, source)
    with closing(open_index(index)) as connection:
        attach_marks(connection, tmp_path / "marks.db")
        yield IndexReader(connection), StoryEvidence(connection), Marks(connection)


def rows(reader: IndexReader) -> dict[str, StoryRow]:
    return {row.title: row for row in reader.rows(reader.order(Query(folded=True))).values()}


def why(reader: IndexReader, story_evidence: StoryEvidence, title: str) -> Explanation:
    story = reader.story(rows(reader)[title].article)
    assert story is not None
    return explain(story_evidence, story, reader.cooling())


def test_quality_and_heat_made_here_are_explained_to_the_last_point(tmp_path: Path) -> None:
    write_unrated(tmp_path / "site")
    with evidence(tmp_path, tmp_path / "site") as (reader, story_evidence, _):
        found = why(reader, story_evidence, LEAD)
    assert found.made_here
    assert str(found.quality) == "40 Reuters + 5 Facial Recognition = 45"
    assert not found.is_stale
    assert found.parts == (
        (40, "2 other outlets × 20"),
        (8, "rarity: the source publishes up to three times a day"),
    )
    assert (found.row.related, found.row.heat, found.expected) == (2, 93, 93)
    assert {companion.row.title for companion in found.companions} == set(OTHERS)
    for companion in found.companions:
        assert {"IBM", "export"} <= set(companion.reasons.shared)
        assert not companion.corrected
        assert not companion.reasons.same_provider


def test_a_folded_article_is_compared_with_its_lead(tmp_path: Path) -> None:
    write_unrated(tmp_path / "site")
    with evidence(tmp_path, tmp_path / "site") as (reader, story_evidence, _):
        found = why(reader, story_evidence, OTHERS[0])
    assert found.under
    assert found.quality is not None
    assert [companion.row.title for companion in found.companions] == [LEAD]
    assert found.quality.total == found.row.quality == 41


def test_the_heat_of_a_single_article_is_its_quality_and_rarity(tmp_path: Path) -> None:
    write_unrated(tmp_path / "site")
    with evidence(tmp_path, tmp_path / "site") as (reader, story_evidence, _):
        found = why(reader, story_evidence, "Voters in Iceland elect a president")
    assert found.companions == ()
    assert found.expected == found.row.heat == (found.row.quality or 0) + 8


def test_merged_articles_are_marked_as_corrected(tmp_path: Path) -> None:
    write_unrated(tmp_path / "site")
    with evidence(tmp_path, tmp_path / "site") as (reader, story_evidence, marks):
        known = rows(reader)
        marks.correct(
            {
                (known[OTHERS[1]].page, known[LEAD].page): True,
                (known[OTHERS[0]].page, known[LEAD].page): False,
            }
        )
        found = why(reader, story_evidence, LEAD)
    assert {each.row.title: each.corrected for each in found.companions} == {OTHERS[0]: False, OTHERS[1]: True}


def test_what_filters_add_is_a_part_of_the_quality(tmp_path: Path) -> None:
    write_unrated(tmp_path / "site")
    filters = (make_filter("facial", Action.RAISE, "30"), make_filter('title:"ibm"', Action.LOWER, "4"))
    with evidence(tmp_path, tmp_path / "site") as (reader, story_evidence, _):
        plain = why(reader, story_evidence, LEAD)
        list(update_index(tmp_path / "index.db", [str(tmp_path / "site")], preferences=Preferences(filters=filters)))
        found = why(reader, story_evidence, LEAD)
    assert plain.quality is not None
    assert found.quality is not None
    assert (26, "your filters") in found.quality.parts
    assert not found.is_stale
    assert found.row.heat == found.expected == (plain.row.heat or 0) + 26


def test_a_quality_from_other_topics_is_stale(tmp_path: Path) -> None:
    write_unrated(tmp_path / "site")
    with evidence(tmp_path, tmp_path / "site") as (reader, story_evidence, _):
        story = reader.story(rows(reader)[LEAD].article)
        assert story is not None
        assert explain(story_evidence, story._replace(topics=("AI",)), reader.cooling()).is_stale


def test_numbers_of_a_collection_are_its_own(tmp_path: Path) -> None:
    related = [
        {"title": f"Voice {number}", "webUrl": f"https://example.net/{number}"} for number in range(MAX_COMPARED + 3)
    ]
    write_page(tmp_path / "news", "As always", quality=70, related=related)
    write_page(tmp_path / "news", "Said to be hotter", quality=70, heat=700, related=related[:2])
    with evidence(tmp_path, tmp_path / "news") as (reader, story_evidence, _):
        found, other = (why(reader, story_evidence, title) for title in ("As always", "Said to be hotter"))
    assert not found.made_here
    assert found.quality is None
    assert not found.is_stale
    assert found.row.heat == found.expected == 70 + 20 * (MAX_COMPARED + 3)
    assert (len(found.companions), found.further) == (MAX_COMPARED, 3)
    assert (other.row.heat, other.expected) == (700, 110)
