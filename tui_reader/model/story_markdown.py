"""Writes stories as Markdown that shows the words they have, whatever characters are in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_reader.model.dates import long_date
from tui_reader.model.shared_story import SharedArticle, SharedStory

# What Markdown could take for more than text, in a line that begins with a letter.
_SPECIAL = re.compile(r"[\\`*_\[\]<>&|~]")
# What it could at the beginning of a line.
_SPECIAL_START = re.compile(r"^(\d+)(?=[.)])|^(?=[#>+=:-])")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
_DEEPEST = 6


def story_markdown(story: SharedStory, *, level: int = 2) -> str:
    """Return ``story`` with its coverage below a heading of this ``level``; all of its parts end in a line feed."""
    blocks = [
        f"{'#' * level} {link(story.title, story.url)}",
        facts(story.itself, story.author),
        *_about(story),
        f"> {plain(story.summary)}" if story.summary else "",
        _below(story.body.strip("\n"), level),
    ]
    if story.related:
        coverage = "\n".join(f"- {coverage_line(each)}" for each in story.related)
        blocks += ["More on this story:", coverage]
    return "\n\n".join(filter(None, blocks)) + "\n"


def coverage_line(article: SharedArticle) -> str:
    """Return one article as a link with its provider and date."""
    return f"{link(article.title, article.url)} · {facts(article)}"


def facts(article: SharedArticle, author: str = "") -> str:
    """Return who published an article, and when."""
    day = "" if article.published is None else long_date(article.published)
    return plain(" · ".join(filter(None, [article.provider, author, day])))


def link(title: str, url: str | None) -> str:
    """Return ``title`` as a link to ``url``, or as it is where there is none."""
    text = _text(title)
    # An address in angle brackets may have parentheses in it; it has no angle brackets itself, being a safe one.
    return f"[{text}]({f'<{url}>' if '(' in url or ')' in url else url})" if url else text


def plain(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is, at the beginning of a line too."""
    return _SPECIAL_START.sub(lambda found: f"{found[1]}\\" if found[1] else "\\", _text(text))


def _about(story: SharedStory) -> Iterator[str]:
    """Yield what else is known about a story, each as a paragraph."""
    if story.lead is not None:
        yield f"Part of the story {coverage_line(story.lead)}"
    if story.tags:
        yield f"Tags: {_text(', '.join(story.tags))}"
    if story.note:
        yield "  \n".join(["Note:", *map(plain, story.note.splitlines())])
    if story.body and story.topics:
        yield f"Topics: {_text(', '.join(story.topics))}"
    if story.body and story.comments:
        yield link("Comments", story.comments)
    if story.body and story.media:
        yield "\n".join(f"- {link(kind, address)}" for kind, address in story.media)


def _below(body: str, level: int) -> str:
    """Return a body with its headings below one of this ``level``."""
    lines = []
    fence = ""
    for line in body.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark is not None and mark[1].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
        elif mark is not None:
            fence = mark[1]
        elif (found := _HEADING.match(line)) is not None:
            line = "#" * min(_DEEPEST, len(found[1]) + level) + line[found.end() :]  # noqa: PLW2901
        lines.append(line)
    if fence:
        lines.append(fence)  # what was cut off in code must not take what follows with it
    return "\n".join(lines)


def _text(text: str) -> str:
    """Escape what Markdown would take for more than text."""
    return _SPECIAL.sub(r"\\\g<0>", text)
