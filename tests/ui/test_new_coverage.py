"""Coverage that arrives after a story was read: nothing new hides, and all that is counted can be reached."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.ui.pages import write_page
from tests.ui.reader import Reader, bring, reading, write_settings

QUAKE = "Strong earthquake shakes the harbour city of Larkhaven"
AGENCY = "Earthquake of magnitude 6 shakes harbour city Larkhaven"
RESCUE = "Larkhaven earthquake: rescuers search the harbour city"
LATER = "Harbour city Larkhaven counts the damage of the earthquake"
WIDE = (130, 40)
LARGE = (160, 40)  # the sidebar stays beside an open story
OTHERS = ("Glass bottles return to school canteens", "A violin maker retires at ninety", "Night trains get new berths")


def report(news: Path, title: str, by: str, *, hour: int = 9, about: str = "", **fields: Any) -> None:
    """Write an article that comes without heat, so that clustering makes its story."""
    domain = "reuters.com" if by == "Reuters" else f"{re.sub('[^a-z]', '', by.lower())}.example"
    write_page(
        news,
        title,
        when=f"2024-06-09T{hour:02}:00:00Z",
        by=by,
        name=f"{domain}-{title[:40]}",
        excerpt=about or "The earthquake shook Larkhaven, a harbour city, and its rescuers.",
        webUrl=f"https://{domain}/{len(title)}-{hour}",
        provider={"name": by, "domain": domain},
        **fields,
    )


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with an earthquake that three providers report, and three more stories."""
    news = tmp_path / "news"
    report(news, QUAKE, "Larkhaven Post", hour=8)
    report(news, AGENCY, "Wire One", hour=9)
    report(news, RESCUE, "Coast Radio", hour=10)
    for number, title in enumerate(OTHERS):
        report(news, title, "Odd Corner", hour=1 + number, about=f"All about it: {title.lower()}.")
    return news


def more(reader: Reader, news: Path, *titles: str) -> None:
    """Let others report the earthquake too, as a refresh in the background does."""
    for number, title in enumerate(titles):
        report(news, title, f"Paper {'ABC'[number]}", hour=12 + number)
    bring(reader.selection)


def unread(reader: Reader) -> int:
    """Return the number that stands at All: of articles that nobody has seen."""
    (line,) = [line for line in reader.part(reader.topics) if line.lstrip("▌ ").startswith("All")]
    found = re.findall(r"[\d,]+", line)
    return int(found[0].replace(",", "")) if found else 0


async def to_story(reader: Reader) -> str:
    """Move to the earthquake; return the title of its lead."""
    await reader.press("g")
    for _ in range(len(reader.stories.order)):
        if "arkhaven" in reader.cursor:
            return reader.cursor
        await reader.press("j")
    raise AssertionError(f"no earthquake:\n{reader.text()}")


async def test_opening_a_story_marks_all_of_its_articles_in_one_step(news: Path) -> None:
    async with reading(news, size=LARGE) as reader:
        assert len(reader.shown()) == 4
        assert unread(reader) == 6
        await to_story(reader)
        await reader.press("enter")
        assert {title for title, row in reader.marks().items() if row.read} == {QUAKE, AGENCY, RESCUE}
        assert unread(reader) == 3
        await reader.press("z")
        assert not any(row.read for row in reader.marks().values())
        assert unread(reader) == 6


async def test_m_and_A_mark_whole_stories(news: Path) -> None:
    async with reading(news, size=WIDE) as reader:
        await to_story(reader)
        await reader.press("m")
        assert unread(reader) == 3
        await reader.press("m")
        assert unread(reader) == 6
        assert not any(row.read for row in reader.marks().values())
        await reader.press("A")
        assert reader.sees("6 marked as read")
        assert unread(reader) == 0
        await reader.press("z")
        assert unread(reader) == 6


async def test_coverage_that_arrives_later_makes_a_read_story_unread_again(news: Path, watchful: None) -> None:
    async with reading(news, size=LARGE) as reader:
        await reader.until_indexed()
        await to_story(reader)
        await reader.press("enter", "escape", "g", "A")
        assert unread(reader) == 0
        assert not reader.sees("new ·")
        more(reader, news, LATER)
        await reader.until_seen("1 new ·")
        await reader.rest()
        assert unread(reader) == 1
        await reader.press("G", "n" if "arkhaven" not in reader.cursor else "g", "g", "n")
    async with reading(news, size=LARGE) as reader:
        # A restart keeps it, and n stops there.
        assert reader.sees("1 new ·")
        await reader.press("G", "g")
        if "arkhaven" not in reader.cursor:
            await reader.press("n")
        assert "arkhaven" in reader.cursor
        await reader.press("n")
        assert reader.sees("No more unread stories below")
        await reader.press("enter")
        assert unread(reader) == 0
        assert not any("1 new ·" in line for line in reader.part(reader.stories))
        assert reader.is_read(LATER)


async def test_a_new_lead_does_not_make_a_story_that_was_read_look_new(news: Path, watchful: None) -> None:
    async with reading(news, size=WIDE) as reader:
        await reader.until_indexed()
        lead = await to_story(reader)
        await reader.press("A")
        # A better one, and as like to the others as the present one.
        report(news, AGENCY.replace("city", "town"), "Reuters", hour=11, images=[{"url": "https://a.example/i.jpg"}])
        bring(reader.selection)
        await reader.until_seen("1 new ·")
        await reader.rest()
        assert unread(reader) == 1
        assert lead == QUAKE
        assert await to_story(reader) != lead


async def test_the_unread_ones_can_all_be_reached(news: Path, watchful: None) -> None:
    async with reading(news, size=LARGE) as reader:
        await reader.until_indexed()
        await to_story(reader)
        await reader.press("enter", "escape")
        more(reader, news, LATER, f"{LATER} again")
        await reader.until_seen("2 new ·")
        await reader.rest()
        assert unread(reader) == 5
        await reader.press("T", "j", "enter")
        assert len(reader.shown()) == 4
        await reader.press("g", "enter")
        for _ in range(20):
            await reader.press("n")
            if reader.sees("No more unread stories below"):
                break
        assert unread(reader) == 0


async def test_with_folded_articles_each_is_by_itself(news: Path) -> None:
    async with reading(news, size=LARGE) as reader:
        await reader.press("f")
        assert unread(reader) == 6
        await to_story(reader)
        await reader.press("enter")
        assert sum(row.read for row in reader.marks().values()) == 1
        assert unread(reader) == 5
        await reader.press("escape", "f")
        assert unread(reader) == 5
        # One article was read, and nothing has come since.
        assert not reader.sees(" new ·")


async def test_a_setting_lets_later_coverage_be_quiet(news: Path, watchful: None) -> None:
    write_settings("new_coverage = false\n")
    async with reading(news, size=WIDE) as reader:
        await reader.until_indexed()
        assert unread(reader) == 4
        await reader.press("A")
        more(reader, news, LATER)
        await reader.until(lambda: reader.marks().get(LATER), "the coverage")
        await reader.press("T", "j", "l")
        assert reader.sees("You're all caught up")
        assert not reader.sees("1 new")


async def test_a_search_finds_a_story_by_any_of_its_articles(news: Path) -> None:
    async with reading(news, size=WIDE) as reader:
        lead = await to_story(reader)
        (other,) = {"strong": AGENCY, "magnitude": QUAKE}.keys() - {"strong" if lead == QUAKE else "magnitude"}
        await reader.press("/")
        await reader.type(other)
        assert reader.shown() == [lead]
        assert reader.sees("↳ ")
        await reader.press("enter", "enter")
        assert other in reader.chosen.lower()


async def test_what_is_new_is_marked_in_the_coverage_until_another_story_is_chosen(news: Path, watchful: None) -> None:
    async with reading(news, size=WIDE) as reader:
        await reader.until_indexed()
        await reader.press("A")
        more(reader, news, LATER)
        await reader.until_seen("1 new ·")
        await reader.rest()
        await to_story(reader)
        assert reader.sees("3 MORE ON THIS STORY · 1 NEW")
        assert [line for line in reader.part(reader.story) if f"new · {LATER[:20]}" in line]
        unread = reader.style_of(LATER[:20], reader.story)
        await reader.press("enter")
        # All of it is marked as read now, but what was new can still be told from the rest.
        assert reader.is_read(LATER)
        assert reader.sees(f"new · {LATER[:20]}")
        assert reader.style_of(LATER[:20], reader.story) == unread
        assert reader.style_of(RESCUE[:20], reader.story) != unread
        while reader.chosen != LATER:
            await reader.press("]")
        await reader.press("enter", "backspace")
        assert reader.sees(f"new · {LATER[:20]}")
        assert reader.style_of(LATER[:20], reader.story).color != unread.color
        await reader.press("escape", "g", "G", "k", "j")
        await to_story(reader)
        assert reader.sees("3 MORE ON THIS STORY")
        assert not reader.sees("1 NEW")
        assert not reader.sees("new ·")


async def test_the_cursor_stays_on_a_story_that_gets_another_lead(news: Path, watchful: None) -> None:
    async with reading(news, size=WIDE) as reader:
        await reader.until_indexed()
        lead = await to_story(reader)
        report(news, AGENCY.replace("city", "town"), "Reuters", hour=11, images=[{"url": "https://a.example/i.jpg"}])
        bring(reader.selection)
        await reader.until(lambda: reader.cursor != lead, "another lead")
        await reader.rest()
        assert "arkhaven" in reader.cursor
        assert reader.opened == reader.cursor
        assert not reader.sees("new story")


@pytest.mark.usefixtures("watchful")
async def test_the_heat_of_a_list_that_is_read_changes_when_the_person_asks(news: Path) -> None:
    async with reading(news, size=WIDE) as reader:
        await to_story(reader)
        await reader.press("j", "k", "j")
        before = reader.part(reader.stories)
        more(reader, news, LATER)
        await reader.until(lambda: "+3" in reader.part(reader.stories)[1], "the new coverage")
        assert reader.part(reader.stories)[0] == before[0]  # the heat that the list is sorted by
        await reader.press(".", "g")
        now = reader.part(reader.stories)
        assert now[0] != before[0]
    async with reading(news, size=WIDE) as reader:
        await reader.until_indexed()
        await reader.press("j", "g")
        assert reader.part(reader.stories) == now
