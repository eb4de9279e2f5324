"""Writes stories as plain text: the title, who says so and when, the text, and the coverage, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from tui_reader.formats.plain_text import Block
from tui_reader.model.dates import long_date
from tui_reader.model.shared_story import SharedArticle, SharedStory


def story_blocks(story: SharedStory, *, before: str = "") -> Iterator[Block]:
    """Yield ``story`` with its coverage as blocks; ``before`` stands before the title, such as a number."""
    yield Block(f"{before}{story.title}")
    yield from article_facts(story.itself, story.author)
    if story.lead is not None:
        yield from (Block(), Block(f"Part of the story: {story.lead.title}"), *article_facts(story.lead))
    about = list(_about(story))
    if about:
        yield from (Block(), *about)
    if story.summary:
        yield from (Block(), Block(story.summary))
    if story.body:
        from tui_reader.formats.body_text import body_blocks

        yield Block()
        yield from body_blocks(story.body, story.url)
    if story.related:
        yield from (Block(), Block(f"More on this story: {len(story.related)}"))
        for number, article in enumerate(story.related, 1):
            yield from (Block(), Block(f"{number}. {article.title}"), *article_facts(article))


def article_facts(article: SharedArticle, author: str = "") -> Iterator[Block]:
    """Yield who published an article and when, and its address."""
    day = "" if article.published is None else long_date(article.published)
    facts = ", ".join(filter(None, [article.provider, author, day]))
    if facts:
        yield Block(facts)
    if article.url:
        yield Block(article.url, fixed=True)


def _about(story: SharedStory) -> Iterator[Block]:
    if story.topics:
        yield Block(f"Topics: {', '.join(story.topics)}")
    if story.tags:
        yield Block(f"Tags: {', '.join(story.tags)}")
    if story.note:
        yield Block(f"Note: {story.note}")
    if story.comments:
        yield Block(f"Comments: {story.comments}", fixed=True)
    for kind, address in story.media:
        yield Block(f"{kind.capitalize()}: {address}", fixed=True)
