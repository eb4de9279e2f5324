"""Decompresses a file piece by piece, with a limit on the memory for it."""

from __future__ import annotations

import zlib
from typing import IO, Protocol

from tui_reader.sources.files.archive_limits import ArchiveLimits

_PIECE = 64 * 1024  # bytes read from the file at a time
# ``xz -9`` needs 65 MB to be unpacked. A file can ask for 4 GB.
_MAX_XZ_MEMORY = 80 * 1024 * 1024
# Compressed streams in one file. Tools that compress with several processors
# make one for every 64 KB or more.
_MAX_STREAMS = 50_000


class _Decoder(Protocol):
    """What the decompressors of bz2 and lzma share."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...


class _GzipDecoder:
    """The decompressor of gzip, which keeps the input it has not used as those of bz2 and lzma do."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        rest = self._decoder.unconsumed_tail
        return self._decoder.decompress(rest + data if rest else data, max_length)

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data


class UnpackedStream:
    """The contents of a file that may be compressed, with a count of the bytes read."""

    def __init__(self, file: IO[bytes], limits: ArchiveLimits) -> None:
        self._file = file
        self._limits = limits
        start = file.read(6)
        file.seek(0)
        self._kind = _kind(start)
        self._decoder = self._new_decoder() if self._kind else None
        self._streams = 1
        self.count = 0

    def read(self, size: int) -> bytes:
        """Return the next ``size`` bytes, fewer only at the end.

        Raises :class:`SourceError` where the data is cut off or more than an
        archive may have, and the errors of the decompressors.
        """
        parts = []
        missing = size
        while missing and (part := self._some(missing)):
            parts.append(part)
            missing -= len(part)
            self.count += len(part)
            self._limits.check_stream(self.count)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def skip(self, size: int) -> int:
        """Read ``size`` bytes, fewer only at the end; return how many."""
        start = self.count
        while (missing := size - (self.count - start)) and self.read(min(missing, _PIECE)):
            pass
        return self.count - start

    def _some(self, size: int) -> bytes:
        """Return between 1 and ``size`` bytes; none at the end."""
        if self._decoder is None:
            return self._file.read(size)
        data = b""
        while True:
            if self._decoder.eof:
                data = self._next_stream(self._decoder.unused_data)
                if not data:
                    return b""
            part = self._decoder.decompress(data, size)
            if part:
                return part
            if not self._decoder.eof and not (data := self._file.read(_PIECE)):
                raise self._limits.damage("it is cut off")

    def _next_stream(self, data: bytes) -> bytes:
        """Return the start of the next compressed stream of the file; nothing if there is none."""
        # The streams may be padded with zeros, as on tapes.
        while not (data := data.lstrip(b"\0")):
            if not (data := self._file.read(_PIECE)):
                return b""
        self._streams += 1
        if self._streams > _MAX_STREAMS:
            raise self._limits.refusal(f"more than {_MAX_STREAMS:,} compressed streams")
        self._decoder = self._new_decoder()
        return data

    def _new_decoder(self) -> _Decoder:
        if self._kind == "gzip":
            return _GzipDecoder()
        if self._kind == "bzip2":
            import bz2

            return bz2.BZ2Decompressor()
        import lzma

        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MAX_XZ_MEMORY)


def _kind(start: bytes) -> str:
    """Return how a file that begins with ``start`` is compressed; ``""`` if it is not."""
    if start.startswith(b"\x1f\x8b"):
        return "gzip"
    if start.startswith(b"BZh"):
        return "bzip2"
    return "xz" if start == b"\xfd7zXZ\0" else ""
