"""Fetches the page of one article and reads its text: the page itself, then its AMP version."""

from __future__ import annotations

from collections.abc import Mapping

from tui_reader.errors import SourceError
from tui_reader.model.full_text import FullText
from tui_reader.model.words import count_words
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.page_process import FetchedPage, PageProcess
from tui_reader.sources.http.caching import TOO_MANY
from tui_reader.sources.http.client import Fetcher, Response
from tui_reader.sources.http.errors import RETRY_LATER, ErrorKind, FetchError
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.http.url import parse_url
from tui_reader.sources.locations import is_remote, is_remote_archive
from tui_reader.sources.pages.page_text import MAX_PAGE, PageText
from tui_reader.storage.text_wishes import TextWish
from tui_reader.subscriptions.subscription import Subscription

NO_ADDRESS = "the article has no web address"
LESS = "the page gives less text than its source"

_ACCEPT = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"}
_WORTH = 0.8  # of the words that the source gives: with fewer, its text stays
_PASSING = frozenset({ErrorKind.OFFLINE, ErrorKind.NAME, ErrorKind.REFUSED, ErrorKind.TIMEOUT})
_WAIT = frozenset({TOO_MANY, 503})


class Unreached(SourceError):
    """The page could not be asked, or the site asks to wait: that says nothing of the page.

    ``is_offline`` is true where no network can be reached, ``must_wait`` where
    the site asks to be left alone.
    """

    def __init__(self, message: str, *, is_offline: bool = False, must_wait: bool = False) -> None:
        super().__init__(message)
        self.is_offline = is_offline
        self.must_wait = must_wait


class PageFetcher:
    """Fetches pages and reads them in a process beside this one."""

    def __init__(self, client: Fetcher, process: PageProcess, subscriptions: Mapping[str, Subscription]) -> None:
        """``subscriptions`` are the sources of the user, by location."""
        self._client = client
        self._process = process
        self._subscriptions = subscriptions

    async def full_text(self, wish: TextWish, now: int) -> FullText:
        """Return what the page of an article gives at ``now``. Raises :class:`Unreached` if nobody knows."""
        on_disk = any(not is_remote(each) or is_remote_archive(each) for each in wish.sources)
        address = wish.links.best()
        blank = FullText(wish.page, address or "", tried=now, on_disk=on_disk)
        if address is None:
            return blank._replace(problem=NO_ADDRESS)
        found = _Best(address, PageText())
        problem = ""
        tried: set[str] = set()
        amp = [each for each in (wish.links.amp, wish.links.cdn_amp) if each]
        for turn in range(3):
            if turn and (not problem or not amp):
                break
            address = amp.pop(0) if turn else address
            if address in tried:
                continue
            tried.add(address)
            try:
                text, final = await self._read(wish, address)
            except Unreached:
                if turn:
                    continue  # the page itself was asked
                raise
            except SourceError as error:
                problem = problem or str(error)
                continue
            if text.amp is not None:
                amp.insert(0, text.amp)
            # What is wrong with the page is said, unless its AMP version is right.
            problem = text.problem and (problem or text.problem)
            if text.words > found.text.words:
                found = _Best(final, text)
        return _judged(blank, found, problem, wish)

    async def _read(self, wish: TextWish, address: str) -> tuple[PageText, str]:
        """Return the text of a page, and the address that it was found at."""
        response = await self._get(wish, address)
        selector = next((each.selector for each in self._sources(wish) if each.selector), "")
        kind = response.headers.get("content-type", "")
        page = FetchedPage(response.body, kind, response.url, wish.title, selector)
        try:
            return await self._process.text(page), response.url
        except SourceError as error:
            raise SourceError(f"{redact_url(response.url)}: {error}") from error

    async def _get(self, wish: TextWish, address: str) -> Response:
        sources = self._sources(wish)
        own = [each for each in sources if _same_origin(each.location, address)]
        auth = next((each.auth for each in own if each.auth), None)
        trusted = tuple(each.location for each in sources if not each.only_public)
        try:
            return await self._client.get(address, headers=_ACCEPT, limit=MAX_PAGE, auth=auth, trusted=trusted)
        except FetchError as error:
            message = str(error).removesuffix(f"; {RETRY_LATER}")  # pages are fetched when a person asks
            must_wait = error.status in _WAIT
            if error.kind in _PASSING or must_wait:
                is_offline = error.kind is ErrorKind.OFFLINE
                raise Unreached(message, is_offline=is_offline, must_wait=must_wait) from error
            raise SourceError(message) from error

    def _sources(self, wish: TextWish) -> list[Subscription]:
        """Return the sources of the user that have the article."""
        return [self._subscriptions[each] for each in wish.sources if each in self._subscriptions]


class _Best(NamedTuple):
    """The longest text so far, and where it is from."""

    address: str
    text: PageText


def _judged(blank: FullText, found: _Best, problem: str, wish: TextWish) -> FullText:
    """Return what is to be stored: the text that was found, unless the source gives more."""
    if found.text.words == 0:
        return blank._replace(problem=problem)
    if found.text.words < _WORTH * count_words(wish.body):
        return blank._replace(problem=problem or LESS)
    if problem and found.text.words <= count_words(wish.body):
        return blank._replace(problem=problem)
    return blank._replace(address=found.address, text=found.text.text, problem=problem)


def _same_origin(one: str, other: str) -> bool:
    first, second = parse_url(one), parse_url(other)
    return first is not None and second is not None and first.origin == second.origin
