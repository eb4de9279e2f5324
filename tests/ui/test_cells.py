"""Text is broken into lines where its script allows that."""

from __future__ import annotations

import pytest

from tui_reader.ui.widgets.cells import width_of, wrap


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("überallhin zögernd", 12, ["überallhin", "zögernd"]),
        ("最近在准备 2020 年度产品评选[1]，查一些", 20, ["最近在准备 2020 年度", "产品评选[1]，查一些"]),
        ("それでは見ていきましょう。「雨」と言いました。", 25, ["それでは見ていきましょ", "う。「雨」と言いました。"]),
        ("例（例えば、型の構文）です", 8, ["例（例え", "ば、型の", "構文）で", "す"]),
        ("Python 3.12では新しい", 15, ["Python 3.12では", "新しい"]),
        ("제목도 마찬가지로 두", 12, ["제목도", "마찬가지로", "두"]),
        ("か\u3099か\u3099か\u3099", 4, ["か\u3099か\u3099", "か\u3099"]),
        ("see https://a.example/of-the/river.html", 20, ["see", "https://a.example/", "of-the/river.html"]),
        ("Price/Availability/Shipping", 20, ["Price/Availability/", "Shipping"]),
        ("。。。。", 4, ["。。", "。。"]),
    ],
)
def test_lines_end_between_words_or_between_characters_of_scripts_without_spaces(
    text: str, width: int, lines: list[str]
) -> None:
    assert wrap(text, width) == lines
    assert all(width_of(line) <= width for line in lines)
