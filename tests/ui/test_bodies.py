"""No word of a body is lost: all of them are on the screen, in order, and nothing twice."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from tests.ui.bodies import FEED, FILES, Body
from tests.ui.pages import write_page
from tests.ui.reader import Reader, reading

_SIGNS = re.compile(r"[•◦▪▌│─]")
_NUMBERS = re.compile(r"\[\d+\]|[⁰¹²³⁴-⁹]")


def words_of(text: str) -> list[str]:
    """Return the words of a text without the numbers of links and notes, bullets and rules."""
    return _SIGNS.sub(" ", _NUMBERS.sub("", text)).split()


def body_words(reader: Reader) -> list[str]:
    """Return the words of the body on the screen, which begins after the title, the facts and the excerpt."""
    lines = [line.strip(" │") for line in reader.part(reader.story)]
    return words_of("\n".join(lines[lines.index("The excerpt is another one.") + 1 :]))


async def read_all(reader: Reader, bodies: dict[str, Body]) -> dict[str, tuple[str, str]]:
    """Return what is wrong: by name of the body, its words on the screen and those that are expected."""
    wrong = {}
    assert len(reader.stories.order) == len(bodies)
    for _ in bodies:
        expected = words_of(bodies[reader.cursor].words)
        await reader.until(lambda: reader.opened == reader.cursor, "the story")
        found = body_words(reader)
        if found != expected:
            wrong[reader.cursor] = (" ".join(found), " ".join(expected))
        await reader.press("j")
    return wrong


async def test_all_words_of_feeds_are_on_the_screen(tmp_path: Path) -> None:
    items = "".join(
        f"<item><title>{name}</title><link>https://a.example/{at}</link>"
        f"<description>The excerpt is another one.</description>"
        f"<content:encoded>{escape(body.text)}</content:encoded></item>"
        for at, (name, body) in enumerate(FEED.items())
    )
    feed = tmp_path / "feed.xml"
    feed.write_text(
        '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Rain</title>'
        f"{items}</channel></rss>"
    )
    async with reading(feed, size=(170, 50)) as reader:
        wrong = await read_all(reader, FEED)
        assert not wrong, "\n".join(f"{name}:\n  {found}\n  {wanted}" for name, (found, wanted) in wrong.items())


async def test_all_words_of_files_are_on_the_screen(tmp_path: Path) -> None:
    for at, (name, body) in enumerate(FILES.items()):
        # Those with a heat of their own are no stories of each other.
        write_page(tmp_path / "_posts", name, body=body.text, excerpt="The excerpt is another one.", heat=99 - at)
    async with reading(tmp_path, size=(170, 50)) as reader:
        wrong = await read_all(reader, FILES)
        assert not wrong, "\n".join(f"{name}:\n  {found}\n  {wanted}" for name, (found, wanted) in wrong.items())
