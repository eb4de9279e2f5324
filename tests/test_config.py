"""The settings: what is sound is taken, and what is not is said with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_reader.config import load_settings
from tui_reader.errors import UsageError
from tui_reader.model.weights import Weights


def test_weights_and_tiers(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[quality]\nimage = 0\nrelated = 10\n[tiers]\n"WWW.Example.org" = 52\n')
    assert load_settings(file).weights == Weights(image=0, related=10, tiers={"example.org": 52})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[quality]\nimages = 1", "[quality] has lines like  image = 20  and knows image, amp,"),
        ("[quality]\ntiers = 1", "[quality] has lines like  image = 20"),
        ("[quality]\nimage = -1", "image in [quality] must be a whole number from 0 to 1,000"),
        ("[quality]\nimage = true", "image in [quality] must be a whole number"),
        ("quality = 3", "[quality] has lines like"),
        ('[tiers]\n"example.org" = "high"', "example.org in [tiers] must be a whole number"),
        ("tiers = []", '[tiers] must hold lines like  "example.org" = 42'),
        ("[hot]\nhalf_life = 0", "half_life in [hot] must be a whole number from 1"),
        ("[keep]\nweeks = 1", "[keep] has lines like  days = 30  and knows days, articles"),
        ("colour = 1", "there is no setting 'colour'"),
        ("theme = [", "is not valid TOML"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(UsageError) as caught:
        load_settings(file)
    assert str(file) in str(caught.value)
    assert says in str(caught.value)


def test_what_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    with pytest.raises(UsageError, match=r"config cannot be read: Is a directory$"):
        load_settings(tmp_path / "config")
    (tmp_path / "bytes").write_bytes(b'theme = "\xff"')
    with pytest.raises(UsageError, match=r"bytes cannot be read: byte 10 is not UTF-8$"):
        load_settings(tmp_path / "bytes")
