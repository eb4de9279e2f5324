"""Where an article is found: its addresses, and who published it."""

from __future__ import annotations

from typing import NamedTuple


class Links(NamedTuple):
    """The addresses of one article, each safe to open or absent."""

    original: str | None = None
    web: str | None = None
    amp: str | None = None
    cdn_amp: str | None = None

    def best(self) -> str | None:
        """The page to open: original, else web, else AMP, else the AMP cache."""
        return self.original or self.web or self.amp or self.cdn_amp

    def identity(self) -> str | None:
        """The address by which the article is known.

        Related entries name their page by its web address, so that comes
        first here; ``None`` where the article has no address at all.
        """
        return self.web or self.original or self.amp or self.cdn_amp

    def all(self) -> tuple[str, ...]:
        """Every address, each once, the one to open first."""
        every = (self.original, self.web, self.amp, self.cdn_amp)
        return tuple(dict.fromkeys(url for url in every if url))


class Provider(NamedTuple):
    """Who published an article."""

    name: str = ""
    domain: str = ""
