"""Makes of a story that was read from the index the one that documents show."""

from __future__ import annotations

from tui_reader.model.shared_story import SharedArticle, SharedStory
from tui_reader.storage.export import Coverage, ExportedStory


def shared(story: ExportedStory) -> SharedStory:
    """Return ``story`` as documents show it."""
    return SharedStory(
        story.title,
        story.url,
        story.provider or story.domain,
        story.published,
        story.author,
        story.excerpt,
        story.body,
        story.topics,
        tuple(map(shared_article, story.related)),
        None if story.lead is None else shared_article(story.lead),
        story.comments_url,
        story.media,
        story.tags,
        story.note,
    )


def shared_article(article: Coverage) -> SharedArticle:
    """Return one article of the coverage as documents show it."""
    return SharedArticle(article.title, article.url, article.provider or article.domain, article.published)
