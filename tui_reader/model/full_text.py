"""The full text of an article, as it was read from its page."""

from __future__ import annotations

from tui_reader.named_tuple import NamedTuple


class FullText(NamedTuple):
    """What the page of an article gave when it was asked.

    ``page`` is the id of the article's page. ``text`` is Markdown, made of the
    web page at ``address``; ``problem`` says why there is none, or only the
    beginning of one. ``tried`` is in seconds since 1970. ``on_disk`` is true if
    the article is in a file, and so kept whatever feeds list.
    """

    page: int
    address: str
    text: str = ""
    problem: str = ""
    tried: int = 0
    on_disk: bool = False
