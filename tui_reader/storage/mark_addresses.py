"""Names the pages that marks are about, so that their ids could be computed anew."""

from __future__ import annotations

from tui_reader.model.urls import page_key

ADDRESS_COLUMNS = "a.page, coalesce(a.web_url, a.original_url, a.amp_url, a.cdn_amp_url), a.published, a.title"
"""What :func:`mark_address` needs of an article ``a``, after the id of its page."""


def mark_address(url: str | None, published: int | None, title: str) -> str:
    """Return the key of the page of an article, as marks have it; without an address, its date and title."""
    return page_key(url) if url else f"text:{published}:{title}"
