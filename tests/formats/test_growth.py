"""Documents take time in proportion to the bodies that they are made of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.growth import assert_linear_in
from tui_reader.formats.body_html import body_html
from tui_reader.formats.body_text import body_blocks
from tui_reader.formats.plain_text import lay_out
from tui_reader.model.shared_story import SharedStory
from tui_reader.model.story_markdown import story_markdown


def as_text(body: str) -> None:
    for _ in lay_out(body_blocks(body, "https://a.example/"), flowed=True):
        pass


def as_html(body: str) -> None:
    body_html(body, "https://a.example/", level=2)


def as_markdown(body: str) -> None:
    story_markdown(SharedStory("t", excerpt=body, body=body))


BODIES: dict[str, tuple[Callable[[str], None], Callable[[int], str], int]] = {
    "links as text": (as_text, lambda size: "".join(f"[a](/{at}) " for at in range(size)), 800),
    "links as HTML": (as_html, lambda size: "[![a](b)](c) " * size, 1000),
    "brackets as HTML": (as_html, lambda size: "[![" * size, 800),
    "lists in lists as text": (as_text, lambda size: "".join(f"{' ' * (at % 40)}- a\n" for at in range(size)), 800),
    "quotes in quotes as text": (as_text, lambda size: f"{'> ' * 90}a\n\n" * size, 80),
    "words without spaces": (as_text, lambda size: "漢" * size, 40_000),
    "tables as text": (as_text, lambda size: "| a | b |\n|---|---|\n" + "| c | d |\n" * size, 2000),
    "code that is never closed": (as_markdown, lambda size: "```\n# a\n" * size, 40_000),
}


@pytest.mark.parametrize("kind", BODIES)
def test_bodies(kind: str) -> None:
    write, make, size = BODIES[kind]
    assert_linear_in(write, make, size)
