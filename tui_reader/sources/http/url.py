"""The address of a request, taken apart: all of it is ASCII, as it is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from tui_reader.model.urls import MAX_URL_LENGTH, safe_url
from tui_reader.named_tuple import NamedTuple

if TYPE_CHECKING:
    from tui_reader.sources.http.quick_httpx import httpx

Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host and port."""

_PORTS = {"http": 80, "https": 443}
# Nearly all addresses have this form, in which nothing is to be escaped or put in another way.
# To import httpx for the others takes longer than to fetch a hundred feeds that have nothing new.
_PLAIN = re.compile(
    r"(https?)://([a-z0-9][a-z0-9.-]*)(?::([1-9][0-9]{0,4}))?((?:/[A-Za-z0-9\-._~!$&'()*+,;=:@/]*)?(?:\?[A-Za-z0-9\-._~!$&()*+,;=:@/?]*)?)"
)
_STEPS = re.compile(r"/\.|\.\.")
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}")


class Url(NamedTuple):
    """An http or https address without user name and password, which are in ``userinfo``.

    ``port`` is ``None`` for the usual one. ``target`` is path and query.
    """

    text: str
    scheme: str
    host: str
    port: int | None
    target: str
    userinfo: str = ""

    @property
    def origin(self) -> Origin:
        """The origin, with the usual port where the address has none."""
        return self.scheme, self.host, self.port or _PORTS[self.scheme]

    @property
    def netloc(self) -> str:
        """Host and port, as they stand in the header ``Host``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    def joined(self, reference: str) -> Url | None:
        """Return the address that ``reference`` leads to from here, without credentials and fragment.

        A site must not set credentials, and a fragment does not change the
        page. It is ``None`` if that is no web address.
        """
        whole = f"{self.scheme}://{self.netloc}{reference}" if reference[:1] == "/" != reference[1:2] else reference
        if plain := _plain(whole):
            return plain
        from tui_reader.sources.http.quick_httpx import httpx

        try:
            target = httpx.URL(self.text).join(reference).copy_with(username=None, password=None, fragment=None)
        except (httpx.InvalidURL, ValueError):
            return None
        return parse_url(str(target))


def parse_url(address: str) -> Url | None:
    """Return an http or https address taken apart, or ``None`` for anything else."""
    if plain := _plain(address):
        return plain
    safe = safe_url(address)
    if safe is None:
        return None
    from tui_reader.sources.http.quick_httpx import httpx

    try:
        url = httpx.URL(safe)
    except httpx.InvalidURL:
        return None
    return _from_httpx(url) if url.raw_host else None


def trusted_origins(url: Url) -> set[Origin]:
    """Return the origins that a trusted address allows: its own, and the same host with TLS."""
    origin = url.origin
    return {origin, ("https", url.host, 443)} if origin == ("http", url.host, 80) else {origin}


def _plain(address: str) -> Url | None:
    """Return an address taken apart if it is sent as it stands."""
    match = _PLAIN.fullmatch(address)
    if match is None or len(address) > MAX_URL_LENGTH or _STEPS.search(address):
        return None
    scheme, host, digits, target = match.groups()
    if not (host[-1].isalpha() or _IPV4.fullmatch(host)):
        return None
    port = int(digits) if digits else None
    if port is not None and (port == _PORTS[scheme] or port > 65535):
        return None
    return Url(address, scheme, host, port, target if target[:1] == "/" else f"/{target}")


def _from_httpx(url: httpx.URL) -> Url:
    bare = url.copy_with(username=None, password=None) if url.userinfo else url
    # Host and target as bytes, because httpx decodes the others, and not every name can be decoded.
    return Url(
        str(bare), url.scheme, url.raw_host.decode("ascii"), url.port, url.raw_path.decode("ascii"),
        url.userinfo.decode("ascii"),
    )  # fmt: skip
