"""What the stories are made from: the few facts of an article that topics, quality and grouping look at."""

from __future__ import annotations

from typing import NamedTuple


class Facts(NamedTuple):
    """One article, cleaned. ``page`` is the number of its page; ``published`` is in seconds since 1970 (UTC).

    ``domain`` is the provider's, without ``www.``; ``image`` and ``amp`` say
    whether there is a picture and an AMP form.
    """

    page: int
    published: int | None
    title: str
    excerpt: str = ""
    domain: str = ""
    image: bool = False
    amp: bool = False


def chronological(article: Facts) -> tuple[bool, int, int]:
    """Sort key of the one order in which articles are grouped: by time, then by page, those without a date first."""
    return article.published is not None, article.published or 0, article.page
