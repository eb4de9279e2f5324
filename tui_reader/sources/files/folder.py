"""Collections in folders: a site, a folder of Markdown files, or a single file."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from tui_reader.errors import SourceError
from tui_reader.model.counted import counted
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.beginning import beginning
from tui_reader.sources.files.generators import content_places
from tui_reader.sources.files.layout import (
    ARTICLE_FOLDERS,
    DRAFT_FOLDER,
    MAX_FILE_BYTES,
    in_article_folder,
    is_article_file,
    is_ignored,
    is_site_internal,
    is_site_part,
    unread_ending,
)
from tui_reader.sources.files.stamp import FileStamp

_Level: TypeAlias = "os._ScandirIterator[str]"  # typeshed's name for what os.scandir returns
LEVELS_UP = 3
"""Most levels from an article folder to its site: ``_archive/2020/_news``."""
_CONFIG_BYTES = 64 * 1024  # of a configuration in which its language is looked for


class FolderCollection(NamedTuple):
    """A folder of articles, or a single article.

    ``root`` is the folder of the site. ``places`` are the folders with
    articles, or the single file. Links that lead out of ``root`` are not
    followed. ``is_site`` says that a generator makes pages of all that is in
    ``places``, perhaps in several languages. In ``templates``, a folder, there
    are no articles.
    """

    location: str
    root: Path
    places: tuple[Path, ...]
    is_site: bool = False
    templates: str = ""

    def files(self, passed: PassedFiles | None = None, language: str = "") -> Iterator[FileStamp]:
        """Yield the stamp of every article file, unordered, without reading any.

        Of the pages of a site that there are in several languages, those in
        ``language``, if there are such, or else those in the language of the
        site. ``passed`` gets the other languages, and the files in which people
        write and that are not read. Files and subfolders that cannot be
        accessed are included, and links out of the collection: reading them
        reports the reason. Raises :class:`SourceError` where a whole place
        cannot be accessed.
        """
        passed = PassedFiles() if passed is None else passed
        is_stated = self._states_languages()
        if not self.is_site and not is_stated:
            yield from self._found(passed)
            return
        from tui_reader.sources.files.languages import repeats, stated_language
        from tui_reader.sources.files.metadata_file import joint_stamp

        found = list(self._found(passed))
        paths = [stamp.path for stamp in found]
        stated = {path: stated_language(self._head(path)) for path in paths} if is_stated else {}
        others = repeats(paths, language, self._own_language(), stated)
        for stamp in found:
            if stamp.path in others:
                passed.add(f"it is a page in another language ({others[stamp.path] or 'of the site'})", stamp.path)
            else:
                yield joint_stamp(stamp, passed.metadata) if passed.metadata else stamp

    def _states_languages(self) -> bool:
        """Return whether the files of the site can say in which language they are."""
        for name in ("_config.yml", "pelicanconf.py"):
            try:
                config = beginning(self.root / name, _CONFIG_BYTES)
            except OSError:
                continue
            from tui_reader.sources.files.languages import states_languages

            return states_languages(config)
        return False

    def _head(self, path: str) -> bytes:
        """Return how a file begins; nothing of a link, and of what cannot be read: to read the article tells it."""
        from tui_reader.sources.files.languages import HEAD_BYTES

        try:
            return beginning(os.path.join(self.root, path), HEAD_BYTES, follow=False)
        except OSError:
            return b""

    def _own_language(self) -> str:
        from tui_reader.sources.files.addresses.config_files import MARKERS
        from tui_reader.sources.files.languages import default_language

        for name in MARKERS:
            try:
                if language := default_language(beginning(self.root / name, _CONFIG_BYTES)):
                    return language
            except OSError:
                continue
        return ""

    def _found(self, passed: PassedFiles) -> Iterator[FileStamp]:
        # Slicing off the root by its length takes half the time of os.path.relpath, as measured.
        start = len(os.path.join(self.root, ""))
        for place in self.places:
            if leads_out(self.root, place):
                yield FileStamp(str(place)[start:], 0, 0)
            elif place.is_file():
                yield _stamp(str(place), start, place.stat())
            else:
                yield from self._walk(str(place), start, passed)

    def _walk(self, folder: str, start: int, passed: PassedFiles) -> Iterator[FileStamp]:
        is_internal = self._internal_folders(folder)
        try:
            # A stack instead of recursion: folders can be deeper than Python's stack.
            levels = [os.scandir(folder)]
        except OSError as error:
            raise SourceError(f"{visible(folder)} cannot be read: {error.strerror}") from error
        new = tuple.__new__  # takes a third of the time of FileStamp(…)
        try:
            while levels:
                level = levels[-1]
                for entry in level:
                    if entry.is_file(follow_symlinks=False):
                        if entry.name[0] == "." or not is_article_file(entry.name):
                            passed.look_at(entry, start)
                            continue
                        try:
                            status = entry.stat(follow_symlinks=False)
                        except OSError:
                            yield FileStamp(entry.path[start:], 0, 0)
                        else:
                            yield new(FileStamp, (entry.path[start:], status.st_size, status.st_mtime_ns))
                    elif (stamp := self._no_file(entry, start, levels, is_internal)) is not None:
                        yield stamp
                    elif levels[-1] is not level:
                        break  # it goes on after the folder that was found in it
                else:
                    levels.pop()
        finally:
            for level in levels:  # if the caller stops early
                level.close()

    def _internal_folders(self, place: str) -> Callable[[str], bool]:
        """Return what tells by their names which folders below ``place`` have parts of the site, and no articles."""
        if in_article_folder(os.path.join(place, "")):
            return lambda _: False  # there, a category can have such a name
        return is_site_part if self.is_site else is_site_internal

    def _no_file(
        self, entry: os.DirEntry[str], start: int, levels: list[_Level], is_internal: Callable[[str], bool]
    ) -> FileStamp | None:
        """Add a folder to ``levels``; return the stamp of a linked article, or of what cannot be accessed."""
        if is_ignored(entry.name):
            return None
        if not entry.is_dir(follow_symlinks=False):
            return self._linked(entry, start) if entry.is_symlink() else None
        if not is_internal(entry.name) and entry.path != self.templates:
            try:
                levels.append(os.scandir(entry.path))
            except OSError:
                return FileStamp(entry.path[start:], 0, 0)
        return None

    def _linked(self, entry: os.DirEntry[str], start: int) -> FileStamp | None:
        """Return the stamp of a linked article; one of size 0 for what can only be told, ``None`` for anything else."""
        is_article = is_article_file(entry.name)
        try:
            if (is_article or entry.is_dir()) and leads_out(self.root, entry.path):
                return FileStamp(entry.path[start:], 0, 0)
            return _stamp(entry.path, start, entry.stat()) if is_article and entry.is_file() else None
        except OSError:
            return FileStamp(entry.path[start:], 0, 0) if is_article else None

    def data_files(self) -> list[FileStamp]:
        """Return the stamps of the configuration of the site and the topic files."""
        from tui_reader.sources.files.addresses.config_files import config_names

        folder = self.root / "_data" / "topics"
        topics = [folder] if leads_out(self.root, folder) else sorted(folder.glob("*.y*ml"))
        configs = config_names(lambda name: os.access(os.path.join(self.root, name), os.F_OK))
        paths = [*(self.root / name for name in configs), *(path for path in topics if not is_ignored(path.name))]
        start = len(os.path.join(self.root, ""))
        return [
            FileStamp(str(path)[start:], 0, 0) if leads_out(self.root, path) else _stamp(str(path), start, path.stat())
            for path in paths
            if path.is_file() or leads_out(self.root, path)
        ]


class PassedFiles:
    """The files of a collection that a walk passes over: for each reason, how many and the first of them.

    ``metadata`` are the stamps of those with the metadata of articles beside them, by path.
    """

    def __init__(self) -> None:
        self.metadata: dict[str, FileStamp] = {}
        self._found: dict[str, tuple[int, str]] = {}

    def add(self, reason: str, path: str) -> None:
        """Add a file."""
        number, first = self._found.get(reason, (0, path))
        self._found[reason] = number + 1, min(first, path)

    def look_at(self, entry: os.DirEntry[str], start: int) -> None:
        """Add a file that is no article if people write in such files, or if it can have metadata of one."""
        if ending := unread_ending(entry.name):
            self.add(f"files that end in ‘{ending}’ are not read", entry.path[start:])
        elif entry.name.endswith(".meta"):
            with suppress(OSError):  # without access, the article has none
                self.metadata[entry.path[start:]] = _stamp(entry.path, start, entry.stat(follow_symlinks=False))

    def told(self) -> list[tuple[str, str]]:
        """Return the first file for each reason, and the reason with how many others it is that of."""
        return [
            (first, f"{reason}, like {counted(number - 1, 'other file')}" if number > 1 else reason)
            for reason, (number, first) in sorted(self._found.items())
        ]


def _stamp(path: str, start: int, status: os.stat_result) -> FileStamp:
    return FileStamp(path[start:], status.st_size, status.st_mtime_ns)


def leads_out(root: str | Path, path: str | Path) -> bool:
    """Return whether ``path``, of a file or folder below ``root``, leads out of it by a link that leads somewhere."""
    inside, real = os.path.realpath(root), os.path.realpath(path)
    return real != inside and not real.startswith(os.path.join(inside, "")) and Path(real).exists()


def read_file(root: str, path: str) -> bytes:
    """Return the contents of a file of a collection, cut one byte after :data:`MAX_FILE_BYTES`.

    Raises :class:`OSError`, also for a link that leads out of ``root``.
    """
    whole = os.path.join(root, path)
    # Few files are links, and to look where a path leads takes longer than to read it.
    if not stat.S_ISREG(os.lstat(whole).st_mode) and leads_out(root, whole):
        raise OSError(errno.EXDEV, "it is a link that leads out of the collection, and is not followed", path)
    with open(whole, "rb") as file:
        return file.read(MAX_FILE_BYTES + 1)


def _article_folders(root: Path) -> list[Path]:
    """Return the outermost `_news` and `_posts` folders below ``root``, each once even if links lead to it.

    If there are any, those of drafts follow.
    """
    found: dict[str, Path] = {}
    drafts: dict[str, Path] = {}
    waiting = [str(root)]
    while waiting:
        try:
            folders = [entry for entry in os.scandir(waiting.pop()) if entry.is_dir() and not is_ignored(entry.name)]
        except OSError:
            continue  # a folder without access has no articles to find
        for entry in sorted(folders, key=lambda entry: (entry.is_symlink(), entry.name)):
            if entry.name in ARTICLE_FOLDERS:
                found.setdefault(os.path.realpath(entry.path), Path(entry.path))
            elif entry.name == DRAFT_FOLDER:
                drafts.setdefault(os.path.realpath(entry.path), Path(entry.path))
            elif entry.name != "_data" and not entry.is_symlink():
                waiting.append(entry.path)
    return [*found.values(), *drafts.values()] if found else []


def _collections(root: Path, known: Sequence[Path]) -> Iterator[Path]:
    """Yield the folders of the other collections of a Jekyll site: those that are not in one of the ``known``."""
    from tui_reader.sources.files.addresses.jekyll import collection_folders

    try:
        names = collection_folders(beginning(root / "_config.yml", _CONFIG_BYTES))
    except OSError:
        return
    for name in names:
        folder = root / name
        if folder.is_dir() and not any(folder.is_relative_to(place) for place in known):
            yield folder


def _site_root(folder: Path) -> Path:
    """Return the site that an article folder belongs to, or the folder itself."""
    if ARTICLE_FOLDERS.isdisjoint(folder.parts[-LEVELS_UP:]):
        return folder
    for parent in list(folder.parents)[:LEVELS_UP]:
        if (parent / "_config.yml").is_file() or (parent / "_data" / "topics").is_dir():
            return parent
    return folder


def _content_places(folder: Path) -> tuple[Path, ...]:
    """Return the folders with the articles of the site in ``folder``, if it is one."""
    root = str(folder)

    def read(name: str) -> bytes:
        try:
            return beginning(os.path.join(root, name), _CONFIG_BYTES)
        except OSError:
            return b""  # to read the addresses tells it

    places = content_places(lambda name: os.access(os.path.join(root, name), os.F_OK), read)
    return tuple(folder / place for place in places)


def _site_around(path: Path) -> Path | None:
    """Return the site whose generator makes pages of what is at ``path``, if it begins above that."""
    for parent in list(path.parents)[:LEVELS_UP]:
        if any(path.is_relative_to(place) for place in _content_places(parent)):
            return parent
    return None


def open_folder(path: Path) -> FolderCollection:
    """Return the collection at ``path``, a resolved path of a folder or a Markdown file.

    Raises :class:`SourceError` for a file of another kind.
    """
    if path.is_file():
        if not is_article_file(path.name):
            name = visible(str(path))
            supported = "a Markdown file, an archive (.zip, .tar.gz, .tar.xz) or a feed (.xml, .rss, .atom, .json)"
            raise SourceError(f"{name} is not a file that news-tui reads: give {supported}")
        return FolderCollection(str(path), _site_around(path) or _site_root(path.parent), (path,))
    root = str(path)
    places = _content_places(path)
    if places and not any((path / name).exists() for name in ("_config.yml", *ARTICLE_FOLDERS)):
        return FolderCollection(root, path, places, is_site=True)
    folders = _article_folders(path)
    if folders:
        return FolderCollection(root, path, (*folders, *_collections(path, folders)))
    if site := _site_around(path):
        return FolderCollection(root, site, (path,), is_site=True)
    return FolderCollection(root, _site_root(path), (path,), templates=_templates_of_notes(path))


def _templates_of_notes(folder: Path) -> str:
    """Return the folder with the templates of an Obsidian vault; empty if it has none."""
    settings = folder / ".obsidian"
    if not settings.is_dir():
        return ""
    import json

    for name, key in (("plugins/templater-obsidian/data.json", "templates_folder"), ("templates.json", "folder")):
        try:
            found = json.loads(beginning(settings / name, _CONFIG_BYTES))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(found, dict) and isinstance(found.get(key), str) and found[key].strip("/"):
            return os.path.join(folder, found[key].strip("/"))
    return ""
