"""From what a person typed to real paths, each once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tui_reader.errors import SourceError
from tui_reader.model.text import visible


def real_locations(names: Iterable[str]) -> list[str]:
    """Return the real paths behind ``names``, each once, in the order given.

    Two names of one folder are one location, and a folder inside another
    that is also named, and read with it, adds nothing. Raises
    :class:`SourceError` for what is not there.
    """
    found: dict[str, None] = {}
    for name in names:
        found[_real(name)] = None
    if len(found) < 2:
        return list(found)
    # Imported for several sources only: one is opened at once.
    from tui_reader.sources.opening import outermost

    return outermost(list(found))


def _real(name: str) -> str:
    if not name:
        raise SourceError("a source without a name: give a folder, a file or an archive")
    try:
        location = str(Path(name).expanduser().resolve(strict=True))
        location.encode()
    except UnicodeEncodeError as error:
        raise SourceError(f"{visible(name)}: its name is no UTF-8, so it cannot be kept: rename it") from error
    except (FileNotFoundError, NotADirectoryError, RuntimeError, ValueError) as error:
        raise SourceError(f"{visible(name)}: no such file or folder") from error
    except OSError as error:
        raise SourceError(f"{visible(name)} cannot be read: {error.strerror}") from error
    return location
