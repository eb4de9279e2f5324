"""What the rules of site generators get, a page, and what they make of it, its place on the site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.addresses.local_dates import written_date

MAX_ALIASES = 50
"""Most aliases of one page."""


class Page(NamedTuple):
    """A file of a site: its folders, its name without the ending, and what its front matter says.

    ``fields`` have names in lower case. ``published`` is in seconds since
    1970, ``title`` is that of the article.
    """

    folders: tuple[str, ...]
    stem: str
    ending: str
    fields: Mapping[str, object]
    published: int | None = None
    title: str = ""

    def path(self) -> str:
        """Return the path of the file."""
        return "/".join((*self.folders, self.stem + self.ending))

    def text(self, name: str) -> str:
        """Return a field as a line of text, empty without it."""
        value = self.fields.get(name)
        return str(value).strip() if isinstance(value, (str, int, float)) else ""

    def texts(self, name: str) -> list[str]:
        """Return a field that is a list or one value as lines of text."""
        value = self.fields.get(name)
        items = value if isinstance(value, (list, tuple)) else [value]
        return [text for item in items if isinstance(item, (str, int, float)) and (text := str(item).strip())]

    def date(self, *names: str) -> datetime | None:
        """Return the first date among the fields called ``names``, as it is written there."""
        for name in names:
            value = self.fields.get(name)
            if value is not None and (date := written_date(value)) is not None:
                return date
        return None

    def published_date(self) -> datetime | None:
        """Return the date of the article in UTC."""
        return None if self.published is None else datetime.fromtimestamp(self.published, UTC)


class Place(NamedTuple):
    """The path of a page on its site, and other paths that lead to it; ``base`` where that is not the site's."""

    path: str
    aliases: tuple[str, ...] = ()
    base: str = ""


class Rules(Protocol):
    """How a generator makes the path of a page of what its file is called and says."""

    def place(self, page: Page) -> Place | None:
        """Return where ``page`` is on the site; ``None`` if that cannot be told."""
