"""Writes a story in the forms in which it is pasted elsewhere: with its link, as Markdown, with its coverage."""

from __future__ import annotations

from collections.abc import Mapping

from tui_reader.model.counted import counted
from tui_reader.model.links import Links
from tui_reader.model.shared_story import shared_story
from tui_reader.model.story import Story
from tui_reader.model.story_markdown import link, story_markdown
from tui_reader.named_tuple import NamedTuple


class StoryForm(NamedTuple):
    """A form of a story: its name with a remark, the text itself, and what a message calls it."""

    label: str
    remark: str
    text: str
    shown: str


def story_forms(story: Story, links: Mapping[int, Links]) -> list[StoryForm]:
    """Return the forms of ``story``; ``links`` has the addresses of its coverage, by article."""
    title, url = story.row.title, story.links.best()
    count = len(story.related)
    others = f"and {counted(count, 'other article')}" if count else ""
    whole = story_markdown(shared_story(story, links))
    return [
        StoryForm("Title and link", "", f"{title}\n{url}" if url else title, f"title and link: {title}"),
        StoryForm("Markdown link", "", link(title, url), f"Markdown link: {title}"),
        StoryForm("Story with its coverage, as Markdown", others, whole, f"Markdown: {title}"),
    ]
