"""Finds the files of newsboat, and reads their lines: also those of files that the config includes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.subscriptions.newsboat.lines import MAX_BYTES, Line, lines_of

_MOST_FILES = 50
_INCLUDE = "include"


def newsboat_folder(name: str) -> Path:
    """Return the folder of newsboat: the one that is named, or the one that newsboat itself would use.

    Raises :class:`SourceError` if there is none.
    """
    home = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    candidates = [Path(name).expanduser()] if name else [config / "newsboat", home / ".newsboat"]
    for folder in candidates:
        if (folder / "urls").is_file():
            return folder
    places = " or ".join(visible(str(folder)) for folder in candidates)
    raise SourceError(f"there is no file ‘urls’ of newsboat in {places}: name its folder")


def urls_lines(folder: Path) -> list[Line]:
    """Return the lines of the file ``urls``. Raises :class:`SourceError` and :class:`OSError`."""
    return list(_lines(folder / "urls", is_config=False))


def config_lines(folder: Path) -> list[Line]:
    """Return the lines of the file ``config``, those of an included file after the line that includes it.

    One that cannot be read is a :attr:`~Line.problem`. Raises
    :class:`SourceError` and :class:`OSError` for the config itself.
    """
    path = folder / "config"
    if not path.exists():
        return []
    return list(_with_included(_lines(path, is_config=True), folder, [path.resolve()]))


def _with_included(lines: Iterator[Line], folder: Path, read: list[Path]) -> Iterator[Line]:
    for line in lines:
        if line.words[0] != _INCLUDE or len(line.words) < len((_INCLUDE, "FILE")) or line.runs_command:
            yield line
            continue
        try:
            # newsboat looks for a file without a folder where it was started
            path = folder / Path(line.words[1]).expanduser()
            inside = _readable(path, read)
        except (SourceError, OSError, RuntimeError, ValueError) as error:  # no such home; a null character
            why = error.strerror if isinstance(error, OSError) else str(error)
            yield line._replace(problem=f"it cannot be read: {why}")
            continue
        yield line
        name = visible(path.name)
        yield from _with_included((each._replace(file=each.file or name) for each in inside), folder, read)


def _readable(path: Path, read: list[Path]) -> Sequence[Line]:
    """Return the lines of an included file, and add it to those that were ``read``."""
    whole = path.resolve(strict=True)
    if not whole.is_file():
        raise SourceError("it is no file")
    if whole in read:
        raise SourceError("it is read already")
    if len(read) >= _MOST_FILES:
        raise SourceError(f"{_MOST_FILES} files are read at most")
    read.append(whole)
    return list(_lines(whole, is_config=True))


def _lines(path: Path, *, is_config: bool) -> Iterator[Line]:
    with path.open("rb") as file:
        return lines_of(file.read(MAX_BYTES + 1), str(path), is_config=is_config)
