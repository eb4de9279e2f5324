"""Removes passwords and keys from an address before it is shown."""

from __future__ import annotations

import re

_AUTHORITY = re.compile(r"^([^/?#]*//)?([^/?#]*)(.*)$", re.DOTALL)
_HOST_AND_PORT = re.compile(r"(?:\[[^\[\]]*\]|[^:\[\]]*)(?::[0-9]+)?")
_SECRET_PARAMETER = re.compile(
    r"([?&;](?:[a-z0-9_.-]*(?:token|secret|password|passwd|api_?key|api-key|app_?key|app-key|signature)|key|auth|sig|pass|pwd)=)[^&;#]+",
    re.IGNORECASE,
)


def redact_url(address: str) -> str:
    """Return ``address`` without user name and password, and with ``…`` for parameters that look like keys.

    ``address`` can be invalid: a mistyped one must not show its password either.
    """
    match = _AUTHORITY.match(address)
    if match:
        start, authority, rest = match[1] or "", match[2], match[3]
        # An unescaped slash in a password moves the rest of it into the path.
        if "@" not in authority and "@" in rest and not _HOST_AND_PORT.fullmatch(authority):
            authority, rest = authority + rest, ""
        address = start + authority.rpartition("@")[2] + rest
    return _SECRET_PARAMETER.sub(r"\1…", address)
