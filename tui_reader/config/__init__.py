"""The settings in ``config.toml``, the last view, and the paths of all files."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from zlib import crc32

from tui_reader.config.mistakes import Mistake, with_lines
from tui_reader.config.settings import DEFAULT_MEASURE, Settings
from tui_reader.config.settings_file import load_settings, read_settings
from tui_reader.config.toml_text import parse_toml, read_text, read_toml
from tui_reader.model.query import Query, Sort, Window
from tui_reader.named_tuple import NamedTuple
from tui_reader.private_files import write_atomically

__all__ = [
    "DEFAULT_MEASURE",
    "SAMPLE",
    "Folders",
    "Mistake",
    "Settings",
    "View",
    "folders",
    "load_open_folders",
    "load_settings",
    "load_view",
    "parse_toml",
    "read_settings",
    "read_text",
    "read_toml",
    "save_open_folders",
    "save_view",
    "with_lines",
]

SAMPLE = Path(__file__).parents[1] / "sample"
"""The sample edition: a small collection that opens when there are no sources."""

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
    def accounts(self) -> Path:
        """The accounts on servers, perhaps with their passwords, written by ``news-tui account`` and by hand."""
        return self.config / "accounts.toml"

    @property
    def topics(self) -> Path:
        """The user's own topics."""
        return self.config / "topics.toml"

    @property
    def views(self) -> Path:
        """The smart views, written by the reader and by hand."""
        return self.config / "views.toml"

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
    def left(self) -> Path:
        """Where the reader was left: what was listed, and the open story."""
        return self.state / "left.json"

    @property
    def searches(self) -> Path:
        """The searches of before."""
        return self.state / "searches.json"

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
    from platformdirs import PlatformDirs  # a build has only the standard library

    dirs = PlatformDirs("news-tui", appauthor=False)
    return Folders(dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path, dirs.user_state_path)


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


def load_view(path: Path, default: Callable[[], View] | None = None) -> View:
    """Return the view in the file at ``path``, or what ``default`` returns where it is missing or damaged."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        view = View(Sort(raw["sort"]), Window(raw["window"]), bool(raw["folded"]), str(raw["theme"]))
        lines = raw.get("lines")  # which older versions do not write
        return view._replace(lines=lines) if isinstance(lines, int) and lines in range(4) else view
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        # Not worth an error message: the user just chooses again.
        return default() if default else View()


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
