"""Unpacks the body of an answer piece by piece (gzip, deflate, brotli), and refuses what is too long or damaged."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator

import brotli  # type: ignore[import-untyped]
import httpcore
import httpx

from tui_reader.model.text import visible
from tui_reader.sources.http.errors import RETRY_LATER, AttemptError, ErrorKind

_PIECE = 64 * 1024  # bytes that are unpacked at once
_MEMBERS = 1000  # parts of one gzip body; more are made to waste time
_CUT_OFF = f"it broke off before its end; {RETRY_LATER}"


def _window(coding: str, start: bytes) -> int:
    """The number by which zlib knows what it is given; ``start`` are the first two bytes."""
    if coding != "deflate":
        return 16 + zlib.MAX_WBITS
    # RFC 9110 means zlib's form (RFC 1950), but some servers send the bare one.
    with_header = start[0] & 0x0F == zlib.DEFLATED and int.from_bytes(start) % 31 == 0
    return zlib.MAX_WBITS if with_header else -zlib.MAX_WBITS


class _Inflating:
    """Unpacks gzip and deflate piece by piece, however much comes of a few bytes."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._machine: zlib._Decompress | None = None
        self._waiting = b""
        self._members = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        data, self._waiting = self._waiting + data, b""
        while data:
            if self._machine is None:
                if len(data) < 2:
                    self._waiting = data
                    return
                self._machine = zlib.decompressobj(_window(self._coding, data[:2]))
                self._members += 1
                if self._members > _MEMBERS:
                    raise zlib.error("too many members")
            piece = self._machine.decompress(data, _PIECE)
            yield piece
            data = self._machine.unconsumed_tail
            while not data and len(piece) == _PIECE:
                piece = self._machine.decompress(b"", _PIECE)
                yield piece
            if self._machine.eof:
                data = self._machine.unused_data
                if self._coding == "deflate" or not data.startswith(b"\x1f"):
                    return  # what follows the end, such as zeros that fill it up, is nothing
                self._machine = None

    def ended(self) -> bool:
        return self._machine is not None and self._machine.eof and not self._waiting


class _Brotli:
    """Unpacks brotli piece by piece."""

    def __init__(self) -> None:
        self._machine = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._machine.process(data, output_buffer_limit=_PIECE)
        while not self._machine.can_accept_more_data():
            yield self._machine.process(b"", output_buffer_limit=_PIECE)

    def ended(self) -> bool:
        return bool(self._machine.is_finished())


class _AsItIs:
    """Passes on what is not packed."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def ended(self) -> bool:
        return True


def _unpacker(answer: httpx.Response, *, keep_gzip: bool) -> _Inflating | _Brotli | _AsItIs:
    coding = answer.headers.get("content-encoding", "").strip().lower()
    if coding in {"", "identity"} or (keep_gzip and coding in {"gzip", "x-gzip"}):
        return _AsItIs()
    if coding in {"gzip", "x-gzip", "deflate"}:
        return _Inflating(coding)
    if coding == "br":
        return _Brotli()
    raise AttemptError(ErrorKind.DAMAGED, f"it is packed in a way that was not asked for ({visible(coding[:40])})")


async def read_body(answer: httpx.Response, limit: int, *, keep_gzip: bool) -> AsyncIterator[bytes]:
    """Yield the body, unpacked and counted.

    ``limit`` is in bytes, of what came as of what it unpacks to. Where gzip is
    a matter ``of_the_file``, it stays packed. Raises :class:`AttemptError` for
    what is too long, too short or damaged.
    """
    unpacker = _unpacker(answer, keep_gzip=keep_gzip)
    came = given = 0
    try:
        async for data in answer.aiter_raw():
            came += len(data)
            for piece in unpacker.feed(data):
                given += len(piece)
                # The bytes that came count as well: what unpacks to nothing has no end either.
                if max(came, given) > limit:
                    raise AttemptError(ErrorKind.TOO_LARGE, f"it is larger than {_size(limit)} and was not read")
                if piece:
                    yield piece
    except (zlib.error, brotli.error) as error:
        raise AttemptError(ErrorKind.DAMAGED, "it came damaged and cannot be unpacked") from error
    except (httpcore.RemoteProtocolError, httpcore.ReadError) as error:
        again = isinstance(error, httpcore.ReadError)
        raise AttemptError(ErrorKind.TRUNCATED, _CUT_OFF, again=again) from error
    if came and not unpacker.ended():
        raise AttemptError(ErrorKind.TRUNCATED, _CUT_OFF)


def _size(count: int) -> str:
    return f"{count // 1024**2} MB" if count >= 1024**2 else f"{count} bytes"
