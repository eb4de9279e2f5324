"""Every entry of a feed is one article, whatever the feed does to its identifiers, links and order.

Each test feeds the answers of a source to a feed store, one after the other,
and looks at the articles and their pages, which marks are joined by.
"""

from __future__ import annotations

import random
import string
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.feeds import START, Item, rss
from tests.support.growth import assert_linear
from tui_reader.model.dates import DAY
from tui_reader.model.entry_identity import recognise
from tui_reader.sources.feeds.parser import parse_feed
from tui_reader.storage.feed_store import FeedStore, FetchedSource

FEED = "https://feeds.example/rss"
STATUS = "https://status.example/"
LOG = "https://maker.example/changes"


class Reader:
    """A feed, and what a person who marks everything as read has seen of it."""

    def __init__(self, store: FeedStore) -> None:
        self.store = store
        self.now = START + 100 * DAY
        self.read: set[str] = set()
        store.put_source(FetchedSource(FEED))

    def fetch(self, *items: Item) -> list[str]:
        """Fetch an answer; return the titles that are unread, in alphabetical order, and mark them as read."""
        self.now += 1800
        found = parse_feed(rss(*items), "", FEED, now=self.now)
        self.notes = (*found.notes, *self.store.store_entries(FEED, found.entries, self.now).notes)
        articles = self.store.articles(FEED, [page for page, _ in self.store.stamps(FEED)])
        assert {page: article.page_ids()[0] for page, article in articles.items()} == {page: page for page in articles}
        unread = sorted(article.title for article in articles.values() if article.page() not in self.read)
        self.read |= {article.page() for article in articles.values()}
        self.titles = sorted(article.title for article in articles.values())
        return unread


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with FeedStore.opened(tmp_path / "fetched.db") as store:
        yield Reader(store)


def event(letter: str, link: str = STATUS, **changes: object) -> Item:
    """An entry with an identifier of its own and a link that all share."""
    default = Item(f"Event {letter}", link, f"event-{letter}", START + ord(letter) * DAY + 60)
    return default._replace(**changes)  # type: ignore[arg-type]


A, B, C = event("a"), event("b"), event("c")
NO_LINK = [event(letter, link="") for letter in "abc"]


@pytest.mark.parametrize("link", [STATUS, LOG, "https://paper.example/", "N/A", ""])
@pytest.mark.parametrize("guid", [None, "", "N/A", "0", "same", "https://paper.example/", STATUS, LOG])
def test_entries_with_one_link_are_all_listed(reader: Reader, link: str, guid: str | None) -> None:
    items = [event(letter, link=link) for letter in "abc"]
    if guid is not None:
        items = [item._replace(guid=guid) for item in items]
    assert reader.fetch(*items) == ["Event a", "Event b", "Event c"]
    assert reader.fetch(*items) == reader.fetch(*reversed(items)) == []
    assert reader.notes == () or link == "N/A"


@pytest.mark.parametrize("link", [STATUS, LOG, "https://paper.example/", ""])
@pytest.mark.parametrize("guid", [None, "", "N/A", "same"])
def test_a_feed_with_one_link_grows(reader: Reader, link: str, guid: str | None) -> None:
    a, b, c = (event(letter, link=link, **({} if guid is None else {"guid": guid})) for letter in "abc")
    if (link, guid) == (LOG, "same"):  # until two are seen beside each other, this is a page that changes
        assert reader.fetch(b, a) == ["Event a", "Event b"]
    else:
        assert reader.fetch(a) == ["Event a"]
        assert reader.fetch(b) == ["Event b"]
    assert reader.fetch(b, a) == []
    assert reader.fetch(c, b, a) == ["Event c"]
    assert reader.fetch(a) == reader.fetch(c) == []
    assert reader.titles == ["Event a", "Event b", "Event c"]


def test_links_that_differ_in_the_fragment(reader: Reader) -> None:
    a, b, c = (event(letter, link=f"{LOG}#{letter}") for letter in "abc")
    assert [reader.fetch(a), reader.fetch(b), reader.fetch(c, b)] == [["Event a"], ["Event b"], ["Event c"]]
    named = [item._replace(guid=item.link) for item in (a, b, c)]
    assert reader.fetch(*named) == []
    assert len(reader.titles) == 3


def test_identifiers_that_are_positions_in_the_list(reader: Reader) -> None:
    def numbered(letters: str) -> list[Item]:
        return [event(letter, link=f"{LOG}/{letter}", guid=str(at)) for at, letter in enumerate(letters, 1)]

    assert reader.fetch(*numbered("a")) == ["Event a"]
    assert reader.fetch(*numbered("ba")) == ["Event b"]
    assert reader.fetch(*numbered("dcb")) == ["Event c", "Event d"]
    assert reader.fetch(*numbered("edcb")) == ["Event e"]


def issue(number: int, title: str, minute: int) -> Item:
    page = "https://paper.example/news/fire"
    return Item(title, f"{page}?from=rss", f"{page}#{number}", START + minute * 60)


def test_a_page_that_is_issued_again_is_one_article(reader: Reader) -> None:
    first = [issue(2, "Fire is out", 5), issue(1, "Fire goes on", 3), issue(0, "Fire in harbour", 0)]
    assert reader.fetch(*first) == ["Fire is out"]
    assert reader.notes == ("entries left out because a newer issue of their page is listed: 2",)
    assert reader.fetch(issue(3, "What burnt", 5), *first[1:]) == []
    assert reader.titles == ["What burnt"]
    assert reader.fetch(first[2]) == []
    assert reader.titles == ["What burnt"]  # an old answer
    assert reader.fetch(issue(4, "Who lit the fire", 9)) == []
    assert reader.titles == ["Who lit the fire"]
    assert not reader.notes


PAGES = [event(letter, link=f"https://blog.example/?p={ord(letter)}") for letter in "abcd"]
NAMED = [item._replace(guid=f"http://blog.example/?p={at}") for at, item in enumerate(PAGES)]


@pytest.mark.parametrize(
    "changes",
    [
        lambda item: {"guid": item.guid.replace("http:", "https:")},
        lambda item: {"guid": f"urn:{item.title}"},
        lambda item: {"guid": item.link},
        lambda item: {"guid": ""},
        lambda item: {"link": f"https://blog.example/{item.title[-1]}"},
        lambda item: {"link": f"https://new.example/{item.title[-1]}", "guid": f"https://new.example/{item.title[-1]}"},
        lambda item: {"title": f"{item.title}, corrected"},
        lambda item: {"date": item.date + DAY},
        lambda item: {"guid": f"urn:{item.title}", "date": item.date + DAY},
        lambda item: {"title": f"{item.title}, corrected", "date": item.date + DAY},
        lambda item: {"link": f"https://new.example/{item.title[-1]}", "date": item.date + DAY},
        lambda item: {"link": item.link.replace("https:", "http:").replace("blog", "www.blog")},
    ],
)
@pytest.mark.parametrize("items", [PAGES, NAMED])
def test_a_feed_that_changes_something_of_all_entries_doubles_none(
    reader: Reader, items: Sequence[Item], changes: object
) -> None:
    assert callable(changes)
    changed = [item._replace(**changes(item)) for item in items]
    assert len(reader.fetch(*items)) == 4
    assert reader.fetch(*changed) == []
    assert reader.fetch(*items, event("z", link=LOG)) == ["Event z"]
    assert len(reader.titles) == 5


def test_a_corrected_headline_without_link_stays_read(reader: Reader) -> None:
    reader.fetch(*NO_LINK)
    assert reader.fetch(*(item._replace(title=f"{item.title}!") for item in NO_LINK)) == []
    assert reader.titles == ["Event a!", "Event b!", "Event c!"]


def test_undated_entries(reader: Reader) -> None:
    items = [event(letter, date=None, link="") for letter in "abc"]
    assert len(reader.fetch(*items)) == 3
    assert reader.fetch(*items) == []
    assert reader.fetch(*(item._replace(guid="") for item in items)) == []
    assert reader.fetch(*(item._replace(guid="", date=START) for item in items)) == []
    assert reader.fetch(event("d", date=None, link=""), *items) == ["Event d"]


def test_one_title_for_all(reader: Reader) -> None:
    items = [event(letter, title="Weekly update") for letter in "abc"]
    assert reader.fetch(items[0]) == ["Weekly update"]
    assert reader.fetch(items[1]) == ["Weekly update"]
    assert reader.fetch(*items) == ["Weekly update"]
    assert reader.fetch(*items) == []


def test_an_entry_that_is_listed_twice_is_told(reader: Reader) -> None:
    assert reader.fetch(A, A, B._replace(link=LOG), B._replace(link=LOG, guid="other")) == ["Event a", "Event b"]
    assert reader.notes == ("entries left out because they are listed twice: 2",)


# -- feeds as they live ------------------------------------------------------------


class Style(NamedTuple):
    """How a feed makes links and identifiers; ``None`` stands for one that all entries have."""

    link: str | None
    guid: str | None


STYLES = [
    Style(f"https://paper.example/{{}}{end}", guid)
    for end in ("", "?utm_source=rss")
    for guid in ("{}", "https://paper.example/?p={}", "https://paper.example/{}", "", "N/A", "same")
]
STYLES += [Style(link, guid) for link in (STATUS, LOG, "") for guid in ("event-{}", "urn:uuid:{}", "", "none")]
STYLES += [Style(STATUS, "same"), Style("", "same")]
STYLES += [Style(LOG + "#{}", guid) for guid in ("{}", LOG + "#{}", "")]


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_feeds_as_they_live(tmp_path: Path, style: Style) -> None:
    """A feed grows, shrinks, shifts, is listed in any order, and corrects headlines: each entry is one article.

    A headline is corrected only if something else tells the entry.
    """
    assert style.link is not None and style.guid is not None
    chance = random.Random(str(style))
    tells = "{}" in style.guid or ("{}" in style.link and style.guid in {"", "N/A"})
    with FeedStore.opened(tmp_path / "fetched.db") as store:
        reader = Reader(store)
        live: dict[str, Item] = {}
        numbers = count(1000)
        for _ in range(25):
            new = []
            for _ in range(chance.choice((0, 0, 1, 1, 2, 5))):
                number = next(numbers)
                title = f"{''.join(chance.choices(string.ascii_lowercase, k=9))} {number}"
                place = f"story-{number}"
                date = START + number * 3600 + 7
                live[title] = Item(title, style.link.format(place), style.guid.format(place), date)
                new.append(title)
            window = list(live)[-chance.randint(1, 12) :]
            window += [title for title in new if title not in window]
            if tells and window and chance.random() < 0.3:
                title = chance.choice([title for title in window if title not in new] or window)
                corrected = f"{title}!"
                live = {(corrected if each == title else each): item for each, item in live.items()}
                live[corrected] = live[corrected]._replace(title=corrected)
                window = [corrected if each == title else each for each in window]
                new = [corrected if each == title else each for each in new]
            if chance.random() < 0.5:
                chance.shuffle(window)
            assert reader.fetch(*(live[title] for title in window)) == sorted(new)
        assert len(reader.titles) == len(live)
        assert set(live) - set(reader.titles) <= {title for title in live if title.endswith("!")}


@pytest.mark.parametrize(
    "piece",
    [
        lambda number: event("a", title=f"Event {number}"),
        lambda number: event("a", title=f"Event {number}", guid="same"),
        lambda number: event("a", link=f"{LOG}#{number}", guid=""),
        lambda number: issue(number, f"Event {number}", 1),
        lambda number: event("a", guid=str(number), title="Same"),
    ],
)
def test_recognising_grows_linearly(piece: object) -> None:
    assert callable(piece)

    def run(text: str) -> None:
        entries = parse_feed(rss(*(piece(number) for number in range(len(text)))), "", FEED, now=START).entries
        recognise(entries, (), START)

    assert_linear(run, "x", 1_000, "")
