"""What the rules of site generators get, a page, and what they make of it, its place on the site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.addresses.local_dates import local_date

_LONGEST = 2000  # characters of a field that an address is made of
_MOST = 100  # values of one field

MAX_ALIASES = 50
"""Most aliases of one page."""


class Page(NamedTuple):
    """A file of a site: its folders, its name without the ending, and what its front matter says.

    ``fields`` have names in lower case. ``written`` is the date of the article
    as it is written, under whatever name; ``title`` is that of the article.
    """

    folders: tuple[str, ...]
    stem: str
    ending: str
    fields: Mapping[str, object]
    written: str = ""
    title: str = ""

    def path(self) -> str:
        """Return the path of the file."""
        return "/".join((*self.folders, self.stem + self.ending))

    def text(self, name: str) -> str:
        """Return a field as a line of text, empty without it."""
        value = self.fields.get(name)
        return str(value).strip()[:_LONGEST] if isinstance(value, (str, int, float)) else ""

    def texts(self, name: str) -> list[str]:
        """Return a field that is a list or one value as lines of text."""
        value = self.fields.get(name)
        items = value[:_MOST] if isinstance(value, (list, tuple)) else [value]
        texts = (str(item).strip()[:_LONGEST] for item in items if isinstance(item, (str, int, float)))
        return [text for text in texts if text]

    def date(self, name: str) -> datetime | None:
        """Return the date in a field, as it is written there."""
        value = self.fields.get(name)
        return None if value is None else local_date(value)

    def known_date(self) -> datetime | None:
        """Return the date of the article, in UTC if it is written in words."""
        if not self.written:
            return None
        from tui_reader.sources.article_fields import written_date

        date = local_date(self.written)
        seconds = written_date(self.written) if date is None else None
        return date if seconds is None else datetime.fromtimestamp(seconds, UTC)


class Place(NamedTuple):
    """The path of a page on its site, and other paths that lead to it; ``base`` where that is not the site's."""

    path: str
    aliases: tuple[str, ...] = ()
    base: str = ""


class Rules(Protocol):
    """How a generator makes the path of a page of what its file is called and says."""

    def place(self, page: Page) -> Place | None:
        """Return where ``page`` is on the site; ``None`` if that cannot be told."""
