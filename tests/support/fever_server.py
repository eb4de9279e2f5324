"""A small server with the Fever API on a loopback address, which answers as FreshRSS, Tiny Tiny RSS or Miniflux do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.servers import Handler, Site

USER, PASSWORD = "reader", "pässword"
_KEY = hashlib.md5(f"{USER}:{PASSWORD}".encode()).hexdigest()
_PAGE = 50


class Dialect(Enum):
    """A server, by the path of its API."""

    FRESHRSS = "/api/fever.php"
    TTRSS = "/plugins.local/fever/"
    MINIFLUX = "/fever/"


class FeverServer:
    """Answers on ``site``. ``is_off`` switches the API off."""

    def __init__(self, site: Site, dialect: Dialect) -> None:
        self.dialect = dialect
        self.is_off = False
        self.groups = {1: "Uncategorized", 2: "Tech"}
        self.feeds: dict[int, tuple[str, str, int]] = {}  # address, title and group
        self.items: dict[int, dict[str, Any]] = {}
        # FreshRSS has the time in microseconds for an id.
        self._last, self._step = (1_790_000_000_000_000, 1_000_003) if dialect is Dialect.FRESHRSS else (0, 3)
        self._site = site
        site.put(dialect.value, self._answer)

    @property
    def address(self) -> str:
        return self._site.url("")

    def add_items(self, count: int, feed: int = 1, **fields: Any) -> list[int]:
        made = []
        for _ in range(count):
            self._last += self._step
            made.append(self._last)
            self.items[self._last] = {
                "id": str(self._last) if self.dialect is Dialect.FRESHRSS else self._last,
                "feed_id": feed,
                "title": f"Title {self._last}",
                "author": "",
                "html": "<p>Text</p>",
                "url": f"https://news.example/{self._last}",
                "is_saved": 0,
                "is_read": 0,
                "created_on_time": 1_790_000_000,
                **fields,
            }
        return made

    def unread(self) -> set[int]:
        return {own for own, item in self.items.items() if not item["is_read"]}

    def saved(self) -> set[int]:
        return {own for own, item in self.items.items() if item["is_saved"]}

    def _answer(self, handler: Handler) -> None:
        query = parse_qs(urlsplit(handler.path).query, keep_blank_values=True)
        form = parse_qs(handler.body.decode())
        if self.is_off and self.dialect is Dialect.FRESHRSS:
            handler.send(503, {"Content-Type": "text/plain"}, b"Service Unavailable!")
            return
        answer: dict[str, Any] = {"api_version": 3, "auth": 1}
        if form.get("api_key") != [_KEY] or (self.is_off and self.dialect is Dialect.MINIFLUX):
            answer["auth"] = 0
            if self.dialect is Dialect.TTRSS:
                answer["error"] = "NOT_LOGGED_IN"
        elif self.is_off:
            answer |= {"auth": 0, "error": "API_DISABLED"}
        else:
            now = 1_790_000_000
            answer["last_refreshed_on_time"] = str(now) if self.dialect is Dialect.TTRSS else now
            for name, values in self._questions(query, form):
                answer |= values
                if self.dialect is Dialect.MINIFLUX and name:
                    break
        handler.send(200, {"Content-Type": "application/json"}, json.dumps(answer).encode())

    def _questions(
        self, query: Mapping[str, list[str]], form: Mapping[str, list[str]]
    ) -> Iterable[tuple[str, dict[str, Any]]]:
        if "groups" in query:
            groups = [{"id": own, "title": title} for own, title in self.groups.items()]
            yield "groups", {"groups": groups, "feeds_groups": self._feeds_groups()}
        if "feeds" in query:
            feeds = [
                {"id": own, "favicon_id": own, "title": title, "url": address, "site_url": "", "is_spark": 0}
                for own, (address, title, _) in self.feeds.items()
            ]
            yield "feeds", {"feeds": feeds, "feeds_groups": self._feeds_groups()}
        if "unread_item_ids" in query:
            yield "unread_item_ids", {"unread_item_ids": ",".join(map(str, self.unread()))}
        if "saved_item_ids" in query:
            yield "saved_item_ids", {"saved_item_ids": ",".join(map(str, self.saved()))}
        if "items" in query:
            yield "items", {"items": self._list(query), "total_items": len(self.items)}
        if form.get("mark") == ["item"]:
            self._mark(self.items.get(int(form["id"][0])), form["as"][0])
            yield "mark", {}

    def _feeds_groups(self) -> list[dict[str, Any]]:
        return [
            {"group_id": own, "feed_ids": ",".join(str(feed) for feed, value in self.feeds.items() if value[2] == own)}
            for own in self.groups
        ]

    def _list(self, query: Mapping[str, list[str]]) -> list[dict[str, Any]]:
        ids = sorted(self.items)
        if "with_ids" in query:
            wanted = set(map(int, query["with_ids"][0].split(",")))
            ids = [own for own in ids if own in wanted]
        elif "max_id" in query:
            before = int(query["max_id"][0])
            ids.reverse()
            if before or self.dialect is Dialect.FRESHRSS:
                ids = [own for own in ids if own < before]
        else:
            ids = [own for own in ids if own > int(query.get("since_id", ["0"])[0])]
        return [self.items[own] for own in ids[:_PAGE]]

    def _mark(self, item: dict[str, Any] | None, word: str) -> None:
        if item is None:
            return
        if word in {"read", "unread"}:
            item["is_read"] = int(word == "read")
        elif self.dialect is Dialect.MINIFLUX:
            item["is_saved"] = 1 - item["is_saved"]
        else:
            item["is_saved"] = int(word == "saved")
