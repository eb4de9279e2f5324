"""The addresses of an article, the files that come with it, and its provider."""

from __future__ import annotations

from tui_reader.named_tuple import NamedTuple


class Links(NamedTuple):
    """The addresses of one article, each safe to open or ``None``."""

    original: str | None = None
    web: str | None = None
    amp: str | None = None
    cdn_amp: str | None = None

    def best(self) -> str | None:
        """Return the address to open: original, else web, AMP or AMP cache."""
        return self.original or self.web or self.amp or self.cdn_amp

    def identity(self) -> str | None:
        """Return the address that identifies the article, or ``None`` without any.

        The web address comes first, because it is the one that related entries give.
        """
        return self.web or self.original or self.amp or self.cdn_amp

    def all(self) -> tuple[str, ...]:
        """Return all distinct addresses, the one to open first."""
        every = (self.original, self.web, self.amp, self.cdn_amp)
        return tuple(dict.fromkeys(url for url in every if url))


class Enclosure(NamedTuple):
    """A file that comes with an article: its kind, such as ``audio`` or ``pdf``, and its address."""

    kind: str
    address: str


class Provider(NamedTuple):
    """The publisher of an article."""

    name: str = ""
    domain: str = ""
