"""The progress of refreshing and indexing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_reader.named_tuple import NamedTuple

# The keys in JSON of fields that have another name.
_JSON_KEYS = {
    "removed": "gone",
    "commits": "stored",
    "sources_done": "asked",
    "sources_total": "asking",
    "clustering": "gathering",
}


class Untold(NamedTuple):
    """A notification of a hook: who shows its text claims it first, by the page that leads the story."""

    hook: str
    page: int
    text: str


class Progress(NamedTuple):
    """The state of a refresh and of an index run, both of which may still go on.

    Indexing counts files: ``done`` of ``total`` have been checked, of which
    ``changed`` were read again and ``removed`` are no longer there. ``commits``
    grows whenever new data can be read from the index. ``clustering`` is true
    while articles are grouped into stories, ``searching`` while bodies are put into
    the search index, after everything can be read.

    Fetching counts sources on the network: ``sources_done`` of
    ``sources_total`` have answered (both 0 if none is due), with ``new``
    articles. ``failures`` has a sentence for each source that could not be
    fetched or read so far. In JSON lines each line has only those that no line
    before it has: :meth:`after` puts them together again. ``notices``, of the last
    line, have what else went wrong, and ``notifications`` what the terminal is to
    show as a desktop notification, or ``untold``, if the reader of the lines is to claim it.
    """

    done: int = 0
    total: int = 0
    changed: int = 0
    removed: int = 0
    commits: int = 0
    finished: bool = False
    failures: tuple[str, ...] = ()
    sources_done: int = 0
    sources_total: int = 0
    new: int = 0
    clustering: bool = False
    notices: tuple[str, ...] = ()
    texts_done: int = 0
    texts_total: int = 0
    texts_found: int = 0
    notifications: tuple[str, ...] = ()
    searching: bool = False
    untold: tuple[Untold, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the progress with the keys of ``news-tui index --json``, which must not change."""
        fields = self._asdict()
        for name in ("notices", "notifications", "searching", "untold"):
            if not fields[name]:
                del fields[name]
        if not self.texts_total:
            for name in ("texts_done", "texts_total", "texts_found"):
                del fields[name]
        return {_JSON_KEYS.get(name, name): value for name, value in fields.items()}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Progress:
        """Return the progress from the keys of :meth:`as_json`."""
        names = {key: name for name, key in _JSON_KEYS.items()}
        values = {names.get(key, key): value for key, value in fields.items()}
        texts = {name: tuple(values.get(name, ())) for name in ("failures", "notices", "notifications")}
        untold = tuple(Untold(*each) for each in values.get("untold", ()))
        return cls(**values | texts | {"untold": untold})

    def after(self, before: Progress) -> Progress:
        """Return this progress, read from a line, with the failures of the lines ``before`` it as well."""
        return self._replace(failures=before.failures + self.failures) if before.failures else self

    def has_news(self, before: Progress) -> bool:
        """Return whether more can be read from the index than at the progress ``before``."""
        return self.commits > before.commits and bool(self.changed or self.removed or not self.finished)
