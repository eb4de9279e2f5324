"""Room to read: the width of the text, and who has the screen."""

from __future__ import annotations

from pathlib import Path

from tests.ui.pages import BRIDGE, COMET, FERRY, entry, minor, write_page
from tests.ui.reader import Reader, reading, write_settings
from tui_reader.config import View, load_view

LISTED = minor(1)  # which only the list shows
LONG = "A long read"
WORDS = " ".join(f"word{number}" for number in range(2000))


def text_columns(reader: Reader) -> tuple[int, int, int]:
    """Return the cells left of the longest line of the story, those of the line, and those right of it."""
    lines = [line for line in reader.part(reader.story) if "word" in line]
    left = min(len(line) - len(line.lstrip()) for line in lines)
    right = max(len(line[: reader.story.scrollable_content_region.width].rstrip()) for line in lines)
    return left, right - left, reader.story.scrollable_content_region.width - right


async def test_the_text_is_a_column_of_80_cells_in_the_middle(tmp_path: Path) -> None:
    write_page(tmp_path / "news", LONG, body=WORDS)
    async with reading(tmp_path / "news", size=(119, 30)) as reader:
        left, width, right = text_columns(reader)
        assert 70 < width <= 80
        assert left == 19
        assert right >= left
        await reader.resize(82, 30)
        left, width, _ = text_columns(reader)
        assert left == 2
        assert 70 < width <= 77


async def test_the_settings_say_how_wide_the_text_is(tmp_path: Path) -> None:
    write_settings("[text]\nmeasure = 40\n")
    write_page(tmp_path / "news", LONG, body=WORDS)
    async with reading(tmp_path / "news", size=(100, 30)) as reader:
        left, width, _ = text_columns(reader)
        assert 30 < width <= 40
        assert left == 29


async def test_enter_gives_the_story_a_small_screen_and_escape_brings_the_list_back(town: Path) -> None:
    async with reading(town, size=(80, 24)) as reader:
        await reader.until_indexed()
        assert reader.sees(LISTED)
        await reader.press("enter")
        assert not reader.sees(LISTED)
        assert len(reader.part(reader.story)) >= 20
        assert reader.focus_is_on(reader.story)
        await reader.press("n")  # the next unread story has the whole screen as well
        assert reader.opened == FERRY
        assert not reader.sees(LISTED)
        await reader.press("escape")
        assert reader.sees(LISTED)
        assert reader.cursor == FERRY
        await reader.press("tab")  # beside the list, to scroll the text and see both
        assert reader.sees(LISTED)
        assert reader.focus_is_on(reader.story)


async def test_a_story_that_is_read_on_a_small_screen_is_beside_the_list_on_a_large_one(town: Path) -> None:
    async with reading(town, size=(80, 24)) as reader:
        await reader.press("enter")
        await reader.resize(120, 30)
        assert reader.part(reader.stories)
        assert reader.sees(LISTED)
        await reader.resize(80, 24)
        assert not reader.sees(LISTED)


async def test_a_story_that_is_read_has_the_room_of_the_sidebar_unless_there_is_plenty(town: Path) -> None:
    async with reading(town, size=(120, 30)) as reader:
        await reader.until_indexed()
        width = reader.story.size.width
        await reader.press("enter")
        assert reader.sees(LISTED)
        assert not reader.sees("TOPICS")
        assert reader.story.size.width > 1.5 * width
        await reader.resize(160, 30)
        assert reader.sees("TOPICS")
        await reader.resize(120, 30)
        assert not reader.sees("TOPICS")
        await reader.press("escape")
        assert reader.sees("TOPICS")
        assert reader.story.size.width == width
        await reader.press("tab")  # beside the list, as it was previewed
        assert reader.sees("TOPICS")


async def test_z_gives_the_story_any_screen(town: Path) -> None:
    async with reading(town, size=(130, 30)) as reader:
        await reader.until_indexed()
        await reader.press("j", "enter")
        assert reader.sees(LISTED)
        await reader.press("Z")
        assert reader.opened == FERRY
        assert not reader.sees(LISTED)
        assert not reader.sees("TOPICS")
        await reader.resize(90, 24)
        assert not reader.sees(LISTED)
        await reader.press("Z")
        assert reader.sees(LISTED)
        assert reader.focus_is_on(reader.story)
        await reader.press("escape", "j", "Z")  # from the list, it opens the story as well
        assert reader.opened == COMET
        assert reader.is_read(COMET)
        assert not reader.sees(LISTED)
        await reader.resize(130, 30)
        await reader.press("T")
        assert reader.sees(LISTED)
        assert reader.sees("TOPICS")


async def test_z_says_that_a_narrow_screen_has_one_pane(town: Path) -> None:
    async with reading(town, size=(60, 20)) as reader:
        await reader.press("Z")
        assert reader.opened == BRIDGE
        assert not reader.sees(LISTED)
        await reader.press("Z")
        assert "has the whole screen" in reader.footer


# -- the list ----------------------------------------------------------------------------


TITLE = "A title that is long enough to take nearly all of a line of eighty"


def write_names(news: Path) -> None:
    """Write stories with long and short titles by providers with long and short names, one with others' coverage."""
    voices = [entry(f"Part {n}", provider={"name": name, "domain": f"{name}.org"}) for n, name in enumerate("abcdefg")]
    write_page(news, TITLE, by="San Francisco Chronicle", quality=90, when="2021-06-01T09:00:00Z", related=voices)
    write_page(news, "Short", by="International Business Times", quality=80)
    write_page(news, f"Another: {TITLE}, and more than two lines hold", by="The Hollywood Reporter", quality=70)
    write_page(news, "Middling: a title that leaves a little room", by="Sea Gazette", quality=60)


async def test_at_80_columns_names_and_dates_are_cut_before_titles(tmp_path: Path) -> None:
    write_names(tmp_path / "news")
    async with reading(tmp_path / "news", size=(80, 24)) as reader:
        await reader.until_indexed()
        lines = reader.part(reader.stories)
        assert TITLE[:48] in lines[0]
        assert lines[0].split()[-4:] == ["San", "Fran…", "+7", "2021"]
        assert "International Business Times" in lines[1]
        assert "Middling: a title that leaves a little room" in lines[3]
        assert "Sea Gazette" in lines[3]
        assert len({len(line.rstrip()) for line in lines[:4]}) == 1  # all end at the right edge


async def test_at_120_columns_a_name_keeps_what_says_whose_it_is(tmp_path: Path) -> None:
    write_names(tmp_path / "news")
    async with reading(tmp_path / "news", size=(120, 40)) as reader:
        await reader.until_indexed()
        for name in ("San Francisco… +7", "International Business Times", "The Hollywood…", "Sea Gazette"):
            assert reader.place_of(name, reader.stories)
        ends = [line.rstrip() for line in reader.part(reader.stories)]
        assert len({len(line) for line in ends[1:8:2]}) == 1  # the facts stay at the right edge
        assert TITLE[:30] in ends[0]


async def test_d_changes_the_lines_of_a_story_and_is_remembered(town: Path) -> None:
    write_settings("[list]\nlines = 3\n")
    async with reading(town, size=(120, 40)) as reader:
        await reader.until_indexed()
        assert "What is to be said" in reader.lines()[reader.place_of(FERRY, reader.stories)[1] + 2]
        await reader.press("j", "j")
        heights = [reader.stories.item_height]
        for _ in range(4):
            await reader.press("d")
            heights.append(reader.stories.item_height)
            assert reader.cursor == COMET
            assert reader.place_of(COMET, reader.stories)
        assert heights == [3, 2, 1, 2, 3]
        await reader.press("d", "d")
        assert "one line" in reader.footer
        assert reader.place_of(FERRY, reader.stories)[1] == reader.place_of(BRIDGE, reader.stories)[1] + 1
    async with reading(town, size=(120, 40)) as reader:
        assert reader.stories.item_height == 1


def test_a_view_of_an_older_version_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "view.json"
    for lines in ("", ', "lines": 4', ', "lines": "many"', ', "lines": -1', ', "lines": null'):
        path.write_text(f'{{"sort": "heat", "window": "all", "folded": false, "theme": ""{lines}}}')
        assert load_view(path) == View()


async def test_in_a_wide_list_the_facts_stand_below_the_title(tmp_path: Path) -> None:
    write_names(tmp_path / "news")
    async with reading(tmp_path / "news", size=(200, 60)) as reader:
        await reader.until_indexed()
        columns = {reader.place_of(text, reader.stories)[0] for text in (TITLE, "San Francisco Chronicle +a", "Short")}
        columns |= {reader.place_of(name, reader.stories)[0] for name in ("International Business", "Sea Gazette ·")}
        assert len(columns) == 1


async def test_a_list_whose_stories_take_more_lines_begins_with_a_whole_one(town: Path) -> None:
    async with reading(town, size=(80, 24)) as reader:
        await reader.press("j")
        assert reader.stories.item_height == 1
        await reader.resize(120, 40)
        assert reader.stories.item_height == 2
        assert BRIDGE[:20] in reader.part(reader.stories)[0]
