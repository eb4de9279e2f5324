"""Tags are cleaned and compared in one way, wherever they come from."""

from __future__ import annotations

import pytest

from tui_reader.errors import UsageError
from tui_reader.model.tags import LONGEST_NOTE, LONGEST_TAG, clean_note, clean_tag, split_tags, tag_key


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("", ()),
        (" , ,", ()),
        ("linux", ("linux",)),
        ("#linux #to-read", ("linux", "to-read")),
        ("linux, To read,  Linux", ("linux", "To read")),
        ("#linux,#Öl", ("linux", "Öl")),
        ("C# and F#", ("C# and F",)),
        ('"to read", the "new" deal', ("to read", "the new deal")),
        ("中文, 日本", ("中文", "日本")),
    ],
)
def test_tags_are_separated_by_commas_or_signs(typed: str, tags: tuple[str, ...]) -> None:
    assert split_tags(typed) == tags


@pytest.mark.parametrize("typed", ["#", "…", "a" * (LONGEST_TAG + 1), "a" * 1_000_000, "one, two"])
def test_what_is_no_tag_is_said(typed: str) -> None:
    with pytest.raises(UsageError):
        clean_tag(typed)


def test_tags_that_differ_in_case_or_composition_are_the_same() -> None:
    assert tag_key(clean_tag("Öl")) == tag_key(clean_tag("o\u0308L"))
    assert tag_key(clean_tag("STRASSE")) == tag_key(clean_tag("Straße"))


def test_what_cannot_be_seen_is_shown() -> None:
    assert clean_tag("a\x1b[31mb\u202ec") == "a␛[31mb⟨RLO⟩c"
    assert clean_note("one\r\ntwo\x07  \n\n") == "one\ntwo␇"


def test_a_note_is_not_cut_but_refused() -> None:
    assert len(clean_note("a" * LONGEST_NOTE)) == LONGEST_NOTE
    with pytest.raises(UsageError, match="shorten it"):
        clean_note("a" * (LONGEST_NOTE + 1))
