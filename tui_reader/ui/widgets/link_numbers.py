"""Numbers the links of a text, in the order in which they are read."""

from __future__ import annotations

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.html.syntax import resolve_url


class BodyLink(NamedTuple):
    """A link of a text: its number, the words that it is under, and its address."""

    number: int
    words: str
    address: str


class LinkNumbers:
    """The links of one text. An address that occurs again keeps its number."""

    def __init__(self, base: str = "") -> None:
        """``base`` is the address of the text: links may be relative to it."""
        self._base = base
        self._links: dict[str, BodyLink] = {}
        self._resolved: dict[str, str | None] = {}

    def resolve(self, reference: str) -> str | None:
        """Return the address of a link, or ``None`` where it is no web page or a place in this text."""
        if reference not in self._resolved:
            self._resolved[reference] = resolve_url(reference, self._base)
        return self._resolved[reference]

    def number(self, address: str, words: str) -> int:
        """Return the number of an address that :meth:`resolve` returned; ``words`` are those that link to it."""
        link = self._links.get(address)
        if link is None:
            link = self._links[address] = BodyLink(len(self._links) + 1, words, address)
        elif words and not link.words:
            self._links[address] = link._replace(words=words)
        return link.number

    def all(self) -> list[BodyLink]:
        """Return the links so far, in the order of their numbers."""
        return list(self._links.values())
