"""Plans the update of a folder: its files are looked at in parts, and compared one by one only where a part changed."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.story import Problem
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.parse_pool import Item
from tui_reader.pipeline.plan import Plan, SiteFiles, SiteUpdate, file_stamp, index_key, number_of
from tui_reader.sources.files.folder import FolderCollection, PassedFiles, read_file
from tui_reader.sources.files.layout import site_file_kind
from tui_reader.sources.files.stamp import FileStamp
from tui_reader.storage.file_stamps import UNREADABLE
from tui_reader.storage.known_files import KnownFiles

if TYPE_CHECKING:
    from tui_reader.sources.files.addresses.address import Addresses
    from tui_reader.sources.files.addresses.site import SiteAddresses

_MOST = 1 << 63
_ADDRESS_BITS = (1 << 31) - 1  # of a stamp of site data: those of the addresses
_DATA_BITS = ((1 << 62) - 1) & ~_ADDRESS_BITS
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
    """The plan of a folder, and the digests of the parts of which the index has every file as it is.

    ``addresses`` make the addresses of the changed files, if the site says how.
    """

    plan: Plan[Item]
    current: Mapping[int, int]
    addresses: Addresses | None = None


def plan_folder(
    source_id: int, stamp: int | None, folder: FolderCollection, known: KnownFiles, language: str = ""
) -> FolderPlan:
    """Plan a folder of articles by size and time of change of every file.

    ``stamp`` is the one that the site data was stored with. If other addresses
    follow from them, all files have changed. ``language`` is the one to read
    where there are several. Raises :class:`SourceError` if the folder cannot be
    read.
    """
    parts = [_Part() for _ in range(_PARTS)]
    passed = PassedFiles()
    for file in folder.files(passed, language):
        parts[file[2] % _PARTS].add(file)  # by its time of change; by position takes half the time of by name
    site, found, addresses = _plan_site(stamp, folder, passed)
    digests = {number: part.digest() ^ addresses for number, part in enumerate(parts)}
    changed, gone = _compare(source_id, parts, digests, known, addresses)
    if changed and addresses and found is None:
        found = _site_addresses(folder)
    # Names mostly start with the date: the newest come first.
    newest_first = sorted(changed, key=lambda item: item.path.split("/"), reverse=True)
    plan = Plan(sum(map(len, parts)), newest_first, gone, site)
    return FolderPlan(plan, digests, found.addresses if found else None)


def _compare(
    source_id: int, parts: Sequence[_Part], digests: dict[int, int], known: KnownFiles, addresses: int
) -> tuple[list[Item], list[int]]:
    """Return the files that are new or changed, and the keys of those that are gone.

    Removes from ``digests`` those of parts that have a new or changed file.
    ``addresses`` is the stamp of the addresses, which is part of that of each file.
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
            key, stamp = index_key(source_id, file.path), file_stamp(file) ^ addresses
            if not files.seen(key, stamp):
                changed.append(Item(key, file.path, stamp))
                digests.pop(number, None)
    return changed, list(files.missing())


class _SitePlan(NamedTuple):
    """The site data to store, if they changed, with the addresses that follow from them; and the stamp of those."""

    update: SiteUpdate | None
    found: SiteAddresses | None
    addresses: int


def _plan_site(before: int | None, folder: FolderCollection, passed: PassedFiles) -> _SitePlan:
    """Plan the data of a site. Their stamp ends in that of the addresses, so nothing is read if it stays the same."""
    files = folder.data_files()
    told = passed.told()
    stamp = (number_of(repr((files, told) if told else files)) >> 1) & _DATA_BITS
    if before is not None and before >= 0 and before & _DATA_BITS == stamp:
        return _SitePlan(None, None, before & _ADDRESS_BITS)
    found = _site_addresses(folder)
    addresses = found.stamp()
    stamp |= addresses
    site = SiteFiles()
    site.set_addresses(found)
    site.problems += (Problem("", path, 0, reason) for path, reason in told)
    for file in files:
        try:
            data = read_file(str(folder.root), file.path)
            if site_file_kind(file.path):
                site.add(file.path, data)
        except OSError as error:
            site.problems.append(Problem("", file.path, 0, f"cannot be read: {error.strerror}"))
            stamp = UNREADABLE
    return _SitePlan(site.update(stamp), found, addresses)


def _site_addresses(folder: FolderCollection) -> SiteAddresses:
    """Return what the configuration of the site says of its addresses."""
    from tui_reader.sources.files.addresses.site import site_addresses

    def read(name: str) -> bytes | None:
        try:
            return read_file(str(folder.root), name)
        except OSError:
            return None  # mostly because there is none

    return site_addresses(read)
