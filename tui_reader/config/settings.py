"""The settings as the program uses them, with their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui_reader.model.trending import HALF_LIFE
from tui_reader.model.weights import DEFAULT_WEIGHTS, Weights
from tui_reader.named_tuple import NamedTuple

if TYPE_CHECKING:
    from tui_reader.model.user_commands import Hook, UserCommand

DEFAULT_MEASURE = 80
"""The most cells of a line of text: longer ones tire the eye (Bringhurst: 45 to 75 characters, 90 at most)."""


class Settings(NamedTuple):
    """The contents of ``config.toml``, in the units of the program.

    - ``title``: name of the front page, or empty.
    - ``theme``: name of a theme, or empty.
    - ``browser``: a command and its arguments; the URL is added last.
    - ``language``: which one to read where a site has several, or empty.
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
    - ``pictures``: how pictures are shown, one of :data:`~tui_reader.config.registry.PICTURES`.
    - ``pictures_mb``: most megabytes of pictures that are kept on disk.
    - ``resume``: seconds for which the reader opens where it was left; 0 for never.
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
    language: str = ""
    measure: int = DEFAULT_MEASURE
    lines: int = 0
    pictures: str = "auto"
    pictures_mb: int = 100
    resume: int = 6 * 3600
    pipes: tuple[UserCommand, ...] = ()
    hooks: tuple[Hook, ...] = ()
