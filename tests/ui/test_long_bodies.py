"""Bodies are laid out in steps: keys are answered meanwhile, all of the text can be reached, and a bound is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.style import Style

from tests.support.growth import assert_linear_in
from tests.ui.pages import write_page
from tests.ui.reader import reading
from tui_reader.sources.markdown_parts import parts
from tui_reader.ui.widgets import body_text
from tui_reader.ui.widgets.body_text import BodyText, body_links
from tui_reader.ui.widgets.link_numbers import LinkNumbers
from tui_reader.ui.widgets.markdown_lines import markdown_lines
from tui_reader.ui.widgets.palette import Palette

PLAIN = Style()
COLOURS = Palette(PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, heats=())
SENTENCE = "It rained on [the river](https://cloud.example/r) all *day* long and **nobody** said so. "


def shown(body: str, width: int = 60) -> list[str]:
    """Return the lines of a body, laid out step by step."""
    text = BodyText(body, width, COLOURS, address="https://cloud.example/")
    while not text.is_complete:
        text.grow()
    return ["".join(piece for piece, _ in line).rstrip() for line in text.lines][1:]


def words(lines: list[str]) -> list[str]:
    return " ".join(lines).split()


def test_a_short_text_is_one_part() -> None:
    assert [part.text for part in parts("# A\n\nb")] == ["# A\n\nb"]


LONG = {
    "paragraphs": "\n\n".join(f"word{at} and more of it." for at in range(200)),
    "one line": " ".join(f"word{at}" for at in range(2000)),
    "lines": "\n".join(f"word{at}" for at in range(500)),
    "a list": "\n".join(f"- word{at}\n  and more" for at in range(200)),
    "a quote": "\n".join(f"> word{at}" for at in range(300)),
    "a long quote": "> > " + " ".join(f"word{at}" for at in range(2000)),
    "code": "```\n" + "\n".join(f"word{at} = *1*" for at in range(300)) + "\n```",
    "indented code": "\n".join(f"    word{at}" for at in range(500)),
    "a table": "| a | b |\n| --- | --- |\n" + "\n".join(f"| word{at} | x |" for at in range(300)),
}


@pytest.mark.parametrize("kind", LONG)
def test_the_parts_of_a_text_have_all_of_its_words_in_their_order(kind: str) -> None:
    made = list(parts(LONG[kind]))
    assert len(made) > 1
    assert all(len(part.text) < 8000 and part.text.count("\n") < 200 for part in made)
    found = [word for word in words(shown(LONG[kind])) if word.startswith("word")]
    assert found == [f"word{at}" for at in range(len(found))]
    assert found[-1] in LONG[kind][-40:]


def test_what_is_split_looks_as_if_it_were_not() -> None:
    for kind in ("paragraphs", "code"):
        whole = markdown_lines(LONG[kind], 60, COLOURS, LinkNumbers())
        lines = ["".join(text for text, _ in line).rstrip() for line in whole]
        assert [line for line in shown(LONG[kind]) if line] == [line for line in lines if line]
    for paragraph in ("word " * 700, "- " + "word " * 700):
        assert {len(line.strip("• ")) for line in shown(f"{paragraph}\n\nEnd.")[:-3]} <= {54, 59}
    items = shown("\n".join(f"{at}. item" for at in range(1, 200)))
    assert [line.split() for line in items] == [[f"{at}.", "item"] for at in range(1, 200)]
    # The items of a list that stand apart do so where it is split, too.
    for apart in ("\n\n", "\n"):
        items = shown(apart.join(f"- item {at}\n\n  and more" for at in range(200)))
        assert ["".join(items[at : at + 4])[:6] for at in range(0, 800, 4)] == ["• item"] * 200


def test_a_long_paragraph_is_not_split_inside_links_emphasis_or_code() -> None:
    of_each = (
        f"[link number {at}](https://cloud.example/{at}) is **bold as {at}** or `code * {at}`" for at in range(99)
    )
    lines = shown(" and ".join(of_each))
    assert not [line for line in lines if any(mark in line for mark in ("](", "**", "`"))]
    assert len(body_links(" and ".join(f"[a b]({at}.html)" for at in range(300)), "https://cloud.example/")) == 300


def test_links_find_addresses_that_are_defined_in_another_part() -> None:
    address = "https://cloud.example/river?" + "x" * 1000
    body = f"See [the river][r], [R] or [rain](/rain).\n\n{LONG['paragraphs']}\n\n[r]: {address}\n"
    assert shown(body, 200)[0] == "See the river[1], R[1] or rain[2]."
    links = body_links(body, "https://cloud.example/a/b")
    assert links == [(1, "the river", address), (2, "rain", "https://cloud.example/rain")]


@pytest.mark.parametrize(
    "piece", ["[a][a]", "![", "`x", "*a_ ", "> ", "- ", "|a|b|\n", "```\n", "[a]: b\n", "x\n\n", "漢"]
)
def test_laying_out_takes_linear_time(piece: str) -> None:
    assert_linear_in(shown, lambda size: piece * size, 12_000 // len(piece))


def test_text_begins_right_below_a_picture() -> None:
    for picture in ("![a](/a.png)", "[![a](/a.png)](/b)"):
        for between in ("", "  \n"):
            assert shown(f"x\n\n{picture}{between}Text") == ["x", "", "image: a[1]", "Text"]


def test_lists_count_as_the_text_does() -> None:
    assert shown("7. a\n6. b\n\n1) c") == ["7. a", "6. b", "", "1. c"]


@pytest.mark.parametrize("width", [60, 120])
def test_a_table_too_wide_for_the_screen_is_shown_row_by_row(width: int) -> None:
    heads = [f"heading{at}" for at in range(20)]
    rows = [[f"{row}value{at}" for at in range(20)] for row in "ab"]
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, ["---"] * 20, *rows])
    lines = shown(table, width)
    assert lines[:2] == ["heading0: avalue0", "heading1: avalue1"]
    assert "heading19: bvalue19" in lines and max(map(len, lines)) <= width
    narrow = shown("| a | b |\n| --- | --- |\n| 1 | 2 |", width)
    assert [line.split() for line in narrow if line.strip(" ─")] == [["a", "b"], ["1", "2"]]
    headless = shown("|  |  |\n| --- | --- |\n| 1 | 2 |", width)
    assert [line.split() for line in headless if line.strip()] == [["1", "2"]]


def test_code_that_is_too_wide_goes_on_below_its_beginning() -> None:
    assert shown("```\n    x = first_of(the_river, the_rain)\n```", 30) == [
        "      x = first_of(the_river,",
        "        the_rain)",
    ]
    assert max(map(len, shown(f"```\n{' ' * 40}x = y + 1\n```", 30))) <= 30


def test_code_and_quotes_are_shown_as_they_are() -> None:
    assert shown("```\n  x = *a* <b> &amp;\n\n  y\n```") == ["    x = *a* <b> &amp;", "", "    y"]
    assert [line.split() for line in shown("> a\n> > b")] == [["▌", "a"], ["▌"], ["▌", "▌", "b"]]


async def test_keys_are_answered_while_a_long_body_is_laid_out(tmp_path: Path) -> None:
    write_page(tmp_path / "news", "Rain", body=f"{SENTENCE}\n\n" * 4000, quality=90)
    write_page(tmp_path / "news", "Snow", body="It snowed.", quality=10)
    async with reading(tmp_path / "news", size=(160, 40)) as reader:
        view = reader.story
        await reader.press("enter")
        assert not reader.is_laid_out
        before = view.count()
        await reader.press("space")
        assert view.scroll_offset.y > 0 and not reader.is_laid_out
        await reader.until(lambda: view.count() > before + 100, "more of the text")
        await reader.press("escape", "j")
        assert reader.opened == "Snow" and reader.is_laid_out
        await reader.until_seen("It snowed.")


async def test_the_end_of_a_long_body_can_be_reached_and_a_mark_lays_nothing_out_again(tmp_path: Path) -> None:
    write_page(tmp_path / "news", "Rain", body=f"{SENTENCE}\n\n" * 150 + "The very end.")
    async with reading(tmp_path / "news", size=(160, 40)) as reader:
        await reader.press("enter")
        await reader.until_laid_out()
        await reader.press("G")
        await reader.until_seen("The very end.")
        await reader.press("s")
        assert reader.is_laid_out
        await reader.until_seen("The very end.")


async def test_the_text_beyond_the_bound_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_text, "MAX_BODY_LINES", 100)
    write_page(tmp_path / "news", "Rain", body="\n\n".join(f"word{at}" for at in range(500)))
    async with reading(tmp_path / "news", size=(160, 40)) as reader:
        await reader.press("enter")
        await reader.until_laid_out()
        await reader.press("G")
        await reader.until_seen("word49", "The rest of this text is left out: press o")
