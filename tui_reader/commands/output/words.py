"""Wording that several commands share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tui_reader.model.text import visible
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.locations import is_remote

if TYPE_CHECKING:
    from tui_reader.model.story import StoryRow


def titles(rows: Sequence[StoryRow], total: int) -> Iterator[str]:
    """Yield the titles and providers of the first of ``total`` articles, a line each, and how many more there are."""
    for row in rows:
        yield f"  {visible(row.title)}" + (f" · {visible(row.provider.name)}" if row.provider.name else "")
    if total > len(rows):
        yield f"  … and {total - len(rows):,} more"


def shown_location(location: str) -> str:
    """Return the location of a source as it is printed: an address without its secrets."""
    return visible(redact_url(location) if is_remote(location) else location)
