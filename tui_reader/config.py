"""Settings from ``config.toml``, the kept sources, and where every file lives."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from platformdirs import PlatformDirs

from tui_reader.errors import UsageError
from tui_reader.model.query import Query, Sort, Window

if TYPE_CHECKING:
    from tomlkit.items import Table

SAMPLE = Path(__file__).parent / "sample"
"""The embedded edition: a small collection that opens where nothing is kept."""

_FORGET_AFTER = 60 * 86_400  # seconds after which the index of an unkept source goes


class Folders(NamedTuple):
    """Where the files of one person live; XDG variables are honoured."""

    config: Path
    data: Path
    cache: Path
    state: Path

    @property
    def settings(self) -> Path:
        """The file that the person writes: keys, browser, theme."""
        return self.config / "config.toml"

    @property
    def sources(self) -> Path:
        """The sources that ``news-tui add`` keeps."""
        return self.config / "sources.toml"

    @property
    def marks(self) -> Path:
        """What is read and saved."""
        return self.data / "marks.db"

    @property
    def fetched(self) -> Path:
        """What came over the network and cannot be fetched again."""
        return self.data / "fetched.db"

    @property
    def downloads(self) -> Path:
        """Archives that came over the network."""
        return self.data / "downloads"

    @property
    def view(self) -> Path:
        """The order, window and theme chosen last."""
        return self.state / "view.json"

    def database(self, locations: Sequence[str], *, kept: bool) -> Path:
        """The index of a set of sources: one for those kept, one for each other set."""
        if kept:
            return self.cache / "kept.db"
        # The last folder's name for a person's eye, a checksum to tell it from its namesakes.
        name = re.sub(r"[^A-Za-z0-9]+", "-", Path(locations[0]).name)[:40].strip("-")
        checksum = crc32("\0".join(locations).encode(errors="surrogatepass"))
        return self.cache / f"opened-{name}-{checksum:08x}.db"

    def drop_old_indexes(self, opened: Path) -> None:
        """Note that the index ``opened`` was used now; delete those of unkept sources that were not for long.

        Raises :class:`OSError` where the folder cannot be written.
        """
        opened.touch()
        limit = time.time() - _FORGET_AFTER
        for path in self.cache.glob("opened-*.db*"):
            try:
                if path.stat().st_mtime < limit:
                    path.unlink()
            except FileNotFoundError:
                continue  # another reader was tidying as well


def folders() -> Folders:
    """Return the folders of the person who runs this."""
    dirs = PlatformDirs("news-tui", appauthor=False)
    return Folders(dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path, dirs.user_state_path)


class Settings(NamedTuple):
    """What ``config.toml`` says. ``browser`` is a command and its arguments, the URL comes last.

    ``keys`` gives a command's id its keys, comma between. ``theme`` is the
    name of a theme or empty.
    """

    theme: str = ""
    browser: tuple[str, ...] = ()
    keys: Mapping[str, str] = {}


def load_settings(path: Path) -> Settings:
    """Read the settings at ``path``; a missing file means the defaults.

    Raises :class:`UsageError` with the file and what is wrong in it.
    """
    raw = _read_toml(path)
    unknown = raw.keys() - {"theme", "browser", "keys"}
    if unknown:
        raise UsageError(f"{path}: there is no setting {sorted(unknown)[0]!r}; there are theme, browser and [keys]")
    theme = raw.get("theme", "")
    browser = raw.get("browser", [])
    keys = raw.get("keys", {})
    if not isinstance(theme, str):
        raise UsageError(f"{path}: theme must be a name in quotes")
    if isinstance(browser, str):
        # Split by white space only: nothing of a shell is wanted here.
        browser = browser.split()
    if not isinstance(browser, list) or not all(isinstance(part, str) for part in browser):
        raise UsageError(f"{path}: browser must be a command in quotes, or a list of a command and its arguments")
    if not isinstance(keys, dict) or not all(isinstance(value, str) for value in keys.values()):
        raise UsageError(f'{path}: [keys] must hold lines like  open_browser = "o,b"')
    return Settings(theme, tuple(browser), dict(keys))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from error


# -- kept sources ------------------------------------------------------------


def kept_sources(path: Path) -> list[str]:
    """Return the locations kept in ``sources.toml``, in order. Raises :class:`UsageError`."""
    raw = _read_toml(path).get("source", [])
    if not isinstance(raw, list):
        raise UsageError(f"{path}: the sources must stand under [[source]] lines")
    found = []
    for item in raw:
        location = item.get("location") if isinstance(item, dict) else None
        if not isinstance(location, str) or not location:
            raise UsageError(f'{path}: every [[source]] needs a line like  location = "/path"')
        found.append(location)
    return found


def _source_table(location: str) -> Table:
    import tomlkit

    entry = tomlkit.table()
    entry.add("location", location)
    return entry


def keep_sources(path: Path, add: Sequence[str], remove: Sequence[str]) -> None:
    """Add and remove locations in ``sources.toml``; all else in the file stays as it is.

    Raises :class:`UsageError` where the file is no TOML.
    """
    import tomlkit
    from tomlkit.exceptions import ParseError
    from tomlkit.items import AoT

    present = kept_sources(path)
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
    except ParseError as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from error
    table = document.get("source")
    if not isinstance(table, AoT):
        # Missing, or a list in another spelling: written anew as [[source]].
        table = tomlkit.aot()
        for location in present:
            table.append(_source_table(location))
        document.pop("source", None)
    for place in reversed(range(len(present))):
        if present[place] in remove:
            del table[place]
    for location in add:
        if location not in present:
            table.append(_source_table(location))
    if not table:
        document.pop("source", None)
    elif "source" not in document:
        document.append("source", table)
    write_atomically(path, tomlkit.dumps(document))


# -- what was chosen last ------------------------------------------------------


class View(NamedTuple):
    """The order, window, folding and theme that the person chose last."""

    sort: Sort = Sort.HEAT
    window: Window = Window.ALL
    folded: bool = False
    theme: str = ""

    def query(self) -> Query:
        """The front page in this view."""
        return Query(self.sort, self.window, self.folded)


def load_view(path: Path) -> View:
    """Return the view chosen last; anything that does not fit falls back to the default."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return View(Sort(raw["sort"]), Window(raw["window"]), bool(raw["folded"]), str(raw["theme"]))
    except (OSError, ValueError, KeyError, TypeError):
        # A choice of view is worth no message: the defaults stand.
        return View()


def save_view(path: Path, view: View) -> None:
    """Remember ``view``; raises :class:`OSError` where the folder cannot be written."""
    raw = {"sort": view.sort, "window": view.window, "folded": view.folded, "theme": view.theme}
    write_atomically(path, json.dumps(raw) + "\n")


def write_atomically(path: Path, text: str) -> None:
    """Put ``text`` at ``path`` whole or not at all. Raises :class:`OSError`."""
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
