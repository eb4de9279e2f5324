"""Checks all files of the user: each check looks at some of them and says in one line what it found."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from tui_reader.config import Folders, Mistake, read_settings
from tui_reader.errors import NewsError
from tui_reader.named_tuple import NamedTuple
from tui_reader.private_files import is_for_others, status_of
from tui_reader.sources.collection import open_collection
from tui_reader.storage.copies import COPIES, Kept, kept_files
from tui_reader.storage.index_check import index_content
from tui_reader.storage.put_back import missing_articles
from tui_reader.subscriptions.accounts import passwords_readable, read_accounts
from tui_reader.subscriptions.selection import select_sources
from tui_reader.subscriptions.subscription import load_subscriptions, passwords_exposed
from tui_reader.subscriptions.topics import read_topics
from tui_reader.subscriptions.views import load_views


class Finding(NamedTuple):
    """What a check found.

    ``advice`` says what to do and is empty if all is well. ``is_problem`` is
    false for something that the program puts right by itself.
    """

    subject: str
    words: str
    advice: str = ""
    is_problem: bool = True

    @property
    def is_good(self) -> bool:
        """Whether nothing has to be done."""
        return not self.advice or not self.is_problem


class KeptCopy(NamedTuple):
    """A copy of a file; ``words`` describe its content, ``problem`` why it cannot be restored."""

    name: str
    number: int
    path: Path
    when: float
    words: str
    problem: str = ""


def check_files(folders: Folders) -> Iterator[Finding]:
    """Yield what each check finds, in the order of :data:`CHECKS`."""
    for check in CHECKS:
        yield from check(folders)


def list_copies(folders: Folders, name: str = "") -> list[KeptCopy]:
    """Return the copies that can be restored, or those of the file ``name``, the newest first."""
    return [
        _copy(kept, number, status.st_mtime)
        for kept in kept_files(folders)
        if name in {"", kept.name}
        for number in range(1, COPIES + 1)
        if (status := status_of(kept.copy_path(number))) is not None
    ]


def _copy(kept: Kept, number: int, when: float) -> KeptCopy:
    path = kept.copy_path(number)
    try:
        return KeptCopy(kept.name, number, path, when, kept.content(path).words)
    except NewsError as error:
        return KeptCopy(kept.name, number, path, when, "damaged", str(error))


_CORRECT = "correct the line"


# -- the checks ------------------------------------------------------------------


def _kept_files(folders: Folders) -> Iterator[Finding]:
    """Marks, fetched articles, the list of sources, views and accounts: what cannot be rebuilt."""
    for kept in kept_files(folders):
        name = kept.path.name
        if not kept.path.exists():
            if kept.was_there():
                yield Finding(name, "gone", f"{_restore(kept)}, if you have not removed it yourself")
            else:
                yield Finding(name, "none yet")
            continue
        try:
            content = kept.content(kept.path)
            if kept.name == "sources":
                load_subscriptions(kept.path)  # raises what is wrong with a single source
            wrong = _wrong_lines(kept)
        except NewsError as error:
            is_list = kept.name in {"views", "accounts"}
            advice = _restore(kept) if not is_list or kept.copies() else _CORRECT
            yield from (Finding(name, words, advice) for words in str(error).splitlines())
            continue
        for words in wrong:
            yield Finding(name, words, _CORRECT)
        if wrong:
            continue
        if not content.size and kept.copies():
            yield Finding(name, f"empty ({content.words})", f"{_restore(kept)}, if you have not emptied it yourself")
        else:
            yield Finding(name, content.words)


def _wrong_lines(kept: Kept) -> list[str]:
    """Return what is wrong with single views or accounts, each as a sentence. Raises :class:`UsageError`."""
    if kept.name == "views":
        return [view.problem for view in load_views(kept.path) if view.problem]
    if kept.name == "accounts":
        return [mistake.at(kept.path.name) for mistake in read_accounts(kept.path)[1]]
    return []


def _restore(kept: Kept) -> str:
    if kept.copies():
        return f"‘news-tui doctor --restore {kept.name}’ puts the newest copy in its place"
    advice = f"there is no copy of it: ‘news-tui doctor --set-aside {kept.name}’ begins an empty one"
    if kept.name == "fetched":
        advice += ", then ‘news-tui doctor --put-back’ fills it with the articles of the index"
    return advice


def _written_files(folders: Folders) -> Iterator[Finding]:
    """Files that the user writes: each mistake in one of its own."""
    yield from _mistakes(folders.settings, lambda path: read_settings(path).mistakes)
    yield from _mistakes(folders.topics, lambda path: read_topics(path)[1])


def _mistakes(path: Path, mistakes_in: Callable[[Path], Sequence[Mistake]]) -> Iterator[Finding]:
    """Yield each mistake in a file, or that it can be read."""
    finding = _read(path, mistakes_in, _CORRECT)
    mistakes = [] if finding.advice else mistakes_in(path)
    for mistake in mistakes:
        yield Finding(path.name, mistake.at(path.name).replace(str(path), path.name), _CORRECT)
    if not mistakes:
        yield finding


def _remembered(folders: Folders) -> Iterator[Finding]:
    """Files that hold what was chosen last: without them, the defaults apply."""
    for path in (folders.view, folders.sidebar):
        finding = _read(path, lambda path: json.loads(path.read_text(encoding="utf-8")), "it is written anew")
        yield finding._replace(is_problem=False)


def _read(path: Path, load: Callable[[Path], object], advice: str) -> Finding:
    if not path.exists():
        return Finding(path.name, "none, so the defaults apply")
    try:
        load(path)
    except (NewsError, OSError, ValueError, RecursionError) as error:
        return Finding(path.name, f"cannot be read: {error}", advice)
    return Finding(path.name, "can be read")


def _indexes(folders: Folders) -> Iterator[Finding]:
    """The indexes, which can be built anew."""
    for path in sorted(folders.cache.glob("*.db")):
        try:
            yield Finding(path.name, index_content(path))
        except NewsError as error:
            yield Finding(path.name, str(error), f"‘{_rebuild(folders, path)}’ builds it anew from your sources")


def _rebuild(folders: Folders, path: Path) -> str:
    is_kept = path == folders.database((), kept=True)
    return "news-tui index --rebuild" if is_kept else "news-tui index --rebuild SOURCE"


def _missing_articles(folders: Folders) -> Iterator[Finding]:
    """Articles that the index has and the feed store lacks, because it was lost or restored from a copy."""
    index = folders.database((), kept=True)
    if not index.exists() or not folders.fetched.exists():
        return
    try:
        missing = sum(map(len, missing_articles(index, folders.fetched).values()))
    except NewsError:
        return  # told by the checks of these files
    if missing:
        words = f"{missing:,} {'article' if missing == 1 else 'articles'} of the index are missing"
        yield Finding(folders.fetched.name, words, "‘news-tui doctor --put-back’ stores them again")


def _downloads(folders: Folders) -> Iterator[Finding]:
    """Downloaded archives, which can be downloaded again."""
    try:
        remote = select_sources((), folders).remote
        locations = [each.location for each in load_subscriptions(folders.sources)]
    except NewsError:
        return  # told by the check of the list of sources
    found = 0
    for location in locations:
        path = None if remote is None else remote.archive(location)
        if path is None or not path.is_file():
            continue
        found += 1
        try:
            open_collection(str(path))
        except NewsError as error:
            yield Finding(f"download of {location}", str(error), "‘news-tui refresh --force’ downloads it again")
    if found:
        yield Finding("downloads", f"{found:,} {'archive' if found == 1 else 'archives'}")


def _permissions(folders: Folders) -> Iterator[Finding]:
    """Folders that cannot be written, or that others can read."""
    good = True
    for folder in dict.fromkeys((folders.config, folders.data, folders.cache, folders.state)):
        if folder.exists() and (finding := _folder(folder)) is not None:
            good = False
            yield finding
    for path in _with_readable_passwords(folders):
        good = False
        yield Finding(path.name, "other users can read the passwords in it", f"‘chmod 600 {path}’ hides them")
    if good:
        yield Finding("folders", "can be written, and are closed to other users")


def _with_readable_passwords(folders: Folders) -> Iterator[Path]:
    """Yield the files with passwords that other users can read; what cannot be read at all is told by other checks."""
    with suppress(NewsError, OSError):
        if passwords_exposed(folders.sources, load_subscriptions(folders.sources)):
            yield folders.sources
    with suppress(NewsError, OSError):
        if passwords_readable(folders.accounts, read_accounts(folders.accounts)[0]):
            yield folders.accounts


def _folder(folder: Path) -> Finding | None:
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        advice = "you can read what is there; to store anything, make it writable"
        return Finding(str(folder), "cannot be written", advice)
    mode = stat.S_IMODE(folder.stat().st_mode)
    if is_for_others(mode):
        # Who opened it may have had a reason, so this is said and not changed.
        return Finding(
            str(folder), f"is open to other users ({mode:o})", f"‘chmod 700 {folder}’ closes it", is_problem=False
        )
    return None


CHECKS: tuple[Callable[[Folders], Iterator[Finding]], ...] = (
    _kept_files,
    _written_files,
    _remembered,
    _indexes,
    _missing_articles,
    _downloads,
    _permissions,
)
"""All checks. To add one, write a function that yields a :class:`Finding` for each thing it looked at."""
