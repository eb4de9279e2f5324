"""Decompresses response bodies (gzip, deflate, brotli) piece by piece, within a size limit."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator

import brotli  # type: ignore[import-untyped]
import httpcore
import httpx

from tui_reader.model.text import visible
from tui_reader.sources.http.errors import RETRY_LATER, AttemptError, ErrorKind

_PIECE = 64 * 1024  # bytes decompressed at a time
_MAX_MEMBERS = 1000  # of a gzip body; more are an attack
_CUT_OFF = f"the response was cut off; {RETRY_LATER}"


def _window(coding: str, start: bytes) -> int:
    """Return zlib's ``wbits`` for a format. ``start`` are the first two bytes of the body."""
    if coding != "deflate":
        return 16 + zlib.MAX_WBITS
    # "deflate" means the zlib format (RFC 1950), but some servers send raw deflate data (RFC 1951).
    with_header = start[0] & 0x0F == zlib.DEFLATED and int.from_bytes(start) % 31 == 0
    return zlib.MAX_WBITS if with_header else -zlib.MAX_WBITS


class _Zlib:
    """Decompresses gzip and deflate, in pieces of limited size even for decompression bombs."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._decompressor: zlib._Decompress | None = None
        self._pending = b""
        self._members = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        data, self._pending = self._pending + data, b""
        while data:
            if self._decompressor is None:
                if len(data) < 2:
                    self._pending = data
                    return
                self._decompressor = zlib.decompressobj(_window(self._coding, data[:2]))
                self._members += 1
                if self._members > _MAX_MEMBERS:
                    raise zlib.error("too many members")
            piece = self._decompressor.decompress(data, _PIECE)
            yield piece
            data = self._decompressor.unconsumed_tail
            while not data and len(piece) == _PIECE:
                piece = self._decompressor.decompress(b"", _PIECE)
                yield piece
            if self._decompressor.eof:
                data = self._decompressor.unused_data
                if self._coding == "deflate" or not data.startswith(b"\x1f"):
                    return  # ignore data after the end, such as padding
                self._decompressor = None

    def is_complete(self) -> bool:
        return self._decompressor is not None and self._decompressor.eof and not self._pending


class _Brotli:
    """Decompresses brotli."""

    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._decompressor.process(data, output_buffer_limit=_PIECE)
        while not self._decompressor.can_accept_more_data():
            yield self._decompressor.process(b"", output_buffer_limit=_PIECE)

    def is_complete(self) -> bool:
        return bool(self._decompressor.is_finished())


class _Identity:
    """Passes uncompressed data through."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def is_complete(self) -> bool:
        return True


def _decoder(response: httpx.Response, *, keep_gzip: bool) -> _Zlib | _Brotli | _Identity:
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding in {"", "identity"} or (keep_gzip and coding in {"gzip", "x-gzip"}):
        return _Identity()
    if coding in {"gzip", "x-gzip", "deflate"}:
        return _Zlib(coding)
    if coding == "br":
        return _Brotli()
    raise AttemptError(ErrorKind.DAMAGED, f"the response has an unsupported compression ({visible(coding[:40])})")


async def read_body(response: httpx.Response, limit: int, *, keep_gzip: bool) -> AsyncIterator[bytes]:
    """Yield the decompressed body in pieces.

    ``limit`` is the largest size in bytes, both before and after
    decompression. ``keep_gzip`` leaves gzip data compressed. Raises
    :class:`AttemptError` for a body that is too large, cut off or damaged.
    """
    decoder = _decoder(response, keep_gzip=keep_gzip)
    received = yielded = 0
    try:
        async for data in response.aiter_raw():
            received += len(data)
            for piece in decoder.feed(data):
                yielded += len(piece)
                # Also count received bytes: an endless body can decompress to nothing.
                if max(received, yielded) > limit:
                    raise AttemptError(ErrorKind.TOO_LARGE, f"it is larger than {_size(limit)} and was not read")
                if piece:
                    yield piece
    except (zlib.error, brotli.error) as error:
        raise AttemptError(ErrorKind.DAMAGED, "the response is damaged and cannot be decompressed") from error
    except (httpcore.RemoteProtocolError, httpcore.ReadError) as error:
        retryable = isinstance(error, httpcore.ReadError)
        raise AttemptError(ErrorKind.TRUNCATED, _CUT_OFF, retryable=retryable) from error
    if received and not decoder.is_complete():
        raise AttemptError(ErrorKind.TRUNCATED, _CUT_OFF)


def _size(count: int) -> str:
    return f"{count // 1024**2} MB" if count >= 1024**2 else f"{count} bytes"
