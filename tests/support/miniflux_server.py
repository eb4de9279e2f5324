"""A small Miniflux on a loopback address, with what its API answers in several versions."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import formatdate
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.servers import Handler, Site

KEY = "abc-Key_123="
USER, PASSWORD = "reader", "pässword"

Answer = tuple[int, Any]
_UNAUTHORIZED: Answer = (401, {"error_message": "access unauthorized"})
_NOT_FOUND: Answer = (404, {"error_message": "resource not found"})


class MinifluxServer:
    """Answers on ``site`` as a version of Miniflux does.

    ``clock`` is its time in seconds since 1970; it moves when a test moves it.
    ``unreachable`` are the addresses of feeds that it cannot fetch, and
    ``moved`` the feeds that it finds at another address.
    """

    def __init__(self, site: Site, version: str = "2.3.3") -> None:
        self.version = tuple(map(int, version.split(".")))
        self.clock = 1_790_000_000
        self.unreachable: set[str] = set()
        self.moved: dict[str, str] = {}
        self.categories: list[dict[str, Any]] = [{"id": 1, "title": "All", "user_id": 1, "hide_globally": False}]
        self.feeds: dict[int, dict[str, Any]] = {}
        self.entries: dict[int, dict[str, Any]] = {}
        self._last = 0
        self._lock = threading.Lock()
        self._site = site
        site.otherwise = self._answer

    @property
    def address(self) -> str:
        return self._site.url("")

    def add_feed(self, address: str, title: str = "", category: str = "All") -> int:
        """Subscribe to a feed."""
        own = len(self.feeds) + 1
        found = next((each for each in self.categories if each["title"] == category), None)
        if found is None:
            found = {"id": len(self.categories) + 1, "title": category, "user_id": 1, "hide_globally": False}
            self.categories.append(found)
        self.feeds[own] = {
            "id": own,
            "user_id": 1,
            "feed_url": address,
            "site_url": address.rpartition("/")[0],
            "title": title or address,
            "checked_at": self._time(),
            "parsing_error_count": 0,
            "disabled": False,
            "category": found,
            "icon": None,
        }
        return own

    def add_entries(self, feed: int, count: int = 1, **fields: Any) -> list[int]:
        """Let a feed have new entries, and return their ids."""
        made = []
        for _ in range(count):
            self._last += 1
            own = self._last
            made.append(own)
            self.entries[own] = {
                "id": own,
                "user_id": 1,
                "feed_id": feed,
                "status": "unread",
                "hash": f"{own:064x}",
                "title": f"Title {own}",
                "url": f"https://news.example/{own}",
                "comments_url": "",
                "published_at": "2026-09-20T10:00:00Z",
                "created_at": self._time(),
                "changed_at": self._time(),
                "content": f"<p>Text {own}</p>",
                "author": "",
                "share_code": "",
                "starred": False,
                "reading_time": 1,
                "enclosures": [],
                "feed": self.feeds[feed],
                "tags": [],
                **fields,
            }
        return made

    def mark(self, own: int, **fields: Any) -> None:
        """Mark an entry, as another client does."""
        self.entries[own].update(fields, changed_at=self._time())

    def unread(self) -> set[int]:
        return {own for own, entry in self.entries.items() if entry["status"] == "unread"}

    def starred(self) -> set[int]:
        return {own for own, entry in self.entries.items() if entry["starred"]}

    def _time(self) -> str:
        return datetime.fromtimestamp(self.clock, UTC).strftime("%Y-%m-%dT%H:%M:%S.123456Z")

    def _answer(self, handler: Handler) -> None:
        handler.date_time_string = lambda timestamp=None: formatdate(self.clock, usegmt=True)  # type: ignore[method-assign]
        parts = urlsplit(handler.path)
        if handler.command == "GET" and parts.path in {"/unread", "/starred"}:
            self._show_page(handler, self.unread() if parts.path == "/unread" else self.starred())
            return
        with self._lock:
            query = parse_qs(parts.query)
            body = json.loads(handler.body) if handler.body else {}
            status, value = self._api(handler, parts.path.strip("/").split("/"), query, body)
        packed = b"" if value is None else json.dumps(value).encode()
        handler.send(status, {"Content-Type": "application/json"}, packed)

    def _show_page(self, handler: Handler, ids: set[int]) -> None:
        titles = "".join(f"<li>{escape(self.entries[own]['title'])}</li>" for own in sorted(ids))
        handler.send(200, {"Content-Type": "text/html; charset=utf-8"}, f"<ul>{titles}</ul>".encode())

    def _api(self, handler: Handler, path: list[str], query: Mapping[str, list[str]], body: Any) -> Answer:
        if path[0] != "v1":
            return _NOT_FOUND
        basic = f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"
        token = handler.headers.get("X-Auth-Token")
        if token != KEY and (token or handler.headers.get("Authorization") != basic):
            return _UNAUTHORIZED
        match handler.command, path[1:]:
            case "GET", ["me"]:
                return 200, {"id": 1, "username": USER, "is_admin": False}
            case "GET", ["version"] if self.version >= (2, 0, 47):
                return 200, {"version": ".".join(map(str, self.version)), "commit": "1", "go_version": "go1.26"}
            case "GET" | "POST" as method, ["categories"]:
                return self._list_categories() if method == "GET" else self._add_category(body)
            case _, ["feeds", *rest]:
                return self._answer_feeds(handler.command, rest, body)
            case _, ["entries", *rest]:
                return self._answer_entries(handler.command, rest, query, body)
        return _NOT_FOUND

    def _list_categories(self) -> Answer:
        return 200, sorted(self.categories, key=lambda each: str(each["title"]))

    def _add_category(self, body: Any) -> Answer:
        if not body.get("title"):
            return 400, {"error_message": "The title is mandatory."}
        if any(each["title"].lower() == body["title"].lower() for each in self.categories):
            return 400, {"error_message": "This category already exists."}
        made = {"id": len(self.categories) + 1, "title": body["title"], "user_id": 1, "hide_globally": False}
        self.categories.append(made)
        return 201, made

    def _answer_feeds(self, method: str, rest: list[str], body: Any) -> Answer:
        if not rest:
            return (200, list(self.feeds.values())) if method == "GET" else self._add_feed(body)
        feed = self.feeds.get(int(rest[0]))
        if feed is None:
            return _NOT_FOUND
        if method == "DELETE":
            del self.feeds[feed["id"]]
            self.entries = {own: each for own, each in self.entries.items() if each["feed_id"] != feed["id"]}
            return 204, None
        if method == "PUT":
            if body.get("title") == "":
                return 400, {"error_message": "The feed title cannot be empty."}
            feed["title"] = body.get("title", feed["title"])
            if own := body.get("category_id"):
                feed["category"] = next(each for each in self.categories if each["id"] == own)
            return 201, feed
        return 200, feed

    def _add_feed(self, body: Any) -> Answer:
        address = body.get("feed_url", "")
        category = body.get("category_id") or self._list_categories()[1][0]["id"]
        found = next((each for each in self.categories if each["id"] == category), None)
        if found is None:
            return 400, {"error_message": "This category does not exist or does not belong to this user."}
        if any(each["feed_url"] == address for each in self.feeds.values()):
            return 400, {"error_message": "This feed already exists."}
        if address in self.unreachable:
            return 500, {"error_message": "Unable to detect feed format: EOF."}
        return 201, {"feed_id": self.add_feed(self.moved.get(address, address), "As published", found["title"])}

    def _answer_entries(self, method: str, rest: list[str], query: Mapping[str, list[str]], body: Any) -> Answer:
        match method, rest:
            case "GET", []:
                return self._list(query)
            case "PUT", []:
                return self._change(body)
            case "GET", ["ids"] if self.version >= (2, 3, 2):
                listed = [each["id"] for each in self._matching(query)]
                limit, offset = int(query.get("limit", ["10000"])[0]), int(query.get("offset", ["0"])[0])
                return 200, {"total": len(listed), "entry_ids": sorted(listed, reverse=True)[offset : offset + limit]}
            case "GET", ["ids"]:  # versions that take it for no id
                return (200, next(iter(self.entries.values()))) if self.entries else _NOT_FOUND
            case "GET", [own]:
                entry = self.entries.get(int(own))
                return (200, entry) if entry else _NOT_FOUND
            case "PUT", [own, "bookmark"]:
                if int(own) not in self.entries:
                    return 500, {"error_message": "store: nothing has been updated"}
                self.mark(int(own), starred=not self.entries[int(own)]["starred"])
                return 204, None
        return _NOT_FOUND

    def _list(self, query: Mapping[str, list[str]]) -> Answer:
        limit, offset = int(query.get("limit", ["100"])[0]), int(query.get("offset", ["0"])[0])
        if self.version >= (2, 3, 0) and limit > 1000:
            return 400, {"error_message": "limit value should be <= 1000"}
        order = query.get("order", ["published_at"])[0]
        found = sorted(self._matching(query), key=lambda each: each[order])
        if query.get("direction", ["asc"])[0] == "desc":
            found.reverse()
        return 200, {"total": len(found), "entries": found[offset : offset + limit]}

    def _matching(self, query: Mapping[str, list[str]]) -> list[dict[str, Any]]:
        def first(name: str) -> int:
            return int(query.get(name, ["0"])[0])

        found = list(self.entries.values())
        if statuses := query.get("status"):
            found = [each for each in found if each["status"] in statuses]
        if "starred" in query:
            found = [each for each in found if each["starred"] == (query["starred"] == ["true"])]
        if after := first("after_entry_id"):
            found = [each for each in found if each["id"] > after]
        if before := first("before_entry_id"):
            found = [each for each in found if each["id"] < before]
        if (changed := first("changed_after")) and self.version >= (2, 0, 49):
            found = [each for each in found if datetime.fromisoformat(each["changed_at"]).timestamp() > changed]
        return found

    def _change(self, body: Any) -> Answer:
        ids, status, starred = body.get("entry_ids"), body.get("status", ""), body.get("starred")
        if not ids:
            return 400, {"error_message": "the list of entries cannot be empty"}
        knows_stars = self.version >= (2, 3, 2)
        if status not in {"read", "unread"} and not (knows_stars and status == "" and starred is not None):
            return 400, {"error_message": "invalid entry status"}
        if not self.entries.keys() & set(ids):
            return 500, {"error_message": "store: nothing has been updated"}
        for own in ids:
            if own in self.entries and status:
                self.mark(own, status=status)
            if own in self.entries and starred is not None and knows_stars:
                self.mark(own, starred=starred)
        return 204, None
