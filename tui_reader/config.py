"""Settings from ``config.toml``, and where every file lives."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from platformdirs import PlatformDirs

from tui_reader.errors import UsageError
from tui_reader.model.query import Query, Sort, Window
from tui_reader.model.weights import DEFAULT_WEIGHTS, Weights

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
    def topics(self) -> Path:
        """The person's own topics."""
        return self.config / "topics.toml"

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
    name of a theme or empty. Sources on the network are asked every
    ``refresh_every`` seconds. What they no longer list is kept for
    ``keep_days``, and ``keep_articles`` of a source at most. ``feed_mb`` and
    ``archive_mb`` are the largest answers taken, in megabytes after unpacking.
    Heat halves over ``half_life`` seconds in the order “hot”, and ``weights``
    make quality and heat of what comes without them.
    """

    theme: str = ""
    browser: tuple[str, ...] = ()
    keys: Mapping[str, str] = {}
    refresh_every: int = 30 * 60
    half_life: int = 48 * 3600
    weights: Weights = DEFAULT_WEIGHTS
    keep_days: int = 90
    keep_articles: int = 5000
    feed_mb: int = 32
    archive_mb: int = 512


def load_settings(path: Path) -> Settings:
    """Read the settings at ``path``; a missing file means the defaults.

    Raises :class:`UsageError` with the file and what is wrong in it.
    """
    raw = read_toml(path)
    unknown = raw.keys() - {"theme", "browser", "keys", "quality", "tiers", *_NUMBERS}
    if unknown:
        others = ", ".join(f"[{name}]" for name in ("keys", "quality", "tiers", *_NUMBERS))
        raise UsageError(f"{path}: there is no setting {sorted(unknown)[0]!r}; there are theme, browser, {others}")
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
    return Settings(theme, tuple(browser), dict(keys), weights=_weights(raw, path), **_numbers(raw, path))


_MOST_POINTS = 1000

# Settings that are numbers: table and name in the file, name in Settings,
# factor, and the most that is taken.
_NUMBERS = {
    "refresh": {"every": ("refresh_every", 60, 7 * 24 * 60)},
    "keep": {"days": ("keep_days", 1, 36_500), "articles": ("keep_articles", 1, 1_000_000)},
    "hot": {"half_life": ("half_life", 3600, 24 * 365)},
    "limits": {"feed_mb": ("feed_mb", 1, 1024), "archive_mb": ("archive_mb", 1, 64 * 1024)},
}


def _weights(raw: Mapping[str, Any], path: Path) -> Weights:
    """Read what quality and heat are made of."""
    points, tiers = raw.get("quality", {}), raw.get("tiers", {})
    names = [name for name in Weights._fields if name != "tiers"]
    if not isinstance(points, dict) or points.keys() - set(names):
        raise UsageError(f"{path}: [quality] has lines like  image = 20  and knows {', '.join(names)}")
    if not isinstance(tiers, dict):
        raise UsageError(f'{path}: [tiers] must hold lines like  "example.org" = 42')
    for table, values in (("quality", points), ("tiers", tiers)):
        for name, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_POINTS:
                raise UsageError(f"{path}: {name} in [{table}] must be a whole number from 0 to {_MOST_POINTS:,}")
    domains = {domain.casefold().removeprefix("www."): points for domain, points in tiers.items()}
    return Weights(**points, tiers=domains)


def _numbers(raw: Mapping[str, Any], path: Path) -> dict[str, Any]:
    found = {}
    for table, names in _NUMBERS.items():
        values = raw.get(table, {})
        if not isinstance(values, dict) or values.keys() - names.keys():
            raise UsageError(
                f"{path}: [{table}] has lines like  {next(iter(names))} = 30  and knows {', '.join(names)}"
            )
        for name, value in values.items():
            setting, factor, most = names[name]
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
                raise UsageError(f"{path}: {name} in [{table}] must be a whole number from 1 to {most:,}")
            found[setting] = value * factor
    return found


def read_text(path: Path) -> str:
    """Return the text of the file at ``path``, empty where there is none. Raises :class:`UsageError`."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} cannot be read: byte {error.start + 1} is not UTF-8") from error


def read_toml(path: Path) -> dict[str, Any]:
    """Return the contents of the TOML file at ``path``, empty where there is none. Raises :class:`UsageError`."""
    text = read_text(path)
    if not text:
        return {}  # without the import, which takes 5 ms
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from error


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


def load_view(path: Path, usual: View | None = None) -> View:
    """Return the view chosen last; without one, or with one that does not fit, ``usual``, or the default."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return View(Sort(raw["sort"]), Window(raw["window"]), bool(raw["folded"]), str(raw["theme"]))
    except (OSError, ValueError, KeyError, TypeError):
        # A choice of view is worth no message: the defaults stand.
        return usual or View()


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
