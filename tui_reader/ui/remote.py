"""Tells whether the person sits at another machine than the one that the reader runs on."""

from __future__ import annotations

from collections.abc import Mapping


def over_ssh(environ: Mapping[str, str]) -> bool:
    """Return whether the reader runs in an ssh session."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def forwarded_display(environ: Mapping[str, str]) -> bool:
    """Return whether windows appear where the person sits: ssh forwards X, as ``ssh -X`` does."""
    host, colon, _ = environ.get("DISPLAY", "").rpartition(":")
    return bool(colon) and host not in {"", "unix"} and not host.startswith("/")
