"""Which URLs may be opened, and when two URLs are the same page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urllib.parse import SplitResult

MAX_URL_LENGTH = 4096
"""Characters; longer addresses are refused (browsers and proxies cut them anyway)."""

# White space, controls, what reorders or hides text, halves of surrogates, and
# what no address may hold as it is.
_FORBIDDEN = re.compile(
    r"[\s\x00-\x20\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\\<>\"`{}|^]"
)
# Nearly every address is of this form, in which nothing can be wrong; it is
# told much faster than by taking the address apart.
_PLAIN = re.compile(
    r"https?://((?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,})(/[A-Za-z0-9\-._~!$&'()*+,;=:@/]*)?(?:\?([A-Za-z0-9\-._~!$&'()*+,;=:@/?]*))?(?:#[A-Za-z0-9\-._~]*)?"
)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

# Query parameters that say how a person came to a page, not which page it is.
_TRACKING = re.compile(
    r"""^(?:utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid
    |igshid|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|ocid|cmpid|ncid|guccounter|guce_\w+|feedtype
    |taid|sref|smid|trk|_ga|vero_id|oly_enc_id|oly_anon_id)$""",
    re.VERBOSE | re.IGNORECASE,
)
# Parameters by which a page is asked for as AMP; without them it is the page itself.
_AMP_PARAMS = {("outputtype", "amp"), ("amp", ""), ("amp", "1"), ("amp", "true"), ("output", "amp")}
_AMP_CACHE = re.compile(r"^(?:[^/]+\.)?cdn\.ampproject\.org$")
_AMP_CACHE_PATH = re.compile(r"^/(?:c|v|i|wp)/(?:s/)?([^/].*)$")
_GOOGLE_AMP_PATH = re.compile(r"^/amp/(?:s/)?([^/].*)$")
_PREFIXES = ("www.", "amp.")


def _split(url: str) -> SplitResult:
    # Imported here: most starts meet no address that has to be taken apart.
    from urllib.parse import urlsplit

    return urlsplit(url)


def safe_url(text: str | None) -> str | None:
    """Return ``text`` if it is an address that may be opened, else ``None``.

    Only ``http`` and ``https`` with a host pass, without control characters,
    spaces, quotes or a leading ``-``: a browser must not be able to read an
    address as an option (CVE-2026-4519) and a shell never as anything.
    """
    text = (text or "").strip()
    if len(text) > MAX_URL_LENGTH or _FORBIDDEN.search(text):
        return None
    if _PLAIN.fullmatch(text):
        return text
    if not text[:8].lower().startswith(("http://", "https://")):
        return None
    try:
        parts = _split(text)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return None
    if not host or host.startswith("-") or not host.strip("."):
        return None
    return text


@lru_cache(maxsize=4096)
def page_key(url: str) -> str:
    """Return the address of the page that ``url`` shows, for comparing only.

    Scheme, ``www.``, the ports of http and https, name and password, fragment,
    tracking parameters, a trailing slash and the ways of asking for the AMP
    form are set aside. Parameters are put in order. The key, taken as an
    address again, has itself for a key. ``url`` must have passed :func:`safe_url`.
    """
    while copied := _copied(url):
        url = copied
    plain = _PLAIN.fullmatch(url)
    if plain:
        host, path, query = plain[1], plain[2] or "", plain[3] or ""
    else:
        host, path, query = _parts(url)
    while host.startswith(_PREFIXES):
        host = host[4:]
    path = path.rstrip("/")
    while path.endswith("/amp"):
        path = path[:-4].rstrip("/")
    kept = []
    for pair in query.split("&") if query else ():
        name, _, value = pair.partition("=")
        if pair and not _TRACKING.match(name) and (name.lower(), value.lower()) not in _AMP_PARAMS:
            kept.append(pair)
    if len(kept) > 1:
        kept.sort()
    return host + path + ("?" + "&".join(kept) if kept else "")


def _parts(url: str) -> tuple[str, str, str]:
    """Host with its port, path and query of an address, in their one spelling."""
    parts = _split(url)
    host = (parts.hostname or "").rstrip(".")
    while host.startswith(_PREFIXES):
        host = host[4:]
    if ":" in host:
        host = f"[{host}]"
    if parts.port not in {None, 80, 443}:
        host = f"{host}:{parts.port}"
    return host, _spelled(parts.path), _spelled(parts.query)


def _copied(url: str) -> str | None:
    """The address, shorter than ``url``, of the page that this one of an AMP cache is a copy of."""
    if "ampproject.org" not in (lower := url.lower()) and "google.com/amp/" not in lower:
        return None  # nearly all, and to take an address apart takes its time
    parts = _split(url)
    host = (parts.hostname or "").rstrip(".")
    if _AMP_CACHE.match(host):
        inner = _AMP_CACHE_PATH.match(parts.path)
    elif host in {"www.google.com", "google.com"}:
        inner = _GOOGLE_AMP_PATH.match(parts.path)
    else:
        return None
    return safe_url(f"https://{inner[1]}" + (f"?{parts.query}" if parts.query else "")) if inner else None


def _spelled(text: str) -> str:
    """Spell a path or a query in the one way that RFC 3986 takes for equal (section 6.2.2)."""
    if not text.isascii():
        from urllib.parse import quote

        text = quote(text, safe="%!$&'()*+,;=:@/?[]~")
    return _ESCAPE.sub(_unescape, text) if "%" in text else text


def _unescape(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()


def domain_of(url: str) -> str:
    """Return the host of ``url`` without ``www.``, for showing; escapes in it stay as they are."""
    return (_split(url).hostname or "").removeprefix("www.")
