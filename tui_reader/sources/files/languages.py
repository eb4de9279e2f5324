"""Chooses between the languages in which a site has the same page: by names of files, or what these say."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from tui_reader.named_tuple import NamedTuple

LANGUAGE_CODES = frozenset({
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga", "gl", "he", "hi",
    "hr", "hu", "id", "is", "it", "ja", "ka", "ko", "lt", "lv", "ms", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru",
    "si", "sk", "sl", "sq", "sr", "sv", "ta", "th", "tr", "uk", "ur", "uz", "vi",
    "zh",
})  # fmt: skip
"""The languages that are known by their code."""

_CODE = re.compile(r"([a-z]{2})(?:[-_](?:[a-z]{2}|[a-z]{4}))?\Z", re.IGNORECASE)
_DEFAULT = re.compile(
    rb"""^[ \t]*["']?(?:defaultContentLanguage|default_lang(?:uage)?|DEFAULT_LANG|defaultLocale|lang|language)["']?"""
    rb"""[ \t]*[:=][ \t]*["']?([A-Za-z]{2}(?:[-_][A-Za-z]{2,4})?)["']?[ \t,;]*(?:#.*)?$""",
    re.MULTILINE,
)
_VALUE = rb"""["']?[ \t]*(?::[ \t]|=)[ \t]*["']?"""
_STATED = re.compile(
    rb"^(?:\.\. |:|[\"'])?(?:lang|language|locale)" + _VALUE + rb"([A-Za-z]{2}(?:[-_][A-Za-z]{2,4})?)[\"']?,?[ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SAME = re.compile(
    rb"^(?:\.\. |:|[\"'])?(?:translation_?key|ref|lang-ref|page_id|permalink|slug)"
    + _VALUE
    + rb"([^\s\"'][^\n\"']{0,200})",
    re.IGNORECASE | re.MULTILINE,
)
# A list of languages in the configuration of Jekyll, and the language of Pelican.
_SEVERAL = re.compile(rb"^languages[ \t]*:[ \t]*(?:\[|\n[ \t]*-)|^DEFAULT_LANG[ \t]*=", re.MULTILINE)

HEAD_BYTES = 4096
"""How much of a file is looked at for its language, in bytes."""


class Stated(NamedTuple):
    """What a file says of its language, and of the page that it is a version of; both can be empty."""

    language: str = ""
    page: str = ""


def states_languages(config: bytes) -> bool:
    """Return whether the files of a site with this configuration can say themselves in which language they are."""
    return _SEVERAL.search(config) is not None


def stated_language(head: bytes) -> Stated:
    """Return what the first :data:`HEAD_BYTES` of a file say of its language."""
    head = head.partition(b"\n---")[0]
    language, page = _STATED.search(head), _SAME.search(head)
    return Stated(
        language_of(language[1].decode()) if language else "",
        f"={page[1].decode(errors='replace').strip()}" if page else "",
    )


def language_of(name: str) -> str:
    """Return the language that a word is the code of, such as ``de`` or ``pt-br``, in small letters; empty if none."""
    match = _CODE.match(name)
    return name.lower().replace("_", "-") if match and match[1].lower() in LANGUAGE_CODES else ""


def default_language(config: bytes) -> str:
    """Return the language that the configuration of a site says is its own."""
    match = _DEFAULT.search(config)
    return language_of(match[1].decode()) if match else ""


def without_language(path: str) -> tuple[str, str]:
    """Return a path without the language in it, and that language, empty for a path without one."""
    folders, _, name = path.rpartition("/")
    parts = name.rsplit(".", 2)
    if len(parts) == 3 and (language := language_of(parts[1])):
        return f"{folders}/{parts[0]}.{parts[2]}".lstrip("/"), language
    names = folders.split("/")
    for at, folder in enumerate(names):
        if len(folder) in {2, 5, 7} and (language := language_of(folder)):
            return "/".join((*names[:at], *names[at + 1 :], name)), language
    return path, ""


def repeats(paths: Sequence[str], wanted: str, default: str, stated: Mapping[str, Stated] = {}) -> dict[str, str]:
    """Return the files that are the same page in a language that is not chosen, each with that language.

    ``wanted`` is the language that the user prefers, ``default`` that of the
    site; ``stated`` is what the files say themselves, by path. A page that
    there is only in one language is no repeat.
    """
    versions: dict[str, dict[str, str]] = {}
    for path in paths:
        page, language = without_language(path)
        own = stated.get(path, _NOTHING)
        if language or own.language:
            versions.setdefault(own.page or page, {})[own.language or language] = path
    for path in paths if versions else ():
        own = stated.get(path, _NOTHING)
        if not own.language and (own.page or path) in versions:
            versions[own.page or path].setdefault("", path)
    found: dict[str, str] = {}
    for by_language in versions.values():
        if len(by_language) > 1:
            chosen = _chosen(by_language, wanted, default)
            found |= {path: language or default for language, path in by_language.items() if language != chosen}
    return found


_NOTHING = Stated()


def _chosen(languages: Collection[str], wanted: str, default: str) -> str:
    """Return which of ``languages`` to read: the wanted one, the site's own, or English."""
    # What names no language is in that of the site.
    order = ["" if code == default and "" in languages else code for code in (wanted, wanted[:2]) if code]
    return next((code for code in (*order, "", default, "en") if code in languages), min(languages))
