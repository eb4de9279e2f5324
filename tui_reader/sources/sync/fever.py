"""The Fever API, as FreshRSS, Tiny Tiny RSS, coldsweat, Miniflux and others have it.

It has no way to subscribe, and marks one item with each request. That it can mark
a whole feed as read is of no use: it would mark what nobody has seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Collection, Mapping
from urllib.parse import urlsplit

from tui_reader.model.urls import safe_url
from tui_reader.sources.http.errors import RETRY_LATER
from tui_reader.sources.sync.addresses import base_address
from tui_reader.sources.sync.answers import folder_of, is_on, name, number, objects, text
from tui_reader.sources.sync.client import Batch, MarkedIds, MarkKind, RemoteEntry, RemoteFeed
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.sources.sync.fever_items import PAGE, FeverItems
from tui_reader.sources.sync.http import Pairs, Reply, SyncHttp

_API: Pairs = (("api", ""),)
_TAILS = ("/api/greader.php", "/reader/api/0", "/api", "/v1")
# Below the address of a server: of Miniflux and coldsweat, of FreshRSS, and of the plugin of Tiny Tiny RSS.
_PATHS = ("/fever/", "/api/fever.php", "/plugins.local/fever/", "/plugins/fever/")
_ELSEWHERE = frozenset({301, 302, 303, 307, 308, 400, 403, 404, 405, 410, 501, 503})
_UNAVAILABLE = 503
_OLDEST = 2  # the first version in which items can be asked for by their ids
_WORDS = {
    (MarkKind.READ, True): "read",
    (MarkKind.READ, False): "unread",
    (MarkKind.STARRED, True): "saved",
    (MarkKind.STARRED, False): "unsaved",
}


class FeverClient:
    """A connection to a server with the Fever API. Its groups are folders."""

    def __init__(self, address: str, user: str, password: str) -> None:
        """``address`` is that of the server or of its Fever API, which is looked for in the places that are usual."""
        base = base_address(address, _TAILS)
        path = urlsplit(base).path
        if "fever" in path.rpartition("/")[2].lower():
            base = base.removesuffix(path)
            self._paths: tuple[str, ...] = (path if path.endswith(".php") else f"{path}/",)
        else:
            self._paths = _PATHS
        self._http = SyncHttp(base)
        # What the protocol has for a password; it is as good as one, so it goes only over the connection.
        key = hashlib.md5(f"{user}:{password}".encode(), usedforsecurity=False).hexdigest()
        self._key: Pairs = (("api_key", key),)
        self._path = ""
        self._items = FeverItems(self._ask)

    async def sign_in(self) -> str:
        """See :meth:`SyncClient.sign_in`. The API does not tell what the server is."""
        version = number((await self._ask()).get("api_version"))
        if version < _OLDEST:
            raise SyncError(
                f"the server has version {version} of the Fever API, which cannot list all entries: update it",
                SyncProblem.VERSION,
            )
        return f"Fever API {version}"

    async def feeds(self) -> tuple[RemoteFeed, ...]:
        """See :meth:`SyncClient.feeds`."""
        # Miniflux answers one question in a request.
        groups = await self._ask(("groups", ""))
        answer = await self._ask(("feeds", ""))
        if not isinstance(answer.get("feeds"), list):
            raise SyncError("the server's answer has no list of feeds; check its version", SyncProblem.PROTOCOL)
        folders = _folders(groups, answer)
        return tuple(feed for item in objects(answer["feeds"]) if (feed := _feed(item, folders)))

    async def entries(self, cursor: str) -> AsyncIterator[Batch]:
        """See :meth:`SyncClient.entries`."""
        async for batch in self._items.batches(cursor):
            yield batch

    async def entries_of(self, ids: Collection[str]) -> tuple[RemoteEntry, ...]:
        """See :meth:`SyncClient.entries_of`."""
        numbers = [own for each in ids if (own := number(each))]
        found: list[RemoteEntry] = []
        for start in range(0, len(numbers), PAGE):
            found += (await self._items.items(numbers[start : start + PAGE])).values()
        return tuple(found)

    async def marked(self) -> MarkedIds:
        """See :meth:`SyncClient.marked`."""
        return MarkedIds(await self._ids("unread_item_ids"), await self._ids("saved_item_ids"))

    async def mark(self, kind: MarkKind, ids: Collection[str], *, on: bool) -> None:
        """See :meth:`SyncClient.mark`. One request for each that is not marked so already."""
        is_listed = on if kind is MarkKind.STARRED else not on  # when it is done: saved items and unread ones are
        listed = await self._ids("saved_item_ids" if kind is MarkKind.STARRED else "unread_item_ids")
        for own in filter(None, map(number, ids)):
            # Miniflux turns a star over, whatever it is told: only what differs may be sent.
            if listed is None or (str(own) in listed) != is_listed:
                form = [*self._key, ("mark", "item"), ("as", _WORDS[kind, on]), ("id", str(own))]
                # coldsweat answers 404 for an item that it no longer has.
                reply = await self._http.post(await self._found(), form, params=_API, also={404})
                if reply.status < 400:
                    _checked(_answer(reply))

    async def subscribe(self, address: str, title: str, folder: tuple[str, ...]) -> RemoteFeed:
        """Raise a :class:`SyncError`, as there is no way to subscribe."""
        raise SyncError(
            "the Fever API cannot subscribe: add the feed on the pages of the server, and update",
            SyncProblem.UNSUPPORTED,
        )

    async def unsubscribe(self, feed: RemoteFeed) -> None:
        """Raise a :class:`SyncError`, as there is no way to end a subscription."""
        raise SyncError(
            "the Fever API cannot end subscriptions: remove the feed on the pages of the server, and update",
            SyncProblem.UNSUPPORTED,
        )

    async def change(self, feed: RemoteFeed, title: str, folder: tuple[str, ...]) -> None:
        """Raise a :class:`SyncError`, as there is no way to change a subscription."""
        raise SyncError(
            "the Fever API cannot rename or move feeds: do it on the pages of the server, and update",
            SyncProblem.UNSUPPORTED,
        )

    async def close(self) -> None:
        """See :meth:`SyncClient.close`."""
        await self._http.close()

    async def _ids(self, what: str) -> frozenset[str] | None:
        listed = (await self._ask((what, ""))).get(what)
        if not isinstance(listed, str):
            return None
        return frozenset(str(own) for each in listed.split(",") if (own := number(each.strip())))

    async def _ask(self, *question: tuple[str, str]) -> Mapping[str, object]:
        """Return the answer to a question. Raises :class:`SyncError`."""
        reply = await self._http.post(await self._found(), self._key, params=[*_API, *question])
        return _checked(_answer(reply))

    async def _found(self) -> str:
        """Return the path of the API, which is looked for the first time."""
        if self._path:
            return self._path
        replies = []
        for path in self._paths:
            reply = await self._http.post(path, self._key, params=_API, also=_ELSEWHERE)
            if "api_version" in _answer(reply):
                self._path = path
                return path
            replies.append(reply)
        if any(reply.status == _UNAVAILABLE for reply in replies):
            raise SyncError(
                "the server is down for maintenance, or its Fever API is switched off (503): see in its settings "
                f"whether programs may use the API; {RETRY_LATER}",
                SyncProblem.DOWN,
            )
        replies[0].check()  # most likely it sends us elsewhere, or has nothing there
        raise SyncError(
            "no Fever API was found at the address; give the address that the server shows for it",
            SyncProblem.VERSION,
        )


def _answer(reply: Reply) -> Mapping[str, object]:
    """Return the object that the server answers with, empty if it is anything else."""
    try:
        answer = reply.json()
    except SyncError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _checked(answer: Mapping[str, object]) -> Mapping[str, object]:
    if "api_version" not in answer:
        raise SyncError(
            "the server's answer is not one of the Fever API; check the address of the account", SyncProblem.PROTOCOL
        )
    if answer.get("error") == "API_DISABLED":
        raise SyncError(
            "the server's API is switched off: switch on “Enable API access” in its preferences", SyncProblem.VERSION
        )
    if not is_on(answer.get("auth")):
        raise SyncError(
            "the server refuses the user name or the password; check them. Fever often has a password of its own, "
            "which is set in the settings of the server",
            SyncProblem.PASSWORD,
        )
    return answer


def _folders(groups: Mapping[str, object], feeds: Mapping[str, object]) -> Mapping[int, tuple[str, ...]]:
    """Return the folder of each feed that has one, by its id: of several groups, the one that is listed first."""
    titles = {number(item.get("id")): name(item.get("title")) for item in objects(groups.get("groups"))}
    order = {own: at for at, own in enumerate(titles)}
    pairs = objects(groups.get("feeds_groups")) or objects(feeds.get("feeds_groups"))
    found: dict[int, tuple[str, ...]] = {}
    for item in sorted(pairs, key=lambda item: order.get(number(item.get("group_id")), len(order))):
        folder = folder_of(titles.get(number(item.get("group_id")), ""))
        for own in text(item.get("feed_ids")).split(","):
            if folder:
                found.setdefault(number(own.strip()), folder)
    return found


def _feed(item: Mapping[str, object], folders: Mapping[int, tuple[str, ...]]) -> RemoteFeed | None:
    own, address = number(item.get("id")), safe_url(text(item.get("url")))
    if not own or not address:
        return None
    page = safe_url(text(item.get("site_url"))) or ""
    return RemoteFeed(str(own), address, name(item.get("title")), page, folders.get(own, ()))
