"""The selection: which sources the front page shows, and the index that holds them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from tui_reader.config import SAMPLE, Folders, View
from tui_reader.errors import SourceError
from tui_reader.model.query import Sort
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.locations import RemotePaths, is_remote, is_remote_archive
from tui_reader.subscriptions.subscription import load_subscriptions

_NEWS = re.compile(rb"^(?:heat|quality|related|provider|webUrl|originalUrl)[ \t]*:", re.MULTILINE)
_LOOKED_AT = 8  # files


class Selection(NamedTuple):
    """The sources of a front page and their index.

    ``kept`` is true for the subscriptions, ``is_sample`` for the sample that
    opens when there are none. ``remote`` is set for subscriptions only:
    sources named on the command line are on disk. ``has_accounts`` is true for
    the sample where there are accounts, whose first refresh brings sources.
    """

    locations: tuple[str, ...]
    database: Path
    kept: bool
    is_sample: bool
    remote: RemotePaths | None = None
    has_accounts: bool = False

    def title(self, own: str, of_sources: str) -> str:
        """Return the name of the front page.

        ``own`` is the name that the user gave to the subscriptions, or empty.
        ``of_sources`` is made of the titles of the sources: a single one, or
        collections, keep theirs.
        """
        if self.kept and own:
            return own
        several = self.kept and len(self.locations) > 1
        return "Your feeds" if several and self.is_live() else of_sources

    def is_live(self) -> bool:
        """Whether any of the sources is a feed or a site API on the network."""
        return any(is_remote(location) and not is_remote_archive(location) for location in self.locations)


def select_sources(named: Sequence[str], folders: Folders) -> Selection:
    """Return the sources in ``named``, or else the subscriptions, or else the sample.

    Raises :class:`SourceError` for a named source that does not exist.
    """
    if named:
        from tui_reader.sources.locations import resolve_locations

        locations = resolve_locations(named)
        return Selection(tuple(locations), folders.database(locations, kept=False), kept=False, is_sample=False)
    subscribed = [source.location for source in load_subscriptions(folders.sources)]
    if subscribed:
        shown = subscribed
        if len(subscribed) > 1:
            from tui_reader.sources.collection import drop_nested

            on_disk = drop_nested([location for location in subscribed if not is_remote(location)])
            shown = [location for location in subscribed if is_remote(location) or location in on_disk]
        remote = RemotePaths(folders.fetched, folders.downloads)
        database = folders.database(subscribed, kept=True)
        return Selection(tuple(shown), database, kept=True, is_sample=False, remote=remote)
    sample = str(SAMPLE.resolve())
    return Selection(
        (sample,),
        folders.database([sample], kept=False),
        kept=False,
        is_sample=True,
        has_accounts=folders.accounts.exists(),
    )


def default_view(selection: Selection, *, is_blog: bool | None = None) -> View:
    """Return the view to show until the user chooses one.

    That is “hot” for live sources, the newest first for blogs, and by heat for
    news on the disk. ``is_blog`` says which of these; ``None`` if the index
    does not know it yet, so that the first files are looked at.
    """
    if selection.is_live():
        return View(sort=Sort.TRENDING)
    if is_blog is None:
        is_blog = all(map(_looks_like_blog, selection.locations))
    return View(sort=Sort.NEWEST if is_blog else Sort.HEAT)


def _looks_like_blog(location: str) -> bool:
    """Return whether none of the first files of a folder is rated, or names who published it."""
    from tui_reader.sources.collection import open_collection
    from tui_reader.sources.files.folder import FolderCollection, read_file

    try:
        collection = open_collection(location)
        if not isinstance(collection, FolderCollection):
            return False  # archives take long to look into
        first = islice(collection.files(), _LOOKED_AT)
        return not any(_NEWS.search(read_file(str(collection.root), each.path)) for each in first)
    except (SourceError, OSError):
        return False
