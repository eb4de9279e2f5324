"""Tells which files of an archive are its articles, by the names of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from tui_reader.sources.files.addresses.config_files import is_config
from tui_reader.sources.files.folder import PassedFiles
from tui_reader.sources.files.generators import content_places
from tui_reader.sources.files.languages import default_language, repeats, stated_language, states_languages
from tui_reader.sources.files.layout import (
    ARTICLE_FOLDERS,
    in_article_folder,
    is_article_file,
    is_draft_path,
    is_ignored,
    is_site_internal,
    is_site_part,
    unread_ending,
)
from tui_reader.sources.files.metadata_file import metadata_path

_MOST_FOLDERS = 20_000  # remembered, to find a generator by its files
_MOST_PAGES = 200_000  # of which those in other languages are left out
_DEPTH = 4  # of the files and folders that a generator is known by
_CONFIG_BYTES = 64 * 1024  # of a configuration in which languages are looked for


class ArchiveLayout:
    """The layout of an archive: show it all names with :meth:`look`, then call :meth:`decide`.

    Then ``metadata`` are the files with the metadata of articles beside them.
    If ``is_stated``, the articles can say in which language they are: give how
    they begin to :meth:`choose`.
    """

    def __init__(self, language: str = "") -> None:
        self._language = language
        self._known: set[str] = set()
        self._tops: set[str] = set()
        self._pages: list[str] = []
        self._metadata: set[str] = set()
        self._places: tuple[str, ...] = ()
        self._collections: tuple[str, ...] = ()  # of Jekyll, beside those of posts
        self._own_language = ""
        self._others: Mapping[str, str] = {}
        self.passed = PassedFiles()
        self.metadata: frozenset[str] = frozenset()
        self.is_stated = False
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
        elif path.endswith(".meta") and len(self._metadata) < _MOST_PAGES:
            self._metadata.add(path)
        elif (ending := unread_ending(path)) and not is_ignored(path) and not is_site_internal(path):
            self.passed.add(f"files that end in ‘{ending}’ are not read", path)
        return is_config(path)

    def decide(self, configs: Mapping[str, bytes]) -> None:
        """Find out what is an article, when all names are known; ``configs`` are the files that were needed.

        With ``has_folder``, not all names need to be known.
        """
        beginnings = {path: data[:_CONFIG_BYTES] for path, data in configs.items() if is_config(path)}
        self._own_language = next((found for data in beginnings.values() if (found := default_language(data))), "")
        for path, data in beginnings.items():
            folder, slash, name = path.rpartition("/")
            if name in {"_config.yml", "pelicanconf.py"} and states_languages(data):
                from tui_reader.sources.files.addresses.jekyll import with_collections

                self.is_stated = True
                self._collections = with_collections(self._collections, f"{folder}{slash}", data)
        root = f"{next(iter(self._tops))}/" if len(self._tops) == 1 and "" not in self._tops else ""
        if any(f"{root}{name}" in self._known for name in ("_config.yml", *ARTICLE_FOLDERS)) or self.has_folder:
            return
        places = content_places(
            lambda name: f"{root}{name}" in self._known, lambda name: beginnings.get(f"{root}{name}", b"")
        )
        self._places = tuple(f"{root}{place}/" for place in places)
        self.is_site = bool(places)
        if not self.is_site:
            return
        pages = [page for page in self._pages if page.startswith(self._places)]
        if self._metadata:
            self.metadata = frozenset(self._metadata.intersection(map(metadata_path, pages)))
        if not self.is_stated:
            self._leave_out(repeats(pages, self._language, self._own_language))

    def choose(self, beginnings: Iterable[tuple[str, bytes]]) -> None:
        """Choose between the languages that articles say they are in, by how they begin."""
        stated = {path: stated_language(head) for path, head in islice(beginnings, _MOST_PAGES)}
        self._leave_out(repeats(list(stated), self._language, self._own_language, stated))

    def _leave_out(self, others: Mapping[str, str]) -> None:
        self._others = others
        for path, language in others.items():
            self.passed.add(f"it is a page in another language ({language or 'of the site'})", path)

    def has(self, path: str) -> bool:
        """Return whether a file is an article of the site, or of the collection if it is none of a generator."""
        if not is_article_file(path) or path in self._others:
            return False
        if self.is_site:
            below = next((path[len(place) :] for place in self._places if path.startswith(place)), "")
            return bool(below) and not is_ignored(below) and not is_site_part(below)
        if is_ignored(path):
            return False
        if in_article_folder(path):
            return True
        if self.has_folder:
            return is_draft_path(path) or path.startswith(self._collections)
        return not is_site_internal(path)
