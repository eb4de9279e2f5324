"""Finds the names that a misspelt one was probably meant to be, for error messages."""

from __future__ import annotations

from collections.abc import Iterable

_NEAR = 3  # names that are offered
_ALIKE = 0.6  # of a name that alone is offered
_LONGEST = 60  # characters of a name that is compared with others


def near_names(names: Iterable[str], wanted: str, least: float = 0.5) -> list[str]:
    """Return a few of ``names`` that are spelled like ``wanted``, the most alike first: at least so much, up to 1."""
    from difflib import get_close_matches  # only for an error message

    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(name.casefold(), name)
    return [by_key[key] for key in get_close_matches(wanted.casefold(), list(by_key), n=_NEAR, cutoff=least)]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the one of ``known`` that ``name`` was probably meant to be, or an empty text."""
    return next(iter(near_names(known, name[:_LONGEST], _ALIKE)), "")


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the end of a sentence about an unknown ``name``: the one of ``known`` that is nearest, if one is near."""
    near = nearest(name, known)
    words = f"did you mean ‘{near}’?" if near else otherwise
    return f": {words}" if words else ""
