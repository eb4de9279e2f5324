"""Parses feeds (RSS, Atom, RDF, JSON Feed) into articles, dropping invalid values with a note."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tui_reader.errors import ArticleError, SourceError
from tui_reader.model.article import Article
from tui_reader.model.dates import DAY
from tui_reader.model.feed_entry import Entry
from tui_reader.model.links import Enclosure, Links, Provider
from tui_reader.model.text import clean_block, clean_line, clean_text
from tui_reader.model.urls import domain_of, repaired_url, safe_url
from tui_reader.sources.article_fields import (
    MAX_AUTHORS,
    MAX_IMAGES,
    TEXT_LENGTH,
    author_line,
    cut,
    first_paragraph,
    first_words,
    title_instead,
)
from tui_reader.sources.feeds.encoding import decode_feed
from tui_reader.sources.feeds.identification import feed_pages, identified
from tui_reader.sources.feeds.json_feed import read_json_feed
from tui_reader.sources.feeds.raw_feed import MAX_ENTRIES, RawEntry, RawFeed
from tui_reader.sources.feeds.rss_atom import read_xml_feed
from tui_reader.sources.feeds.xml_repair import is_html_page
from tui_reader.sources.html.markdown import convert_html
from tui_reader.sources.html.syntax import resolve_url
from tui_reader.sources.html.writer import ConvertedHtml
from tui_reader.sources.written_dates import months_come_first, parse_feed_date

_SIGNATURE = re.compile(r"\s*The post (?:\S.{0,600}?)?appeared first on .{1,300}\Z", re.DOTALL)
_SIGNATURE_LENGTH = 1000  # characters at the end of a text in which it is searched
_TAGS = re.compile(r"</[a-zA-Z]|<br\b")
_AGGREGATED_HOSTS = 5  # a feed that links to fewer hosts is not an aggregator
_PLAYABLE = frozenset({"video", "audio"})
_MAX_ENCLOSURES = 20
_YOUTUBE = frozenset({"youtube.com", "m.youtube.com", "youtu.be", "youtube-nocookie.com"})
# More or longer categories are keywords for search engines, not topics.
_MAX_CATEGORIES = 5
_CATEGORY_LENGTH = 30  # characters
_CATEGORY_WORDS = 3
_NO_TOPICS = frozenset({"uncategorized", "general", "blog", "news", "post", "posts", "article", "articles", "all"})


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed.

    - ``page``: the web page that it belongs to.
    - ``ttl_minutes``: how long the publisher asks to wait before the next request.
    - ``notes``: what could not be read.
    """

    title: str = ""
    page: str | None = None
    ttl_minutes: int | None = None
    entries: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()


def parse_feed(data: bytes, content_type: str, address: str, *, now: int) -> Feed:
    """Parse a feed fetched from ``address``, with its entries in the publisher's order.

    Of the ``content_type`` header, only the charset is used. ``now`` is in
    seconds since 1970: articles dated more than a day later get this date.
    Raises :class:`SourceError` where ``data`` is not a feed, and no other error.
    """
    text = decode_feed(data, content_type).lstrip("\ufeff \t\r\n\0")
    if not text:
        raise SourceError("not a feed: the response is empty; try again later or check the address")
    raw = _read(text)
    # A feed that was saved or copied says where it belongs.
    base = _join(address, raw.base) if raw.base else resolve_url(raw.address, address) or address
    page = resolve_url(raw.page, base)
    feed = Feed(title=_line(raw.title), page=page, ttl_minutes=raw.ttl_minutes)
    notes = list(raw.notes)
    if raw.omitted:
        notes.append(f"only the first {MAX_ENTRIES:,} entries were read, {raw.omitted} were left out")
    found = _parsed(feed, base, now, raw.entries, feed_pages(address, page), remembered=bool(address))
    entries = tuple(entry for entry in found if entry is not None)
    if empty := len(found) - len(entries):
        notes.append(f"entries left out because they have no title, text or address: {empty}")
    return replace(feed, entries=entries, notes=tuple(notes))


def parse_entries(raw: Sequence[RawEntry], address: str, title: str, page: str, *, now: int) -> list[Entry | None]:
    """Parse entries that come without the feed at ``address``, in their order; ``None`` for those without content.

    ``title`` and ``page`` are those of the feed. ``now`` is as in :func:`parse_feed`.
    """
    feed = Feed(title=_line(title), page=resolve_url(page, address))
    return _parsed(feed, address, now, raw, feed_pages(address, feed.page), remembered=True)


def _parsed(
    feed: Feed, base: str, now: int, raw: Sequence[RawEntry], own: Container[str], *, remembered: bool
) -> list[Entry | None]:
    """Return the entries of a feed; ``None`` for each without title, text and address."""
    builder = _ArticleBuilder(feed, base, now, raw)
    entries: list[Entry | None] = []
    for each in raw:
        try:
            article = builder.article(each)
        except ArticleError:
            entries.append(None)
            continue
        entries.append(identified(each.identifier, article, own, remembered=remembered))
    return entries


def _read(text: str) -> RawFeed:
    if text.startswith(("{", "[")):
        return read_json_feed(text)
    try:
        return read_xml_feed(text)
    except SourceError as error:
        if is_html_page(text):
            raise SourceError("a web page, not a feed: give the address of one of its feeds") from error
        raise


def _is_aggregator(entries: Collection[RawEntry], home: str) -> bool:
    """Return whether a feed lists articles of others: most of its entries are on other hosts, and on many.

    Several hosts are required because a tracking service puts all links of a
    feed on one other host.
    """
    links = [link for entry in entries if (link := safe_url(entry.link))]
    others = [host for host in map(domain_of, links) if host != home]
    return len(set(others)) >= _AGGREGATED_HOSTS and len(others) * 2 > len(entries)


def _join(address: str, base: str) -> str:
    return resolve_url(base, address) or address


def _line(text: str) -> str:
    """Return a title as one line without HTML tags. ``List<String>`` has none."""
    return clean_line(text, strip_tags=bool(_TAGS.search(text)))


class _ArticleBuilder:
    """Builds the articles of one feed."""

    def __init__(self, feed: Feed, address: str, now: int, entries: Collection[RawEntry]) -> None:
        self._feed = feed
        self._base = feed.page or address
        self._home = domain_of(self._base)
        self._is_aggregator = _is_aggregator(entries, self._home)
        self._now = now
        self._entries = entries

    def article(self, raw: RawEntry) -> Article:
        """Return the article of an entry. Raises :class:`ArticleError` where it has neither text nor address."""
        base = _join(self._base, raw.base)
        link = resolve_url(raw.link, base)
        media = [(address, kind) for address, kind in self._media(raw, base) if address != link]
        playable = next((item for item in media if item[1] in _PLAYABLE), None)
        # Without a base of its own, addresses in the text are relative to its page.
        text_base = base if raw.base or not link else link
        summary = convert_html(raw.summary, text_base)
        content = convert_html(raw.content, text_base) if raw.content else ConvertedHtml()
        excerpt = _strip_signature(summary.line or content.line)
        title = _line(raw.title)
        has_title = bool(title)
        if not has_title:
            title = first_words(excerpt)
        images = [address for address, kind in media if kind == "image"] or [*content.images, *summary.images]
        source = _line(raw.source_name)
        if source and title.endswith(f" - {source}"):
            title = title.removesuffix(f" - {source}")  # written by news search engines
        web = link or (playable[0] if playable else None)
        notes: list[str] = []
        title = cut(title) or title_instead(web, notes)
        body = clean_block(_body(summary, content))
        excerpt = cut(clean_text(excerpt), TEXT_LENGTH)
        article = Article(
            title=title,
            excerpt=excerpt or (first_paragraph(body) if body else ""),
            body=body,
            published=self._date(raw.dates),
            links=Links(web=web),
            kind=_kind(web, playable),
            provider=self._provider(raw, source, web),
            topics=_topics(raw.categories),
            images=tuple(dict.fromkeys(images))[:MAX_IMAGES],
            author=author_line(cut(_line(name)) for name in raw.authors[:MAX_AUTHORS]),
        )
        if not has_title and excerpt == title:
            article = article._replace(excerpt="")  # the title says it all
        video = next((address for address, kind in media if kind == "video" and address != web), None)
        others = (
            Enclosure(kind, address) for address, kind in media if kind != "image" and address not in {web, video}
        )
        return article._replace(
            video=video,
            enclosures=tuple(dict.fromkeys(others))[:_MAX_ENCLOSURES],
            comments=None if (comments := resolve_url(raw.comments, base)) == web else comments,
            notes=(*notes, *_notes(raw, link, dated=article.published is not None)),
        )

    def _media(self, raw: RawEntry, base: str) -> Iterable[tuple[str, str]]:
        for item in raw.media:
            if (address := resolve_url(item.address, base)) and item.kind:
                yield address, item.kind

    def _date(self, texts: Iterable[str]) -> int | None:
        for text in texts:
            seconds = parse_feed_date(text)
            if seconds is None and self._months_come_first is not None:
                seconds = parse_feed_date(text, month_first=self._months_come_first)
            if seconds is not None:
                return seconds if seconds <= self._now + DAY else self._now
        return None

    @cached_property
    def _months_come_first(self) -> bool | None:
        """How the feed orders day and month in numbers, ``None`` if that is not known."""
        return months_come_first(text for entry in self._entries for text in entry.dates)

    def _provider(self, raw: RawEntry, source: str, link: str | None) -> Provider:
        domain = domain_of(link) if link else self._home
        page = repaired_url(raw.source_page)
        if source and page and domain == self._home:
            # An aggregator with links to itself: the publisher is the source that it names.
            domain = domain_of(page)
        name = source or _line(raw.publisher)
        if not name and not (self._is_aggregator and domain != self._home):
            name = self._feed.title
        domain = clean_line(domain).lower()
        return Provider(cut(name) or domain, cut(domain))


def _notes(raw: RawEntry, link: str | None, *, dated: bool) -> Iterable[str]:
    if raw.link and link is None:
        yield f"link is not an http or https address: {clean_line(raw.link[:200])[:60]}"
    dates = [text for text in raw.dates if text]
    if dates and not dated:
        yield f"date cannot be read: {clean_line(dates[0][:200])[:60]}"


def _body(summary: ConvertedHtml, content: ConvertedHtml) -> str:
    """Return the full text, or nothing where the excerpt is all of it."""
    full = content if len(content.markdown) >= len(summary.markdown) else summary
    if not full.more and full.line == (summary.line or content.line) and content.line in full.line:
        return ""
    text = full.markdown
    if full is summary and content.markdown not in text:
        text += f"\n\n{content.markdown}"
    return text[:-_SIGNATURE_LENGTH] + _strip_signature(text[-_SIGNATURE_LENGTH:])


def _strip_signature(text: str) -> str:
    """Return ``text`` without the line that WordPress appends to every entry."""
    return _SIGNATURE.sub("", text) if "appeared first on" in text else text


def _kind(address: str | None, playable: tuple[str, str] | None) -> str:
    if address and domain_of(address) in _YOUTUBE:
        return "video"
    return playable[1] if playable else "article"


def _topics(categories: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for category in categories:
        name = _line(category)
        if not name or "/" in name or name.casefold() in _NO_TOPICS:
            continue
        found.setdefault(name.casefold(), name)
    fit = all(len(name) <= _CATEGORY_LENGTH and len(name.split()) <= _CATEGORY_WORDS for name in found.values())
    return tuple(found.values()) if len(found) <= _MAX_CATEGORIES and fit else ()
