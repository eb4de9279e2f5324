"""A session with a Google Reader API: where it is, signing in, and a token with each request that changes something."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.http.caching import TOO_MANY
from tui_reader.sources.http.redaction import redact_url
from tui_reader.sources.sync.addresses import base_address
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.sources.sync.http import Pairs, Reply, SyncHttp

FRESHRSS, MINIFLUX, OLD_READER, INOREADER = "FreshRSS", "Miniflux", "The Old Reader", "Inoreader"

_API = "/reader/api/0"
_LOGIN = "/accounts/ClientLogin"
_ANY = range(300, 600)  # statuses that are looked at here
_REFUSED = frozenset({401, 403})
_UNAVAILABLE = 503
_TAILS = ("/accounts/clientlogin", "/reader/api/0", "/p/api", "/p/i", "/api", "/i", "/p")
_FRESHRSS_PATHS = ("/api/greader.php", "/p/api/greader.php")
_AUTH = re.compile(r"^Auth=(\S{1,1000})\s*$", re.MULTILINE)
_TOKEN = re.compile(r"[^\s<>]{1,1000}")
_MINIFLUX_AUTH = re.compile(r"[^/]+/[0-9a-f]{64}")
_MORE_THAN_A_PASSWORD = re.compile(r"InvalidSecondFactor|WebLoginRequired|CaptchaRequired|NotVerified")
_APP = ("AppId", "AppKey")


class _Hosted(NamedTuple):
    address: str
    server: str


_HOSTED = {
    "theoldreader.com": _Hosted("https://theoldreader.com", OLD_READER),
    "bazqux.com": _Hosted("https://bazqux.com", "BazQux Reader"),
    "inoreader.com": _Hosted("https://www.inoreader.com", INOREADER),
}
"""Services that have one address, by their host without ``www``."""


class Session:
    """Signs in with the first request, and again once where the server has forgotten the session.

    With an empty user name, the password is a token that the server gave: the
    ``Auth`` of ClientLogin, or that of OAuth for Inoreader. A query with
    ``AppId`` and ``AppKey`` in the address identifies an application to Inoreader.
    """

    def __init__(self, address: str, user: str, password: str) -> None:
        self._typed = address
        self._user, self._password = user, password
        query = parse_qsl(address.partition("#")[0].partition("?")[2])
        self._app = {name: value for name, value in query if name in _APP}
        self._http: SyncHttp | None = None
        self._auth = ""
        self._token = ""
        self.address = ""
        """The address of the API, once :meth:`sign_in` has found it."""
        self.server = ""
        """What the server is, such as :data:`FRESHRSS`."""

    async def sign_in(self) -> None:
        """Find the API and sign in. Raises :class:`SyncError`."""
        http = await self._found()
        await self._log_in(http)
        reply = await http.get(self._path("/user-info"), [("output", "json")], self._headers(), also=_ANY)
        if reply.status in _REFUSED and self._user:
            raise _without_header(reply) if self.server == FRESHRSS else self._refusal(reply)
        self._check(reply)
        found = reply.json()
        if not isinstance(found, dict) or not found.get("userId"):
            raise SyncError(
                "the server answers like no Google Reader API; check its version and the address of the account",
                SyncProblem.VERSION,
            )

    async def get(self, path: str, params: Pairs = ()) -> Reply:
        """Send a GET request for ``path`` below the API. Raises :class:`SyncError`."""
        http = await self._signed_in()
        reply = await http.get(self._path(path), [*params, ("output", "json")], self._headers(), also=_ANY)
        if reply.status in _REFUSED and self._user:
            await self._log_in(http)
            reply = await http.get(self._path(path), [*params, ("output", "json")], self._headers(), also=_ANY)
        self._check(reply)
        return reply

    async def post(self, path: str, form: Pairs) -> Reply:
        """Send a form to ``path`` below the API, with a token. Raises :class:`SyncError`."""
        http = await self._signed_in()
        reply = await self._post(http, path, form)
        if reply.status in _REFUSED:  # a token is valid for half an hour on some servers
            self._token = ""
            reply = await self._post(http, path, form)
        if reply.status in _REFUSED and self._user:
            await self._log_in(http)
            reply = await self._post(http, path, form)
        self._check(reply)
        return reply

    async def close(self) -> None:
        """Close all connections."""
        if self._http is not None:
            await self._http.close()

    async def _post(self, http: SyncHttp, path: str, form: Pairs) -> Reply:
        if not self._token:
            found = _TOKEN.fullmatch((await self.get("/token")).text().strip())
            if found is None:
                raise SyncError("the server gives no token for changes; check its version", SyncProblem.VERSION)
            self._token = found[0]
        # The token comes first, because PHP reads only the first 1,000 fields of a form.
        return await http.post(
            self._path(path),
            [("T", self._token), *form],
            params=[("output", "json")],
            headers=self._headers(),
            also=_ANY,
        )

    def _path(self, path: str) -> str:
        return urlsplit(self.address).path + _API + path

    def _headers(self) -> dict[str, str]:
        kind = "Bearer " if self.server == INOREADER and not self._user else "GoogleLogin auth="
        return {"authorization": kind + self._auth, **self._app}

    async def _signed_in(self) -> SyncHttp:
        if self._http is None or not self._auth:
            await self.sign_in()
        return await self._found()

    async def _found(self) -> SyncHttp:
        """Return the connections to the server; look first where its API is, without the password."""
        if self._http is not None and self.address:
            return self._http
        host = (urlsplit(base_address(self._typed, ())).hostname or "").removeprefix("www.")
        hosted = _HOSTED.get(host)
        addresses = (hosted.address,) if hosted else api_addresses(self._typed)
        if self._http is None:
            parts = urlsplit(addresses[0])
            self._http = SyncHttp(f"{parts.scheme}://{parts.netloc}")
        moved: Reply | None = None
        for address in addresses:
            if len(addresses) > 1:
                path = urlsplit(address).path + _API
                reply = await self._http.get(f"{path}/user-info", [("output", "json")], also=_ANY)
                is_off = _is_switched_off(reply, address)
                if reply.status == TOO_MANY or (reply.status >= 500 and not is_off):
                    self._check(reply)
                if not is_off and not _asks_for_session(reply):
                    moved = moved or (reply if _leads_away(reply) else None)
                    continue
            self.address = address
            self.server = hosted.server if hosted else FRESHRSS if address.endswith(".php") else ""
            return self._http
        if moved is not None:
            moved.check()
        raise SyncError(
            f"there is no Google Reader API at {visible(redact_url(addresses[0]))}; give the address that the server "
            "names for it, such as https://example.org/api/greader.php for FreshRSS, and see that its API is on",
            SyncProblem.VERSION,
        )

    async def _log_in(self, http: SyncHttp) -> None:
        self._token = ""
        if not self._user:
            self._auth = self._password
            return
        form = [("accountType", "HOSTED_OR_GOOGLE"), ("service", "reader"), ("client", "news-tui")]
        form += [("Email", self._user), ("Passwd", self._password)]
        reply = await http.post(urlsplit(self.address).path + _LOGIN, form, headers=self._app, also=_ANY)
        found = _AUTH.search(reply.text()) if reply.status == 200 else None
        if found is None:
            # FreshRSS answers 400 to a name that none of its users can have.
            if reply.status in {400, *_REFUSED} or "Error=" in reply.text()[:1000]:
                raise self._refusal(reply)
            self._check(reply)
            raise SyncError(
                "the server's answer to the password is none of a Google Reader API; check the address of the account",
                SyncProblem.VERSION,
            )
        self._auth = found[1]
        if not self.server:
            self.server = MINIFLUX if _MINIFLUX_AUTH.fullmatch(self._auth) else "Google Reader API"

    def _check(self, reply: Reply) -> None:
        """Raise :class:`SyncError` where a server says why it does not do something, in its own way."""
        if reply.status in _REFUSED:
            raise self._refusal(reply)
        if reply.status == _UNAVAILABLE and _is_switched_off(reply, self.address):
            raise SyncError(
                "the API of FreshRSS is switched off: allow API access in its settings, under Authentication (503)",
                SyncProblem.DOWN,
            )
        try:
            reply.check()
        except SyncError as error:
            wait = reply.headers.get("x-reader-limits-reset-after", "")  # of Inoreader, in seconds
            if (
                error.problem is SyncProblem.RATE_LIMIT
                and error.retry_after is None
                and re.fullmatch("[0-9]{1,9}", wait)
            ):
                error.retry_after = float(wait)
            raise

    def _refusal(self, reply: Reply) -> SyncError:
        said = reply.text()[:1000]
        expired = reply.headers.get("x-bq-loginerrorreason", "")
        if expired:
            why = "the trial or the subscription has expired; renew it on the page of the server"
        elif "AppId" in said or "AppKey" in said:
            why = (
                "Inoreader wants to know the application: create one in its preferences, under Developer, and add "
                "?AppId=…&AppKey=… with its id and key to the address"
            )
        elif _MORE_THAN_A_PASSWORD.search(said):
            why = "the server wants more than the password; create a password for programs (API password) on its page"
        elif not self._user:
            why = "the server does not accept the token; get a new one"
        else:
            why = "the server refuses the user name or the password; check them. " + {
                FRESHRSS: "FreshRSS wants its API password, which is set in its settings under Profile",
                INOREADER: "With two-factor login or another service, set a password in its preferences",
            }.get(
                self.server,
                "Miniflux wants those that are set in its settings under Integrations, Google Reader. With two-factor "
                "login, create an API password on the server",
            )
        return SyncError(why, SyncProblem.PASSWORD)


def api_addresses(typed: str) -> tuple[str, ...]:
    """Return where the API may be for an address that was typed or copied, the most likely first."""
    exact = base_address(typed, _TAILS[:2])
    if exact.lower().endswith(".php"):
        return (exact,)
    base = base_address(typed, _TAILS)
    return tuple(dict.fromkeys((exact, *(base + path for path in _FRESHRSS_PATHS))))


def _asks_for_session(reply: Reply) -> bool:
    """Return whether an answer to a request without a session is one of the API, not that of a page or a proxy."""
    return reply.status in _REFUSED and not reply.headers.get("www-authenticate", "").lower().startswith("basic")


def _is_switched_off(reply: Reply, address: str) -> bool:
    return reply.status == _UNAVAILABLE and address.endswith(".php") and "Service Unavailable!" in reply.text()[:100]


def _leads_away(reply: Reply) -> bool:
    try:
        target = urlsplit(reply.headers.get("location", ""))
    except ValueError:
        return True  # to no address at all
    return bool(target.netloc) and target[:2] != urlsplit(reply.address)[:2]


def _without_header(reply: Reply) -> SyncError:
    return SyncError(
        f"FreshRSS accepts the password, but not the session ({reply.status}): its web server has to pass the header "
        "Authorization on to PHP",
        SyncProblem.VERSION,
    )
