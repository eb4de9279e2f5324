"""Recognises the entries of a source: which are stored already, which are new, and which stand there twice.

An entry is known by its own name, where it has one, otherwise by link, title
and date. What stands beside it never decides: only whether a name is of any
use, and that is remembered, because useless names are stored more than once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import chain, count

from tui_reader.model.dates import DAY
from tui_reader.model.feed_entry import Entry
from tui_reader.model.fingerprint import fingerprint, page_id
from tui_reader.model.urls import page_key, safe_url
from tui_reader.named_tuple import NamedTuple

_CHANGED_NAMES = 3  # so many entries with other names, and none with a known one: the source has renamed all
_SHORT_NAME = 8  # characters; shorter names may be positions in a list
_DIGIT = re.compile(r"[0-9]")


class Traits(NamedTuple):
    """What an entry is recognised by, as fingerprints: 0 where it has none.

    ``name`` is ``None`` if it was stored by a version that did not keep names.
    ``dated`` is the date that the source gives, in seconds since 1970.
    """

    name: int | None
    link: int
    title: int
    dated: int | None


class Known(NamedTuple):
    """A stored entry: the id of its page, and its traits."""

    page: int
    traits: Traits


class Recognised(NamedTuple):
    """An entry with its traits; if it is stored, ``known`` is that, otherwise ``key`` is the key of its page."""

    entry: Entry
    traits: Traits
    known: Known | None = None
    key: str = ""


class Recognition(NamedTuple):
    """The entries of a source, each once, and notes on those that were dropped."""

    entries: list[Recognised]
    notes: tuple[str, ...] = ()


def recognise(entries: Iterable[Entry], known: Sequence[Known], now: int, undated: int | None = None) -> Recognition:
    """Return which entry is which of those ``known``; they and their order are as the source lists them.

    Dates after ``now`` are no dates. ``undated`` is the date that new articles
    without one get.
    """
    return recognise_listed([Listed(entry, now) for entry in entries], known, now, undated)


def recognise_listed(
    listed: Sequence[Listed],
    known: Sequence[Known],
    now: int,
    undated: int | None = None,
    pages: Callable[[], Iterable[int]] | None = None,
) -> Recognition:
    """Do the same as :func:`recognise`, where ``known`` may lack stored entries without a trait in common.

    Those with a name in common with one that is there must be there too.
    ``pages`` returns the ids of the pages of all stored entries.
    """
    useless = _useless_names(listed, known)
    once, notes = _each_once(listed, useless)
    _Matcher(once, known, useless).match()
    if new := [each for each in once if each.known is None]:
        _name_pages(new, known, set(pages() if pages else (row.page for row in known)), now, undated)
    return Recognition([Recognised(each.entry, each.traits, each.known, each.key) for each in once], notes)


def entry_traits(name: str | None, link: str | None, title: str, dated: int | None) -> Traits:
    """Return the traits of an entry by its name, link and title; the link is safe to open."""
    by_link = _number(_comparable(link)) if link else 0
    by_name = by_link if name == link else None if name is None else _number(_comparable(name))
    return Traits(by_name, by_link, _number(title.casefold()), dated)


def _comparable(text: str) -> str:
    """Return a name so that ``http:`` and ``https:``, and other spellings of one address, are the same."""
    url = safe_url(text) if text[:4].lower() == "http" else None
    if url is None:
        return text
    fragment = url.partition("#")[2]
    return f"{page_key(url)}#{fragment}" if fragment else page_key(url)


def _number(text: str) -> int:
    return fingerprint(text.encode(errors="replace")) if text else 0


class Listed:
    """An entry of the present answer while it is being recognised."""

    __slots__ = ("entry", "has_page", "key", "known", "traits")

    def __init__(self, entry: Entry, now: int) -> None:
        article = entry.article
        link = article.links.identity()
        dated = article.published if article.published is not None and article.published < now else None
        self.entry = entry
        self.traits = entry_traits(entry.name, link, article.title, dated)
        # The front page of a site is where sources without pages of their own lead to.
        self.has_page = link is not None and not entry.shared and _has_path(link)
        self.known: Known | None = None
        self.key = ""

    @property
    def says_all(self) -> bool:
        """Whether link, title and date tell one article from all others, so that its name does not matter."""
        return self.has_page or bool(self.traits.dated and self.traits.dated % DAY)

    @property
    def newness(self) -> tuple[int, int]:
        """What orders the issues of one page: date and number."""
        return self.traits.dated or 0, self.entry.issue or 0


def _has_path(link: str) -> bool:
    return "/" in (key := _comparable(link)) or "?" in key or "#" in key


def _useless_names(listed: Sequence[Listed], known: Iterable[Known]) -> set[int]:
    """Return the names that several articles have: those stored more than once, or with several titles or links."""
    stored = Counter(row.traits.name for row in known)
    useless = {name for name, times in stored.items() if name and times > 1}
    issued = {each.traits.name for each in listed if each.entry.issue is not None}
    first: dict[int, Listed] = {}
    for each in listed:
        name = each.traits.name
        if not name or name in issued:
            continue
        other = first.setdefault(name, each).traits
        mine = each.traits
        if (other.link, other.title) != (mine.link, mine.title):
            useless.add(name)
        elif mine.dated != other.dated and not each.has_page and not _DIGIT.search(each.entry.name):
            useless.add(name)  # a series under one word
    return useless


def _each_once(listed: Sequence[Listed], useless: set[int]) -> tuple[list[Listed], tuple[str, ...]]:
    """Return the newest of the entries that are the same, and of the issues of a page, with notes on the others."""
    issued = {each.traits.name for each in listed if each.entry.issue is not None}
    found: dict[Hashable, Listed] = {}
    issues = 0
    for each in listed:
        name, link, title, dated = each.traits
        key: Hashable = (name, link, title, dated)
        if name in issued:
            key = name
        elif name and name not in useless:
            key = (name, link, title)
        other = found.setdefault(key, each)
        if other is not each:
            issues += name in issued
            if each.newness > other.newness:
                found[key] = each
    once: dict[Hashable, Listed] = {}
    for each in found.values():
        own_name = 0 if each.says_all or each.traits.name in useless else each.traits.name
        once.setdefault((own_name, *each.traits[1:]), each)
    notes = []
    if twice := len(listed) - len(once) - issues:
        notes.append(f"entries left out because they are listed twice: {twice}")
    if issues:
        notes.append(f"entries left out because a newer issue of their page is listed: {issues}")
    return list(once.values()), tuple(notes)


class _Matcher:
    """Finds the stored entry of each listed one; the surest matches come first, and each is used once."""

    def __init__(self, listed: Sequence[Listed], known: Sequence[Known], useless: set[int]) -> None:
        self._listed = listed
        self._known = known
        self._candidates = known
        self._useless = useless
        self._taken: set[int] = set()

    def match(self) -> None:
        """Set :attr:`Listed.known` of every entry that is stored."""
        self._by(lambda name, link, title, dated: name or None, self._is_same_name)
        self._narrow()
        none_named = all(each.known is None for each in self._listed)
        self._by(lambda name, link, title, dated: (link, title, dated), self._is_renamed)
        self._by(lambda name, link, title, dated: (link, title), self._is_dated_anew)
        self._by(lambda name, link, title, dated: (link, dated) if dated else None, self._is_retitled)
        self._by(lambda name, link, title, dated: link or None, self._is_only_one, only_one=True)
        if none_named:
            self._by_renaming(lambda name, link, title, dated: (link, title), self._keeps_page)
        self._by(lambda name, link, title, dated: (title, dated), self._has_moved, only_one=True)
        if none_named:
            self._by_renaming(
                lambda name, link, title, dated: (title, dated) if dated else None, lambda each, row: True
            )

    def _waiting(self) -> list[Listed]:
        return [each for each in self._listed if each.known is None]

    def _narrow(self) -> None:
        """Leave out the stored entries that share neither link nor title with one that waits: further keys need one."""
        waiting = self._waiting()
        links = {each.traits.link for each in waiting}
        titles = {each.traits.title for each in waiting}
        self._candidates = [row for row in self._known if row.traits.link in links or row.traits.title in titles]

    def _rows(self, key: Callable[..., Hashable], waiting: Iterable[Listed]) -> dict[Hashable, list[Known]]:
        """Return the stored entries that are not taken yet and have the ``key`` of one that is ``waiting``, by key."""
        rows: dict[Hashable, list[Known]] = {key(*each.traits): [] for each in waiting}
        rows.pop(None, None)
        for row in self._candidates:
            if (found := rows.get(key(*row.traits))) is not None and row.page not in self._taken:
                found.append(row)
        return rows

    def _take(self, each: Listed, row: Known) -> None:
        each.known = row
        self._taken.add(row.page)

    def _by(
        self, key: Callable[..., Hashable], fits: Callable[[Listed, Known], bool], *, only_one: bool = False
    ) -> None:
        """Match entries that have ``key`` in common and fit; with ``only_one`` only where no other has it."""
        waiting = self._waiting()
        if not waiting or len(self._taken) == len(self._known):
            return
        rows = self._rows(key, waiting)
        times = Counter(key(*each.traits) for each in waiting) if only_one else Counter[Hashable]()
        for each in waiting:
            found = rows.get(key(*each.traits))
            if not found or (only_one and (times[key(*each.traits)] > 1 or len(found) > 1)):
                continue
            if fits(each, found[-1]):
                self._take(each, found.pop())

    def _by_renaming(self, key: Callable[..., Hashable], fits: Callable[[Listed, Known], bool]) -> None:
        """Match entries that have ``key`` in common, if there are so many that the source must have renamed all."""
        waiting = self._waiting()
        rows = self._rows(key, waiting)
        times = Counter(key(*each.traits) for each in waiting)
        pairs = [
            (each, found[0])
            for each in waiting
            if (value := key(*each.traits)) is not None
            and times[value] == 1
            and len(found := rows.get(value, [])) == 1
            and fits(each, found[0])
        ]
        if len({each.traits.title for each, _ in pairs}) >= _CHANGED_NAMES:
            for each, row in pairs:
                self._take(each, row)

    # -- what fits: the entry and the stored one have the key of the step in common --

    def _is_same_name(self, each: Listed, row: Known) -> bool:
        """Whether a name means the same article: not if all else differs, and the name says little."""
        mine, its = each.traits, row.traits
        if mine.name in self._useless:
            return False
        dates = mine.dated is not None and its.dated is not None
        if mine.title == its.title or (dates and mine.dated == its.dated):
            return True
        if each.has_page:
            return mine.link == its.link or not its.link
        if dates:
            return not _is_weak(each.entry.name)
        return bool(_DIGIT.search(each.entry.name)) or not _is_weak(each.entry.name)

    def _names_differ(self, each: Listed, row: Known) -> bool:
        """Whether both have names of their own, which are not the same."""
        mine, its = each.traits.name, row.traits.name
        return bool(mine and its and mine not in self._useless and its not in self._useless)

    def _is_renamed(self, each: Listed, row: Known) -> bool:
        """Whether an entry with the same link, title and date is the same under another name."""
        return each.says_all or not self._names_differ(each, row)

    def _is_dated_anew(self, each: Listed, row: Known) -> bool:
        """Whether an entry with the same link and title is the same with another date."""
        if self._names_differ(each, row):
            return False
        return each.has_page or each.traits.dated is None or row.traits.dated is None

    def _is_retitled(self, each: Listed, row: Known) -> bool:
        """Whether an entry with the same link and date is the same with another title."""
        return each.has_page and not self._names_differ(each, row)

    def _is_only_one(self, each: Listed, row: Known) -> bool:
        """Whether the only entry with a link is one that was stored without its name, when links were what counted."""
        return each.has_page and row.traits.name is None

    def _keeps_page(self, each: Listed, row: Known) -> bool:
        return each.has_page or (each.traits.dated is None and row.traits.dated is None)

    def _has_moved(self, each: Listed, row: Known) -> bool:
        """Whether the only entry with a title and a moment, not only a day, is the same under another address."""
        dated = each.traits.dated
        return dated is not None and dated % DAY != 0


def _is_weak(name: str) -> bool:
    """Whether a name is a word or a small number, which several articles may have."""
    if ":" in name or "/" in name:
        return False
    return len(name) < _SHORT_NAME or not _DIGIT.search(name)


def _name_pages(new: Sequence[Listed], known: Sequence[Known], taken: set[int], now: int, undated: int | None) -> None:
    """Give each new entry a page that is not ``taken``: that of its address, or where others have it, a part of it."""
    links = {row.traits.link for row in known if row.traits.link}
    wanted = Counter(_page_of(each, undated) for each in new)
    for each in new:
        page = _page_of(each, undated)
        alone = not each.entry.shared and wanted[page] == 1 and each.traits.link not in links
        for key in chain([page] if alone else [], _parts(each, page, now)):
            number = page_id(key)
            if number not in taken:
                taken.add(number)
                each.key = key
                break


def _page_of(each: Listed, undated: int | None) -> str:
    article = each.entry.article
    return article.page() if article.published is not None else article._replace(published=undated).page()


def _parts(each: Listed, page: str, now: int) -> Iterator[str]:
    """Yield keys of a part of a page, the best first."""
    entry = each.entry
    title = f"{entry.article.links.identity() or ''} {entry.article.title}".strip()
    yield f"{page}#{entry.name or title}"
    yield f"{page}#{entry.name} {title}"
    yield f"{page}#{entry.name} {title} {entry.article.published}"
    for number in count(now):
        yield f"{page}#{entry.name} {title} {number}"
