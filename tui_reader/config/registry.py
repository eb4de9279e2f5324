"""The registry of settings: the table, name, kind and meaning of each one that ``config.toml`` can have.

The program reads the file by it; ``news-tui config``, the documentation and the
man page list it. The defaults are those of :class:`~tui_reader.config.settings.Settings`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui_reader.config.settings import Settings
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple

if TYPE_CHECKING:
    from tui_reader.model.user_commands import Hook, UserCommand

PICTURES = ("auto", "kitty", "sixel", "blocks", "off")
"""The values of the setting ``pictures``."""

_MAX_POINTS = 1000
_LANGUAGE = re.compile(r"(?:[A-Za-z]{2}(?:[-_][A-Za-z]{2,4})?)?")


class Kind:
    """What values a setting can have: ``allowed`` says it, in words that follow “must be”."""

    allowed = ""

    def read(self, value: Any) -> Any:  # noqa: ANN401 - of any type in the file
        """Return a value of the file for :class:`Settings`. Raises :class:`ValueError` if it is not allowed."""
        if not self._allows(value):
            raise ValueError(self.allowed)
        return self._taken(value)

    def written(self, value: Any) -> Any:  # noqa: ANN401
        """Return a value of :class:`Settings` as it stands in the file."""
        return value

    def _allows(self, value: Any) -> bool:  # noqa: ANN401
        raise NotImplementedError

    def _taken(self, value: Any) -> Any:  # noqa: ANN401
        return value


class Words(Kind):
    """One line of text."""

    allowed = "a name in quotes"

    def _allows(self, value: object) -> bool:
        return isinstance(value, str)

    def _taken(self, value: str) -> str:
        return visible(value)


class Language(Words):
    """The code of a language."""

    allowed = 'the code of a language, such as "de" or "pt-br"'

    def _allows(self, value: object) -> bool:
        return isinstance(value, str) and _LANGUAGE.fullmatch(value) is not None

    def _taken(self, value: str) -> str:
        return value.lower().replace("_", "-")


class Keys(Words):
    """The keys of a command."""

    allowed = 'keys in quotes, separated by commas, such as "o,b"'


class Flag(Kind):
    """True or false."""

    allowed = "true or false"

    def _allows(self, value: object) -> bool:
        return isinstance(value, bool)


class Choice(Kind):
    """One of several words."""

    def __init__(self, *choices: str) -> None:
        self.choices = choices
        self.allowed = "one of " + ", ".join(f'"{choice}"' for choice in choices)

    def _allows(self, value: object) -> bool:
        return isinstance(value, str) and value in self.choices


class Number(Kind):
    """A whole number from ``least`` to ``most``; ``factor`` turns it into the unit of the program."""

    def __init__(self, least: int, most: int, factor: int = 1) -> None:
        self.least, self.most, self.factor = least, most, factor
        self.allowed = f"a whole number from {least} to {most:,}"

    def written(self, value: int) -> int:
        """Return the number in the unit of the file."""
        return value // self.factor

    def _allows(self, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most

    def _taken(self, value: int) -> int:
        return value * self.factor


class CommandLine(Kind):
    """A command with its arguments; a text is split at spaces only, as no shell is involved."""

    allowed = "a command in quotes, or a list of a command and its arguments"

    def written(self, value: tuple[str, ...]) -> str | list[str]:
        """Return the command as a text if that means the same."""
        return " ".join(value) if all(word.split() == [word] for word in value) else list(value)

    def _allows(self, value: object) -> bool:
        words = [value] if isinstance(value, str) else value
        return isinstance(words, list) and all(isinstance(word, str) and "\0" not in word for word in words)

    def _taken(self, value: str | list[str]) -> tuple[str, ...]:
        return tuple(value.split() if isinstance(value, str) else value)


class Pipe(Kind):
    """A command that gets a story by a key."""

    allowed = 'a command, such as "wallabag add --quiet {url}", or a table with one'

    def written(self, value: UserCommand) -> str:
        """Return the command as one text."""
        import shlex  # only where settings are printed

        return shlex.join(value.arguments)


class StoryHook(Kind):
    """A command that runs for stories that a query finds."""

    allowed = 'a query and a command, such as {query = "heat:>150", notify = true}'

    def written(self, value: Hook) -> str:
        """Return the query."""
        return value.query


class Setting(NamedTuple):
    """One setting.

    ``field`` is its field in :class:`Settings`, or ``weights.`` and its field
    in the weights. ``name`` is empty for a table whose names are a person's
    own: its field takes a dictionary or a tuple. ``at_once`` says whether a reader that
    runs follows a change.
    """

    table: str
    name: str
    field: str
    kind: Kind
    about: str
    unit: str = ""
    at_once: bool = True

    @property
    def path(self) -> tuple[str, ...]:
        """The table, if it is in one, and the name, if it has one."""
        return tuple(filter(None, (self.table, self.name)))

    @property
    def label(self) -> str:
        """The setting as it is named in a list: ``refresh.every``."""
        return ".".join(self.path)

    @property
    def words(self) -> str:
        """The setting as it is named in a sentence: ``every in [refresh]``."""
        return f"{self.name} in [{self.table}]" if self.table else self.name

    @property
    def meaning(self) -> str:
        """What it is, with its unit."""
        return f"{self.unit}: {self.about}" if self.unit else self.about

    def value(self, settings: Settings) -> Any:  # noqa: ANN401
        """Return its value in ``settings``, as it stands in the file."""
        found: Any = settings
        for part in self.field.split("."):
            found = getattr(found, part)
        if not self.name:
            named = found.items() if isinstance(found, Mapping) else ((each.name, each) for each in found)
            return {name: self.kind.written(each) for name, each in named}
        return self.kind.written(found)


_POINTS = Number(0, _MAX_POINTS)

SETTINGS = (
    Setting("", "title", "title", Words(), "the name of the front page of your sources"),
    Setting("", "theme", "theme", Words(), "“news-dark”, “news-light” or a theme of Textual; C lists them"),
    Setting("", "browser", "browser", CommandLine(), "the command that opens a page; the address replaces %s"),
    Setting("", "new_coverage", "new_coverage", Flag(), "articles that arrive later make a story unread", "", False),
    Setting("", "pictures", "pictures", Choice(*PICTURES), "how pictures are drawn"),
    Setting("keys", "", "keys", Keys(), "the keys of a command; [keys.WINDOW] for those of a window"),
    Setting("", "lang", "language", Language(), "the one to read, such as “de”, where a site has several", "", False),
    Setting("refresh", "every", "refresh_every", Number(1, 7 * 24 * 60, 60), "between two refreshes", "minutes"),
    Setting("sidebar", "read_feeds", "read_feeds", Choice("dim", "hide"), "sources with nothing unread"),
    Setting("text", "measure", "measure", Number(20, 400), "the most of a line of a story's text", "characters"),
    Setting("list", "lines", "lines", Number(0, 3), "of a story in the list; 0: as many as suit the screen", "lines"),
    Setting("start", "resume", "resume", Number(0, 24 * 365, 3600), "to open where you left; 0: never", "hours", False),
    Setting("keep", "days", "keep_days", Number(1, 36_500), "to keep what a feed no longer lists", "days"),
    Setting("keep", "articles", "keep_articles", Number(1, 1_000_000), "the most to keep of one source", "articles"),
    Setting("hot", "half_life", "half_life", Number(1, 24 * 365, 3600), "in which heat halves in “hot now”", "hours"),
    Setting("quality", "image", "weights.image", _POINTS, "for a picture", "points"),
    Setting("quality", "amp", "weights.amp", _POINTS, "for an AMP page", "points"),
    Setting("quality", "subtopic", "weights.subtopic", _POINTS, "for a topic that has a parent, at most two", "points"),
    Setting("quality", "root_in_title", "weights.root_in_title", _POINTS, "for a keyword of the root topic", "points"),
    Setting("quality", "other_provider", "weights.other_provider", _POINTS, "of providers in no tier", "points"),
    Setting("quality", "long_title", "weights.long_title", _POINTS, "of a title from which on points go", "characters"),
    Setting("quality", "related", "weights.related", _POINTS, "of heat for each other outlet", "points"),
    Setting("quality", "shown_quality", "weights.shown_quality", _POINTS, "stories below are folded", "points"),
    Setting("quality", "shown_heat", "weights.shown_heat", _POINTS, "stories below are folded", "points of heat"),
    Setting("tiers", "", "weights.tiers", _POINTS, "of a provider, by its domain", "points"),
    Setting("pipe", "", "pipes", Pipe(), "a command that gets the story, by |"),
    Setting("hooks", "", "hooks", StoryHook(), "what is run for new stories after a refresh"),
    Setting("limits", "feed_mb", "feed_mb", Number(1, 1024), "the largest feed, decompressed", "MB"),
    Setting("limits", "archive_mb", "archive_mb", Number(1, 64 * 1024), "the largest archive", "MB"),
    Setting("limits", "pictures_mb", "pictures_mb", Number(1, 64 * 1024), "the most pictures on disk", "MB"),
)
"""Every setting, in the order in which they are listed."""

TABLES = tuple(dict.fromkeys(setting.table for setting in SETTINGS if setting.table))
"""The tables of the file."""
