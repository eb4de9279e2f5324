"""Front-matter collections on disk: site folders, bare folders, single files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.sources.files.layout import (
    ARTICLE_FOLDERS,
    MAX_FILE_BYTES,
    in_article_folder,
    is_ignored,
    is_markdown,
    is_site_internal,
)
from tui_reader.sources.files.stamp import FileStamp

_LEVELS_UP = 3  # from an article folder to its site: `_archive/2020/_news`


class FolderCollection(NamedTuple):
    """A folder of articles, or one file. ``root`` is where its site's data lie.

    ``places`` are the folders (or the single file) in which articles are.
    """

    location: str
    root: Path
    places: tuple[Path, ...]

    def files(self) -> Iterator[FileStamp]:
        """Give every article file, in no order and without reading any.

        A file or a folder inside that cannot even be looked at is given as
        well: reading it will say why. Raises :class:`SourceError` where a
        folder of articles itself is out of reach.
        """
        # Cut off the root's name by its length: measured, that is half the time of a walk.
        start = len(os.path.join(self.root, ""))
        for place in self.places:
            if place.is_file():
                yield _stamp(str(place), start, place.stat())
            else:
                yield from self._walk(str(place), start)

    def _walk(self, folder: str, start: int) -> Iterator[FileStamp]:
        bare = not in_article_folder(os.path.join(folder, ""))
        try:
            # A stack, not recursion: folders may be deeper than Python's stack.
            levels = [os.scandir(folder)]
        except OSError as error:
            raise SourceError(f"{visible(folder)} cannot be read: {error.strerror}") from error
        while levels:
            entry = next(levels[-1], None)
            if entry is None:
                levels.pop()
            elif is_ignored(entry.name):
                continue
            elif entry.is_dir(follow_symlinks=False):
                if not (bare and is_site_internal(entry.name)):
                    try:
                        levels.append(os.scandir(entry.path))
                    except OSError:
                        yield FileStamp(entry.path[start:], 0, 0)
            elif is_markdown(entry.name):
                try:
                    if entry.is_file():
                        yield _stamp(entry.path, start, entry.stat())
                except OSError:
                    yield FileStamp(entry.path[start:], 0, 0)

    def data_files(self) -> list[FileStamp]:
        """Give the stamps of ``_config.yml`` and the topic files."""
        topics = sorted((self.root / "_data" / "topics").glob("*.y*ml"))
        found = [self.root / "_config.yml", *(path for path in topics if not is_ignored(path.name))]
        start = len(os.path.join(self.root, ""))
        return [_stamp(str(path), start, path.stat()) for path in found if path.is_file()]


def _stamp(path: str, start: int, stat: os.stat_result) -> FileStamp:
    return FileStamp(path[start:], stat.st_size, stat.st_mtime_ns)


def read_file(root: str, path: str) -> bytes:
    """Return the bytes of a file of a collection, never more than one byte over the limit.

    Raises :class:`OSError`.
    """
    with open(os.path.join(root, path), "rb") as file:
        return file.read(MAX_FILE_BYTES + 1)


def _article_folders(root: Path) -> list[Path]:
    """Find the outermost `_news` and `_posts` folders below ``root``, each once whatever links lead to it."""
    found: dict[str, Path] = {}
    waiting = [str(root)]
    while waiting:
        try:
            folders = [entry for entry in os.scandir(waiting.pop()) if entry.is_dir() and not is_ignored(entry.name)]
        except OSError:
            continue  # where nobody can look, nobody finds articles
        for entry in sorted(folders, key=lambda entry: (entry.is_symlink(), entry.name)):
            if entry.name in ARTICLE_FOLDERS:
                found.setdefault(os.path.realpath(entry.path), Path(entry.path))
            elif entry.name != "_data" and not entry.is_symlink():
                waiting.append(entry.path)
    return list(found.values())


def _site_above(folder: Path) -> Path:
    """The site that an article folder belongs to, or the folder itself."""
    if ARTICLE_FOLDERS.isdisjoint(folder.parts[-_LEVELS_UP:]):
        return folder
    for parent in list(folder.parents)[:_LEVELS_UP]:
        if (parent / "_config.yml").is_file() or (parent / "_data" / "topics").is_dir():
            return parent
    return folder


def open_folder(path: Path) -> FolderCollection:
    """Return the collection at ``path``, a folder or one Markdown file, both real paths.

    Raises :class:`SourceError` where there is nothing to read.
    """
    if path.is_file():
        if not is_markdown(path.name):
            name = visible(str(path))
            known = "a Markdown file, an archive (.zip, .tar.gz, .tar.xz) or a feed (.xml, .rss, .atom, .json)"
            raise SourceError(f"{name} is no file that news-tui reads: name {known}")
        return FolderCollection(str(path), _site_above(path.parent), (path,))
    folders = _article_folders(path)
    if folders:
        return FolderCollection(str(path), path, tuple(folders))
    return FolderCollection(str(path), _site_above(path), (path,))
