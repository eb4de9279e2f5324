"""Turns the bytes of a feed (RSS, Atom, RDF, JSON Feed) into articles, keeping what is sound."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape

from tui_reader.errors import ArticleError, SourceError
from tui_reader.model.article import Article
from tui_reader.model.dates import DAY, iso_date
from tui_reader.model.feed_entry import Entry
from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.text import clean_line
from tui_reader.model.urls import domain_of, safe_url
from tui_reader.sources.article_fields import build_article
from tui_reader.sources.feeds.dates import parse_feed_date
from tui_reader.sources.feeds.encoding import decode_feed, is_html_page
from tui_reader.sources.feeds.json_feed import read_json_feed
from tui_reader.sources.feeds.raw_feed import MAX_ENTRIES, RawEntry, RawFeed
from tui_reader.sources.feeds.rss_atom import read_xml_feed
from tui_reader.sources.html.markdown import convert_html
from tui_reader.sources.html.syntax import resolve_url
from tui_reader.sources.html.writer import ConvertedHtml

_TITLE_LENGTH = 100  # characters of a title that is made of the first words, where there is none
_ID_LENGTH = 500  # characters; a longer name of an entry is known by its fingerprint
_SENTENCE = re.compile(r"^.{15,}?[.!?…](?=\s)")
_SIGNATURE = re.compile(r"\s*The post (?:\S.{0,600}?)?appeared first on .{1,300}\Z", re.DOTALL)
_SIGNATURE_LENGTH = 1000  # characters at the end of a text that are looked at for it
_TAGS = re.compile(r"</[a-zA-Z]|<br\b")
_MANY_HOSTS = 5
_YOUTUBE = frozenset({"youtube.com", "m.youtube.com", "youtu.be", "youtube-nocookie.com"})
# More categories than this, or longer ones, are keywords for search engines, not topics.
_MAX_CATEGORIES = 5
_CATEGORY_LENGTH = 30  # characters
_CATEGORY_WORDS = 3
_NO_TOPICS = frozenset({"uncategorized", "general", "blog", "news", "post", "posts", "article", "articles", "all"})


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds.

    ``page`` is the web page that it belongs to. ``ttl_minutes`` is how long
    the publisher asks to wait before the next fetch. ``notes`` say what could
    not be read.
    """

    title: str = ""
    page: str | None = None
    ttl_minutes: int | None = None
    entries: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()


def parse_feed(data: bytes, content_type: str, address: str, *, now: int) -> Feed:
    """Return the feed that ``data`` is, fetched from ``address``, in the order of its publisher.

    ``content_type`` is the header as the server sent it; only its encoding
    counts. ``now`` is in seconds since 1970: an article dated more than a day
    later has a clock that is wrong and gets this date. Raises
    :class:`SourceError` where ``data`` is no feed, and nothing else.
    """
    text = decode_feed(data, content_type).lstrip("\ufeff \t\r\n\0")
    if not text:
        raise SourceError("no feed: the answer is empty; try again later or check the address")
    raw = _read(text)
    page = resolve_url(raw.page, _joined(address, raw.base))
    feed = Feed(
        title=_line(raw.title),
        page=page,
        ttl_minutes=raw.ttl_minutes,
    )
    notes = list(raw.notes)
    if raw.beyond:
        notes.append(f"{raw.beyond} entries beyond the first {MAX_ENTRIES:,} were left out")
    maker = _Maker(feed, address, now, gathers=_gathers(raw.entries, domain_of(page or address)))
    entries: dict[str, Entry] = {}
    empty = 0
    for raw_entry in raw.entries:
        try:
            article = maker.article(raw_entry)
        except ArticleError:
            empty += 1
            continue
        entry = Entry(_identifier(raw_entry, article), article)
        known = entries.get(entry.name)
        if known is not None and known.article.page() != article.page():
            # A feed that gives many entries one name: the page tells them apart.
            entry = entry._replace(name=_short(f"{entry.name} {article.page()}"))
        elif known is not None and not raw_entry.identifier and known.article.title != article.title:
            # Without a name of their own, on one page: the titles are all there is.
            entry = entry._replace(name=_short(f"{article.links.identity()} {article.title}"))
        entries.setdefault(entry.name, entry)
    if empty:
        notes.append(f"entries without title, text and address, left out: {empty}")
    return replace(feed, entries=tuple(_told_apart(entries.values())), notes=tuple(notes))


def _told_apart(entries: Collection[Entry]) -> Iterator[Entry]:
    """Give the entries that stand on one page a part of it each.

    They do where their addresses name different places of it, or where there
    are many titles: two are one article with its headline changed.
    """
    titles: dict[str, set[str]] = {}
    places: dict[str, set[str]] = {}
    for entry in entries:
        page = entry.article.page()
        titles.setdefault(page, set()).add(entry.article.title.casefold())
        places.setdefault(page, set()).add((entry.article.links.identity() or "").partition("#")[2])
    several = {page for page, found in titles.items() if len(found) > 2 or (len(found) > 1 and len(places[page]) > 1)}
    for entry in entries:
        yield entry.apart() if entry.article.page() in several else entry


def _read(text: str) -> RawFeed:
    if text.startswith(("{", "[")):
        return read_json_feed(text)
    try:
        return read_xml_feed(text)
    except SourceError as error:
        if is_html_page(text):
            raise SourceError("no feed but a web page: give the address of one of its feeds") from error
        raise


def _gathers(entries: Collection[RawEntry], home: str) -> bool:
    """Whether a feed lists what others publish: most of its entries are on other hosts, and on many of them.

    Those of one that is read through a service that counts its readers are all on one.
    """
    links = [link for entry in entries if (link := safe_url(entry.link))]
    others = [host for host in map(domain_of, links) if host != home]
    return len(set(others)) >= _MANY_HOSTS and len(others) * 2 > len(entries)


def _joined(address: str, base: str) -> str:
    return resolve_url(base, address) or address


def _line(text: str) -> str:
    """A title as one line: tags go where it has any; ``List<String>`` has none."""
    return clean_line(text, strip_tags=bool(_TAGS.search(text)))


def _short(text: str) -> str:
    return text if len(text) <= _ID_LENGTH else f"#{fingerprint(text.encode(errors='replace')):x}"


def _identifier(raw: RawEntry, article: Article) -> str:
    # The page of an article without an address is its date and title.
    return _short(clean_line(escape(raw.identifier, quote=False)) or article.page())


class _Maker:
    """Makes the articles of one feed."""

    def __init__(self, feed: Feed, address: str, now: int, *, gathers: bool) -> None:
        """``gathers`` tells that the feed lists what others publish."""
        self._feed = feed
        self._gathers = gathers
        self._base = feed.page or address
        self._home = domain_of(self._base)
        self._now = now

    def article(self, raw: RawEntry) -> Article:
        """Return the article of an entry; raises :class:`ArticleError` where nothing is left of it."""
        base = _joined(self._base, raw.base)
        link = resolve_url(raw.link, base)
        media = [(address, kind) for address, kind in self._media(raw, base) if address != link]
        played = next((item for item in media if item[1] in {"video", "audio"}), None)
        # Nothing said, addresses in a text are meant as on its page.
        inside = base if raw.base or not link else link
        summary = convert_html(raw.summary, inside)
        content = convert_html(raw.content, inside) if raw.content else ConvertedHtml()
        excerpt = _unsigned(summary.line or content.line)
        title = _line(raw.title)
        made_up = not title
        if made_up:
            title = _first_words(excerpt)
        images = [address for address, kind in media if kind == "image"] or [*content.images, *summary.images]
        source = _line(raw.source_name)
        if source and title.endswith(f" - {source}"):
            title = title.removesuffix(f" - {source}")  # as news search engines write it
        web = link or (played[0] if played else None)
        fields: dict[str, object] = {
            "title": escape(title, quote=False),
            "excerpt": escape(excerpt, quote=False),
            "webUrl": web,
            "publishedDateTime": iso_date(self._date(raw.dates)),
            "type": _kind(web, played),
            "provider": self._provider(raw, source, web),
            "topics": [escape(name, quote=False) for name in _topics(raw.categories)],
            "images": images,
        }
        article = build_article(fields, body=_body(summary, content))
        if made_up and excerpt == title:
            article = article._replace(excerpt="")  # it would stand there twice
        if played and played[0] != web:
            article = article._replace(video=played[0])
        return article._replace(notes=(*article.notes, *_notes(raw, link, dated=article.published is not None)))

    def _media(self, raw: RawEntry, base: str) -> Iterable[tuple[str, str]]:
        for item in raw.media:
            if (address := resolve_url(item.address, base)) and item.kind:
                yield address, item.kind

    def _date(self, texts: Iterable[str]) -> int | None:
        for text in texts:
            seconds = parse_feed_date(text)
            if seconds is not None:
                return seconds if seconds <= self._now + DAY else self._now
        return None

    def _provider(self, raw: RawEntry, source: str, link: str | None) -> dict[str, object]:
        domain = domain_of(link) if link else self._home
        page = safe_url(raw.source_page)
        if source and page and domain == self._home:
            # A feed that gathers what others publish: its own links say nothing about them.
            domain = domain_of(page)
        name = source or _line(raw.publisher)
        if not name and not (self._gathers and domain != self._home):
            name = self._feed.title
        return {"name": escape(name, quote=False), "domain": domain}


def _notes(raw: RawEntry, link: str | None, *, dated: bool) -> Iterable[str]:
    if raw.link and link is None:
        yield f"link is no address that can be opened: {clean_line(raw.link[:200])[:60]}"
    dates = [text for text in raw.dates if text]
    if dates and not dated:
        yield f"no date that can be read: {clean_line(dates[0][:200])[:60]}"


def _first_words(text: str) -> str:
    """A title for an entry without one: its first sentence, or as much as fits a line."""
    sentence = _SENTENCE.match(text)
    text = sentence[0] if sentence else text
    if len(text) <= _TITLE_LENGTH:
        return text
    return (text[:_TITLE_LENGTH].rpartition(" ")[0] or text[:_TITLE_LENGTH]).rstrip(" ,;:–—-") + "…"


def _body(summary: ConvertedHtml, content: ConvertedHtml) -> str:
    """The full text where the feed has it: nothing where the excerpt says it all."""
    full = max(content, summary, key=lambda html: len(html.markdown))
    if not full.more and full.line == (summary.line or content.line):
        return ""
    return full.markdown[:-_SIGNATURE_LENGTH] + _unsigned(full.markdown[-_SIGNATURE_LENGTH:])


def _unsigned(text: str) -> str:
    """Return ``text`` without what a blog's software writes behind every entry."""
    return _SIGNATURE.sub("", text) if "appeared first on" in text else text


def _kind(address: str | None, played: tuple[str, str] | None) -> str:
    if address and domain_of(address) in _YOUTUBE:
        return "video"
    return played[1] if played else "article"


def _topics(categories: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for category in categories:
        name = _line(category)
        if not name or "/" in name or name.casefold() in _NO_TOPICS:
            continue
        found.setdefault(name.casefold(), name)
    fit = all(len(name) <= _CATEGORY_LENGTH and len(name.split()) <= _CATEGORY_WORDS for name in found.values())
    return tuple(found.values()) if len(found) <= _MAX_CATEGORIES and fit else ()
