"""Fingerprints: 64-bit numbers that stand for longer texts in the index."""

from __future__ import annotations

try:
    # The same function as in hashlib, which would load all of OpenSSL beside it:
    # 3 MB in every process and 4 ms of every start.
    from _blake2 import blake2b
except ImportError:  # another Python than CPython
    from hashlib import blake2b


def fingerprint(data: bytes) -> int:
    """Return the signed 64-bit number that stands for ``data``.

    The first 8 bytes of BLAKE2b: among a million texts the chance that any two
    share a number is below 1 in 10 million.
    """
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


def page_id(key: str) -> int:
    """Return the number under which a page's key is stored."""
    return fingerprint(key.encode())
