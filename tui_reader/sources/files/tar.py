"""Reads the files in a tar archive, in one pass and with every header bounded.

Python's ``tarfile`` needs quadratic time for some headers (before 3.11.10),
and as much memory as sparse files and attributes ask for. Of the formats it
reads (V7, ustar, GNU, PAX), everything that a file of text can have is read
here; sparse files are refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.archive_limits import ArchiveLimits
from tui_reader.sources.files.decompression import UnpackedStream

BLOCK = 512
"""Headers and data begin at multiples of this, in bytes."""

_END = bytes(BLOCK)

_FILES = frozenset({b"\0", b"0", b"7"})  # the last is a file in one piece on the disk
_HARD_LINK, _SYMBOLIC_LINK, _FOLDER = b"1", b"2", b"5"
_WITHOUT_DATA = frozenset({b"1", b"2", b"3", b"4", b"5", b"6"})  # links, devices, folders and pipes
_LONG_NAME, _LONG_TARGET, _SPARSE = b"L", b"K", b"S"
_ATTRIBUTES, _SOLARIS_ATTRIBUTES, _GLOBAL_ATTRIBUTES = b"x", b"X", b"g"
# What a header for all members must not set: it would give all of them one name or size.
_NEVER_GLOBAL = frozenset({b"path", b"linkpath", b"size"})
_MAX_DIGITS = 20  # of a number in attributes


class TarMember(NamedTuple):
    """A member of a tar archive; ``target`` is where a link leads. Its data is what the stream has next."""

    name: str
    size: int
    is_file: bool
    target: str | None
    is_hard_link: bool


def tar_members(stream: UnpackedStream, limits: ArchiveLimits) -> Iterator[TarMember]:
    """Yield the members; what the caller has not read of a member's data is skipped.

    Raises :class:`SourceError` where the archive is damaged or unsafe.
    """
    long_name: bytes | None = None
    long_target: bytes | None = None
    attributes: dict[bytes, bytes] = {}
    while (block := stream.read(BLOCK)) and block != _END:
        kind, size = _checked(block, limits)
        limits.is_archive = True
        if kind in {_LONG_NAME, _LONG_TARGET}:
            limits.check_header(size, name=True)
            text = _data(stream, size, limits).partition(b"\0")[0]
            long_name, long_target = (text, long_target) if kind == _LONG_NAME else (long_name, text)
            continue
        if kind in {_ATTRIBUTES, _SOLARIS_ATTRIBUTES, _GLOBAL_ATTRIBUTES}:
            limits.check_header(size, shared=kind == _GLOBAL_ATTRIBUTES)
            found = _records(_data(stream, size, limits), limits)
            if kind != _GLOBAL_ATTRIBUTES:
                attributes = found
            elif not _NEVER_GLOBAL.isdisjoint(found):
                raise limits.refusal("a global header gives all members one name or size")
            continue
        if kind == _SPARSE:
            raise limits.refusal("it has a sparse file; pack it without --sparse")
        size = _number_of(attributes[b"size"], limits) if b"size" in attributes else size
        name = attributes.get(b"path", long_name if long_name is not None else _name(block))
        target = attributes.get(b"linkpath", long_target if long_target is not None else _field(block[157:257]))
        is_folder = kind == _FOLDER or name.endswith(b"/")
        is_link = kind in {_HARD_LINK, _SYMBOLIC_LINK}
        size = 0 if kind in _WITHOUT_DATA else size
        member = TarMember(
            _text(name),
            size,
            kind in _FILES and not is_folder,
            _text(target) if is_link else None,
            kind == _HARD_LINK,
        )
        limits.check_member(member.name, size, member.target, hard=member.is_hard_link)
        before = stream.count
        yield member
        padded = -(-size // BLOCK) * BLOCK
        _skip(stream, padded - (stream.count - before), limits)
        long_name = long_target = None
        attributes = {}
    if stream.count == 0:
        raise limits.damage("it is empty")


def _checked(block: bytes, limits: ArchiveLimits) -> tuple[bytes, int]:
    """Return the kind and the size in a header; raise :class:`SourceError` unless it is one."""
    if len(block) < BLOCK:
        raise limits.damage("it is cut off")
    sum_of = sum(block) - sum(block[148:156]) + 8 * ord(" ")
    stated = _octal(block[148:156])
    # Some old programs added the bytes up as signed numbers.
    signed = sum_of - 256 * sum(byte > 127 for byte in block[:148] + block[156:])
    if stated not in {sum_of, signed}:
        raise limits.damage("a header has a wrong checksum")
    size = _size(block[124:136])
    if size is None:
        raise limits.damage("a member has no valid size")
    if size < 0:
        raise limits.refusal("a member has a negative size")
    return block[156:157], size


def _octal(field: bytes) -> int | None:
    text = _field(field).strip()
    try:
        return int(text, 8) if text and b"_" not in text else 0
    except ValueError:
        return None


def _size(field: bytes) -> int | None:
    """Return a size: octal, or in base 256 as GNU tar writes that of large files."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:])
    if field[0] == 0xFF:
        return int.from_bytes(field, signed=True)
    return _octal(field)


def _field(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _name(block: bytes) -> bytes:
    name = _field(block[:100])
    # In GNU's format, other fields are in the place of the prefix.
    prefix = _field(block[345:500]) if block[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _data(stream: UnpackedStream, size: int, limits: ArchiveLimits) -> bytes:
    """Return the data of a header, and skip what it is padded with."""
    data = stream.read(size)
    _skip(stream, -size % BLOCK, limits)
    if len(data) < size:
        raise limits.damage("it is cut off")
    return data


def _skip(stream: UnpackedStream, size: int, limits: ArchiveLimits) -> None:
    if stream.skip(size) < size:
        raise limits.damage("it is cut off")


def _records(data: bytes, limits: ArchiveLimits) -> dict[bytes, bytes]:
    """Return the attributes that are used, from records of the form ``LENGTH NAME=VALUE`` and a line break."""
    found: dict[bytes, bytes] = {}
    at, end = 0, len(data.rstrip(b"\0"))
    while at < end:
        space = data.find(b" ", at, at + _MAX_DIGITS)
        length = _number_of(data[at:space], limits) if space > at else 0
        equals = data.find(b"=", space, at + length)
        if equals < 0 or at + length > len(data) or data[at + length - 1] != ord("\n"):
            raise limits.damage("the attributes of a member cannot be read")
        name = data[space + 1 : equals]
        if name.startswith(b"GNU.sparse."):
            raise limits.refusal("it has a sparse file; pack it without --sparse")
        if name in _NEVER_GLOBAL:
            found[name] = data[equals + 1 : at + length - 1]
        at += length
    return found


def _number_of(digits: bytes, limits: ArchiveLimits) -> int:
    if not digits.isdigit() or len(digits) > _MAX_DIGITS:
        raise limits.damage("the attributes of a member cannot be read")
    return int(digits)
