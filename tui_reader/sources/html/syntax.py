"""Pieces of Markdown, and the addresses and pictures that HTML names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin

from tui_reader.model.urls import domain_of, safe_url

# What Markdown would take for a sign of its own; ``_`` inside a word is none.
_SIGNS = re.compile(r"[\\`*\[\]<>~|]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
_MAY_BE_SIGN = re.compile(r"[\\`*\[\]<>~|_&]")  # in a hurry: most texts have none of them
_ENTITY = re.compile(r"&(?=#?\w+;)")
# What people forget to escape in an address.
_FORGOTTEN = re.compile(r'[ "<>^`{|}]')
_SITE = re.compile(r"https?://[\w.:-]+(?=[/?#]|$)")
_NO_SIZE = re.compile(r"\s*[01](?:\.0+)?(?:px)?\s*")
# Pictures that are not there to be seen: they tell someone who reads. By host, then by path.
_TRACKER_HOSTS = re.compile(
    r"(?:^|\.)(?:pixel\.\w+\.\w+|doubleclick\.net|feedsportal\.com|feedblitz\.com|list-manage\.com|statcounter\.com"
    r"|scorecardresearch\.com|google-analytics\.com|quantserve\.com|pheedo\.com|feeds\.wordpress\.com)$"
)
_TRACKER_PATHS = re.compile(
    r"^https?://[^/]+/(?:~[rf4]/|b\.gif|pixel(?:[/.?]|$)|.*/(?:pixel|spacer|blank)\.(?:gif|png))"
)


def is_tracker(address: str, attributes: Mapping[str, str]) -> bool:
    """Whether a picture is one that nobody is meant to see."""
    if any(_NO_SIZE.fullmatch(attributes.get(side, "")) for side in ("width", "height")):
        return True
    return bool(_TRACKER_HOSTS.search(domain_of(address)) or _TRACKER_PATHS.match(address))


def resolve_url(text: str | None, base: str) -> str | None:
    """Return the address that ``text`` means on the page ``base``, or ``None`` where it may not be opened.

    Spaces and the other signs that people forget to escape are escaped.
    """
    text = (text or "").strip()
    if not text or text.startswith("#"):
        return None
    text = _FORGOTTEN.sub(_percent, text)
    if text[:8].lower().startswith(("http://", "https://")):
        return safe_url(text)  # nothing to join, which is slow
    if text[0] == "/" and text[1:2] != "/" and "/." not in text and (site := _SITE.match(base)):
        return safe_url(site[0] + text)
    try:
        return safe_url(urljoin(base, text))
    except ValueError:
        return None  # brackets in the wrong place: no address


def _percent(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02X}"


def escape_markdown(text: str) -> str:
    """Return ``text`` as Markdown that shows it as it is, but for signs at the beginning of a line."""
    if not _MAY_BE_SIGN.search(text):
        return text
    return _SIGNS.sub(lambda sign: "&amp;" if sign[0] == "&" else "\\" + sign[0], text)


def markdown_link(words: str, address: str) -> str:
    """Return a link; ``words`` are Markdown already, and ``address`` may be opened."""
    address = _ENTITY.sub("&amp;", address)
    if "(" in address or ")" in address:
        address = f"<{address}>"
    return f"[{words}]({address})"


def longest_backtick_run(text: str) -> int:
    """Return how many backticks stand together in ``text`` at most: a fence around it needs more."""
    return max((len(run) for run in re.findall("`+", text)), default=0)
