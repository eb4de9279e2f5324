"""Plans the update of a folder: its files are looked at in parts, and compared one by one only where a part changed."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence

from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.story import Problem
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.parse_pool import Item
from tui_reader.pipeline.plan import Plan, SiteFiles, SiteUpdate, file_stamp, index_key, number_of
from tui_reader.sources.files.folder import FolderCollection, read_file
from tui_reader.sources.files.stamp import FileStamp
from tui_reader.storage.file_stamps import UNREADABLE
from tui_reader.storage.known_files import KnownFiles

_MOST = 1 << 63
_PARTS = 31  # that a file has changed makes one or two of them be compared


class _Part:
    """Some files of a folder, in a sixth of the memory of as many objects: a folder may have 100,000."""

    def __init__(self) -> None:
        self._paths = bytearray()
        self._numbers = array("q")  # size and time of change of each
        self._far: list[FileStamp] = []  # whose time of change is further away than 64 bits count nanoseconds

    def __len__(self) -> int:
        return len(self._numbers) // 2 + len(self._far)

    def add(self, file: FileStamp) -> None:
        """Add a file."""
        path, size, modified = file
        if -_MOST <= modified < _MOST:
            self._numbers.append(size)
            self._numbers.append(modified)
            self._paths += path.encode(errors="surrogatepass") + b"\0"
        else:
            self._far.append(file)

    def digest(self) -> int:
        """Return a number that changes with the path, size or time of change of any file."""
        if not len(self):
            return 0
        return fingerprint(
            bytes(self._paths) + self._numbers.tobytes() + (repr(self._far).encode() if self._far else b"")
        )

    def files(self) -> Iterator[FileStamp]:
        """Return the files."""
        numbers = iter(self._numbers)
        paths = self._paths.decode(errors="surrogatepass").split("\0")
        yield from map(FileStamp, paths, numbers, numbers)
        yield from self._far


class FolderPlan(NamedTuple):
    """The plan of a folder, and the digests of the parts of which the index has every file as it is."""

    plan: Plan[Item]
    current: Mapping[int, int]


def plan_folder(source_id: int, stamp: int | None, folder: FolderCollection, known: KnownFiles) -> FolderPlan:
    """Plan a folder of articles by size and time of change of every file.

    ``stamp`` is the one that the site data was stored with. Raises
    :class:`SourceError` if the folder cannot be read.
    """
    site = _plan_site(stamp, folder)
    parts = [_Part() for _ in range(_PARTS)]
    for file in folder.files():
        parts[file[2] % _PARTS].add(file)  # by its time of change; by position takes half the time of by name
    digests = {number: part.digest() for number, part in enumerate(parts)}
    changed, gone = _compare(source_id, parts, digests, known)
    # Names mostly start with the date: the newest come first.
    newest_first = sorted(changed, key=lambda item: item.path.split("/"), reverse=True)
    return FolderPlan(Plan(sum(map(len, parts)), newest_first, gone, site), digests)


def _compare(
    source_id: int, parts: Sequence[_Part], digests: dict[int, int], known: KnownFiles
) -> tuple[list[Item], list[int]]:
    """Return the files that are new or changed, and the keys of those that are gone.

    Removes from ``digests`` those of parts that have a new or changed file.
    """
    before = known.parts()
    to_compare = [number for number, digest in digests.items() if before.get(number) != digest]
    keys = [index_key(source_id, file.path) for number in to_compare for file in parts[number].files()]
    files = known.stamps(keys)
    if known.count() != len(files) + sum(len(part) for number, part in enumerate(parts) if number not in to_compare):
        # Some are gone, and only a look at all files tells which.
        to_compare = list(digests)
        files = known.stamps()
    changed = []
    for number in to_compare:
        for file in parts[number].files():
            key, stamp = index_key(source_id, file.path), file_stamp(file)
            if not files.seen(key, stamp):
                changed.append(Item(key, file.path, stamp))
                digests.pop(number, None)
    return changed, list(files.missing())


def _plan_site(before: int | None, folder: FolderCollection) -> SiteUpdate | None:
    files = folder.data_files()
    stamp = number_of(repr(files)) >> 1
    if before == stamp:
        return None
    site = SiteFiles()
    for file in files:
        try:
            site.add(file.path, read_file(str(folder.root), file.path))
        except OSError as error:
            site.problems.append(Problem("", file.path, 0, f"cannot be read: {error.strerror}"))
            stamp = UNREADABLE
    return site.update(stamp)
