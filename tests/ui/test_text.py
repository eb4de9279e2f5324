"""Titles are data: markup and control characters are shown as text, and every line fits."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.support.collections import write_article
from tests.ui.pages import entry, write_page
from tests.ui.reader import Reader, reading

MARKUP = [
    "[red]Fed[/red] holds [rates]",
    "[/] closes nothing",
    "[/x] neither",
    "[@click=app.quit]quit[/] the app",
    "[bold]not bold[/bold] \\[escaped]",
    "$accent and {braces} and %s %(x)s",
    ":smile: is no emoji",
    "<div>tags</div> in a title",
    "[link=https://example.org]a link[/link]",
]
ODD = [
    ("Red \x1b[31malert\x1b[0m \x1b]52;c;AAAA\x07", "Red ␛[31malert␛[0m"),
    ("Next \x85 line \x9b31m csi", "⟨9B⟩31m csi"),
    ("Safe \u202etxt.exe\u202c name", "Safe ⟨RLO⟩txt.exe⟨PDF⟩ name"),
    ("De\x7fleted\x00nothing", "De␡leted␀nothing"),
    ("Two\nlines\r\nand\ttabs", "Two lines and tabs"),
    ("Q&#8217;s &amp; A&lt;b&gt;", "Q’s & A<b>"),
]
WIDE = [
    "日本語の見出しはとても長くて、端末の幅に合わせて切られなければならない、そうでないと列がずれる",
    "한국어 제목도 마찬가지로 두 칸을 차지한다",
    "Family 👨‍👩‍👧‍👦 and flags 🇩🇪🇯🇵 and skin 👋🏽 and hearts ❤️ in one very long title that has to be cut somewhere",
    "عنوان طويل باللغة العربية يجب أن يبقى داخل عموده مهما كان طوله",
    "כותרת בעברית עם 123 ו-ABC",
    "Z̷̢̛̮a̸͚͝l̵͍̏g̶̰̈́o̴͇͝ combining a\u0301e\u0300 marks",
    "Tibetan བོད་སྐད་ and Thai ภาษาไทยที่ยาวมาก and Devanagari हिन्दी में शीर्षक",
    "ﷺ and ½ and ① and ～ and ｆｕｌｌ",
    "Soft\u00adhyphen and zero\u200bwidth and nb\u00a0space",
    "x" * 300,
    "日" * 200,
]


def assert_lines_fit(reader: Reader) -> None:
    """Assert that every line is as wide as the screen and has no control characters."""
    for strip in reader.strips():
        assert strip.cell_length == reader.app.size.width, strip.text
        assert cell_len(strip.text) == reader.app.size.width, strip.text
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in strip.text), strip.text
        assert not any(char in strip.text for char in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f\n")


def assert_rules_are_aligned(reader: Reader) -> None:
    """Assert that the rules between the panes are in the same columns on every line."""
    ruled = [
        [cell_len(line[:place]) for place, char in enumerate(line) if char == "│"] for line in reader.lines()[2:-2]
    ]
    assert ruled[0]
    assert all(columns == ruled[0] for columns in ruled), reader.text()


async def test_markup_is_never_interpreted(tmp_path: Path) -> None:
    for number, title in enumerate(MARKUP):
        write_page(
            tmp_path / "news", title, name=str(number), quality=99 - number, by=title[:12], excerpt=title, body=title,
            webUrl=f"https://example.org/{number}", topics=[title], related=[entry(title, webUrl=f"https://example.org/r{number}")],
        )  # fmt: skip
    async with reading(tmp_path / "news") as reader:
        for title in MARKUP:
            start = title[:12]
            assert reader.cursor == title
            assert reader.place_of(start, reader.stories)
            assert reader.place_of(start, reader.story)
            await reader.click(start, reader.stories)
            assert reader.opened == title
            await reader.press("]", "enter")
            assert_lines_fit(reader)
            assert reader.app.is_running
            await reader.press("backspace", "escape", "j")


async def test_control_characters_are_made_visible(tmp_path: Path) -> None:
    for number, (raw, _) in enumerate(ODD):
        write_page(
            tmp_path / "news", raw, name=str(number), quality=9 - number, excerpt=raw, by=raw, topics=[raw],
            body=f"{raw}\n\n- {raw}\n", webUrl=f"https://example.org/{number}",
            related=[entry(raw, webUrl=f"https://example.org/r{number}")],
        )  # fmt: skip
    async with reading(tmp_path / "news", size=(120, 40)) as reader:
        for _, shown in ODD:
            assert reader.place_of(shown, reader.stories)
            assert reader.place_of(shown, reader.story)
            assert_lines_fit(reader)
            await reader.press("]", "enter")
            assert_lines_fit(reader)
            assert shown in reader.opened
            await reader.press("escape", "j")


@pytest.mark.parametrize("size", [(200, 60), (120, 40), (80, 24), (60, 20), (40, 12)])
async def test_wide_scripts_stay_aligned(tmp_path: Path, size: tuple[int, int]) -> None:
    news = tmp_path / "news"
    for number, title in enumerate(WIDE):
        related = [entry(text, webUrl=f"https://example.org/r{place}") for place, text in enumerate(WIDE)]
        write_page(
            news, title, name=str(number), quality=99 - number, by=title[:9], excerpt=f"{title} " * 3,
            webUrl=f"https://example.org/{number}", topics=[title[:14]], related=related, body=f"{title} " * 5,
        )  # fmt: skip
    async with reading(news, size=size) as reader:
        for _ in WIDE:
            assert_lines_fit(reader)
            if size[0] >= 120:
                assert_rules_are_aligned(reader)
            await reader.press("j")
        await reader.press("g", "enter")
        for _ in range(4):
            assert_lines_fit(reader)
            await reader.press("space")
        await reader.press("]", "enter", "]", "enter")
        assert_lines_fit(reader)
        await reader.press("h", "h")
        assert_lines_fit(reader)


async def test_a_long_provider_leaves_room_for_the_date(tmp_path: Path) -> None:
    write_page(tmp_path / "news", "Told at length", by="The Gazette of a town and all of the villages around it, daily")
    async with reading(tmp_path / "news", size=(60, 20)) as reader:
        await reader.press("enter")
        await reader.until_seen("… · 1 Jun 2024, 09:00")
        assert reader.sees("The Gazette of a town and")


async def test_markup_in_search_words_and_topics(tmp_path: Path) -> None:
    write_page(tmp_path / "news", "[red]x[/]", name="x", topics=["[/x]"], webUrl="https://example.org/x")
    async with reading(tmp_path / "news") as reader:
        await reader.press("T", "G")
        assert reader.sees("· [/x] ·")
        await reader.press("enter", "/")
        await reader.type("[red]x[/]")
        assert reader.shown() == ["[red]x[/]"]
        assert reader.sees("“[red]x[/]”")
        await reader.press("enter", "z")
        assert reader.app.is_running


LATE = "The [ferry](https://example.org/ferry) is *late* again.\n\nAnd so on.\n"


@pytest.mark.parametrize(
    ("excerpt", "before", "twice"),
    [
        ("", "", False),
        ("The ferry is late again.", "", False),
        ("The ferry is late again.", "## Harbour\n\n![A ferry](https://example.org/f.png)\n\nBy Ann\n\n", False),
        ("The ferry is late again.", "![A ferry](https://example.org/f.png) ", False),
        ("https://example.org/f The ferry is late", "<https://example.org/f>\n\n", False),
        ("The ferry is late … Continue reading Late →", "", False),
        ("Other words.", "", True),
        ("So on.", "", True),
    ],
)
async def test_an_excerpt_that_starts_the_body_is_shown_once(
    tmp_path: Path, excerpt: str, before: str, twice: bool
) -> None:
    write_article(tmp_path / "a.md", {"title": "Late", **({"excerpt": excerpt} if excerpt else {})}, before + LATE)
    async with reading(tmp_path, size=(160, 30)) as reader:
        shown = "\n".join(reader.part(reader.story))
        assert shown.count("is late") == 1
        assert "And so on." in shown
        assert ("Other words." in shown or "So on." in shown) is twice


async def test_invisible_characters_from_entities_in_markdown_are_made_visible(tmp_path: Path) -> None:
    body = (
        "One&#x202E;two&#8288;three&rlm; *four&#xE0041;five* na&shy;me\n\n"
        "[a link&#x2066;](https://example.org/&#x2064;x)\n\n"
        "- item&#x180E;one\n\n> quoted&NoBreak;text\n\n`code&#x202e;`\n"
    )
    write_article(tmp_path / "a.md", {"title": "Entities"}, body)
    async with reading(tmp_path, size=(120, 40)) as reader:
        await reader.press("enter")
        await reader.until_seen("quoted")
        shown = " ".join(" ".join(reader.part(reader.story)).split())
        for part in ("One⟨RLO⟩two⟨WJ⟩three⟨RLM⟩ four⟨TAG A⟩five name", "a link⟨LRI⟩", "item⟨MVS⟩one", "quoted⟨WJ⟩text"):
            assert part in shown
        assert "code&#x202e;" in shown  # code is shown as it is written
        assert not any(char in shown for char in "\u00ad\u180e\u200f\u202e\u2060\u2064\u2066\U000e0041")
        assert_lines_fit(reader)
