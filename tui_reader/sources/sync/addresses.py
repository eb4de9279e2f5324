"""The address of a server, from what was copied from one of its pages."""

from __future__ import annotations

from collections.abc import Sequence


def base_address(given: str, tails: Sequence[str]) -> str:
    """Return the address of a server without a slash at the end, and without the ends that lead to an API.

    Query and fragment are left out.
    """
    address = given.strip().partition("#")[0].partition("?")[0].rstrip("/")
    for tail in tails:
        if address.lower().endswith(tail):
            return address[: -len(tail)].rstrip("/")
    return address
