"""What a search has found is lit in the list and in the story, and a list without results says what hides some."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from textual.color import Color

from tests.ui.pages import COMET, FARES, FERRY, write_page
from tests.ui.reader import Reader, reading
from tui_reader.ui.contrast import READABLE, contrast
from tui_reader.ui.widgets.hits import Hits, hit_style
from tui_reader.ui.widgets.palette import palette_of


def lit(words: str, text: str, field: str = "text") -> list[str]:
    """Return what of a text is lit for a query."""
    return [text[start:end] for start, end in Hits(words).spans(text, field)]


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("ker", "Kernel and the kerning of awkward bakers", ["Ker", "ker"]),
        ("cafe", "Ein CAFÉ, ein cafe\u0301, zwei Cafés", ["CAFÉ", "cafe\u0301", "Café"]),
        ('"open source"', "open sources, Open  Source, open-source", ["Open  Source", "open-source"]),
        ('"open source"', "open\nsource", ["open\nsource"]),
        ("rust -game", "rust game", ["rust"]),
        ("rust OR go", "Rust, Go, gopher", ["Rust", "Go", "go"]),
        ("(rust -(game -go))", "rust game go", ["rust", "go"]),
        ("技術", "新しい技術の話", ["技術"]),
        ("技術", "新しい技\n術の話", ["技\n術"]),
        ("title:rust", "rust", []),
        ("is:unread heat:>5", "unread 5", []),
        ("http/3", "HTTP/3 and http", ["HTTP", "3", "http"]),
        ("straße", "STRASSE Straße", ["Straße"]),
        ("한국", "대한국민", ["한국"]),
        ("(", "( and more", []),
        ("f(x", "f(x)", ["f", "x"]),
    ],
)
def test_what_is_lit(words: str, text: str, expected: list[str]) -> None:
    assert lit(words, text) == expected


def test_a_field_lights_its_own_text() -> None:
    assert lit("title:rust text:go", "rust go", "title") == ["rust"]
    assert lit("title:rust text:go", "rust go") == ["go"]
    assert lit("provider:wire", "The Wire", "provider") == ["Wire"]


def test_a_phrase_is_lit_across_the_lines_of_a_title() -> None:
    hits = Hits('"open source"')
    plain, bold = hit_style_of_news(), hit_style_of_news(underline=True)
    lines = hits.lines("An open source day", ["An open", "source day"], plain, bold, "title")
    assert [[text for text, style in line if style.underline] for line in lines] == [["open"], ["source"]]


def hit_style_of_news(*, underline: bool = False):  # type: ignore[no-untyped-def]
    from rich.style import Style

    return Style(underline=underline)


def lit_on_screen(reader: Reader) -> list[str]:
    """Return what is lit on the screen, from top to bottom."""
    behind = hit_style(reader.stories.palette, underline=False).bgcolor
    found = []
    for strip in reader.strips():
        found += [segment.text for segment in strip if segment.style and segment.style.bgcolor == behind]
    return found


async def test_the_words_are_lit_in_the_list_and_in_the_story(town: Path) -> None:
    async with reading(town, size=(130, 30)) as reader:
        assert lit_on_screen(reader) == []
        await reader.press("/")
        await reader.type("fer")
        assert reader.shown() == [FERRY, FARES]
        found = lit_on_screen(reader)
        # Both in the list, and at least the title of the one that is shown.
        assert len(found) >= 3
        assert {text.casefold() for text in found} == {"fer"}
        await reader.type("ry")
        assert {text.casefold() for text in lit_on_screen(reader)} == {"ferry"}
        await reader.press("escape")
        assert lit_on_screen(reader) == []


async def test_hits_are_underlined_where_there_are_no_colours(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with reading(town) as reader:
        await reader.press("/")
        await reader.type("comet")
        assert reader.style_of(COMET.split()[0] if COMET.startswith("Comet") else "omet", reader.stories).underline


async def test_hits_can_be_read_in_every_theme(town: Path) -> None:
    async with reading(town) as reader:
        app = reader.app
        for name in app.available_themes:
            app.theme = name
            await reader.rest()
            style = hit_style(palette_of(app.theme_variables), underline=False)
            if style.bgcolor is None:
                assert style.underline  # the colours are the terminal's own
            else:
                assert style.color is not None
                text, behind = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
                assert contrast(text, behind) >= READABLE, name


async def test_the_way_from_hit_to_hit(tmp_path: Path) -> None:
    news = tmp_path / "news"
    parts = [f"Paragraph {number} is about nothing at all." for number in range(200)]
    parts[60] = "Here is the first zebra."
    parts[140] = "And here the second zebra."
    write_page(news, "Animals", excerpt="Zebras.", body="\n\n".join(parts))
    async with reading(news, size=(80, 24)) as reader:
        await reader.press("/")
        await reader.type("zebra")
        await reader.press("enter", "enter")
        await reader.until_laid_out()
        assert ";/, next hit" in reader.footer
        await reader.press(";")
        assert reader.sees("first zebra")
        await reader.press(";")
        assert reader.sees("second zebra")
        await reader.press(";")
        assert reader.sees("No further hit")
        await reader.press(",")
        assert reader.sees("first zebra")
        await reader.press(",")
        assert reader.sees("Zebras.")
        await reader.press(",")
        assert reader.sees("No further hit above")
        await reader.press("escape", "escape", "enter", ";")
        assert reader.sees("Search for something first")


async def test_an_empty_list_says_what_hides_how_many_and_enter_shows_them(town: Path, tmp_path: Path) -> None:
    news = tmp_path / "news"
    write_page(news, "Zebra of old", when="2024-05-10T09:00:00Z")
    write_page(news, "The zebras of long ago", when="2023-05-01T09:00:00Z")
    write_page(news, "News of today", when="2024-06-09T09:00:00Z")
    async with reading(news, size=(80, 24)) as reader:
        await reader.until_indexed()
        await reader.press("t", "t")  # the last week
        await reader.press("/")
        await reader.type("zebra")
        await reader.until_seen("Nothing in the last week.", "2 in all time.", "⏎ shows the 2.")
        await reader.press("enter")
        assert sorted(reader.shown()) == ["The zebras of long ago", "Zebra of old"]
        assert reader.focus_is_on(reader.stories)
        assert reader.sees("all time")


async def test_what_no_view_has(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("t", "/")
        await reader.type("xylophone")
        await reader.rest()
        assert reader.sees("No story matches.")
        await reader.press("enter", "enter", "ctrl+u")
        await reader.type("xylophone ferry -bridge")
        await reader.until_seen("Nothing has ‘xylophone’")
        await reader.press("escape", "/")
        await reader.type("ferry -bridge -ferry")
        await reader.until_seen("Without ‘ferry’, 3 stories are found")
        await reader.press("escape")
        assert reader.stories.total
        await reader.press("/")
        await reader.type("lead:exmaple.org")
        await reader.until_seen("There is no provider ‘exmaple.org’")


def test_lighting_takes_time_in_proportion_to_the_text() -> None:
    words = " ".join(["aa", '"a a a b"', '"a-a-c"', "技術", "é"])
    hits = Hits(words)

    def seconds(length: int) -> float:
        text = "a -" * length + "aé" * length
        start = time.process_time()
        hits.spans(text, "text")
        return time.process_time() - start

    seconds(1000)
    short = min(seconds(2000) for _ in range(3))
    long = min(seconds(16_000) for _ in range(3))
    assert long < 8 * short * 4
