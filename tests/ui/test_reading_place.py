"""How far one is in a long text: said at the foot, and remembered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ui.pages import write_page
from tests.ui.reader import Reader, reading
from tui_reader.config import folders
from tui_reader.ui.widgets.story_text import StoryText

LONG, OTHER = "A long read", "Another one"
WORDS = "\n\n".join(" ".join(f"w{number}x" for number in range(start, start + 60)) for start in range(0, 3000, 60))


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with a text of 3,000 words, and a short one."""
    write_page(tmp_path / "news", LONG, body=WORDS, quality=90)
    write_page(tmp_path / "news", OTHER, body="A few words.", quality=10)
    return tmp_path / "news"


def first_word(reader: Reader) -> int:
    """Return the number of the first word of the text that is on the screen."""
    words = " ".join(reader.part(reader.story)).split()
    return next(int(word[1:-1]) for word in words if word.startswith("w") and word.endswith("x"))


async def open_long(reader: Reader) -> None:
    """Open the story under the cursor, and wait until its text is there, at its place."""
    await reader.press("enter")
    await reader.until_laid_out()


async def test_the_foot_says_how_far_one_is_and_how_long_the_rest_takes(news: Path) -> None:
    async with reading(news, size=(80, 24)) as reader:
        assert "min left" not in reader.footer
        await open_long(reader)
        assert reader.sees("0 % · 15 min left")
        await reader.press("G", *["b"] * 4)
        percent, minutes = (int(word) for word in reader.footer.split() if word.isdigit())
        assert 60 < percent < 99
        assert 1 <= minutes <= 6
        await reader.press("G")
        assert "100 %" in reader.footer
        assert "left" not in reader.footer
        await reader.press("g")
        await reader.wheel("w9x", notches=9)
        assert " 0 %" not in reader.footer
        assert "% · 1" in reader.footer
        await reader.press("escape", "j", "enter")
        assert "2 of 2" in reader.footer  # all of a short text is on the screen


async def test_the_place_in_a_text_is_remembered_at_any_width(news: Path) -> None:
    async with reading(news, size=(80, 24)) as reader:
        await open_long(reader)
        await reader.press(*["space"] * 5)
        place = first_word(reader)
        assert place > 500
        await reader.press("escape", "j", "k")
        assert reader.sees(LONG)
        assert first_word(reader) == 0  # as any other story
        await reader.press("enter")
        assert "g goes to the top" in reader.footer
        await reader.until_laid_out()
        assert first_word(reader) == place
    async with reading(news, size=(100, 40)) as reader:
        await open_long(reader)
        await reader.until(lambda: first_word(reader) <= place < first_word(reader) + 20)
        await reader.press("k", "k")
        above = first_word(reader)
    async with reading(news, size=(60, 20)) as reader:  # one pane at a time; left by quitting
        await reader.press("enter")
        await reader.until(lambda: first_word(reader) <= above < first_word(reader) + 20)


async def test_a_text_that_was_read_to_its_end_opens_at_its_top(news: Path) -> None:
    async with reading(news, size=(80, 24)) as reader:
        await open_long(reader)
        await reader.press("space", "space", "escape")
        await open_long(reader)
        await reader.press("G", "escape", "j", "k")
        await open_long(reader)
        assert reader.sees("w0x")
    async with reading(news, size=(80, 24)) as reader:
        await reader.press("enter")
        assert reader.sees("w0x")
        assert json.loads(folders().places.read_text()) == []


async def test_another_size_leaves_the_words_at_the_top(news: Path) -> None:
    async with reading(news, size=(119, 30)) as reader:
        await open_long(reader)
        await reader.press(*["space"] * 3)
        place = first_word(reader)
        for width, height in ((80, 24), (62, 20), (130, 40), (119, 30)):
            await reader.resize(width, height)
            await reader.until(lambda: first_word(reader) <= place < first_word(reader) + 20)
        await reader.press("Z")
        await reader.press("Z")
        await reader.until_laid_out()
        assert first_word(reader) <= place < first_word(reader) + 20


async def test_a_taller_window_leaves_the_words_at_the_top_of_a_text_that_is_not_laid_out_yet(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow = StoryText.grow
    monkeypatch.setattr(StoryText, "grow", lambda _: 0)  # no further step
    async with reading(news, size=(80, 20)) as reader:
        await reader.press("enter", "G")
        place = first_word(reader)
        await reader.resize(80, 40)
        monkeypatch.setattr(StoryText, "grow", grow)
        await reader.until_laid_out()
        assert first_word(reader) == place > 0


@pytest.mark.parametrize("damage", ["[[1", '{"a": "b"}', "[1, 2]", '[["x", 1]]', "[[1, 1e999]]"])
async def test_damaged_places_are_no_trouble(news: Path, damage: str) -> None:
    folders().places.parent.mkdir(parents=True)
    folders().places.write_text(damage)
    async with reading(news, size=(80, 24)) as reader:
        await reader.press("enter")
        assert reader.sees("w0x")
        await reader.until_laid_out()
        await reader.press("space", "escape")
    assert len(json.loads(folders().places.read_text())) == 1


async def test_places_that_cannot_be_kept_are_told(news: Path) -> None:
    folders().state.parent.mkdir(parents=True, exist_ok=True)
    folders().state.write_text("a file where the folder should be")
    async with reading(news, size=(80, 24)) as reader:
        await open_long(reader)
        await reader.press("space", "escape")
        assert "cannot be written" in reader.footer


async def test_two_readers_keep_the_places_of_both(news: Path) -> None:
    write_page(news, OTHER, body=WORDS, quality=10)
    async with reading(news, size=(80, 24)) as one, reading(news, size=(80, 24)) as two:
        await open_long(one)
        await one.press("space", "escape")
        await two.press("j")
        await open_long(two)
        await two.press("space", "space", "escape")
    assert len(json.loads(folders().places.read_text())) == 2


async def test_a_story_that_was_open_opens_at_its_place_in_a_window_of_another_width(news: Path) -> None:
    async with reading(news, size=(80, 24), resumed=True) as reader:
        await open_long(reader)
        await reader.press(*["space"] * 5)
        place = first_word(reader)
    for size in ((100, 40), (160, 40), (80, 24)):
        async with reading(news, size=size, resumed=True) as reader:
            await reader.until(lambda: reader.sees(f"w{place}x"), "the place")
            await reader.until_laid_out()
            assert first_word(reader) <= place < first_word(reader) + 20
