"""Chooses between the languages in which a site has the same page: by the names of files and folders."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_CODES = frozenset({
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga", "gl", "he", "hi",
    "hr", "hu", "id", "is", "it", "ja", "ka", "ko", "lt", "lv", "ms", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru",
    "sk", "sl", "sq", "sr", "sv", "ta", "th", "tr", "uk", "ur", "vi", "zh",
})  # fmt: skip
_CODE = re.compile(r"([a-z]{2})(?:[-_](?:[a-z]{2}|[a-z]{4}))?\Z", re.IGNORECASE)
_DEFAULT = re.compile(
    rb"""^[ \t]*["']?(?:defaultContentLanguage|default_language|DEFAULT_LANG|defaultLocale|lang|language)["']?"""
    rb"""[ \t]*[:=][ \t]*["']?([A-Za-z]{2}(?:[-_][A-Za-z]{2,4})?)["']?[ \t,;]*(?:#.*)?$""",
    re.MULTILINE,
)


def language_of(name: str) -> str:
    """Return the language that a word is the code of, such as ``de`` or ``pt-br``, in small letters; empty if none."""
    match = _CODE.match(name)
    return name.lower().replace("_", "-") if match and match[1].lower() in _CODES else ""


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


def repeats(paths: Sequence[str], wanted: str, default: str) -> dict[str, str]:
    """Return the files that are the same page in a language that is not chosen, each with that language.

    ``wanted`` is the language that the user prefers, ``default`` that of the
    site. A page that there is only in one language is no repeat.
    """
    versions: dict[str, dict[str, str]] = {}
    for path in paths:
        page, language = without_language(path)
        if language:
            versions.setdefault(page, {})[language] = path
    for path in paths if versions else ():
        if path in versions:
            versions[path][""] = path
    found: dict[str, str] = {}
    for by_language in versions.values():
        if len(by_language) > 1:
            chosen = _chosen(by_language, wanted, default)
            found |= {path: language or default for language, path in by_language.items() if language != chosen}
    return found


def _chosen(languages: Collection[str], wanted: str, default: str) -> str:
    """Return which of ``languages`` to read: the wanted one, the site's own, or English."""
    # What names no language is in that of the site.
    order = ["" if code == default and "" in languages else code for code in (wanted, wanted[:2]) if code]
    return next((code for code in (*order, "", default, "en") if code in languages), min(languages))
