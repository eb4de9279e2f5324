"""How many connections can be open at a time, by the limit of the system for open files."""

from __future__ import annotations

from contextlib import suppress

_RESERVED = 96  # files of everything else: databases, pipes, archives, lookups of names
_EACH = 2  # a connection, and the lookup of its host


def affordable(connections: int) -> int:
    """Return ``connections``, or as many as the system allows; raise its soft limit first where that is enough."""
    try:
        import resource
    except ImportError:  # not Unix
        return connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections * _EACH + _RESERVED
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return connections
    wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(1, min(connections, (soft - _RESERVED) // _EACH))
