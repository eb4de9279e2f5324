"""Writes OPML 2.0, the format in which feed readers exchange lists of feeds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.utils import formatdate
from html import escape
from itertools import count
from xml.sax.saxutils import quoteattr

from tui_reader.model.weights import Weight
from tui_reader.subscriptions.opml_format import (
    INVALID_XML,
    NAMESPACE,
    QUALIFIED_NAME,
    XML_NAMESPACE,
    is_preserved_attribute,
)
from tui_reader.subscriptions.subscription import Subscription, with_credentials


def write_opml(
    subscriptions: Iterable[Subscription], *, title: str, created: float | None = None, passwords: bool = False
) -> str:
    """Return ``subscriptions`` as OPML 2.0. All of them must have http or https addresses.

    ``created`` is in seconds since 1970. ``passwords`` includes user names and
    passwords in the addresses.
    """
    feeds = list(subscriptions)
    prefixes = _prefixes(feeds)
    declarations = "".join(
        f" xmlns:{prefix}={_quoted(namespace)}" for namespace, prefix in prefixes.items() if namespace != XML_NAMESPACE
    )
    date = [] if created is None else [f"    <dateCreated>{formatdate(created, usegmt=True)}</dateCreated>"]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0"{declarations}>',
        "  <head>",
        f"    <title>{escape(INVALID_XML.sub(' ', title), quote=False)}</title>",
        *date,
        "  </head>",
        "  <body>",
        *_body(feeds, 0, prefixes, passwords),
        "  </body>",
        "</opml>",
    ]
    return "\n".join(lines) + "\n"


def _prefixes(feeds: Sequence[Subscription]) -> dict[str, str]:
    """Return a prefix for each namespace of an attribute."""
    prefixes = {XML_NAMESPACE: "xml"}
    if any(_own_attributes(feed) for feed in feeds):
        prefixes[NAMESPACE] = "news"
    for feed in feeds:
        for name, _ in feed.attributes:
            match = QUALIFIED_NAME.fullmatch(name)
            if match and match[1]:
                prefixes.setdefault(match[1], f"ns{len(prefixes)}")
    return prefixes


def _body(feeds: Sequence[Subscription], depth: int, prefixes: dict[str, str], passwords: bool) -> Iterable[str]:
    """Yield the outlines of one folder. An inner folder comes where its first feed is."""
    indent = "  " * (depth + 2)
    here: dict[str | int, list[Subscription]] = {}
    number = count()
    for feed in feeds:
        here.setdefault(feed.folder[depth] if len(feed.folder) > depth else next(number), []).append(feed)
    for name, inside in here.items():
        if isinstance(name, int):
            yield f"{indent}<outline{_attributes(inside[0], prefixes, passwords)}/>"
        else:
            yield f"{indent}<outline text={_quoted(name)}>"
            yield from _body(inside, depth + 1, prefixes, passwords)
            yield f"{indent}</outline>"


def _attributes(feed: Subscription, prefixes: dict[str, str], passwords: bool) -> str:
    address = with_credentials(feed) if passwords else feed.location
    title = feed.title or feed.location
    pairs = {"text": title, "title": title, "type": "rss", "xmlUrl": address}
    for name, value in feed.attributes:
        match = QUALIFIED_NAME.fullmatch(name)
        if match and is_preserved_attribute(name):
            pairs[f"{prefixes[match[1]]}:{match[2]}" if match[1] else name] = value
    pairs |= {f"news:{name}": value for name, value in _own_attributes(feed).items()}
    return "".join(f" {name}={_quoted(value)}" for name, value in pairs.items())


def _own_attributes(feed: Subscription) -> dict[str, str]:
    """Return what OPML has no attribute for."""
    pairs = {
        "topics": ", ".join(feed.topics),
        "paused": "true" if feed.paused else "",
        "every": f"{feed.every}" if feed.every else "",
        "weight": "" if feed.weight is Weight.NORMAL else feed.weight.value,
        "apart": "true" if feed.apart else "",
        "fullText": "true" if feed.full_text else "",
        "selector": feed.selector,
    }
    return {name: value for name, value in pairs.items() if value}


def _quoted(value: str) -> str:
    return quoteattr(INVALID_XML.sub(" ", value))
