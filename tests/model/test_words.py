"""Words are counted in scripts without spaces too."""

from __future__ import annotations

from tui_reader.model.words import count_words


def test_words_of_scripts_without_spaces_are_counted_too() -> None:
    assert count_words("A *short* text, in English.") == 5
    assert count_words("新しい望遠鏡") == 6
    assert count_words("ภาษาไทย") == 2
    assert count_words("iPhone新機種") == 4
