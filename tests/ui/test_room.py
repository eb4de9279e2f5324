"""Room to read: the width of the text, and who has the screen."""

from __future__ import annotations

from pathlib import Path

from tests.ui.pages import write_page
from tests.ui.reader import Reader, reading
from tui_reader.config import folders

LONG = "A long read"
WORDS = " ".join(f"word{number}" for number in range(2000))


def write_settings(text: str) -> None:
    """Write ``config.toml``."""
    path = folders().settings
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


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
