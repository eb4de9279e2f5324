"""Reads the files in a zip archive, with its list of members read piece by piece.

Python's ``zipfile`` keeps all members in memory, 600 bytes and more for each,
and reads members that overlap, of which 1 MB can unpack to terabytes.
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from array import array
from collections.abc import Iterator
from typing import IO

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.archive_limits import ArchiveLimits

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_MAX_COMMENT = 0xFFFF
_IN_64 = 0xFFFFFFFF  # the value is in the ZIP64 attributes
_PIECE = 64 * 1024
_ENCRYPTED, _UTF8 = 0x1, 0x800
_STORED, _DEFLATED = 0, 8
_MAX_TARGET = 4096  # bytes of a link's target


class ZipMember(NamedTuple):
    """A member of a zip archive, as its list of members has it."""

    name: str
    size: int
    packed_size: int
    checksum: int
    method: int
    position: int
    is_encrypted: bool
    is_link: bool

    @property
    def is_file(self) -> bool:
        """Whether it is neither a folder nor a link."""
        return not (self.is_link or self.name.endswith("/"))


class ZipReader:
    """An open zip archive. All methods raise :class:`SourceError` where it is damaged or unsafe."""

    def __init__(self, file: IO[bytes], limits: ArchiveLimits) -> None:
        self._file = file
        self._limits = limits
        self._list_start, self._list_size, self._shift, members = _find_list(file, limits)
        limits.is_archive = True
        limits.check_count(members)

    def members(self) -> Iterator[ZipMember]:
        """Yield the members in the order of the list."""
        position, end = self._list_start, self._list_start + self._list_size
        while position < end:
            self._file.seek(position)
            fixed = self._file.read(_ENTRY.size)
            if len(fixed) < _ENTRY.size or not fixed.startswith(b"PK\1\2"):
                raise self._limits.damage("its list of members cannot be read")
            fields = _ENTRY.unpack(fixed)
            name_size, extra_size, comment_size = fields[10:13]
            rest = self._file.read(name_size + extra_size)
            position += _ENTRY.size + name_size + extra_size + comment_size
            if len(rest) < name_size + extra_size or position > end:
                raise self._limits.damage("its list of members cannot be read")
            yield self._member(fields, rest[:name_size], rest[name_size:])

    def _member(self, fields: tuple[int, ...], name: bytes, extra: bytes) -> ZipMember:
        flags, method, checksum = fields[3], fields[4], fields[7]
        packed_size, size, attributes, start = fields[8], fields[9], fields[15], fields[16]
        if _IN_64 in {packed_size, size, start}:
            size, packed_size, start = _in_64(extra, size, packed_size, start)
        return ZipMember(
            name.decode("utf-8" if flags & _UTF8 else "cp437", "surrogateescape"),
            size,
            packed_size,
            checksum,
            method,
            start + self._shift,
            bool(flags & _ENCRYPTED),
            stat.S_ISLNK(attributes >> 16),
        )

    def check(self) -> None:
        """Count all members, and refuse those that are unsafe or overlap."""
        starts, ends = array("Q"), array("Q")
        for member in self.members():
            target = None
            if member.is_link:
                target = self.read(member, _MAX_TARGET).decode("utf-8", "replace")
            self._limits.check_member(member.name, member.size, target)
            end = member.position + _LOCAL.size + len(member.name) + member.packed_size
            if member.position < 0 or end > self._list_start:
                raise self._limits.damage(f"its member {member.name!r} is not inside of it")
            starts.append(member.position)
            # The name has as many bytes as characters, or more; the attributes come on top.
            ends.append(end)
        previous = 0
        for place in sorted(range(len(starts)), key=starts.__getitem__):
            if starts[place] < previous:
                raise self._limits.refusal("its members overlap")
            previous = ends[place]

    def read(self, member: ZipMember, limit: int) -> bytes:
        """Return the contents of a member, cut after ``limit`` bytes."""
        if member.is_encrypted:
            raise self._limits.refusal(f"its member {member.name!r} is encrypted")
        if member.method not in {_STORED, _DEFLATED}:
            raise self._limits.refusal(
                f"its member {member.name!r} is packed by a method other than deflate; pack it anew as a usual zip"
            )
        if member.size == member.packed_size == member.checksum == 0:
            return b""
        self._file.seek(member.position)
        fixed = self._file.read(_LOCAL.size)
        if len(fixed) < _LOCAL.size or not fixed.startswith(b"PK\3\4"):
            raise self._limits.damage(f"its member {member.name!r} cannot be found")
        name_size, extra_size = _LOCAL.unpack(fixed)[9:11]
        self._file.seek(name_size + extra_size, os.SEEK_CUR)
        wanted = min(member.size, limit)
        # One byte more shows a member that is larger than it says.
        data = self._unpacked(member, wanted + 1)
        if len(data) < wanted or (wanted == member.size and len(data) > wanted):
            raise self._limits.damage(f"its member {member.name!r} has another size than it says")
        if wanted == member.size and zlib.crc32(data) != member.checksum:
            raise self._limits.damage(f"its member {member.name!r} has a wrong checksum")
        return data[:wanted]

    def _unpacked(self, member: ZipMember, most: int) -> bytes:
        if member.method == _STORED:
            return self._file.read(min(member.packed_size, most))
        decoder = zlib.decompressobj(-zlib.MAX_WBITS)
        parts: list[bytes] = []
        left, missing = member.packed_size, most
        while missing and not decoder.eof:
            data = decoder.unconsumed_tail
            if not data:
                data = self._file.read(min(_PIECE, left))
                left -= len(data)
            part = decoder.decompress(data, missing)
            if not part and not data:
                break
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)


def _in_64(extra: bytes, size: int, packed_size: int, start: int) -> tuple[int, int, int]:
    """Return sizes and position, with those that are too large for their fields from the ZIP64 attributes."""
    at = 0
    values: Iterator[int] = iter(())
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            part = extra[at + 4 : at + 4 + min(length, 24)]
            values = iter([value for (value,) in struct.iter_unpack("<Q", part[: len(part) // 8 * 8])])
            break
        at += 4 + length
    size = next(values, size) if size == _IN_64 else size
    packed_size = next(values, packed_size) if packed_size == _IN_64 else packed_size
    return size, packed_size, next(values, start) if start == _IN_64 else start


def _find_list(file: IO[bytes], limits: ArchiveLimits) -> tuple[int, int, int, int]:
    """Return start and size of the list of members, the number to add to each position, and the members' number.

    A zip archive may come after something else, such as a program that
    unpacks it. Positions are then too small by the length of that.
    """
    length = file.seek(0, os.SEEK_END)
    tail_start = max(0, length - _END.size - _MAX_COMMENT)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise limits.damage("it is no zip file, or cut off")
    members, size, start = _END.unpack_from(tail, at)[4:7]
    end = tail_start + at
    if members == 0xFFFF or _IN_64 in {size, start}:
        found = _find_list_64(file, end, limits)
        if found is not None:
            end, members, size, start = found
    shift = end - size - start
    if shift < 0:
        raise limits.damage("its list of members is missing")
    return start + shift, size, shift, members


def _find_list_64(file: IO[bytes], end: int, limits: ArchiveLimits) -> tuple[int, int, int, int] | None:
    """Return the position of the ZIP64 end record, and the members, size and start in it; ``None`` if there is none."""
    if end < _LOCATOR_64.size:
        return None
    file.seek(end - _LOCATOR_64.size)
    locator = file.read(_LOCATOR_64.size)
    if not locator.startswith(b"PK\6\7"):
        return None
    position = end - _LOCATOR_64.size - _END_64.size
    file.seek(max(0, position))
    record = file.read(_END_64.size)
    if position < 0 or len(record) < _END_64.size or not record.startswith(b"PK\6\6"):
        raise limits.damage("its list of members is missing")
    members, size, start = _END_64.unpack(record)[7:10]
    return position, members, size, start
