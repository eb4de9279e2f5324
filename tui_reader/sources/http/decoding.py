"""Decompresses response bodies (gzip, deflate, brotli), declared or not, piece by piece and within a size limit."""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Sequence

from tui_reader.sources.http.errors import RETRY_LATER, AttemptError, Disconnected, ErrorKind, NotHttp

_PIECE = 64 * 1024  # bytes decompressed at a time
_MAX_MEMBERS = 1000  # of a gzip body; more are an attack
_MAX_DECLARED = 3  # layers of compression that a response may declare
_UNDECLARED = 2  # layers that are found by their first bytes
_SNIFFED = 64  # bytes in which the kind of a layer is recognised
_CODINGS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "x-deflate": "deflate", "br": "br"}
# Content that no decompressor has to see, whatever is declared.
_PLAIN = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<(?:\?xml|rss|feed|rdf|!doctype|html|opml)\b|[{\[]\s*[\"{])", re.IGNORECASE
)
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_DAMAGED = "the response is damaged and cannot be decompressed"
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
        import brotli  # type: ignore[import-untyped]  # few servers use it

        self._decompressor = brotli.Decompressor()
        self._error: type[Exception] = brotli.error

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._process(data)
        while not self._decompressor.can_accept_more_data():
            yield self._process(b"")

    def _process(self, data: bytes) -> bytes:
        try:
            return bytes(self._decompressor.process(data, output_buffer_limit=_PIECE))
        except self._error as error:
            raise AttemptError(ErrorKind.DAMAGED, _DAMAGED) from error

    def is_complete(self) -> bool:
        return bool(self._decompressor.is_finished())


class _Identity:
    """Passes uncompressed data through."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def is_complete(self) -> bool:
        return True


_Decoder = _Zlib | _Brotli | _Identity


def _declared_codings(declared: str) -> list[str]:
    """Return the compressions that the header ``content-encoding`` declares, in the order of decoding.

    Words without a meaning, such as ``utf-8`` or ``aws-chunked``, are ignored.
    """
    words = declared.lower().split(",")
    codings = [_CODINGS[word.strip()] for word in words if word.strip() in _CODINGS]
    if len(codings) > _MAX_DECLARED:
        raise AttemptError(
            ErrorKind.DAMAGED, f"the response is compressed {len(codings)} times; only the site can fix it"
        )
    return codings[::-1]


def _decoder(coding: str, start: bytes) -> _Decoder:
    """Return the decoder of a layer that is declared as ``coding`` (or not, ``""``) and begins with ``start``."""
    if _PLAIN.match(start):
        return _Identity()
    if coding == "br":
        return _Brotli()
    if start.startswith(b"\x1f\x8b"):
        return _Zlib("gzip")
    if coding == "deflate" or (start[:1] == b"x" and int.from_bytes(start[:2]) % 31 == 0):
        return _Zlib("deflate")
    if start.startswith(_ZSTANDARD):
        raise AttemptError(ErrorKind.DAMAGED, "the response has an unsupported compression (zstd)")
    return _Zlib("gzip") if coding else _Identity()


class _Layer:
    """A layer of compression. Its first bytes decide whether it is what was declared."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._start = b""
        self._decoder: _Decoder | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._decoder is None:
            self._start += data
            if len(self._start) >= _SNIFFED:
                yield from self._decide()
        else:
            yield from self._decoder.feed(data)

    def finish(self) -> Iterator[bytes]:
        """Yield what was held back, once there is no more. Raises :class:`AttemptError` where the end is missing."""
        if self._decoder is None and self._start:
            yield from self._decide()
        if self._decoder is not None and not self._decoder.is_complete():
            raise AttemptError(ErrorKind.TRUNCATED, _CUT_OFF)

    def _decide(self) -> Iterator[bytes]:
        self._decoder = _decoder(self._coding, self._start)
        return self._decoder.feed(self._start)


class _Decompressor:
    """Passes data through all layers; raises :class:`AttemptError` where one of them gives more than the limit."""

    def __init__(self, codings: Sequence[str], limit: int) -> None:
        self._layers = [_Layer(coding) for coding in codings]
        self._sizes = [0] * (len(codings) + 1)
        self._limit = limit

    def feed(self, data: bytes, level: int = 0) -> Iterator[bytes]:
        # Also count received bytes: an endless body can decompress to nothing.
        self._sizes[level] += len(data)
        if self._sizes[level] > self._limit:
            raise AttemptError(ErrorKind.TOO_LARGE, f"it is larger than {_size(self._limit)} and was not read")
        if level == len(self._layers):
            yield data
            return
        for piece in self._layers[level].feed(data):
            yield from self.feed(piece, level + 1)

    def finish(self) -> Iterator[bytes]:
        for level, layer in enumerate(self._layers, 1):
            for piece in layer.finish():
                yield from self.feed(piece, level)


async def read_body(
    body: AsyncIterable[bytes], declared: str, limit: int, *, archive: bool, keep_gzip: bool
) -> AsyncIterator[bytes]:
    """Yield the decompressed body in pieces.

    ``declared`` is the header ``content-encoding``.
    ``limit`` is the largest size in bytes, both before and after
    decompression. An ``archive`` is only decompressed as declared, and with
    ``keep_gzip`` stays compressed. Anything else is decompressed as far as it
    is compressed, because servers forget to declare it, or declare it twice.
    Raises :class:`AttemptError` for a body that is too large, cut off or damaged.
    """
    codings = _declared_codings(declared)
    if archive:
        codings = [coding for coding in codings if not (keep_gzip and coding == "gzip")]
    else:
        codings += [""] * _UNDECLARED
    decompressor = _Decompressor(codings, limit)
    try:
        async for data in body:
            for piece in decompressor.feed(data):
                if piece:
                    yield piece
        for piece in decompressor.finish():
            yield piece
    except zlib.error as error:
        raise AttemptError(ErrorKind.DAMAGED, _DAMAGED) from error
    except (NotHttp, Disconnected) as error:
        retryable = isinstance(error, Disconnected)
        raise AttemptError(ErrorKind.TRUNCATED, _CUT_OFF, retryable=retryable) from error


def _size(count: int) -> str:
    return f"{count // 1024**2} MB" if count >= 1024**2 else f"{count} bytes"
