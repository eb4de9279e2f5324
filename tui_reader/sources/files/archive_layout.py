"""Tells which files of an archive are its articles, by the names of all of them."""

from __future__ import annotations

from collections.abc import Mapping

from tui_reader.sources.files.addresses.config_files import is_config
from tui_reader.sources.files.folder import PassedFiles
from tui_reader.sources.files.generators import content_places
from tui_reader.sources.files.languages import default_language, repeats
from tui_reader.sources.files.layout import (
    ARTICLE_FOLDERS,
    is_article_file,
    is_ignored,
    is_site_internal,
    unread_ending,
)

_MOST_FOLDERS = 20_000  # remembered, to find a generator by its files
_MOST_PAGES = 200_000  # of which those in other languages are left out
_DEPTH = 4  # of the files and folders that a generator is known by


class ArchiveLayout:
    """The layout of an archive: show it all names with :meth:`look`, then call :meth:`decide`."""

    def __init__(self, language: str = "") -> None:
        self._language = language
        self._known: set[str] = set()
        self._tops: set[str] = set()
        self._pages: list[str] = []
        self._places: tuple[str, ...] = ()
        self._others: Mapping[str, str] = {}
        self.passed = PassedFiles()
        self.is_site = False
        self.has_folder = False

    def look(self, path: str) -> bool:
        """Note the path of a file; return whether its contents are needed to decide.

        One in an article folder of the site decides: with it, ``has_folder`` is set.
        """
        names = path.split("/", _DEPTH)
        if not ARTICLE_FOLDERS.isdisjoint(names[:2]) and is_article_file(path) and not self.has_folder:
            self.has_folder = True
            self.passed = PassedFiles()  # all are looked at again
            return True
        self._tops.add(names[0] if len(names) > 1 else "")
        if len(self._known) < _MOST_FOLDERS:
            self._known.update("/".join(names[:depth]) for depth in range(1, min(len(names), _DEPTH) + 1))
        if is_article_file(path) and len(self._pages) < _MOST_PAGES:
            self._pages.append(path)
        elif (ending := unread_ending(path)) and not is_ignored(path) and not is_site_internal(path):
            self.passed.add(f"files that end in ‘{ending}’ are not read", path)
        return is_config(path)

    def decide(self, configs: Mapping[str, bytes]) -> None:
        """Find out what is an article, when all names are known; ``configs`` are the files that were needed."""
        root = f"{next(iter(self._tops))}/" if len(self._tops) == 1 and "" not in self._tops else ""
        if any(f"{root}{name}" in self._known for name in ("_config.yml", *ARTICLE_FOLDERS)):
            return
        if self.has_folder:
            return
        places = content_places(lambda name: f"{root}{name}" in self._known)
        self._places = tuple(f"{root}{place}/" for place in places)
        self.is_site = bool(places)
        if not self.is_site:
            return
        own = next((found for data in configs.values() if (found := default_language(data[: 64 * 1024]))), "")
        self._others = repeats([page for page in self._pages if page.startswith(self._places)], self._language, own)
        for path, language in self._others.items():
            self.passed.add(f"it is a page in another language ({language or 'of the site'})", path)

    def has(self, path: str) -> bool:
        """Return whether an article file of a site is one of its articles."""
        return path.startswith(self._places) and path not in self._others
