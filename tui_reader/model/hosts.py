"""Tells to which host a URL leads where that is not the one it seems to lead to."""

from __future__ import annotations

import re
import socket
import unicodedata
from urllib.parse import unquote, urlsplit

from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple

# Scripts that are written together in one word; every one may have Latin beside it.
_TOGETHER = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA", "LATIN"}),
    frozenset({"CJK", "HANGUL", "LATIN"}),
    frozenset({"CJK", "BOPOMOFO", "LATIN"}),
)
# Letters that look like Latin ones in most fonts, by Unicode's data for confusables.
_LIKE_LATIN = frozenset(
    "авсԁеѐёԍһіїјӏкмнопԛрѕѓтԝхуўӱьъҽпгѵѡαβγικνορστυχωϲϳաբեզէթլկհձոյնսվտրցւփքօֆգքտհ"  # Armenian
)
# Phonetic and historic Latin letters, such as ɡ, which no language's names need.
_ODD_LATIN = re.compile("[\u0180\u0189-\u0191\u01c0-\u01cc\u0237\u0250-\u02af\u1d00-\u1dbf\u2c60-\u2c7f\ua720-\uab6f]")
_ENDINGS = frozenset({"com", "org", "net", "gov", "edu"})
_MAX_HOST = 60  # characters; longer ones are cut off on the screen


class Destination(NamedTuple):
    """Where a URL leads: its host, as it is best shown, and why it does not look like it (``""`` if it does)."""

    host: str
    reason: str = ""


def destination(url: str) -> Destination:
    """Return where ``url``, which has passed :func:`safe_url`, leads."""
    parts = urlsplit(url)
    raw = (parts.hostname or "").rstrip(".")
    host = unicodedata.normalize("NFKC", unquote(raw)).replace("\u3002", ".").lower()
    port = f":{parts.port}" if parts.port is not None else ""
    labels = [_decoded(label) for label in host.split(".")]
    shown = socket.inet_ntoa(socket.inet_aton(host)) if _is_odd_number(host) else _shown(labels)
    if len(shown) > _MAX_HOST:
        shown = "…" + shown[1 - _MAX_HOST :]
    return Destination(visible(shown) + port, _reason("@" in parts.netloc, raw, host, labels))


def _reason(has_user: bool, raw: str, host: str, labels: list[str]) -> str:
    """Return the first reason that applies, the gravest first."""
    checks = (
        (has_user, "what stands before the @ is a user name"),
        (any(map(_is_mixed, labels)), "its letters are of different alphabets, or no language has them"),
        (_imitates_latin(labels), "its letters only look like Latin ones"),
        (host != raw, "it is written with unusual characters"),
        (_is_odd_number(host), "it is an IP address in an unusual spelling"),
        (not _ENDINGS.isdisjoint(labels[1:-2]), "only the end of its name tells whose it is"),
        (len(host) > _MAX_HOST, "its name is very long, and only the end tells whose it is"),
    )
    return next((reason for applies, reason in checks if applies), "")


def _decoded(label: str) -> str:
    """Return a label without Punycode."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except UnicodeError:
        return label


def _shown(labels: list[str]) -> str:
    """Return a name, with the labels that imitate others in Punycode."""
    imitates = _imitates_latin(labels)
    return ".".join(
        "xn--" + label.encode("punycode").decode()
        if _is_mixed(label) or (imitates and _is_like_latin(label))
        else label
        for label in labels
    )


def _is_mixed(label: str) -> bool:
    """Return whether a label has letters of scripts that are not written together."""
    if label.isascii():
        return False
    scripts = {unicodedata.name(char, "?").split()[0].partition("-")[0] for char in label if char.isalpha()}
    together = len(scripts) < 2 or any(scripts <= group for group in _TOGETHER)
    return not together or _ODD_LATIN.search(label) is not None


def _is_like_latin(label: str) -> bool:
    letters = [char for char in label if char.isalpha()]
    return not label.isascii() and all(char in _LIKE_LATIN for char in letters)


def _imitates_latin(labels: list[str]) -> bool:
    """Return whether a name looks like a Latin one; below an ending of its own script, it is meant as it is."""
    return labels[-1].isascii() and any(_is_like_latin(label) for label in labels)


def _is_odd_number(host: str) -> bool:
    """Return whether ``host`` is an IPv4 address that is not written as four decimal numbers."""
    if re.fullmatch(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}", host) is None:
        return False
    try:
        return socket.inet_ntoa(socket.inet_aton(host)) != host
    except OSError:
        return False
