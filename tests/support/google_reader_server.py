"""A server with a Google Reader API on a loopback address, which answers as one of the real ones does.

What each dialect answers is taken from FreshRSS (``p/api/greader.php``),
Miniflux (``internal/googlereader``), and the API pages of The Old Reader,
BazQux Reader and Inoreader.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.servers import Handler, Site

USER, PASSWORD = "ann", "correct horse"
READ, STARRED = "state/com.google/read", "state/com.google/starred"
READING_LIST = "state/com.google/reading-list"
APP = {"appid": "1000001", "appkey": "k-e-y"}
"""The headers by which Inoreader knows an application."""

_ITEM = "tag:google.com,2005:reader/item/"
_FULL_WIDTH = str.maketrans("&<>", "＆＜＞")


class Dialect(Enum):
    """A kind of server: where its API is, and what it calls its user."""

    FRESHRSS = ("/api/greader.php", "-")
    MINIFLUX = ("", "7")
    OLD_READER = ("", "-")
    BAZQUX = ("", "01234567890123456789")
    INOREADER = ("", "1005921515")

    def __init__(self, prefix: str, user: str) -> None:
        self.prefix, self.user = prefix, user


# Most ids, and most entries, that are given at once.
_MOST = {
    Dialect.FRESHRSS: (10**9, 10**9),
    Dialect.MINIFLUX: (10_000, 10**9),
    Dialect.OLD_READER: (10_000, 1_000),
    Dialect.BAZQUX: (50_000, 1_000),
    Dialect.INOREADER: (1_000, 1_000),
}


@dataclass
class Feed:
    """A subscription; ``label`` is its folder."""

    id: str
    address: str
    title: str
    label: str


@dataclass
class Item:
    """An entry. ``number`` is its id, ``crawled`` when it came to the server, in microseconds since 1970."""

    number: int
    feed: Feed
    title: str
    html: str
    published: int
    crawled: int
    read: bool = False
    starred: bool = False


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, body: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers or {}


@dataclass
class Asked:
    """A request: its query and form, with all values of a name."""

    query: dict[str, list[str]]
    form: dict[str, list[str]]
    headers: dict[str, str]

    def one(self, name: str, default: str = "") -> str:
        return (self.query.get(name) or self.form.get(name) or [default])[0]


@dataclass
class GoogleReaderServer:
    """The server of one user on a site. Its fields can be changed between requests.

    - ``web``: the feeds that it finds when it is asked to subscribe, with their titles.
    - ``outage``: status, body and headers of every answer, while there is one.
    - ``login_answer``: those of the answer to a password, instead of a session.
    - ``sessions``, ``tokens``: raising one ends the session, or makes the token too old.
    """

    site: Site
    dialect: Dialect
    feeds: list[Feed] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    web: dict[str, str] = field(default_factory=dict)
    outage: tuple[int, str, dict[str, str]] | None = None
    login_answer: tuple[int, str, dict[str, str]] | None = None
    sessions: int = 1
    tokens: int = 1

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        api = self.dialect.prefix + "/reader/api/0/"
        self.site.put(self.dialect.prefix + "/accounts/ClientLogin", self._answer(self._log_in, open_to_all=True))
        for path, make in self._calls().items():
            self.site.put(api + path, self._answer(make))
        self.site.put("/", self._page)
        if self.dialect is Dialect.FRESHRSS:
            self.site.page(self.dialect.prefix, b"OK")

    # What a test does with it.

    def add_feed(self, address: str, title: str = "A feed", label: str = "") -> Feed:
        """Subscribe to a feed."""
        number = len(self.feeds) + 1
        label = label or {Dialect.FRESHRSS: "Uncategorized", Dialect.MINIFLUX: "All"}.get(self.dialect, "")
        ids = {Dialect.OLD_READER: f"{number:024x}", Dialect.INOREADER: address, Dialect.BAZQUX: address}
        feed = Feed("feed/" + ids.get(self.dialect, str(number)), address, title, label)
        self.feeds.append(feed)
        return feed

    def add(
        self, feed: Feed, count: int = 1, *, came: int, published: int | None = None, title: str = ""
    ) -> list[Item]:
        """Let entries come at a time in seconds since 1970, each a second after the one before."""
        added = []
        for second in range(came, came + count):
            crawled = second * 1_000_000 + len(self.items)
            number = {
                Dialect.FRESHRSS: crawled,
                Dialect.OLD_READER: (second << 64) + len(self.items),
                Dialect.BAZQUX: -(2**63) + crawled,
            }.get(self.dialect, 10_000_000 + len(self.items))
            name = title or f"Entry {len(self.items)}"
            added.append(Item(number, feed, name, f"<p>The text of {name}</p>", published or second - 60, crawled))
            self.items.append(added[-1])
        return added

    def entry_id(self, item: Item) -> str:
        """Return the id of an entry as the client spells it."""
        return f"{item.number:024x}" if self.dialect is Dialect.OLD_READER else f"{item.number % 2**64:016x}"

    def marks(self) -> list[tuple[bool, bool]]:
        """Return for each entry whether it is read and whether it is starred."""
        return [(item.read, item.starred) for item in self.items]

    def calls(self, path: str) -> list[dict[str, list[str]]]:
        """Return the queries and forms of the requests to a path of the API."""
        found = [each for each in self.site.requests if urlsplit(each.path).path.endswith(path)]
        return [parse_qs(urlsplit(each.path).query + "&" + each.body.decode()) for each in found]

    # How it answers.

    def _calls(self) -> dict[str, Callable[[Asked], object]]:
        return {
            "token": lambda _: self._token(),
            "user-info": lambda _: {"userId": self.dialect.user.strip("-") or USER, "userName": USER},
            "subscription/list": self._list_feeds,
            "subscription/edit": self._edit_feed,
            "subscription/quickadd": self._quick_add,
            "tag/list": self._list_tags,
            "disable-tag": self._disable_tag,
            "rename-tag": self._rename_tag,
            "unread-count": self._count_unread,
            "stream/items/ids": self._list_ids,
            "stream/items/contents": self._contents,
            "stream/contents": self._stream,
            "edit-tag": self._edit_tag,
            "mark-all-as-read": self._mark_all,
        }

    def _answer(self, make: Callable[[Asked], object], *, open_to_all: bool = False) -> Callable[[Handler], None]:
        def answer(handler: Handler) -> None:
            headers = {name.lower(): value for name, value in handler.headers.items()}
            query, form = urlsplit(handler.path).query, handler.body.decode()
            asked = Asked(parse_qs(query), parse_qs(form), headers)
            try:
                with self._lock:
                    self._check(asked, is_post=handler.command == "POST", open_to_all=open_to_all)
                    made = make(asked)
            except Refused as error:
                handler.send(error.status, {"Content-Type": "text/plain"} | error.headers, error.body.encode())
                return
            body = made if isinstance(made, str) else json.dumps(made, ensure_ascii=False)
            kind = "text/plain" if isinstance(made, str) else "application/json"
            handler.send(200, {"Content-Type": f"{kind}; charset=utf-8"}, body.encode())

        return answer

    def _check(self, asked: Asked, *, is_post: bool, open_to_all: bool) -> None:
        if self.outage:
            raise Refused(*self.outage)
        if self.dialect is Dialect.INOREADER and any(asked.headers.get(name) != APP[name] for name in APP):
            raise Refused(403, "AppId required! Contact app developer.")
        if open_to_all:
            return
        authorized = asked.headers.get("authorization") == f"GoogleLogin auth={self._auth()}"
        token = asked.one("T")
        if self.dialect is Dialect.MINIFLUX:
            if not (token == self._auth() if is_post else authorized):
                raise Refused(401, "Unauthorized", {"X-Reader-Google-Bad-Token": "true"})
            return
        if not authorized:
            raise {
                Dialect.FRESHRSS: Refused(401, "Unauthorized!", {"Google-Bad-Token": "true"}),
                Dialect.OLD_READER: Refused(403, '{"errors":["Authentication required"]}'),
            }.get(self.dialect, Refused(401, "Unauthorized"))
        if is_post and token != self._token() and self.dialect is Dialect.FRESHRSS and token not in {"", "x"}:
            raise Refused(401, "Unauthorized!", {"Google-Bad-Token": "true"})
        if is_post and token != self._token() and self.dialect is Dialect.BAZQUX:
            raise Refused(401, "Unauthorized", {"X-Reader-Google-Bad-Token": "true"})

    def _auth(self) -> str:
        return {
            Dialect.FRESHRSS: f"{USER}/{self.sessions:040x}",
            Dialect.MINIFLUX: f"{USER}/{self.sessions:064x}",
        }.get(self.dialect, f"session-{self.sessions}")

    def _token(self) -> str:
        return self._auth() if self.dialect is Dialect.MINIFLUX else f"{self.tokens}".ljust(57, "Z")

    def _log_in(self, asked: Asked) -> object:
        if self.login_answer:
            raise Refused(*self.login_answer)
        email = asked.one("Email")
        if self.dialect is Dialect.FRESHRSS and not email.isalnum():
            raise Refused(400, "Bad Request!")
        if (email, asked.one("Passwd")) != (USER, PASSWORD):
            raise {
                Dialect.FRESHRSS: Refused(401, "Unauthorized!"),
                Dialect.MINIFLUX: Refused(401, '{"error_message":"Access Unauthorized"}'),
                Dialect.OLD_READER: Refused(403, '{"errors":["Invalid username or password"]}'),
            }.get(self.dialect, Refused(401, "Error=BadAuthentication\n"))
        return f"SID=unused\nLSID=null\nAuth={self._auth()}\n"

    def _written(self, title: str) -> str:
        return title.translate(_FULL_WIDTH) if self.dialect is Dialect.FRESHRSS else title

    def _json_only(self, asked: Asked) -> None:
        if asked.one("output") != "json" and self.dialect in {Dialect.FRESHRSS, Dialect.MINIFLUX}:
            raise Refused(501 if self.dialect is Dialect.FRESHRSS else 400, "Not Implemented!")

    def _list_feeds(self, asked: Asked) -> object:
        self._json_only(asked)
        return {
            "subscriptions": [
                {
                    "id": feed.id,
                    "title": self._written(feed.title),
                    "categories": [
                        {"id": f"user/{self.dialect.user}/label/{feed.label}", "label": feed.label}
                        for _ in range(bool(feed.label))
                    ],
                    "url": feed.address,
                    "htmlUrl": "https://example.org/",
                }
                for feed in self.feeds
            ]
        }

    def _feed(self, stream: str) -> Feed:
        for feed in self.feeds:
            if stream in {feed.id, "feed/" + feed.address}:
                return feed
        raise Refused(500 if self.dialect is Dialect.MINIFLUX else 400, "Bad Request!")

    def _label(self, written: str) -> str:
        return written.partition("/label/")[2]

    def _edit_feed(self, asked: Asked) -> object:
        action, label = asked.one("ac"), self._label(asked.one("a"))
        if action == "subscribe":
            self._subscribe(asked.one("s").removeprefix("feed/"))
            return "OK"
        feed = self._feed(asked.one("s"))
        if action == "unsubscribe":
            self.feeds.remove(feed)
            self.items = [item for item in self.items if item.feed is not feed]
            return "OK"
        if action != "edit" or (self.dialect is Dialect.MINIFLUX and "a" in asked.form and not label):
            raise Refused(400, "Bad Request!")
        feed.title = asked.one("t") or feed.title
        if label and not (self.dialect is Dialect.OLD_READER and asked.one("r")):
            feed.label = label
        elif asked.one("r"):
            none = {Dialect.FRESHRSS: "Uncategorized", Dialect.MINIFLUX: feed.label}
            feed.label = none.get(self.dialect, "")
        return "OK"

    def _subscribe(self, address: str) -> Feed:
        if any(feed.address == address for feed in self.feeds):
            raise Refused(500, '{"error_message":"This feed already exists."}')
        return self.add_feed(address, self.web[address])

    def _quick_add(self, asked: Asked) -> object:
        address = asked.one("quickadd")
        if self.dialect is Dialect.INOREADER:
            address = address.removeprefix("feed/")
        if address not in self.web:
            return {"numResults": 0, "query": address, "error": f"Feed was not added. Nothing at {address}"}
        feed = self._subscribe(address)
        return {"numResults": 1, "query": address, "streamId": feed.id, "streamName": feed.title}

    def _list_tags(self, asked: Asked) -> object:
        self._json_only(asked)
        labels = dict.fromkeys(feed.label for feed in self.feeds if feed.label)
        named = [{"id": f"user/{self.dialect.user}/label/{label}", "type": "folder"} for label in labels]
        return {"tags": [{"id": f"user/{self.dialect.user}/{STARRED}"}, *named]}

    def _disable_tag(self, asked: Asked) -> object:
        return self._relabel(asked, {Dialect.FRESHRSS: "Uncategorized", Dialect.MINIFLUX: "All"}.get(self.dialect, ""))

    def _rename_tag(self, asked: Asked) -> object:
        return self._relabel(asked, self._label(asked.one("dest")))

    def _relabel(self, asked: Asked, label: str) -> object:
        found = [feed for feed in self.feeds if feed.label == self._label(asked.one("s"))]
        if not found:
            raise Refused(404 if self.dialect is Dialect.MINIFLUX else 400, "Bad Request!")
        for feed in found:
            feed.label = label
        return "OK"

    def _count_unread(self, asked: Asked) -> object:
        self._json_only(asked)
        if self.dialect is Dialect.MINIFLUX:
            return []
        counts = {feed.id: sum(not item.read for item in self.items if item.feed is feed) for feed in self.feeds}
        return {
            "max": sum(counts.values()),
            "unreadcounts": [{"id": name, "count": count} for name, count in counts.items()],
        }

    def _in_stream(self, item: Item, stream: str) -> bool:
        if stream.endswith(STARRED):
            return item.starred
        if stream.endswith(READ):
            return item.read
        if "/label/" in stream:
            return item.feed.label == self._label(stream)
        return stream.endswith(READING_LIST) or stream in {item.feed.id, "feed/" + item.feed.address}

    def _selected(self, asked: Asked, most: int) -> tuple[list[Item], str]:
        """Return a page of a stream, newest first, and its continuation."""
        by_date = self.dialect is Dialect.MINIFLUX
        older, newer = asked.one("ot"), asked.one("nt")
        lowest = (int(older) if older else 0) - (180 if self.dialect is Dialect.BAZQUX else 0)
        highest = int(newer) if newer else 2**63
        streams, others = asked.one("s", READING_LIST), asked.query.get("xt", ())
        found = [
            item
            for item in self.items
            if lowest <= (item.published if by_date else item.crawled // 1_000_000) <= highest
            and self._in_stream(item, streams)
            and not any(self._in_stream(item, other) for other in others)
        ]
        found.sort(key=lambda item: item.published if by_date else item.crawled, reverse=asked.one("r") != "o")
        count, after = min(int(asked.one("n", "20")), most), asked.one("c")
        start = 0
        if after and by_date:
            start = int(after)
        elif after:
            numbers = [self._continuation(item) for item in found]
            start = numbers.index(after) + 1 if after in numbers else len(found)
        page = found[start : start + count]
        if by_date:
            return page, str(start + len(page)) if start + len(page) < len(found) else ""
        # FreshRSS sends a continuation with every full page, even the last.
        is_full = len(page) == count if self.dialect is Dialect.FRESHRSS else start + count < len(found)
        return page, self._continuation(page[-1]) if page and is_full else ""

    def _continuation(self, item: Item) -> str:
        return str(item.number) if self.dialect in {Dialect.FRESHRSS, Dialect.BAZQUX} else f"c{item.number:x}"

    def _list_ids(self, asked: Asked) -> object:
        if self.dialect is Dialect.MINIFLUX:
            self._json_only(asked)
        page, continuation = self._selected(asked, _MOST[self.dialect][0])
        refs: list[dict[str, Any]] = []
        for item in page:
            ref = {"id": f"{item.number:024x}" if self.dialect is Dialect.OLD_READER else str(item.number)}
            if self.dialect in {Dialect.BAZQUX, Dialect.INOREADER}:
                ref["timestampUsec"] = str(item.crawled)
            refs.append(ref)
        return {"itemRefs": refs, **({"continuation": continuation} if continuation else {})}

    def _items(self, written: Iterable[str]) -> list[Item]:
        """Return the entries of ids, which are long or short."""
        by_id = {self.entry_id(item): item for item in self.items}
        found = []
        for each in written:
            short = each.removeprefix(_ITEM)
            if self.dialect is not Dialect.OLD_READER and short == each:
                short = f"{int(each) % 2**64:016x}"
            if item := by_id.get(short if self.dialect is Dialect.OLD_READER else short.zfill(16)):
                found.append(item)
        return found

    def _contents(self, asked: Asked) -> object:
        if self.dialect is Dialect.MINIFLUX:
            self._json_only(asked)
        ids = asked.form.get("i", [])
        if not ids or len(ids) > _MOST[self.dialect][1]:
            raise Refused(400, "Bad Request!")
        found = sorted(self._items(ids), key=lambda item: item.crawled, reverse=True)
        return {"id": f"user/-/{READING_LIST}", "updated": 1, "items": [self._written_item(item) for item in found]}

    def _stream(self, asked: Asked) -> object:
        if self.dialect is Dialect.MINIFLUX:
            return []  # all that it does not know is answered so
        page, continuation = self._selected(asked, 1_000)
        items = [self._written_item(item) for item in page]
        return {"items": items, **({"continuation": continuation} if continuation else {})}

    def _written_item(self, item: Item) -> dict[str, Any]:
        states = [READING_LIST, *([READ] if item.read else []), *([STARRED] if item.starred else [])]
        labels = [f"label/{item.feed.label}"] if item.feed.label else []
        address = f"https://example.org/{item.number % 2**64}"
        written = {
            "id": _ITEM + self.entry_id(item),
            "crawlTimeMsec": str(item.crawled // 1000),
            "timestampUsec": str(item.crawled),
            "published": item.published,
            "title": self._written(item.title),
            "canonical": [{"href": address}],
            "alternate": [{"href": address, "type": "text/html"}],
            "categories": [f"user/{self.dialect.user}/{each}" for each in (*states, *labels)] + ["Science"],
            "origin": {"streamId": item.feed.id, "title": self._written(item.feed.title)},
            "summary": {"content": item.html},
            "author": "A. Writer",
        }
        media = f"{address}.mp3"
        if self.dialect is Dialect.MINIFLUX:
            written |= {"content": {"direction": "ltr", "content": item.html}}
            return written | {"enclosure": [{"url": media, "type": "audio/mpeg"}], "updated": item.crawled // 1_000_000}
        return written | {"enclosure": [{"href": media, "type": "audio/mpeg", "length": 1}]}

    def _edit_tag(self, asked: Asked) -> object:
        ids = asked.form.get("i", [])
        added, removed = asked.one("a"), asked.one("r")
        if not ids or not (added or removed) or len(ids) > 10_000:
            raise Refused(400, "Bad Request!")
        for item in self._items(ids):
            for tag, on in ((added, True), (removed, False)):
                if tag.endswith(READ):
                    item.read = on
                elif tag.endswith(STARRED):
                    item.starred = on
        return "OK"

    def _mark_all(self, asked: Asked) -> object:
        until = asked.one("ts", "0")
        if not until.isdecimal():
            raise Refused(400, "Bad Request!")
        for item in self.items:
            if self._in_stream(item, asked.one("s")) and (int(until) == 0 or item.crawled <= int(until)):
                item.read = True
        return "OK"

    def _page(self, handler: Handler) -> None:
        """Show what a person sees on the server's own page."""
        with self._lock:
            rows = [
                f"<li>{escape(item.title)}: {'read' if item.read else 'unread'}{', starred' * item.starred}</li>"
                for item in self.items
            ]
        body = f"<!doctype html><title>Reader</title><ul>{''.join(rows)}</ul>"
        handler.send(200, {"Content-Type": "text/html; charset=utf-8"}, body.encode())
