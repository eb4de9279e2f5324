"""Folders and sources in the sidebar: their order and numbers, opening and closing, and the lists they lead to."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.ui.pages import slug, write_page
from tests.ui.reader import Reader, reading
from tui_reader.config import folders
from tui_reader.model.weights import Weight
from tui_reader.subscriptions.edit import add_subscriptions, change_subscription, remove_subscriptions
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions
from tui_reader.ui.screens.sources import SourcesScreen
from tui_reader.ui.widgets.source_table import SourceTable

SIZES = [(80, 24), (120, 40)]
LEAD = "A storm closes the port of Rotterdam"
FOLDED = "Storm: the port of Rotterdam stays closed by a storm"
SADDLE = "My bicycle has a new saddle"
BUDGET = "Parliament votes on the budget"


def add(home: Path, title: str, *folder: str, articles: dict[str, str] | None = None) -> str:
    """Add a source whose articles have these titles and dates; return its location."""
    place = home.parent / "sources" / title.replace(" ", "-")
    place.mkdir(parents=True)
    for text, when in (articles or {f"News of {title}": "2024-06-01T09:00:00Z"}).items():
        domain = f"{title.replace(' ', '').lower()}.example"
        provider = {"name": title, "domain": domain}
        write_page(place, text, when=when, webUrl=f"https://{domain}/{slug(text)}", provider=provider)
    add_subscriptions(folders().sources, [Subscription(str(place), title, folder)])
    return str(place)


@pytest.fixture
def town_feeds(home: Path) -> dict[str, str]:
    """Five sources, most of them in folders; the wire and Feed 2 tell one story together."""
    return {
        "Wire": add(
            home,
            "Wire",
            "News",
            articles={LEAD: "2024-06-09T09:00:00Z", BUDGET: "2024-06-08T09:00:00Z", "Old": "2023-01-01T09:00:00Z"},
        ),
        "Feed 10": add(home, "Feed 10", "News", articles={"A comet returns": "2024-06-01T09:00:00Z"}),
        "Feed 2": add(home, "Feed 2", "News", articles={FOLDED: "2024-06-09T12:00:00Z"}),
        "Saddle Notes": add(home, "Saddle Notes", "Blogs", articles={SADDLE: "2024-06-02T09:00:00Z"}),
        "Alone": add(home, "Alone", articles={"Bread is cheaper in the valley": "2024-06-01T09:00:00Z"}),
    }


def everything(reader: Reader) -> str:
    """The line of the sidebar for all articles, with its number."""
    lines = (line.strip(" ▌").split() for line in reader.part(reader.topics))
    return next(" ".join(words) for words in lines if words[:1] == ["All"])


def tree(reader: Reader) -> list[str]:
    """The lines of the sidebar below the heading of the sources."""
    lines = [line.strip(" ▌") for line in reader.part(reader.topics)]
    start = next(index for index, line in enumerate(lines) if line.startswith("SOURCES"))
    return [" ".join(line.split()) for line in lines[start + 1 :] if line.strip()]


async def test_folders_and_sources_have_their_unread_articles_in_natural_order(town_feeds: dict[str, str]) -> None:
    async with reading(size=(120, 40)) as reader:
        assert tree(reader) == [
            "▾ Blogs 1",
            "Saddle Notes 1",
            "▾ News 5",
            "Feed 2 1",
            "Feed 10 1",
            "Wire 3",
            "Alone 1",
        ]


@pytest.mark.parametrize("size", SIZES)
async def test_a_source_lists_all_its_articles_newest_first(town_feeds: dict[str, str], size: tuple[int, int]) -> None:
    async with reading(size=size) as reader:
        await reader.to_line("Wire")
        assert reader.shown() == [LEAD, BUDGET, "Old"]
        assert any("Wire" in line and "3 articles" in line for line in reader.lines()[:1])
        await reader.press("enter")
        assert reader.focus_is_on(reader.stories)
        await reader.press("j", "enter")
        assert reader.opened == BUDGET
        await reader.press("escape")
        # What is read stays in the list of the source, and is no longer counted.
        assert BUDGET in reader.shown()
        await reader.press("T")
        assert "Wire 2" in tree(reader)
        assert "▾ News 4" in tree(reader)
        await reader.press("escape", "escape")
        assert len(reader.shown()) == 6
        assert not reader.topics.current().branch


@pytest.mark.parametrize("size", SIZES)
async def test_an_article_folded_under_another_is_listed_with_its_story(
    town_feeds: dict[str, str], size: tuple[int, int]
) -> None:
    async with reading(size=size) as reader:
        told = [title for title in (LEAD, FOLDED) if title in reader.shown()]
        assert len(told) == 1
        lead, folded = told[0], next(title for title in (LEAD, FOLDED) if title not in told)
        source = {LEAD: "Wire", FOLDED: "Feed 2"}
        await reader.to_line(source[folded])
        await reader.press("enter")
        assert folded in reader.shown()
        place = reader.shown().index(folded)
        for _ in range(place):
            await reader.press("j")
        lines = reader.part(reader.stories)
        (line,) = [line for line in lines if "↰" in line]
        # A list with one line for an article has only the sign.
        assert f"↰ {lead if size == (120, 40) else folded}"[:14] in line
        await reader.press("enter")
        assert reader.opened == folded
        # Its story can be reached from it.
        assert any(lead in line for line in reader.part(reader.story))


@pytest.mark.parametrize("size", [*SIZES, (40, 24)])
async def test_the_list_of_one_source_does_not_repeat_its_provider(
    town_feeds: dict[str, str], size: tuple[int, int]
) -> None:
    async with reading(size=size) as reader:
        folded = next(title for title in (LEAD, FOLDED) if title not in reader.shown())
        source = {LEAD: "Wire", FOLDED: "Feed 2"}[folded]
        other = {LEAD: "Feed 2", FOLDED: "Wire"}[folded]
        assert any(other in line for line in reader.part(reader.stories))
        await reader.to_line(source)
        await reader.press("enter")
        lines = reader.part(reader.stories)
        assert any("↰" in line for line in lines)
        assert any("Jun" in line or " d" in line for line in lines)
        assert not any(source in line for line in lines)


async def test_a_folder_lists_its_stories_in_the_present_order(town_feeds: dict[str, str]) -> None:
    async with reading(size=(120, 40)) as reader:
        order = reader.shown()
        await reader.to_line("News")
        news = reader.shown()
        assert SADDLE not in news
        assert len(news) == 4
        assert news == [title for title in order if title in news]
        assert reader.sees("News · 4 stories")
        await reader.press("S")
        assert reader.shown()[-1] == "Old"


async def test_a_search_names_folders_and_sources_as_the_sidebar_does(town_feeds: dict[str, str]) -> None:
    async with reading(size=(120, 40)) as reader:
        await reader.until_indexed()
        await reader.press("/")
        await reader.paste("folder:blogs")
        assert reader.shown() == [SADDLE]
        await reader.press("escape", "/")
        await reader.paste("-folder:news -source:saddle")
        assert reader.shown() == ["Bread is cheaper in the valley"]
        change_subscription(folders().sources, town_feeds["Alone"], folder=("Food",))
        await reader.press("escape")
        reader.page._swap()
        await reader.until_indexed()
        await reader.until(lambda: "▾ Food 1" in tree(reader), "the new folder")
        await reader.press("/")
        await reader.paste("folder:food")
        assert reader.shown() == ["Bread is cheaper in the valley"]


async def test_the_view_of_a_source_is_not_that_of_the_front_page(town_feeds: dict[str, str]) -> None:
    async with reading(size=(120, 40)) as reader:
        await reader.until_indexed()
        await reader.press("t")  # a month
        order = reader.shown()
        assert "Old" not in order
        await reader.to_line("Wire")
        assert "Old" in reader.shown()
        await reader.press("S", "t", "t")
        await reader.press("escape", "escape")
        assert reader.shown() == order
        assert reader.sees("a month")
    assert json.loads(folders().view.read_text())["window"] == "month"


async def test_numbers_at_the_topics_are_those_of_the_front_page_while_a_source_is_listed(
    town_feeds: dict[str, str],
) -> None:
    async with reading(size=(120, 40)) as reader:
        await reader.press("t")  # a month
        assert everything(reader) == "All 6"
        await reader.to_line("Wire")
        await reader.press("enter", "m", "m")  # marks have the numbers read again
        assert everything(reader) == "All 6"
        await reader.press("escape", "escape")
        assert everything(reader) == "All 6"


async def test_the_heading_of_the_topics_comes_back_at_the_top(town_feeds: dict[str, str]) -> None:
    async with reading(size=(120, 12)) as reader:
        assert reader.sees("TOPICS")
        await reader.press("T", "G")
        assert not reader.sees("TOPICS")
        await reader.press("g")
        assert reader.sees("TOPICS")


async def test_search_stays_in_the_source(town_feeds: dict[str, str]) -> None:
    async with reading(size=(120, 40)) as reader:
        await reader.to_line("Wire")
        await reader.press("enter", "/")
        await reader.type("budget")
        assert reader.shown() == [BUDGET]
        await reader.press("escape", "escape")
        await reader.press("/")
        await reader.type("saddle")
        assert reader.shown() == [SADDLE]


@pytest.mark.parametrize("keys", [["c"], ["h"], ["left"]])
async def test_folders_close_and_open_and_that_is_remembered(town_feeds: dict[str, str], keys: list[str]) -> None:
    closed = ["▾ Blogs 1", "Saddle Notes 1", "▸ News 5", "Alone 1"]
    async with reading(size=(120, 40)) as reader:
        await reader.to_line("News")
        await reader.press(*keys)
        assert tree(reader) == closed
        assert len(reader.shown()) == 4  # the list stays
    async with reading(size=(120, 40)) as reader:
        assert tree(reader) == closed
        await reader.to_line("News")
        await reader.press("l")
        assert "Feed 2 1" in tree(reader)
        assert reader.focus_is_on(reader.topics)
        await reader.press("l")
        assert reader.focus_is_on(reader.stories)


async def test_left_goes_from_a_source_to_its_folder_and_then_closes_it(town_feeds: dict[str, str]) -> None:
    async with reading(size=(120, 40)) as reader:
        await reader.to_line("Feed 2")
        await reader.press("h")
        assert reader.sees("News · 4 stories")
        await reader.press("h")
        assert "▸ News 5" in tree(reader)
        await reader.press("k", "k", "k", "k", "k")
        await reader.press("h")
        assert reader.focus_is_on(reader.topics)


async def test_the_mouse_opens_folders_and_chooses_sources(town_feeds: dict[str, str]) -> None:
    async with reading(size=(120, 40)) as reader:
        order = reader.shown()
        await reader.click("▾ News", reader.topics)
        assert "▸ News 5" in tree(reader)
        assert reader.shown() == order
        await reader.click("▸ News", reader.topics)
        await reader.click("Wire", reader.topics)
        assert reader.shown() == [LEAD, BUDGET, "Old"]
        # The folder closes around the source that is listed: its own list follows.
        await reader.click("▾ News", reader.topics)
        assert reader.sees("News · 4 stories")


async def test_one_source_has_no_tree(home: Path, town: Path) -> None:
    async with reading(town, size=(120, 40)) as reader:
        assert not any("SOURCES" in line for line in reader.part(reader.topics))
    add(home, "Alone")
    async with reading(size=(120, 40)) as reader:
        assert not any("SOURCES" in line for line in reader.part(reader.topics))


async def test_several_sources_that_are_named_are_a_tree(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_page(tmp_path / name, f"From the {name}", webUrl=f"https://{name}.example/")
    async with reading(tmp_path / "second", tmp_path / "first", size=(120, 40)) as reader:
        assert tree(reader) == ["first 1", "second 1"]
        await reader.to_line("second")
        assert reader.shown() == ["From the second"]


async def test_many_sources_are_calm(home: Path) -> None:
    for number in range(1, 33):
        add(home, f"Feed {number}", f"Folder {number % 4}")
    async with reading(size=(120, 40)) as reader:
        assert tree(reader) == [f"▸ Folder {number} 8" for number in range(4)]
        await reader.to_line("Folder 1")
        await reader.press("l")
        assert tree(reader)[1:5] == ["▾ Folder 1 8", "Feed 1 1", "Feed 5 1", "Feed 9 1"]


@pytest.mark.parametrize("setting", ["dim", "hide"])
async def test_sources_with_nothing_unread_are_dimmed_or_hidden(town_feeds: dict[str, str], setting: str) -> None:
    folders().settings.parent.mkdir(parents=True, exist_ok=True)
    folders().settings.write_text(f'[sidebar]\nread_feeds = "{setting}"\n')
    async with reading(size=(120, 40)) as reader:
        unread = reader.style_of("Saddle Notes", reader.topics)
        await reader.to_line("Saddle Notes")
        await reader.press("enter", "enter", "escape")
        # It does not go away while it is listed.
        assert "Saddle Notes" in tree(reader)
        await reader.press("escape")
        if setting == "hide":
            assert tree(reader)[0] == "▾ News 5"
        else:
            assert tree(reader)[:2] == ["▾ Blogs", "Saddle Notes"]
            assert reader.style_of("Saddle Notes", reader.topics).color != unread.color


async def test_a_broken_source_is_marked(town_feeds: dict[str, str]) -> None:
    path = Path(town_feeds["Alone"])
    async with reading(size=(120, 40)) as reader:
        assert not any("✕" in line for line in tree(reader))
    await asyncio.to_thread(path.rename, path.with_name("elsewhere"))
    async with reading(size=(120, 40), indexed=False) as reader:
        assert "Alone ✕ 1" in tree(reader)


async def test_the_tree_follows_the_subscriptions(town_feeds: dict[str, str]) -> None:
    async with reading(size=(120, 40)) as reader:
        await reader.to_line("News")
        assert len(reader.shown()) == 4
        change_subscription(folders().sources, town_feeds["Feed 10"], folder=("Blogs",))
        reader.page._swap()
        await reader.until_indexed()
        await reader.until_seen("News · 3 stories")
        # The counts come after the names.
        expected = ["▾ Blogs 2", "Feed 10 1", "Saddle Notes 1"]
        await reader.until(lambda: tree(reader)[:3] == expected, "the tree with a new folder")
        remove_subscriptions(folders().sources, [town_feeds["Wire"], town_feeds["Feed 2"]])
        reader.page._swap()
        await reader.until_indexed()
        # The folder is gone, so everything is listed again.
        await reader.until(lambda: reader.sees("3 stories") and not reader.sees("News ·"), "all stories")
        expected += ["Alone 1"]
        await reader.until(lambda: tree(reader) == expected, "the tree without the folder")


async def test_a_damaged_memory_of_the_folders_is_ignored(town_feeds: dict[str, str]) -> None:
    folders().sidebar.parent.mkdir(parents=True, exist_ok=True)
    folders().sidebar.write_text('{"open": 3}')
    async with reading(size=(120, 40)) as reader:
        assert "▾ News 5" in tree(reader)


# -- from the list of sources ----------------------------------------------------------


async def choose_in_sources(reader: Reader, title: str, *keys: str) -> None:
    """Open the list of sources, go to one of them, and press keys there."""
    await reader.press("L")
    await reader.until(lambda: isinstance(reader.app.screen, SourcesScreen), "the sources")
    await reader.until_seen(title)
    table = reader.app.screen.query_one(SourceTable)
    await reader.press("g")
    for _ in table.sources:
        source = table.current()
        if source is not None and source.title == title:
            break
        await reader.press("j")
    await reader.press(*keys)


@pytest.mark.parametrize("size", SIZES)
async def test_enter_in_the_list_of_sources_goes_to_the_articles(
    town_feeds: dict[str, str], size: tuple[int, int]
) -> None:
    async with reading(size=size) as reader:
        await reader.to_line("News")
        await reader.press("c")
        await choose_in_sources(reader, "Wire", "enter")
        await reader.until(lambda: reader.shown() == [LEAD, BUDGET, "Old"], "the articles of the wire")
        await reader.rest()
        assert reader.focus_is_on(reader.stories)
        assert any("Wire" in line and "3 articles" in line for line in reader.lines()[:1])
        # The folder was opened, and the cursor of the sidebar is on the source.
        await reader.press("T")
        assert "▾ News 5" in tree(reader)
        branch = reader.topics.current().branch
        assert branch is not None
        assert branch.label == "Wire"


async def test_enter_on_the_only_source_lists_everything(home: Path) -> None:
    add(home, "Alone")
    async with reading(size=(120, 40)) as reader:
        await choose_in_sources(reader, "Alone", "enter")
        assert reader.shown() == ["News of Alone"]
        assert reader.focus_is_on(reader.stories)


async def test_enter_on_a_source_that_is_not_open_says_so(town_feeds: dict[str, str], tmp_path: Path) -> None:
    write_page(tmp_path / "other", "Another place")
    async with reading(tmp_path / "other", size=(120, 40)) as reader:
        await choose_in_sources(reader, "Wire", "enter")
        assert "not among those that are shown" in reader.footer


async def test_a_source_that_is_kept_apart_leaves_its_stories_at_once(town_feeds: dict[str, str]) -> None:
    async with reading(size=(120, 40)) as reader:
        assert len({LEAD, FOLDED} & set(reader.shown())) == 1
        await choose_in_sources(reader, "Feed 2", "A")
        assert reader.sees("never folded into stories")
        assert reader.sees("Feed 2 · apart")
        await reader.press("q")
        await reader.until(lambda: {LEAD, FOLDED} <= set(reader.shown()), "two stories")
        await reader.until_indexed()
        await choose_in_sources(reader, "Feed 2", "A", "q")
        await reader.until(lambda: len({LEAD, FOLDED} & set(reader.shown())) == 1, "one story")


@pytest.mark.parametrize("size", SIZES)
async def test_the_weight_of_a_source_changes_its_heat(town_feeds: dict[str, str], size: tuple[int, int]) -> None:
    def heat(reader: Reader) -> int:
        return reader.marks()[SADDLE].heat or 0

    async with reading(size=size) as reader:
        before = heat(reader)
        await choose_in_sources(reader, "Saddle Notes", "w")
        assert reader.sees("count more than others")
        await reader.press("q")
        await reader.until(lambda: heat(reader) > before, "more heat")
        await reader.until_indexed()
        assert load_subscriptions(folders().sources)[3].weight is Weight.MORE
        await choose_in_sources(reader, "Saddle Notes", "w")
        assert reader.sees("count less than others")
        await reader.press("w")
        assert reader.sees("count as others do")
        await reader.press("q")
        await reader.until(lambda: heat(reader) == before, "the same heat")


async def test_the_log_of_the_feed_store_may_vanish_while_it_is_looked_at(
    town_feeds: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = folders().fetched
    log = fetched.with_name(f"{fetched.name}-wal")
    exists = Path.exists

    def vanish(path: Path, **options: bool) -> bool:
        """Let another process end, which removes the log, as soon as somebody has seen it."""
        seen = exists(path, **options)
        if path == log and seen:
            log.unlink()
        return seen

    fetched.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    monkeypatch.setattr(Path, "exists", vanish)
    async with reading(size=(120, 40)) as reader:  # it fails if a question went wrong
        await reader.until(lambda: len(tree(reader)) == 7, "folders and sources")
