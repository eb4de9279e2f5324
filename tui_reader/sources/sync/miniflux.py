"""Miniflux by its own API, from version 2.0.49 on."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote

from tui_reader.model.text import clean_text
from tui_reader.model.urls import safe_url
from tui_reader.sources.sync.addresses import base_address
from tui_reader.sources.sync.answers import folder_of, name, number, objects, text, title_of
from tui_reader.sources.sync.client import Batch, MarkedIds, MarkKind, RemoteEntry, RemoteFeed
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.sources.sync.http import Pairs, Reply, SyncHttp
from tui_reader.sources.sync.miniflux_entries import list_entries, read_entry, refuse

_OLDEST = (2, 0, 49)  # the first that lists what has changed since a time; older ones would list everything each time
_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})")
_DEFAULT_CATEGORY = "All"  # what Miniflux calls the one that each user has; a feed cannot be without one
_IDS = 10_000  # most ids in an answer
_MARKS = 1_000  # entries in a request
_NOTHING = "nothing has been updated"
_TAILS = ("/v1", "/reader/api/0", "/fever")


class MinifluxClient:
    """A connection to Miniflux, with an API key, or with the name and the password of a user.

    Categories are folders; a folder in another is one category, ``Outer / Inner``,
    and the category ``All`` is no folder.
    """

    def __init__(self, address: str, user: str, password: str) -> None:
        """``user`` is empty if ``password`` is an API key."""
        self._http = SyncHttp(base_address(address, _TAILS))
        self._has_key = not user
        self._headers = _authorization(user, password)
        self._lists_ids: bool | None = None

    async def sign_in(self) -> str:
        """See :meth:`SyncClient.sign_in`."""
        user = (await self._get("/v1/me")).json()
        if not isinstance(user, dict) or not user.get("username"):
            raise SyncError("the server is no Miniflux; check the address of the account", SyncProblem.VERSION)
        reply = await self._get("/v1/version", also={404})
        answer = reply.json() if reply.status < 400 else None
        version = name(answer.get("version")) if isinstance(answer, dict) else ""
        found = _VERSION.match(version)
        # Versions between releases have other names.
        if reply.status == 404 or (found and tuple(map(int, found.groups())) < _OLDEST):
            oldest = ".".join(map(str, _OLDEST))
            raise SyncError(
                f"Miniflux {version or 'of this version'} is too old: update the server to {oldest} or later",
                SyncProblem.VERSION,
            )
        return f"Miniflux {version}".strip()

    async def feeds(self) -> tuple[RemoteFeed, ...]:
        """See :meth:`SyncClient.feeds`."""
        answer = (await self._get("/v1/feeds")).json()
        if answer is not None and not isinstance(answer, list):
            refuse("no list of feeds")
        return tuple(feed for item in objects(answer) if (feed := _feed(item)))

    async def entries(self, cursor: str) -> AsyncIterator[Batch]:
        """See :meth:`SyncClient.entries`."""
        lists_ids = bool(cursor) and await self._can_list_ids()
        async for batch in list_entries(self._get, cursor, lists_ids=lists_ids):
            yield batch

    async def entries_of(self, ids: Collection[str]) -> tuple[RemoteEntry, ...]:
        """See :meth:`SyncClient.entries_of`. One request for each: there is no way to ask for several."""
        found = [await self._entry(each) for each in ids if number(each)]
        return tuple(entry for entry in found if entry)

    async def marked(self) -> MarkedIds:
        """See :meth:`SyncClient.marked`.

        Versions before 2.3.2 cannot say it; what changed there is among the :meth:`entries`.
        """
        if not await self._can_list_ids():
            return MarkedIds(None, None)
        return MarkedIds(await self._ids(("status", "unread")), await self._ids(("starred", "true")))

    async def mark(self, kind: MarkKind, ids: Collection[str], *, on: bool) -> None:
        """See :meth:`SyncClient.mark`."""
        numbers = [own for each in ids if (own := number(each))]
        if kind is MarkKind.STARRED and not await self._can_list_ids():
            for own in numbers:
                await self._turn_star(own, on=on)
            return
        change: dict[str, object] = {"starred": on}
        if kind is MarkKind.READ:
            change = {"status": "read" if on else "unread"}
        for start in range(0, len(numbers), _MARKS):
            wanted = {"entry_ids": numbers[start : start + _MARKS], **change}
            reply = await self._send("PUT", "/v1/entries", wanted, also={500})
            # It is an error to Miniflux that it has none of them any more, as after the end of a subscription.
            if _NOTHING not in _reason(reply):
                reply.check()

    async def subscribe(self, address: str, title: str, folder: tuple[str, ...]) -> RemoteFeed:
        """See :meth:`SyncClient.subscribe`. A feed that is there already is renamed and moved."""
        wanted: dict[str, object] = {"feed_url": address}
        if category := await self._category(folder):
            wanted["category_id"] = category
        reply = await self._send("POST", "/v1/feeds", wanted, also={400, 500})
        if reply.status < 400:
            answer = reply.json()
            own = number(answer.get("feed_id")) if isinstance(answer, dict) else 0
            found = await self._feed(own)
        else:
            found = next((feed for feed in await self.feeds() if feed.address == address), None)
        if found is None:
            raise _refused(reply, "subscribe to the feed")
        if (title and title != found.title) or (folder and folder != found.folder):
            await self.change(found, title, folder)
            found = await self._feed(number(found.id)) or found
        return found

    async def unsubscribe(self, feed: RemoteFeed) -> None:
        """See :meth:`SyncClient.unsubscribe`."""
        await self._send("DELETE", f"/v1/feeds/{number(feed.id)}", also={404})

    async def change(self, feed: RemoteFeed, title: str, folder: tuple[str, ...]) -> None:
        """See :meth:`SyncClient.change`. An empty title changes none."""
        wanted: dict[str, object] = {"title": title} if title else {}
        if category := await self._category(folder):
            wanted["category_id"] = category
        reply = await self._send("PUT", f"/v1/feeds/{number(feed.id)}", wanted, also={400, 404})
        if reply.status == 400:
            raise _refused(reply, "change the feed")

    async def close(self) -> None:
        """See :meth:`SyncClient.close`."""
        await self._http.close()

    async def _can_list_ids(self) -> bool:
        """Return whether the server lists ids, and sets stars too, as it does from 2.3.2 on."""
        if self._lists_ids is None:
            # Older ones take "ids" for no id, and answer with any entry.
            reply = await self._get("/v1/entries/ids", [("limit", "1")], also={400, 404})
            answer = reply.json() if reply.status < 400 else None
            self._lists_ids = isinstance(answer, dict) and "entry_ids" in answer
        return self._lists_ids

    async def _ids(self, which: tuple[str, str]) -> frozenset[str]:
        """Return the ids of all entries that have a mark."""
        found: set[str] = set()
        while True:
            page = [which, ("limit", str(_IDS)), ("offset", str(len(found)))]
            answer = (await self._get("/v1/entries/ids", page)).json()
            listed = answer.get("entry_ids") if isinstance(answer, dict) else None
            if not isinstance(listed, list):
                refuse("no list of ids")
            before = len(found)
            found.update(str(own) for each in listed if (own := number(each)))
            # What is marked meanwhile moves the pages: then an id comes twice, and another in the next run.
            if len(listed) < _IDS or len(found) == before:
                return frozenset(found)

    async def _entry(self, own: str) -> RemoteEntry | None:
        reply = await self._get(f"/v1/entries/{number(own)}", also={404})
        answer = reply.json() if reply.status < 400 else None
        return read_entry(answer) if isinstance(answer, dict) else None

    async def _turn_star(self, own: int, *, on: bool) -> None:
        """Set the star of an entry of an older version, which can only be turned over."""
        entry = await self._entry(str(own))
        if entry is not None and entry.is_starred != on:
            await self._send("PUT", f"/v1/entries/{own}/bookmark", also={404})

    async def _feed(self, own: int) -> RemoteFeed | None:
        reply = await self._get(f"/v1/feeds/{own}", also={404})
        answer = reply.json() if reply.status < 400 else None
        return _feed(answer) if isinstance(answer, dict) else None

    async def _category(self, folder: tuple[str, ...]) -> int:
        """Return the id of the category for a folder, which is made if need be; 0 to leave it to the server."""
        title = title_of(folder) or _DEFAULT_CATEGORY
        if own := await self._category_id(title):
            return own
        if not folder:
            return 0
        reply = await self._send("POST", "/v1/categories", {"title": title}, also={400})
        answer = reply.json() if reply.status < 400 else None
        own = number(answer.get("id")) if isinstance(answer, dict) else 0
        own = own or await self._category_id(title)  # another client may have made it
        if not own:
            raise _refused(reply, "make a category for the folder")
        return own

    async def _category_id(self, title: str) -> int:
        """Return the id of a category; their titles differ in more than case."""
        for item in objects((await self._get("/v1/categories")).json()):
            if name(item.get("title")).casefold() == title.casefold():
                return number(item.get("id"))
        return 0

    async def _get(self, path: str, params: Pairs = (), also: Collection[int] = ()) -> Reply:
        with self._explained():
            return await self._http.get(path, params, self._headers, also=also)

    async def _send(self, method: str, path: str, value: object = None, also: Collection[int] = ()) -> Reply:
        with self._explained():
            return await self._http.send_json(method, path, value, self._headers, also=also)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except SyncError as error:
            if error.problem is not SyncProblem.PASSWORD:
                raise
            what = (
                "the API key; make a new one in Miniflux, under Settings, API Keys"
                if self._has_key
                else "the user name or the password; check them, or make an API key in Miniflux, under Settings, "
                "API Keys, which is needed where you sign in by another service"
            )
            raise SyncError(f"the server refuses {what}", SyncProblem.PASSWORD) from error


def _authorization(user: str, password: str) -> Mapping[str, str]:
    if user:
        return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}
    # A key has only such characters. With others it could not be sent, and the server refuses it either way.
    return {"X-Auth-Token": quote(password.strip(), safe="+/=~-._") or "none"}


def _feed(item: Mapping[str, object]) -> RemoteFeed | None:
    own, address = number(item.get("id")), safe_url(text(item.get("feed_url")))
    if not own or not address:
        return None
    category = item.get("category")
    title = name(category.get("title")) if isinstance(category, dict) else ""
    return RemoteFeed(
        str(own),
        address,
        name(item.get("title")),
        safe_url(text(item.get("site_url"))) or "",
        () if title == _DEFAULT_CATEGORY else folder_of(title),
    )


def _refused(reply: Reply, what: str) -> SyncError:
    """Return an error with the reason that the server gives."""
    return SyncError(f"Miniflux does not {what}: {_reason(reply) or f'error {reply.status}'}", SyncProblem.PROTOCOL)


def _reason(reply: Reply) -> str:
    """Return why the server did not do something, empty if it does not say."""
    try:
        answer = reply.json()
    except SyncError:
        return ""
    return clean_text(text(answer.get("error_message"))[:300]) if isinstance(answer, dict) else ""
