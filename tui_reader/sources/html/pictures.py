"""Finds what an image in HTML stands for: its address, or the characters that it draws."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from tui_reader.sources.html.formula import tex_line
from tui_reader.sources.html.syntax import resolve_url

# Pages that load images late have a placeholder in src and the address in one of these.
_LATE = ("data-lazy-src", "data-src", "data-original", "data-orig-src", "data-lazy", "data-url", "data-image")
_LATE_SETS = ("data-lazy-srcset", "data-srcset", "srcset")
_MAX_SET = 8000  # characters of srcset
_CANDIDATE = re.compile(r"[\s,]*(\S+)")
_DESCRIPTOR = re.compile(r"\s*([0-9.]*)[^,]*,?")
_EMOJI_CLASS = re.compile(r"(?:^|[\s_-])(?:emoji|emote|emoticon|smiley)(?:$|[\s_-])")
_EMOJI_PATH = re.compile(r"/(?:tw)?emojis?/", re.IGNORECASE)
_EMOJI_FILE = re.compile(r"/([0-9a-f]{4,6}(?:-[0-9a-f]{4,6}){0,8})\.(?:png|svg|gif|webp)(?:\?|$)")
_EMOJI = re.compile(
    "[\u2190-\u21ff\u2300-\u2bff\ufe0f\u200d\U0001f000-\U0001faff\U000e0020-\U000e007f#*0-9\u20e3]{1,16}"
)
_FORMULA_CLASS = re.compile(r"(?:^|\s)(?:latex|tex|math|equation|mwe-math-fallback-image)(?:$|[\s_-])")
_SIZE_IN_NAME = re.compile(r"-[0-9]+x[0-9]+(?=\.\w+$)|-scaled(?=\.\w+$)")
_MAX_WORDS = 1000  # characters of a description
_LONGEST_EMOJI = 40  # characters of the name of an emoji


def drawn_text(attributes: Mapping[str, str]) -> str | None:
    """Return the text that an image draws, an emoji or a formula, or ``None`` where it is a picture."""
    kind = attributes.get("class", "")
    words = attributes.get("alt", "").strip()
    if words and len(words) <= _LONGEST_EMOJI and _EMOJI.fullmatch(words) and not words.isascii():
        return words
    source = attributes.get("src", "")
    if (kind and _EMOJI_CLASS.search(kind)) or _EMOJI_PATH.search(source[:500]):
        if words:
            return words[:_LONGEST_EMOJI]
        if file := _EMOJI_FILE.search(source[-200:]):
            return "".join(chr(code) for part in file[1].split("-") if (code := int(part, 16)) <= 0x10FFFF)
    if kind and words and _FORMULA_CLASS.search(kind):
        return tex_line(words)
    return None


def picture_address(attributes: Mapping[str, str], base: str, alternative: str = "") -> str | None:
    """Return the address of an image; ``alternative`` is the ``srcset`` of the ``<picture>`` around it."""
    if len(attributes) > 1:
        for name in _LATE:
            if name in attributes and (address := resolve_url(attributes[name], base)):
                return address
    if address := resolve_url(attributes.get("src"), base):
        return address
    for choices in (*(attributes.get(name, "") for name in _LATE_SETS), alternative):
        if choices and (address := resolve_url(largest(choices), base)):
            return address
    return None


def largest(choices: str) -> str:
    """Return the largest of the images in a ``srcset``."""
    choices = choices[:_MAX_SET]
    best, size, at = "", -1.0, 0
    while match := _CANDIDATE.match(choices, at):
        address = match[1]
        at = match.end()
        described = 1.0
        if address.endswith(","):
            address = address.rstrip(",")
        elif descriptor := _DESCRIPTOR.match(choices, at):
            at = descriptor.end()
            described = _number(descriptor[1])
        if described > size and not address.startswith("data:"):
            best, size = address, described
    return best


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0


def picture_words(attributes: Mapping[str, str]) -> tuple[str, str]:
    """Return what a picture shows, and what else its author says of it; both may be empty."""
    words = " ".join(attributes.get("alt", "")[:_MAX_WORDS].split())
    title = " ".join(attributes.get("title", "")[:_MAX_WORDS].split())
    return words, "" if title.casefold() == words.casefold() else title


def picture_name(address: str) -> str:
    """Return what the sizes of one picture have in common: the end of its path, without numbers of pixels."""
    return _SIZE_IN_NAME.sub("", urlsplit(address).path.rpartition("/")[2])
