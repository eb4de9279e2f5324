"""The settings in ``config.toml``, the last view, and the paths of all files."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from platformdirs import PlatformDirs

from tui_reader.errors import UsageError
from tui_reader.model.query import Query, Sort, Window
from tui_reader.model.text import visible
from tui_reader.model.trending import HALF_LIFE
from tui_reader.model.weights import DEFAULT_WEIGHTS, Weights
from tui_reader.named_tuple import NamedTuple
from tui_reader.private_files import write_atomically

if TYPE_CHECKING:
    from tui_reader.model.user_commands import Hook, UserCommand

SAMPLE = Path(__file__).parent / "sample"
"""The sample edition: a small collection that opens when there are no sources."""

PICTURES = ("auto", "kitty", "sixel", "blocks", "off")
"""The values of the setting ``pictures``."""

DEFAULT_MEASURE = 80
"""The most cells of a line of text: longer ones tire the eye (Bringhurst: 45 to 75 characters, 90 at most)."""

_INDEX_LIFETIME = 60 * 86_400  # seconds without use after which a temporary index is deleted


class Folders(NamedTuple):
    """The folders of one user, as set by the XDG variables, and the files in them."""

    config: Path
    data: Path
    cache: Path
    state: Path

    @property
    def settings(self) -> Path:
        """Keys, browser, theme and other settings, written by the user."""
        return self.config / "config.toml"

    @property
    def sources(self) -> Path:
        """The subscriptions, written by ``news-tui add`` and by hand."""
        return self.config / "sources.toml"

    @property
    def topics(self) -> Path:
        """The user's own topics."""
        return self.config / "topics.toml"

    @property
    def marks(self) -> Path:
        """The marks: what is read and saved, corrections and filters."""
        return self.data / "marks.db"

    @property
    def fetched(self) -> Path:
        """The feed store: articles from the network, which feeds drop after a while."""
        return self.data / "fetched.db"

    @property
    def downloads(self) -> Path:
        """Downloaded archives."""
        return self.data / "downloads"

    @property
    def pictures(self) -> Path:
        """The pictures that were shown."""
        return self.cache / "pictures"

    @property
    def view(self) -> Path:
        """The sort order, window and theme chosen last."""
        return self.state / "view.json"

    @property
    def sidebar(self) -> Path:
        """Which folders of the sidebar were opened or closed."""
        return self.state / "sidebar.json"

    @property
    def places(self) -> Path:
        """Where one was in long texts."""
        return self.state / "places.json"

    @property
    def digests(self) -> Path:
        """How far each digest went."""
        return self.state / "digests"

    @property
    def log(self) -> Path:
        """Tracebacks of the reader's own faults."""
        return self.state / "errors.log"

    def database(self, locations: Sequence[str], *, kept: bool) -> Path:
        """Return the path of the index for ``locations``: one for all subscriptions (``kept``), else one per set."""
        if kept:
            return self.cache / "kept.db"
        # The name is for people, the checksum makes it unique.
        name = re.sub(r"[^A-Za-z0-9]+", "-", Path(locations[0]).name)[:40].strip("-")
        checksum = crc32("\0".join(locations).encode(errors="surrogatepass"))
        return self.cache / f"opened-{name}-{checksum:08x}.db"

    def drop_old_indexes(self, opened: Path) -> None:
        """Mark the index at ``opened`` as used now, and delete temporary indexes not used for a long time.

        Raises :class:`OSError` where the cache folder cannot be written.
        """
        opened.touch()
        limit = time.time() - _INDEX_LIFETIME
        for path in self.cache.glob("opened-*.db*"):
            try:
                if path.stat().st_mtime < limit:
                    path.unlink()
            except FileNotFoundError:
                continue  # deleted by another process


def folders() -> Folders:
    """Return the folders of the current user."""
    dirs = PlatformDirs("news-tui", appauthor=False)
    return Folders(dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path, dirs.user_state_path)


class Settings(NamedTuple):
    """The contents of ``config.toml``.

    - ``title``: name of the front page, or empty.
    - ``theme``: name of a theme, or empty.
    - ``browser``: a command and its arguments; the URL is added last.
    - ``new_coverage``: whether coverage that arrives later makes a read story unread again.
    - ``read_feeds``: what the sidebar does with sources that have nothing unread: ``dim`` or ``hide``.
    - ``keys``: the keys of each command id, separated by commas.
    - ``refresh_every``: seconds between two requests to a source.
    - ``half_life``: seconds after which heat counts half in the “hot” order.
    - ``weights``: how quality and heat are computed for sources that have neither.
    - ``keep_days``, ``keep_articles``: how long articles stay that a source no
      longer lists, and how many of them per source.
    - ``measure``: the most cells of a line of text.
    - ``lines``: lines of a story in the list, 0 for as many as suit its size.
    - ``pictures``: how pictures are shown, one of :data:`PICTURES`.
    - ``pictures_mb``: most megabytes of pictures that are kept on disk.
    - ``feed_mb``, ``archive_mb``: largest response in megabytes, after decompression.
    - ``pipes``: commands that get a story by a key.
    - ``hooks``: commands that run for new stories after a refresh.
    """

    theme: str = ""
    browser: tuple[str, ...] = ()
    keys: Mapping[str, str] = {}
    refresh_every: int = 30 * 60
    half_life: int = HALF_LIFE
    weights: Weights = DEFAULT_WEIGHTS
    keep_days: int = 90
    keep_articles: int = 5000
    feed_mb: int = 32
    archive_mb: int = 512
    new_coverage: bool = True
    read_feeds: str = "dim"
    title: str = ""
    measure: int = DEFAULT_MEASURE
    lines: int = 0
    pictures: str = "auto"
    pictures_mb: int = 100
    pipes: tuple[UserCommand, ...] = ()
    hooks: tuple[Hook, ...] = ()


def load_settings(path: Path) -> Settings:
    """Return the settings in the file at ``path``, or the defaults where there is none.

    Raises :class:`UsageError` that names the file and the mistake.
    """
    raw = read_toml(path)
    unknown = raw.keys() - {*_PLAIN, *_TABLES}
    if unknown:
        names = ", ".join([*_PLAIN, *(f"[{name}]" for name in _TABLES)])
        raise UsageError(f"{path}: unknown setting {sorted(unknown)[0]!r}: use {names}")
    title, theme = raw.get("title", ""), raw.get("theme", "")
    browser = raw.get("browser", [])
    keys = raw.get("keys", {})
    if not isinstance(title, str):
        raise UsageError(f"{path}: title must be a name in quotes")
    if not isinstance(theme, str):
        raise UsageError(f"{path}: theme must be a name in quotes")
    new_coverage = raw.get("new_coverage", True)
    if not isinstance(new_coverage, bool):
        raise UsageError(f"{path}: new_coverage must be true or false")
    if isinstance(browser, str):
        # Split at spaces only: no shell syntax is supported.
        browser = browser.split()
    if not isinstance(browser, list) or not all(isinstance(part, str) and "\0" not in part for part in browser):
        raise UsageError(f"{path}: browser must be a command in quotes, or a list of a command and its arguments")
    if not isinstance(keys, dict) or not all(isinstance(value, str) for value in keys.values()):
        raise UsageError(f'{path}: [keys] takes lines like  open_browser = "o,b"')
    return Settings(
        theme,
        tuple(browser),
        dict(keys),
        weights=_weights(raw, path),
        new_coverage=new_coverage,
        read_feeds=_read_feeds(raw, path),
        title=visible(title),
        pictures=_pictures(raw, path),
        **_numbers(raw, path),
        **_commands(raw, path),
    )


_MAX_POINTS = 1000

# Numeric settings by table and name in the file: the field of Settings, the
# factor to its unit, and the least and the largest value.
_NUMBERS = {
    "refresh": {"every": ("refresh_every", 60, 1, 7 * 24 * 60)},
    "keep": {"days": ("keep_days", 1, 1, 36_500), "articles": ("keep_articles", 1, 1, 1_000_000)},
    "hot": {"half_life": ("half_life", 3600, 1, 24 * 365)},
    "text": {"measure": ("measure", 1, 20, 400)},
    "list": {"lines": ("lines", 1, 0, 3)},
    "limits": {
        "feed_mb": ("feed_mb", 1, 1, 1024),
        "archive_mb": ("archive_mb", 1, 1, 64 * 1024),
        "pictures_mb": ("pictures_mb", 1, 1, 64 * 1024),
    },
}
_PLAIN = ("title", "theme", "browser", "new_coverage", "pictures")
_TABLES = ("keys", "sidebar", "quality", "tiers", "pipe", "hooks", *_NUMBERS)


def _commands(raw: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return the commands in [pipe] and [hooks]."""
    if not raw.keys() & {"pipe", "hooks"}:
        return {}
    from tui_reader.model.user_commands import hooks_of, pipes_of  # only with such tables

    return {"pipes": pipes_of(raw, str(path)), "hooks": hooks_of(raw, str(path))}


def _pictures(raw: Mapping[str, Any], path: Path) -> str:
    value = raw.get("pictures", "auto")
    if not isinstance(value, str) or value not in PICTURES:
        raise UsageError(f"{path}: pictures must be one of {', '.join(map(repr, PICTURES))}")
    return value


def _read_feeds(raw: Mapping[str, Any], path: Path) -> str:
    """Return the setting in [sidebar]."""
    table = raw.get("sidebar", {})
    value = table.get("read_feeds", "dim") if isinstance(table, dict) and table.keys() <= {"read_feeds"} else None
    if not isinstance(value, str) or value not in {"dim", "hide"}:
        raise UsageError(f'{path}: [sidebar] takes the line  read_feeds = "dim"  or  read_feeds = "hide"')
    return str(value)


def _weights(raw: Mapping[str, Any], path: Path) -> Weights:
    """Return the weights in [quality] and [tiers]."""
    points, tiers = raw.get("quality", {}), raw.get("tiers", {})
    names = [name for name in Weights._fields if name != "tiers"]
    if not isinstance(points, dict) or points.keys() - set(names):
        raise UsageError(f"{path}: [quality] takes lines like  image = 20  for {', '.join(names)}")
    if not isinstance(tiers, dict):
        raise UsageError(f'{path}: [tiers] takes lines like  "example.org" = 42')
    for table, values in (("quality", points), ("tiers", tiers)):
        for name, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MAX_POINTS:
                raise UsageError(f"{path}: {name} in [{table}] must be a whole number from 0 to {_MAX_POINTS:,}")
    domains = {domain.casefold().removeprefix("www."): points for domain, points in tiers.items()}
    return Weights(**points, tiers=domains)


def _numbers(raw: Mapping[str, Any], path: Path) -> dict[str, Any]:
    found = {}
    for table, names in _NUMBERS.items():
        values = raw.get(table, {})
        if not isinstance(values, dict) or values.keys() - names.keys():
            raise UsageError(f"{path}: [{table}] takes lines like  {next(iter(names))} = 30  for {', '.join(names)}")
        for name, value in values.items():
            setting, factor, least, most = names[name]
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                raise UsageError(f"{path}: {name} in [{table}] must be a whole number from {least} to {most:,}")
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
    except RecursionError as error:
        raise UsageError(f"{path} cannot be read: it is nested too deeply") from error
    except ValueError as error:  # also a number with thousands of digits
        raise UsageError(f"{path} is not valid TOML: {error}; correct it, or see ‘news-tui doctor’") from error


class View(NamedTuple):
    """The sort order, window, folding, theme and lines of a story chosen last; -1 where no lines were chosen."""

    sort: Sort = Sort.HEAT
    window: Window = Window.ALL
    folded: bool = False
    theme: str = ""
    lines: int = -1

    def query(self) -> Query:
        """Return the query for the front page in this view."""
        return Query(self.sort, self.window, self.folded)


def load_view(path: Path, default: View | None = None) -> View:
    """Return the view in the file at ``path``, or ``default`` where it is missing or damaged."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        view = View(Sort(raw["sort"]), Window(raw["window"]), bool(raw["folded"]), str(raw["theme"]))
        lines = raw.get("lines")  # which older versions do not write
        return view._replace(lines=lines) if isinstance(lines, int) and lines in range(4) else view
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        # Not worth an error message: the user just chooses again.
        return default or View()


def save_view(path: Path, view: View) -> None:
    """Write ``view`` to ``path``. Raises :class:`OSError`."""
    raw = {"sort": view.sort, "window": view.window, "folded": view.folded, "theme": view.theme, "lines": view.lines}
    write_atomically(path, json.dumps(raw) + "\n")


def load_open_folders(path: Path) -> dict[tuple[str, ...], bool]:
    """Return which folders of the sidebar the user opened (``True``) or closed, by their path; empty if damaged."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return {tuple(map(str, folder)): is_open for is_open in (True, False) for folder in raw[_STATES[is_open]]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}  # as in load_view


def save_open_folders(path: Path, folders: Mapping[tuple[str, ...], bool]) -> None:
    """Write which folders are open and closed to ``path``. Raises :class:`OSError`."""
    raw = {
        _STATES[wanted]: [list(folder) for folder, is_open in folders.items() if is_open is wanted]
        for wanted in (True, False)
    }
    write_atomically(path, json.dumps(raw) + "\n")


_STATES = {True: "open", False: "closed"}
