"""The addresses of Pelican and Nikola: ``ARTICLE_URL`` and its slugs, ``POSTS`` and ``PRETTY_URLS``."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.addresses.local_dates import formatted, local_date
from tui_reader.sources.files.addresses.page import Page, Place
from tui_reader.sources.files.addresses.slugs import hugo_slug, in_ascii, replaced

_NAME = re.compile(r"\{(\w+)(?::([^{}]{0,100}))?\}")
_DATED_NAME = r"(?P<date>\d{4}-\d{2}-\d{2}).*"
_SUBSTITUTIONS = (
    (r"[^\w\s-]", ""),
    (r"(?u)\A\s*", ""),
    (r"(?u)\s*\Z", ""),
    (r"[-\s]+", "-"),
)
# What makes a pattern take long: repeats of groups, several repeats of anything, and several choices.
_ESCAPED = re.compile(r"\\[^\d]")
_RISKY = re.compile(r"\)[*+{?]|\\\d|\(\?[P<]?[=!]")
_REPEATS = re.compile(r"[*+]|(?<!\()\?|\{\d*,")
_MAX_CHOICES = 3
_MAX_PATTERN = 300  # characters
_MAX_SUBSTITUTIONS = 30
_LONGEST = 300  # characters of a title that patterns are applied to


class PelicanRules(NamedTuple):
    """How a Pelican site makes addresses. Templates are for articles, translations and pages."""

    article: str
    translation: str
    page: str
    content: str
    page_folders: Sequence[str]
    language: str
    category: str
    by_folder: bool
    by_name: bool
    unicode: bool
    keep_case: bool
    file_name: str
    substitutions: Sequence[tuple[str, str]]

    def place(self, page: Page) -> Place | None:
        """Return where an article or a page is."""
        parts = tuple(part for part in self.content.split("/") if part not in {"", "."})
        folders = page.folders[len(parts) :] if page.folders[: len(parts)] == parts else page.folders
        named = self._named(page.stem)
        own = page.text("url") or _without_index(page.text("save_as"))
        if own and "://" not in own:
            return Place(f"/{own.lstrip('/')}")
        slug = self._slug(page, named)
        if not slug:
            return None
        values = {
            "slug": slug,
            "lang": page.text("lang") or named.get("lang", "") or self.language,
            "author": self._slugified(next(iter(page.texts("author") or page.texts("authors")), "").split(",")[0]),
            "category": self._slugified(page.text("category") or named.get("category", "") or self._folder(folders)),
            "path": page.path(),
        }
        is_page = any("/".join(folders).startswith(folder) for folder in self.page_folders if folder)
        template = self.page if is_page else self.article
        if not is_page and values["lang"] != self.language:
            template = self.translation
        date = page.date("date") or local_date(named.get("date")) or page.known_date()
        path = _filled(template, values, date)
        return None if path is None else Place(f"/{path.lstrip('/')}")

    def _folder(self, folders: Sequence[str]) -> str:
        return folders[-1] if self.by_folder and folders else self.category

    def _named(self, stem: str) -> Mapping[str, str]:
        match = re.match(self.file_name, stem[:_LONGEST]) if self.file_name else None
        return {name: value for name, value in match.groupdict().items() if value} if match else {}

    def _slug(self, page: Page, named: Mapping[str, str]) -> str | None:
        if own := page.text("slug") or named.get("slug"):
            return own
        return self._slugified(page.stem if self.by_name else page.text("title") or page.title)

    def _slugified(self, text: str) -> str | None:
        text = html.unescape(text[:_LONGEST])
        if not self.unicode:
            plain = in_ascii(text.replace("’", "'"))
            if plain is None:
                return None
            text = plain
        for pattern, replacement in self.substitutions:
            text = re.sub(pattern, replacement, text, flags=re.IGNORECASE)[:_LONGEST]
        return text.strip() if self.keep_case else text.lower().strip()


def _filled(template: str, values: Mapping[str, str | None], date: datetime | None) -> str | None:
    """Return a template of Pelican with its values; ``None`` if one is not known."""

    def value(match: re.Match[str]) -> str | None:
        name, pattern = match[1], match[2]
        if name == "date" and date is not None:
            return formatted(date, pattern or "%Y-%m-%d %H:%M:%S")
        return None if pattern else values.get(name)

    return replaced(template, _NAME, value)


def _without_index(path: str) -> str:
    return path.removesuffix("index.html")


def _is_harmless(pattern: str, repeats: int) -> bool:
    """Return whether a pattern of a configuration never takes long, with at most so many ``repeats``."""
    plain = _ESCAPED.sub("x", pattern)
    if len(pattern) > _MAX_PATTERN or plain.count("|") > _MAX_CHOICES:
        return False
    if _RISKY.search(plain) or len(_REPEATS.findall(plain)) > repeats:
        return False
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _substitutions(given: Sequence[object]) -> list[tuple[str, str]] | None:
    """Return what is replaced in slugs; ``None`` if any of it cannot be used."""
    found: list[tuple[str, str]] = []
    for pair in given:
        if not isinstance(pair, list) or len(pair) < 2 or not all(isinstance(part, str) for part in pair[:2]):
            return None
        pattern, replacement = pair[:2]
        if not _is_harmless(pattern, 1) or "\\" in replacement or len(replacement) > _MAX_PATTERN:
            return None
        found.append((pattern, replacement))
    return found if len(found) <= _MAX_SUBSTITUTIONS else None


def pelican_rules(config: Mapping[str, object]) -> PelicanRules | None:
    """Return the rules that ``pelicanconf.py`` sets; ``None`` if they cannot be told without running it."""

    def text(name: str, default: str) -> str:
        value = config.get(name, default)
        return value if isinstance(value, str) else default

    name = text("FILENAME_METADATA", _DATED_NAME)
    given = config.get("SLUG_REGEX_SUBSTITUTIONS")
    substitutions = _substitutions(given) if isinstance(given, list) else _SUBSTITUTIONS
    if substitutions is None or not _is_harmless(name, 2):
        return None
    folders = config.get("PAGE_PATHS", ["pages"])
    article = text("ARTICLE_URL", "") or _without_index(text("ARTICLE_SAVE_AS", "{slug}.html"))
    return PelicanRules(
        article=article,
        translation=text("ARTICLE_LANG_URL", "{slug}-{lang}.html"),
        page=text("PAGE_URL", "pages/{slug}.html"),
        content=text("PATH", "content"),
        page_folders=[folder for folder in folders if isinstance(folder, str)] if isinstance(folders, list) else (),
        language=text("DEFAULT_LANG", "en"),
        category=text("DEFAULT_CATEGORY", "misc"),
        by_folder=config.get("USE_FOLDER_AS_CATEGORY", True) is not False,
        by_name=text("SLUGIFY_SOURCE", "title") == "basename",
        unicode=config.get("SLUGIFY_USE_UNICODE") is True,
        keep_case=config.get("SLUGIFY_PRESERVE_CASE") is True,
        file_name=name,
        substitutions=substitutions,
    )


class NikolaRules(NamedTuple):
    """How a Nikola site makes addresses: the folder of each folder of posts, and whether addresses end in ``/``."""

    folders: Sequence[tuple[str, str]]
    is_pretty: bool

    def place(self, page: Page) -> Place | None:
        """Return where a post or a page is."""
        folder = "/".join(page.folders)
        for source, target in self.folders:
            if folder != source and not folder.startswith(f"{source}/"):
                continue
            below = [part for part in folder[len(source) :].split("/") if part]
            slug = page.text("slug") or hugo_slug(page.stem.replace(".", "-"))
            where = [part for part in target.split("/") if part] + below
            path = "/".join(["", *where, slug])
            return Place(f"{path}/" if self.is_pretty and slug != "index" else f"{path}.html")
        return None


def nikola_rules(config: Mapping[str, object]) -> NikolaRules:
    """Return the rules that ``conf.py`` sets."""
    folders: list[tuple[str, str]] = []
    for name in ("POSTS", "PAGES"):
        value = config.get(name)
        for item in value if isinstance(value, list) else ():
            if isinstance(item, list) and len(item) > 1 and isinstance(item[0], str) and isinstance(item[1], str):
                folders.append((item[0].rpartition("/")[0], item[1]))
    return NikolaRules(folders[:200], config.get("PRETTY_URLS", True) is not False)
