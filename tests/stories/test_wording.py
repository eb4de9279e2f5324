"""Words are the same by the short way, for plain English, and by the long one."""

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader.stories.wording import words


def by_definition(text: str) -> list[str]:
    """Return runs of letters and digits without accents, decimals as one word."""
    text = unicodedata.normalize("NFKD", text)
    text = unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", text))
    return re.findall(r"[^\W_]+(?:[.,]\d+)*", re.sub(r"['’]s\b", "", text.lower()))


@settings(max_examples=300)
@given(st.text("asZ09.,'_- \t\x1f!’…‘“”–—\xa0é\u0301", max_size=14))
def test_words_of_any_text_are_those_of_the_definition(text: str) -> None:
    assert words(text) == by_definition(text)


def test_words_of_a_headline() -> None:
    assert words("Apple’s “new” M3.5 chip… isn't 1,000× faster_yet") == (
        ["apple", "new", "m3.5", "chip", "isn", "t", "1,000", "faster", "yet"]
    )
