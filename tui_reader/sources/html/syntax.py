"""Markdown escapes and links, addresses in HTML, and tracking pixels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin

from tui_reader.model.urls import domain_of, repaired_url

# Characters with a meaning in Markdown. "_" has none inside of a word.
_SPECIAL = re.compile(r"[\\`*\[\]<>~|]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
_MAYBE_SPECIAL = "\\`*[]<>~|_&"  # most texts have none of them; to search for a pattern takes three times as long
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LANGUAGE = re.compile(r"(?:^|\s)(?:language-|lang-|highlight-source-|highlight-|brush:\s?)([\w+#-]{1,20})(?=[\s;]|$)")
_CODE_IN = re.compile(r"code ([\w+#-]{1,20})")  # as docutils and Nikola write it
_LANGUAGE_NAME = re.compile(r"[\w+#-]{1,20}")
_SITE = re.compile(r"https?://[\w.:-]+(?=[/?#]|$)")
_PIXEL_SIZE = re.compile(r"\s*[01](?:\.0+)?(?:px)?\s*")
# Tracking pixels, by host and by path.
_TRACKER_HOSTS = re.compile(
    r"(?:^|\.)(?:pixel\.\w+\.\w+|doubleclick\.net|feedsportal\.com|feedblitz\.com|list-manage\.com|statcounter\.com"
    r"|scorecardresearch\.com|google-analytics\.com|quantserve\.com|pheedo\.com|feeds\.wordpress\.com)$"
)
_TRACKER_PATHS = re.compile(
    r"^https?://[^/]+/(?:~[rf4]/|b\.gif|pixel(?:[/.?]|$)|.*/(?:pixel|spacer|blank)\.(?:gif|png))"
)


def is_tracker(address: str, attributes: Mapping[str, str]) -> bool:
    """Return whether an image is a tracking pixel or a spacer."""
    if any(_PIXEL_SIZE.fullmatch(attributes.get(side, "")) for side in ("width", "height")):
        return True
    return bool(_TRACKER_HOSTS.search(domain_of(address)) or _TRACKER_PATHS.match(address))


def resolve_url(text: str | None, base: str) -> str | None:
    """Return the address of a link on the page ``base``, or ``None`` where it is not http or https.

    It is repaired as by :func:`repaired_url`.
    """
    text = (text or "").strip()
    if not text or text.startswith("#"):
        return None
    if text[:8].lower().startswith(("http://", "https://")):
        return repaired_url(text)  # absolute: avoid urljoin, which is slow
    if text[0] == "/" and text[1:2] != "/" and "/." not in text and (site := _SITE.match(base)):
        return repaired_url(site[0] + text)
    try:
        return repaired_url(urljoin(base, text))
    except ValueError:
        return None  # misplaced brackets


def escape_markdown(text: str) -> str:
    """Return ``text`` with Markdown characters escaped, except for those with a meaning at the start of a line."""
    if not any(sign in text for sign in _MAYBE_SPECIAL):
        return text
    return _SPECIAL.sub(lambda match: "&amp;" if match[0] == "&" else "\\" + match[0], text)


def markdown_link(words: str, address: str) -> str:
    """Return a link. ``words`` are Markdown, ``address`` is from :func:`resolve_url`."""
    address = _ENTITY.sub("&amp;", address)
    if "(" in address or ")" in address:
        address = f"<{address}>"
    return f"[{words}]({address})"


def markdown_picture(words: str, address: str, title: str) -> str:
    """Return a picture. ``words`` are Markdown, ``title`` is plain text; ``address`` may be empty."""
    target = markdown_link("", address)[3:-1]
    if title := escape_markdown(title).replace('"', '\\"'):
        target = f'{target or "<>"} "{title}"'
    return f"![{words}]({target})"


def language_of(attributes: Mapping[str, str]) -> str:
    """Return the language that an element with code says it is in, empty if it says nothing."""
    if "data-lang" in attributes:
        language = attributes["data-lang"]
        return language if _LANGUAGE_NAME.fullmatch(language) else ""
    kind = attributes.get("class", "")
    if kind.startswith("code "):
        match = _CODE_IN.fullmatch(kind)
    else:
        match = _LANGUAGE.search(kind) if "lang" in kind or "brush" in kind or "highlight-" in kind else None
    return match[1] if match else ""


def longest_backtick_run(text: str) -> int:
    """Return the length of the longest run of backticks in ``text``. A fence around it must be longer."""
    return max((len(run) for run in re.findall("`+", text)), default=0)
