"""Parts of addresses made of names and titles, as each generator makes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_LONGEST = 1000  # characters of a name or title
_PRETTY = re.compile(r"[^A-Za-z0-9._~!$&'()+,;=@]+")
_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_PRETTY_SIGNS = frozenset("._~!$&'()+,;=@")
_HUGO_SIGNS = frozenset("./\\_#+~-@")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_SIMPLE = re.compile(r"[a-z0-9_-]*")
_NOT_ASCII = re.compile(r"[^a-z0-9]+")
_SAFE_REMOVED = re.compile(r"[<>:\"/|?*#\\()\[\]\n]|[\x00-\x1f]")
# Letters that do not come apart into a letter of ASCII and a mark.
_LETTERS = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i",
    }
)  # fmt: skip


def is_letter(char: str) -> bool:
    """Return whether a character is a letter, a mark or a decimal digit in any script."""
    category = unicodedata.category(char)
    return category[0] in "LM" or category == "Nd"


def _hyphened(text: str, kept: frozenset[str]) -> str:
    """Return ``text`` with one hyphen for each run of other characters."""
    parts: list[str] = []
    for char in text:
        if char in kept or is_letter(char):
            parts.append(char)
        elif not parts or parts[-1] != "-":
            parts.append("-")
    return "".join(parts)


def jekyll_slug(text: str, *, pretty: bool = False) -> str:
    """Return ``Jekyll::Utils.slugify``: in mode ``pretty`` the case and some signs stay."""
    text = text[:_LONGEST]
    if text.isascii():
        slug = (_PRETTY if pretty else _PLAIN).sub("-", text)
    else:
        slug = _hyphened(text, _PRETTY_SIGNS if pretty else frozenset())
    slug = slug.removeprefix("-").removesuffix("-")
    return slug if pretty else slug.lower()


def hugo_slug(text: str, *, keep_case: bool = False, remove_accents: bool = False) -> str:
    """Return Hugo's ``urlize`` before it is escaped."""
    if _SIMPLE.fullmatch(text):
        return text
    text = text[:_LONGEST].strip()
    if remove_accents:
        text = without_accents(text)
    parts: list[str] = []
    is_spaced = was_hyphen = False
    for at, char in enumerate(text):
        is_kept = char in _HUGO_SIGNS or is_letter(char) or (char == "%" and bool(_ESCAPE.match(text, at)))
        if is_kept:
            was_hyphen = char == "-"
            if is_spaced and not was_hyphen:
                parts.append("-")
            is_spaced = False
            parts.append(char)
        elif parts and not was_hyphen and char.isspace():
            is_spaced = True
    slug = "".join(parts)
    return slug if keep_case else slug.lower()


def without_accents(text: str) -> str:
    """Return ``text`` without accents on its letters."""
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(char for char in apart if unicodedata.category(char) != "Mn"))


def in_ascii(text: str) -> str | None:
    """Return ``text`` in ASCII, signs as hyphens; ``None`` if that takes a table of its script."""
    if text.isascii():
        return text
    parts: list[str] = []
    for char in unicodedata.normalize("NFKD", text.translate(_LETTERS)):
        if char.isascii():
            parts.append(char)
        elif (kind := unicodedata.category(char)[0]) in "LN":
            return None
        elif kind != "M":
            parts.append("-")
    return "".join(parts)


def zola_slug(text: str, strategy: str = "on") -> str | None:
    """Return a name as Zola has it in a path: ``on`` makes it ASCII, ``safe`` and ``off`` keep it."""
    text = text[:_LONGEST]
    if strategy == "off":
        return text
    if strategy == "safe":
        return _SAFE_REMOVED.sub("", text).strip().replace(" ", "_").rstrip(".")
    plain = in_ascii(text)
    return None if plain is None else _NOT_ASCII.sub("-", plain.lower()).strip("-")


def github_slug(text: str) -> str:
    """Return the slug of github-slugger, which Astro and Nuxt use: lower case, hyphens, letters in any script."""
    lower = text[:_LONGEST].lower()
    return "".join("-" if char == " " else char for char in lower if char in "-_ " or char.isalnum() or is_letter(char))


def replaced(template: str, pattern: re.Pattern[str], value: Callable[[re.Match[str]], str | None]) -> str | None:
    """Return ``template`` with the ``value`` of each match of ``pattern``; ``None`` if one has none."""
    parts: list[str] = []
    at = 0
    for match in pattern.finditer(template):
        text = value(match)
        if text is None:
            return None
        parts += [template[at : match.start()], text]
        at = match.end()
    parts.append(template[at:])
    return "".join(parts)
