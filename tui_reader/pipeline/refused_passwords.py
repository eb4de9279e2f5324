"""Remembers which password a server refused, without keeping it, so that it is not tried again by itself."""

from __future__ import annotations

import os

_SALT_BYTES = 16


def digest_of(password: str) -> str:
    """Return a salted digest by which :func:`is_digest_of` knows the password again; it takes 50 ms."""
    return _digest(password, os.urandom(_SALT_BYTES))


def is_digest_of(password: str, digest: str) -> bool:
    """Return whether a digest is that of the password."""
    from hmac import compare_digest

    try:
        salt = bytes.fromhex(digest[: 2 * _SALT_BYTES])
    except ValueError:
        return False  # nothing that this module has made
    return compare_digest(_digest(password, salt).encode(), digest.encode())


def _digest(password: str, salt: bytes) -> str:
    from hashlib import scrypt  # loads OpenSSL, and is seldom needed

    # As slow as that of a login: the marks are copied, and the password may be one that is easy to guess.
    return (salt + scrypt(password.encode(errors="surrogatepass"), salt=salt, n=1 << 14, r=8, p=1)).hex()
