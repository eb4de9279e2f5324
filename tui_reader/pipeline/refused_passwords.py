"""Remembers which password a server refused, without keeping it, so that it is not tried again by itself."""

from __future__ import annotations

import hmac
import secrets
from hashlib import scrypt

_SALT_BYTES = 16


def digest_of(password: str) -> str:
    """Return a salted digest by which :func:`is_digest_of` knows the password again; it takes a twentieth second."""
    return _digest(password, secrets.token_bytes(_SALT_BYTES))


def is_digest_of(password: str, digest: str) -> bool:
    """Return whether a digest is that of the password."""
    try:
        salt = bytes.fromhex(digest[: 2 * _SALT_BYTES])
    except ValueError:
        return False  # nothing that this module has made
    return hmac.compare_digest(_digest(password, salt), digest)


def _digest(password: str, salt: bytes) -> str:
    # As slow as that of a login: the marks are copied, and the password may be one that is easy to guess.
    return (salt + scrypt(password.encode(), salt=salt, n=1 << 14, r=8, p=1)).hex()
