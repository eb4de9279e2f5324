"""The rules for tags and notes: how they are cleaned, how long they may be, and which tags are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from tui_reader.errors import UsageError
from tui_reader.model.text import clean_block, clean_text
from tui_reader.named_tuple import NamedTuple

LONGEST_TAG = 60
"""Characters of a tag."""

MOST_TAGS = 50
"""How many tags an article can have."""

LONGEST_NOTE = 20_000
"""Characters of a note."""

_BETWEEN = re.compile(r",|\s(?=#)")
_AS_TYPED = 20 * LONGEST_TAG  # longer texts than that are not even cleaned


class Annotation(NamedTuple):
    """What the user has added to an article: tags, and a note in lines of plain text."""

    tags: tuple[str, ...] = ()
    note: str = ""


def tag_key(tag: str) -> str:
    """Return what two tags have in common that are the same: they differ in upper and lower case at most."""
    return unicodedata.normalize("NFC", tag.casefold())


def note_key(text: str) -> str:
    """Return what a note, or words of it, are compared by: one line, whatever the case."""
    return " ".join(tag_key(text).split())


def clean_tag(text: str) -> str:
    """Return a tag as it is stored: one visible line without ``#`` before it. Raises :class:`UsageError`.

    It has no double quotes: in a query, they are around it.
    """
    tag = unicodedata.normalize("NFC", clean_text(text[:_AS_TYPED].replace('"', " "))).strip(" #'")
    if not any(letter.isalnum() for letter in tag):
        raise UsageError(f"‘{clean_text(text[:LONGEST_TAG])}’ is no tag: it has no letter or digit")
    if len(tag) > LONGEST_TAG or len(text) > _AS_TYPED:
        raise UsageError(f"the tag ‘{tag[:20]}…’ is longer than {LONGEST_TAG} characters: shorten it")
    if "," in tag:
        raise UsageError(f"‘{tag}’ is no tag: a comma separates two tags")
    return tag


def split_tags(text: str) -> tuple[str, ...]:
    """Return the tags in a text, which are separated by commas or begin with ``#``; each once.

    Raises :class:`UsageError`.
    """
    if len(text) > MOST_TAGS * _AS_TYPED:
        raise UsageError(f"these are more than {MOST_TAGS} tags: an article cannot have so many")
    return distinct(clean_tag(part) for part in _BETWEEN.split(text) if part.strip(" #"))


def distinct(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags without those that are the same as one before."""
    found: dict[str, str] = {}
    for tag in tags:
        found.setdefault(tag_key(tag), tag)
    return tuple(found.values())


def clean_note(text: str) -> str:
    """Return a note as it is stored: visible text in lines. Raises :class:`UsageError`."""
    if len(text) > LONGEST_NOTE:
        raise UsageError(f"a note has {LONGEST_NOTE:,} characters at most, this one {len(text):,}: shorten it")
    note = clean_block(text).expandtabs(4)
    return "\n".join(line.rstrip() for line in note.split("\n")).strip("\n")
