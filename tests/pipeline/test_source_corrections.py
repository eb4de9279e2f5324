"""The user's corrections of stories that a collection defines: in the lists, after changes, and taken back."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.support.index import dump, opened
from tests.ui.pages import address, entry, write_page
from tui_reader.model.fingerprint import page_id
from tui_reader.model.preferences import Preferences
from tui_reader.model.query import Query
from tui_reader.model.urls import page_key
from tui_reader.pipeline.indexer import update_index

STORM = "Storm floods the harbour"
SHIPS = "Ships lie across the quay"
DAMAGE = "Counting the damage of the storm"
PARTY = "A party on the hill"
RAIN = "Rain, and more of it"
TRAINS = "Trains stand still"
BRIEF = "In brief: wind"
FAIR = "The spring fair opens"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A storm with four more articles, one of them known from it alone, rain with one of its own, and a fair."""
    site = tmp_path / "site"
    write_storm(site)
    write_page(site, SHIPS, quality=60, folded=True, by="Sea Gazette", related=[entry(STORM), entry(DAMAGE)])
    write_page(site, DAMAGE, quality=50, folded=True, by="Town Hall")
    write_page(site, PARTY, quality=40, folded=True, by="Hill News")
    write_page(site, RAIN, quality=60, heat=80, by="Sky", related=[entry(TRAINS)])
    write_page(site, TRAINS, quality=30, folded=True, by="Rails")
    write_page(site, FAIR, quality=55, heat=55, by="Fairs")
    return site


def write_storm(site: Path, **changes: Any) -> Path:
    related = [entry(title) for title in (SHIPS, DAMAGE, PARTY, BRIEF)]
    return write_page(site, STORM, **{"quality": 70, "heat": 150, "related": related, **changes})


def page(title: str) -> int:
    return page_id(page_key(address(title)))


def pairs(titles: Iterable[tuple[str, str]]) -> tuple[tuple[int, int], ...]:
    return tuple((min(page(one), page(other)), max(page(one), page(other))) for one, other in titles)


def split(title: str, *others: str) -> Preferences:
    """Split an article from all others."""
    return Preferences(apart=pairs((title, other) for other in others))


def update(index: Path, site: Path | list[Path], preferences: Preferences = Preferences()) -> None:  # noqa: B008 - it is immutable
    sites = site if isinstance(site, list) else [site]
    for _ in update_index(index, [str(each) for each in sites], preferences=preferences):
        pass


def stories(index: Path) -> dict[str, tuple[int | None, list[str]]]:
    """The heat and the coverage of every listed story, in the order of the list."""
    with opened(index) as (reader, _):
        found = {}
        for number in reader.order(Query()):
            story = reader.story(number)
            assert story is not None
            assert story.row.related == len(story.related)
            found[story.row.title] = (story.row.heat, [row.title for row in story.related])
        assert reader.count(Query()) == len(found) == reader.topics(Query())[0].stories
        exported = reader.export(reader.order(Query()))
        assert {each.title: (each.heat, [one.title for one in each.related]) for each in exported} == found
        return found


AS_THE_SOURCE_SAYS = {
    STORM: (150, [SHIPS, DAMAGE, PARTY, BRIEF]),
    RAIN: (80, [TRAINS]),
    FAIR: (55, []),
}
WITHOUT_PARTY = split(PARTY, STORM, SHIPS, DAMAGE, BRIEF)
MERGED = Preferences(together=pairs([(STORM, RAIN)]))


def corrected(tmp_path: Path, site: Path, preferences: Preferences) -> dict[str, tuple[int | None, list[str]]]:
    """Correct an index, compare it with one built anew, take the correction back, and return the stories."""
    index, anew = tmp_path / "index.db", tmp_path / "anew.db"
    update(index, site)
    before = dump(index)
    assert stories(index) == AS_THE_SOURCE_SAYS
    update(index, site, preferences)
    found = stories(index)
    update(anew, site, preferences)
    assert dump(index) == dump(anew)
    update(index, site, preferences)
    assert dump(index) == dump(anew)
    update(index, site)
    assert dump(index) == before
    return found


def test_a_folded_article_becomes_a_story_with_its_own_quality(tmp_path: Path, site: Path) -> None:
    assert corrected(tmp_path, site, WITHOUT_PARTY) == {
        STORM: (130, [SHIPS, DAMAGE, BRIEF]),
        RAIN: (80, [TRAINS]),
        FAIR: (55, []),
        PARTY: (40, []),
    }


def test_what_is_corrected_already_is_no_news_to_a_reader(tmp_path: Path, site: Path) -> None:
    commits = []
    for _ in range(2):
        *_, done = update_index(tmp_path / "index.db", [str(site)], preferences=WITHOUT_PARTY)
        commits.append(done.commits)
    assert commits[0] > commits[1] == 1  # the end of the run


def test_its_own_list_does_not_lead_back(tmp_path: Path, site: Path) -> None:
    found = corrected(tmp_path, site, split(SHIPS, STORM, DAMAGE, PARTY, BRIEF))
    assert found[SHIPS] == (60, [])
    assert found[STORM] == (130, [DAMAGE, PARTY, BRIEF])


def test_a_page_known_from_coverage_alone_leaves(tmp_path: Path, site: Path) -> None:
    found = corrected(tmp_path, site, split(BRIEF, STORM, SHIPS, DAMAGE, PARTY))
    assert found == {**AS_THE_SOURCE_SAYS, STORM: (130, [SHIPS, DAMAGE, PARTY])}


def test_without_its_lead_the_best_of_the_others_leads(tmp_path: Path, site: Path) -> None:
    found = corrected(tmp_path, site, split(STORM, SHIPS, DAMAGE, PARTY, BRIEF))
    assert found[STORM] == (70, [])
    assert found[SHIPS] == (120, [DAMAGE, PARTY, BRIEF])


def test_two_articles_split_off_do_not_stay_together(tmp_path: Path, site: Path) -> None:
    both = split(PARTY, STORM, SHIPS, DAMAGE, BRIEF).apart + split(DAMAGE, STORM, SHIPS, PARTY, BRIEF).apart
    found = corrected(tmp_path, site, Preferences(apart=both))
    assert found[STORM] == (110, [SHIPS, BRIEF])
    assert (found[PARTY], found[DAMAGE]) == ((40, []), (50, []))


def test_a_story_taken_apart_is_as_many_stories_as_articles(tmp_path: Path, site: Path) -> None:
    every = Preferences(apart=pairs(combinations([STORM, SHIPS, DAMAGE, PARTY, BRIEF], 2)))
    found = corrected(tmp_path, site, every)
    assert found == {
        RAIN: (80, [TRAINS]),
        STORM: (70, []),
        SHIPS: (60, []),
        FAIR: (55, []),
        DAMAGE: (50, []),
        PARTY: (40, []),
    }


def test_the_hotter_of_two_merged_stories_leads(tmp_path: Path, site: Path) -> None:
    found = corrected(tmp_path, site, MERGED)
    assert found == {STORM: (190, [SHIPS, DAMAGE, PARTY, BRIEF, RAIN, TRAINS]), FAIR: (55, [])}


def test_what_was_split_off_can_join_another_story(tmp_path: Path, site: Path) -> None:
    found = corrected(tmp_path, site, WITHOUT_PARTY._replace(together=pairs([(PARTY, FAIR)])))
    assert found[FAIR] == (75, [PARTY])
    assert PARTY not in found


def test_apart_outweighs_together(tmp_path: Path, site: Path) -> None:
    found = corrected(tmp_path, site, MERGED._replace(apart=pairs([(STORM, RAIN)])))
    assert found == AS_THE_SOURCE_SAYS


def test_an_article_that_another_story_has_as_well_goes_there(tmp_path: Path, site: Path) -> None:
    write_page(site, RAIN, quality=60, heat=100, by="Sky", related=[entry(TRAINS), entry(PARTY)])
    update(tmp_path / "index.db", site, WITHOUT_PARTY)
    found = stories(tmp_path / "index.db")
    assert found[STORM] == (130, [SHIPS, DAMAGE, BRIEF])
    assert found[RAIN] == (100, [TRAINS, PARTY])
    assert PARTY not in found


def test_leads_that_list_each_other_are_merged_and_split(tmp_path: Path, site: Path) -> None:
    write_page(site, FAIR, quality=55, heat=75, by="Fairs", related=[entry(RAIN)])
    index = tmp_path / "index.db"
    update(index, site, Preferences(together=pairs([(FAIR, RAIN)])))
    assert stories(index)[RAIN] == (100, [TRAINS, FAIR])
    assert FAIR not in stories(index)
    update(index, site, split(FAIR, RAIN))
    assert stories(index)[RAIN] == (80, [TRAINS])
    assert stories(index)[FAIR] == (55, [])


@pytest.mark.parametrize("preferences", [WITHOUT_PARTY, MERGED, split(STORM, SHIPS, DAMAGE, PARTY, BRIEF)])
def test_changed_files_undo_nothing(tmp_path: Path, site: Path, preferences: Preferences) -> None:
    index = tmp_path / "index.db"
    update(index, site, preferences)
    related = [entry(title) for title in (DAMAGE, SHIPS, PARTY, BRIEF, FAIR)]
    changes: list[Callable[[], object]] = [
        lambda: write_storm(site, heat=170, related=related),
        lambda: write_page(site, PARTY, quality=45, folded=True, by="Hill News", excerpt="Rewritten."),
        lambda: write_page(site, RAIN, quality=65, heat=85, by="Sky", related=[entry(TRAINS)]),
        lambda: write_page(site, SHIPS, quality=60, heat=60, by="Sea Gazette"),
        lambda: write_storm(site, related=related[:2], heat=110),
        lambda: write_page(site, TRAINS, quality=30, folded=True, by="Rails").unlink(),
        lambda: write_storm(site).unlink(),
        lambda: write_storm(site),
    ]
    for step, change in enumerate(changes):
        change()
        update(index, site, preferences)
        anew = tmp_path / f"anew-{step}.db"
        update(anew, site, preferences)
        assert dump(index) == dump(anew), step
    update(index, site)
    update(tmp_path / "plain.db", site)
    assert dump(index) == dump(tmp_path / "plain.db")


def test_the_same_article_at_another_address_is_split_off(tmp_path: Path, site: Path) -> None:
    amp = {"webUrl": f"{address(PARTY)}/amp", "quality": 40}
    write_page(site, PARTY, quality=40, folded=True, by="Hill News", ampWebUrl=f"{address(PARTY)}/amp")
    write_storm(site, related=[entry(SHIPS), entry(DAMAGE), entry(PARTY, **amp), entry(BRIEF)])
    assert corrected(tmp_path, site, WITHOUT_PARTY)[PARTY] == (40, [])


# -- beside articles that join the stories of a source ------------------------------

FLOOD = "Storm floods the harbour of the town"
SHOWERS = "More rain, and more rain, and more of it"


@pytest.fixture
def sites(tmp_path: Path, site: Path) -> list[Path]:
    """The same with a feed beside it, of which one article is about the storm and one about the rain."""
    wire = tmp_path / "wire"
    for title in (FLOOD, SHOWERS):
        excerpt = f"What is to be said about it: {STORM if title == FLOOD else RAIN}."
        wires = {"name": "Wire", "domain": "wire.example"}
        write_page(wire, title, when="2024-06-01T10:00:00Z", excerpt=excerpt, provider=wires)
    return [site, wire]


@pytest.mark.parametrize(
    ("preferences", "expected"),
    [
        (Preferences(), {STORM: FLOOD, RAIN: SHOWERS}),
        (WITHOUT_PARTY, {STORM: FLOOD, RAIN: SHOWERS, PARTY: ""}),
        (Preferences(together=pairs([(STORM, RAIN), (STORM, FLOOD), (STORM, SHOWERS)])), {STORM: FLOOD}),
        (split(STORM, SHIPS, DAMAGE, PARTY, BRIEF, FLOOD), {STORM: "", RAIN: SHOWERS}),
    ],
)
def test_articles_of_feeds_follow_the_corrected_story(
    tmp_path: Path, sites: list[Path], preferences: Preferences, expected: dict[str, str]
) -> None:
    index, anew, plain = tmp_path / "index.db", tmp_path / "anew.db", tmp_path / "plain.db"
    update(index, sites)
    update(plain, sites)
    update(index, sites, preferences)
    update(anew, sites, preferences)
    assert dump(index) == dump(anew)
    found = stories(index)
    for lead, joined in expected.items():
        assert joined in ("", *found[lead][1]), found
    if preferences.together:
        assert set(found) == {STORM, FAIR}
        assert SHOWERS in found[STORM][1]
    write_storm(sites[0], heat=170)
    update(index, sites, preferences)
    update(tmp_path / "changed.db", sites, preferences)
    assert dump(index) == dump(tmp_path / "changed.db")
    write_storm(sites[0])
    update(index, sites)
    assert dump(index) == dump(plain)


def test_a_collection_that_is_read_after_a_refused_archive_stays_corrected(
    tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_reader.pipeline.indexer._JOB", 4)  # so that several are written before the refusal
    index, packed = tmp_path / "index.db", tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("_news/other.md", "---\ntitle: Elsewhere\n---\n")
    update(index, [packed, site], WITHOUT_PARTY)
    with zipfile.ZipFile(packed, "a") as archive:
        for number in range(90):
            archive.writestr(f"_news/{number}.md", f"---\ntitle: More of it {number}\n---\n")
        archive.writestr("_news/last.md", "---\ntitle: The last\n---\n")
    # The last member is damaged: what stands before it is read, and then taken back.
    packed.write_bytes(packed.read_bytes().replace(b"title: The last", b"title: No, last"))
    write_storm(site, quality=75, excerpt="Another excerpt, so that the file is read again.")
    update(index, [packed, site], WITHOUT_PARTY)
    found = stories(index)
    assert found[STORM][1] == [SHIPS, DAMAGE, BRIEF]
    assert PARTY in found
