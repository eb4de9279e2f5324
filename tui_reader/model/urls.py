"""Checks which URLs are safe to open, and recognises URLs of the same page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from tui_reader.model.text import visible

if TYPE_CHECKING:
    from urllib.parse import SplitResult

MAX_URL_LENGTH = 4096
"""The maximum number of characters; browsers and proxies truncate longer URLs."""

# White space, control characters, and characters that must be escaped in a URL.
_FORBIDDEN = re.compile(r"[\s\x00-\x20\x7f-\x9f\\<>\"`{}|^]")
# What is left out around a URL, and in it; and where its path begins.
_CONTROLS = "".join(map(chr, range(0x21)))
_LINE_PARTS = re.compile(r"[\t\n\r]")
_AUTHORITY = re.compile(r"https?://[^/\\?#]*", re.IGNORECASE)
_QUERY = re.compile(r"[?#]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# Nearly all URLs have this form and need no further checks, which is much faster
# than parsing them.
_PLAIN = re.compile(
    r"https?://((?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,})(/[A-Za-z0-9\-._~!$&'()*+,;=:@/]*)?(?:\?([A-Za-z0-9\-._~!$&'()*+,;=:@/?]*))?(?:#[A-Za-z0-9\-._~]*)?"
)
# The same with a port or an IP address, as in networks at home.
_WITH_PORT = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]*(?::([1-9][0-9]{0,4}))?(?:/[A-Za-z0-9\-._~!$&'()*+,;=:@/]*)?(?:\?[A-Za-z0-9\-._~!$&'()*+,;=:@/?]*)?"
)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

# Schemes by which browsers and players hand addresses over to feed readers: before the address, or instead of http.
_FEED_SCHEME = re.compile(
    r"(?:feed|rss|itpc|pcast|podcast)(?P<secure>s)?:(?://)?(?:(?P<inner>https?:.*)|(?P<rest>[^/].*))", re.IGNORECASE
)
# Query parameters that track visitors and do not select the page.
_TRACKING = re.compile(
    r"""^(?:utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid
    |igshid|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|ocid|cmpid|ncid|guccounter|guce_\w+|feedtype
    |taid|sref|smid|trk|_ga|vero_id|oly_enc_id|oly_anon_id)$""",
    re.VERBOSE | re.IGNORECASE,
)
# Parameters that request the AMP form of a page.
_AMP_PARAMS = {("outputtype", "amp"), ("amp", ""), ("amp", "1"), ("amp", "true"), ("output", "amp")}
_AMP_CACHE = re.compile(r"^(?:[^/]+\.)?cdn\.ampproject\.org$")
_AMP_CACHE_PATH = re.compile(r"^/(?:c|v|i|wp)/(?:s/)?([^/].*)$")
_GOOGLE_AMP_PATH = re.compile(r"^/amp/(?:s/)?([^/].*)$")
_PREFIXES = ("www.", "amp.")


def _split(url: str) -> SplitResult:
    # Imported here: at most starts no URL has to be parsed.
    from urllib.parse import urlsplit

    return urlsplit(url)


def safe_url(text: str | None) -> str | None:
    """Return ``text`` if it is a URL that is safe to open, else ``None``.

    It must be ``http`` or ``https`` with a host, and without control
    characters, invisible characters, spaces, quotes or a leading ``-``, so that
    a browser cannot take it for an option (CVE-2026-4519) nor a shell for a
    command.
    """
    text = (text or "").strip()
    if len(text) > MAX_URL_LENGTH:
        return None
    if _PLAIN.fullmatch(text) or ((found := _WITH_PORT.fullmatch(text)) and int(found[1] or 0) <= 65535):
        return text
    is_web = text[:8].lower().startswith(("http://", "https://"))
    if not is_web or _FORBIDDEN.search(text) or visible(text) != text:
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


def repaired_url(text: str | None) -> str | None:
    """Return the URL in ``text`` as browsers read it, or ``None`` if there is none that is safe to open.

    White space and control characters around it, and tabs and line ends in it,
    are left out. In path, query and fragment, spaces and other characters that
    must be escaped are, and invisible ones with all that are not ASCII; a
    backslash in the path is a slash. Nothing else of a host is repaired. What
    :func:`safe_url` returns as it is, so does this.
    """
    url = safe_url(text)
    if url is not None or not text or len(text) > MAX_URL_LENGTH:
        return url
    text = _LINE_PARTS.sub("", text.strip().strip(_CONTROLS))
    authority = _AUTHORITY.match(text)
    if authority is None:
        return None
    rest = text[authority.end() :]
    query = _QUERY.search(rest)
    at = query.start() if query else len(rest)
    rest = _FORBIDDEN.sub(_percent, rest[:at].replace("\\", "/") + rest[at:])
    if visible(rest) != rest:
        rest = _NOT_ASCII.sub(_percent, rest)
    return safe_url(authority[0] + rest)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode(errors="replace"))


def without_feed_scheme(address: str) -> str:
    """Return ``address`` with http or https instead of a scheme for feeds, such as ``feed:``."""
    match = _FEED_SCHEME.fullmatch(address)
    if match is None:
        return address
    return match["inner"] or f"http{'s' if match['secure'] else ''}://{match['rest']}"


@lru_cache(maxsize=4096)
def page_key(url: str) -> str:
    """Return the key of the page that ``url`` shows: URLs with the same key show the same page.

    The key leaves out scheme, ``www.``, default ports, user name and password,
    fragment, tracking parameters, a trailing slash and whatever requests the
    AMP form; parameters are sorted. The key of a key is the key itself. ``url``
    must have passed :func:`safe_url`.
    """
    while original := _amp_original(url):
        url = original
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
    """Return host with port, path and query of a URL, normalised."""
    parts = _split(url)
    host = (parts.hostname or "").rstrip(".")
    while host.startswith(_PREFIXES):
        host = host[4:]
    if ":" in host:
        host = f"[{host}]"
    if parts.port not in {None, 80, 443}:
        host = f"{host}:{parts.port}"
    return host, _normalised(parts.path), _normalised(parts.query)


def _amp_original(url: str) -> str | None:
    """Return the URL, shorter than ``url``, of the page that an AMP cache has at ``url``, or ``None``."""
    if "ampproject.org" not in (lower := url.lower()) and "google.com/amp/" not in lower:
        return None  # nearly all URLs, and parsing is slow
    parts = _split(url)
    host = (parts.hostname or "").rstrip(".")
    if _AMP_CACHE.match(host):
        inner = _AMP_CACHE_PATH.match(parts.path)
    elif host in {"www.google.com", "google.com"}:
        inner = _GOOGLE_AMP_PATH.match(parts.path)
    else:
        return None
    return safe_url(f"https://{inner[1]}" + (f"?{parts.query}" if parts.query else "")) if inner else None


def _normalised(text: str) -> str:
    """Normalise the escapes of a path or query (RFC 3986, section 6.2.2)."""
    if not text.isascii():
        from urllib.parse import quote

        text = quote(text, safe="%!$&'()*+,;=:@/?[]~")
    return _ESCAPE.sub(_unescape, text) if "%" in text else text


def _unescape(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()


def domain_of(url: str) -> str:
    """Return the host of ``url`` without ``www.``, for showing; it stays escaped."""
    if len(url) <= MAX_URL_LENGTH and (plain := _PLAIN.fullmatch(url)):
        return plain[1].removeprefix("www.")
    return (_split(url).hostname or "").removeprefix("www.")
