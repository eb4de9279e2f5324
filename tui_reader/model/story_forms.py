"""Writes a story in the forms in which it is pasted elsewhere: with its link, as Markdown, with its coverage."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui_reader.model.dates import long_date
from tui_reader.model.links import Links
from tui_reader.model.story import Story, StoryRow
from tui_reader.named_tuple import NamedTuple

# What Markdown could take for more than text, in a line that begins with a letter.
_SPECIAL = re.compile(r"[\\`*_\[\]<>&|~]")
# What it could at the beginning of a line.
_SPECIAL_START = re.compile(r"^(\d+)(?=[.)])|^(?=[#>+=:-])")


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
    others = f"and {count} other article{'' if count == 1 else 's'}" if count else ""
    return [
        StoryForm("Title and link", "", f"{title}\n{url}" if url else title, f"title and link: {title}"),
        StoryForm("Markdown link", "", _link(title, url), f"Markdown link: {title}"),
        StoryForm("Story with its coverage, as Markdown", others, _whole(story, links), f"Markdown: {title}"),
    ]


def _whole(story: Story, links: Mapping[int, Links]) -> str:
    row = story.row
    lines = [f"## {_link(row.title, story.links.best())}", "", _facts(row, story.author)]
    if row.excerpt:
        lines += ["", f"> {_start(_text(row.excerpt))}"]
    if story.related:
        lines += ["", "More on this story:", ""]
        lines += [
            f"- {_link(each.title, links.get(each.article, Links()).best())} · {_facts(each)}" for each in story.related
        ]
    return "\n".join(lines) + "\n"


def _facts(row: StoryRow, author: str = "") -> str:
    facts = [row.provider.name, author, "" if row.published is None else long_date(row.published)]
    return _start(_text(" · ".join(filter(None, facts))))


def _link(title: str, url: str | None) -> str:
    text = _text(title)
    # An address in angle brackets may have parentheses in it; it has no angle brackets itself, being a safe one.
    return f"[{text}]({f'<{url}>' if '(' in url or ')' in url else url})" if url else text


def _text(text: str) -> str:
    """Escape what Markdown would take for more than text."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _start(text: str) -> str:
    """Escape what Markdown would take for the beginning of a list, heading or quotation."""
    return _SPECIAL_START.sub(lambda found: f"{found[1]}\\" if found[1] else "\\", text)
