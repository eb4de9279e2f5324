"""Stories as JSON objects, with the keys of the front matter."""

from __future__ import annotations

from typing import Any

from tui_reader.model.dates import iso_date
from tui_reader.model.trending import Cooling
from tui_reader.storage.export import Coverage, ExportedStory


def as_fields(story: ExportedStory, cooling: Cooling, *, bodies: bool = False) -> dict[str, Any]:
    """Return ``story`` with the keys of the front matter; a missing value is ``None``.

    ``hot`` is the heat as the order “hot” has it, by ``cooling``. With
    ``bodies``, the body is there too. ``id`` is a text, because other programs
    round numbers of its size.
    """
    fields = {
        "id": f"{story.page}",
        "title": story.title,
        "excerpt": story.excerpt or None,
        "publishedDateTime": iso_date(story.published),
        "webUrl": story.web_url,
        "originalUrl": story.original_url,
        "ampWebUrl": story.amp_url,
        "type": story.kind,
        "quality": story.quality,
        "heat": story.heat,
        "hot": cooling.cooled(story.heat, story.published),
        "published": story.shown,
        "provider": _provider(story.provider, story.domain),
        "author": story.author or None,
        "topics": story.topics,
        "related": [coverage_fields(entry) for entry in story.related],
        "lead": None if story.lead is None else coverage_fields(story.lead),
        "match": None if story.match is None else coverage_fields(story.match),
        "commentsUrl": story.comments_url,
        "media": [{"kind": kind, "url": address} for kind, address in story.media],
        "read": story.read,
        "unread": story.unread,
        "new": story.new,
        "saved": story.saved,
        "tags": story.tags,
        "note": story.note or None,
        "source": story.source,
        "sources": story.sources,
    }
    return fields | {"body": story.body or None} if bodies else fields


def coverage_fields(entry: Coverage) -> dict[str, Any]:
    """Return a related article, or a lead, with the keys of a related entry."""
    return {
        "title": entry.title,
        "webUrl": entry.web_url,
        "provider": _provider(entry.provider, entry.domain),
        "publishedDateTime": iso_date(entry.published),
        "quality": entry.quality,
    }


def _provider(name: str, domain: str) -> dict[str, str | None]:
    return {"name": name or None, "domain": domain or None}
