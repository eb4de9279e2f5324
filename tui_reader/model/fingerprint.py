"""Fingerprints: 64-bit hashes that identify texts and pages in the index."""

from __future__ import annotations

try:
    # hashlib has the same function, but loads OpenSSL: 3 MB in every process and
    # 4 ms at every start.
    from _blake2 import blake2b
except ImportError:  # not CPython
    from hashlib import blake2b


def fingerprint(data: bytes) -> int:
    """Return the first 8 bytes of the BLAKE2b hash of ``data`` as a signed integer.

    Among a million texts, the chance of any collision is below 1 in 10 million.
    """
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


def page_id(key: str) -> int:
    """Return the id under which a page is stored, the fingerprint of its key."""
    return fingerprint(key.encode())
