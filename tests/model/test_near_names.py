"""Names that are offered for one that is misspelt."""

from __future__ import annotations

from tui_reader.model.near_names import did_you_mean, near_names, nearest


def test_near_names_keep_their_spelling() -> None:
    assert near_names(["Saddle Notes", "The Wire"], "sadle note") == ["Saddle Notes"]
    assert near_names(["Saddle Notes"], "quite different") == []


def test_one_name_is_offered_if_it_is_near() -> None:
    assert nearest("SECRUITY", ["Science", "Security"]) == "Security"
    assert did_you_mean("secruity", ["Security"], "these are all") == ": did you mean ‘Security’?"
    assert did_you_mean("x", ["Security"], "these are all") == ": these are all"
    assert did_you_mean("x", ["Security"]) == ""
