"""Wording that several commands share."""

from __future__ import annotations

from tui_reader.model.text import visible
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.locations import is_remote


def shown_location(location: str) -> str:
    """Return the location of a source as it is printed: an address without its secrets."""
    return visible(redact_url(location) if is_remote(location) else location)
