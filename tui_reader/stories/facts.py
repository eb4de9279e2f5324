"""The facts about an article that quality and grouping are computed from."""

from __future__ import annotations

from tui_reader.named_tuple import NamedTuple


class Facts(NamedTuple):
    """An article, reduced to what the rules look at.

    ``page`` is its page id; ``published`` is in seconds since 1970 (UTC).
    ``domain`` is the provider's, without ``www.``. ``image`` and ``amp`` are
    true if it has a picture and an AMP form.
    """

    page: int
    published: int | None
    title: str
    excerpt: str = ""
    domain: str = ""
    image: bool = False
    amp: bool = False


def chronological(article: Facts) -> tuple[bool, int, int]:
    """Return the key that sorts articles for grouping: by date, then by page, those without a date first."""
    return article.published is not None, article.published or 0, article.page
