"""What a person thinks of a story: mute, only its provider, more or less of its source, from a key and the palette."""

from __future__ import annotations

from pathlib import Path

from tests.queries.test_explain import write_unrated
from tests.ui.pages import BRIDGE, COMET, FARES, FERRY, TARIFF, write_page
from tests.ui.reader import Reader, reading
from tui_reader.config import folders
from tui_reader.model.weights import Weight
from tui_reader.subscriptions.edit import add_subscriptions, remove_subscriptions
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions


async def choose(reader: Reader, text: str) -> None:
    """Choose the line of a window that begins with ``text``."""
    await reader.until_seen(text)
    while not any(f"▌{text}" in line for line in reader.lines()):
        before = reader.text()
        await reader.press("j")
        assert reader.text() != before, f"{text!r} cannot be chosen:\n{before}"
    await reader.press("enter")


async def confirm(reader: Reader, found: str) -> None:
    """Apply the filter whose preview says what it has found."""
    await reader.until_seen(found)
    await reader.press("enter")
    await reader.until(lambda: len(reader.app.screen_stack) == 1, "the end of the preview")
    await reader.rest()


async def call(reader: Reader, command: str) -> None:
    """Run a command of the palette by its name."""
    await reader.press("ctrl+p")
    await reader.type(command)
    await reader.until_seen(command)
    await reader.press("enter")
    await reader.until(lambda: len(reader.app.screen_stack) == 1 or not reader.sees(command), "the palette's end")
    await reader.rest()


async def test_a_provider_is_muted_after_a_preview_and_comes_back_after_a_restart(town: Path) -> None:
    async with reading(town) as reader:
        total = reader.stories.total
        await reader.press("j", "a")
        assert reader.sees("About this story")
        assert reader.sees("hides 2 stories")
        await choose(reader, "Mute Sea Gazette")
        await confirm(reader, "It hides 2 stories (2 articles)")
        assert reader.sees("Muted Sea Gazette: 2 stories hidden · z undoes it")
        assert not {FERRY, FARES} & set(reader.shown())
        assert reader.stories.total == total - 2
        assert reader.sees(f"{total - 2} stories")
        assert reader.cursor == COMET
        await reader.press("k", "a")
        assert reader.sees("Mute Harbour Post")
    async with reading(town) as reader:
        assert not {FERRY, FARES} & set(reader.shown())
        await reader.press("z")
        assert reader.sees("Undone: muted · Sea Gazette")
        assert {FERRY, FARES} <= set(reader.shown())
        assert reader.stories.total == total


async def test_a_word_of_the_title_is_muted(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("j", "a")
        await choose(reader, "Mute a word of the title …")
        assert reader.sees("Mute a word")
        await choose(reader, "Mute Ferry ")
        await confirm(reader, "It hides 2 stories")
        assert reader.sees("Muted Ferry: 2 stories hidden")
        assert not {FERRY, FARES} & set(reader.shown())
        await reader.press("z")
        assert {FERRY, FARES} <= set(reader.shown())


async def test_a_topic_is_muted_from_the_palette(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("j", "j")
        await call(reader, "Mute a topic of the story")
        assert reader.sees("Mute a topic")
        await choose(reader, "Mute topic Sky")
        await confirm(reader, "It hides 1 story")
        assert COMET not in reader.shown()
        await call(reader, "Mute the provider of the story")
        await confirm(reader, "It hides 2 stories")
        assert reader.sees("Muted Sea Gazette")
        assert reader.shown()[:2] == [BRIDGE, TARIFF]
        await reader.press("z", "z")
        assert reader.shown()[:4] == [BRIDGE, FERRY, COMET, FARES]


async def test_what_is_muted_is_left_with_escape(town: Path) -> None:
    async with reading(town) as reader:
        before = reader.shown()
        await reader.press("a", "escape", "a", "q")
        assert reader.shown() == before
        await reader.press("z")
        assert reader.sees("Nothing to undo")


async def test_only_one_provider_is_listed_until_escape(town: Path) -> None:
    write_page(town / "_news", "A folded ferry", by="Sea Gazette", quality=10, folded=True, when="2024-06-09T20:00:00Z")
    async with reading(town) as reader:
        await reader.press("T", "j", "j", "j", "enter", "j")
        before = reader.shown()
        assert len(before) < reader.stories.total + 1
        assert reader.cursor == FERRY
        await reader.press("a")
        await choose(reader, "Only Sea Gazette")
        assert reader.shown() == ["A folded ferry", FERRY, FARES]
        assert reader.cursor == FERRY
        assert reader.sees("only Sea Gazette")
        await reader.press("slash")
        await reader.type("fares")
        await reader.press("enter")
        assert reader.shown() == [FARES]
        await reader.press("escape")
        assert reader.shown() == ["A folded ferry", FERRY, FARES]
        await reader.press("escape")
        assert reader.shown() == before
        assert not reader.sees("only Sea Gazette")
        await call(reader, "List only the provider of the story")
        assert reader.sees("only ")


async def test_from_a_story_that_has_the_whole_screen_its_provider_is_listed_too(town: Path) -> None:
    async with reading(town, size=(80, 24)) as reader:
        await reader.until_indexed()
        await reader.press("j", "enter", "a")
        await choose(reader, "Only Sea Gazette")
        assert reader.focus_is_on(reader.stories)
        assert reader.shown() == [FERRY, FARES]
        assert FERRY in reader.part(reader.stories)[0]


def weight(location: str) -> Weight:
    (found,) = [each.weight for each in load_subscriptions(folders().sources) if each.location == location]
    return found


async def test_a_source_counts_more_and_as_before_after_a_restart(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write_unrated(site)
    add_subscriptions(folders().sources, [Subscription(str(site), title="My site")])
    async with reading(offline=True) as reader:
        await reader.until_indexed()

        def heat() -> int:
            return reader.marks()[reader.shown()[0]].heat or 0

        normal = heat()
        await reader.press("a")
        await choose(reader, "More of My site")
        assert reader.sees("More of My site: the list follows in a moment · z undoes it")
        assert weight(str(site)) is Weight.MORE
        await reader.until(lambda: heat() > normal, "more heat")
        await reader.until_indexed()
        await call(reader, "More of the source of the story")
        assert reader.sees("My site counts more already")
        await call(reader, "Less of the source of the story")
        assert weight(str(site)) is Weight.NORMAL
        await reader.until(lambda: heat() == normal, "the heat of before")
        await reader.until_indexed()
    async with reading(offline=True) as reader:
        await reader.until_indexed()
        await reader.press("z")
        assert reader.sees("Undone: less of · My site")
        assert weight(str(site)) is Weight.MORE
        await reader.press("z")
        assert weight(str(site)) is Weight.NORMAL
        await reader.until(lambda: heat() == normal, "the heat of before")


async def test_a_source_that_was_given_no_title_has_its_own(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write_unrated(site)
    (site / "_config.yml").write_text("title: Poll Watch\n")
    add_subscriptions(folders().sources, [Subscription(str(site))])
    async with reading(offline=True) as reader:
        await reader.until_indexed()
        await reader.press("a")
        assert reader.sees("More of Poll Watch")
        assert reader.sees("now: normal")
        await choose(reader, "Less of Poll Watch")
        assert reader.sees("Less of Poll Watch: the list follows in a moment · z undoes it")
        await reader.until_indexed()
        await reader.press("z")
        assert reader.sees("Undone: less of · Poll Watch")


async def test_the_weight_of_a_source_that_is_gone_is_undone_without_it(tmp_path: Path, town: Path) -> None:
    site = tmp_path / "site"
    write_unrated(site)
    add_subscriptions(folders().sources, [Subscription(str(site), title="My site")])
    async with reading(offline=True) as reader:
        await reader.until_indexed()
        await call(reader, "Less of the source of the story")
        assert weight(str(site)) is Weight.LESS
    remove_subscriptions(folders().sources, [str(site)])
    async with reading(town) as reader:
        await reader.press("z")
        assert reader.sees("Undone: less of · My site")
        assert load_subscriptions(folders().sources) == []


async def test_a_search_goes_on_in_the_articles_of_a_provider_and_ends_with_its_box(town: Path) -> None:
    write_page(town / "_news", "A folded ferry", by="Sea Gazette", quality=10, folded=True, when="2024-06-09T20:00:00Z")
    async with reading(town) as reader:
        await reader.until_indexed()
        everything = reader.shown()
        await reader.press("slash")
        await reader.type("captain")
        await reader.press("enter")
        found = reader.shown()
        assert FERRY in found
        await reader.press("a")
        await choose(reader, "Only Sea Gazette")
        assert reader.shown() == [FERRY]
        await reader.press("T", "j", "g", "enter")  # all stories, by the sidebar
        assert reader.shown() == found
        assert reader.sees("captain")
        await reader.press("escape")
        assert reader.shown() == everything
        assert not reader.app.screen.query("#search")


async def test_only_sources_of_ones_own_are_weighted(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("a")
        assert not reader.sees("More of")
        await reader.press("escape")
        await call(reader, "More of the source of the story")
        assert reader.sees("Only sources that you have added can count more or less")
    add_subscriptions(folders().sources, [Subscription(str(town))])
    async with reading(offline=True) as reader:
        await reader.until_indexed()
        await call(reader, "More of the source of the story")
        assert reader.sees("This collection says itself how hot its stories are")


async def test_a_story_is_taken_apart_from_the_menu(town: Path) -> None:
    async with reading(town) as reader:
        await reader.until_indexed()
        await reader.press("a")
        await choose(reader, "Take the story apart")
        assert reader.sees("Taken apart: 5 articles")
