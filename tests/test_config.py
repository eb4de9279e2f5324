"""Reading ``config.toml``: valid values, and errors that name the file and the setting."""

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
    ("text", "message"),
    [
        ("[quality]\nimages = 1", "[quality] takes lines like  image = 20  for image, amp,"),
        ("[quality]\ntiers = 1", "[quality] takes lines like  image = 20"),
        ("[quality]\nimage = -1", "image in [quality] must be a whole number from 0 to 1,000"),
        ("[quality]\nimage = true", "image in [quality] must be a whole number"),
        ("quality = 3", "[quality] takes lines like"),
        ('[tiers]\n"example.org" = "high"', "example.org in [tiers] must be a whole number"),
        ("tiers = []", '[tiers] takes lines like  "example.org" = 42'),
        ("[hot]\nhalf_life = 0", "half_life in [hot] must be a whole number from 1"),
        ("[refresh]\nevery = true", "every in [refresh] must be a whole number from 1"),
        ("[keep]\ndays = true", "days in [keep] must be a whole number from 1"),
        ('[tiers]\n"example.org" = true', "example.org in [tiers] must be a whole number"),
        ("new_coverage = 1", "new_coverage must be true or false"),
        ("title = true", "title must be a name in quotes"),
        ("[keep]\nweeks = 1", "[keep] takes lines like  days = 30  for days, articles"),
        ("colour = 1", "unknown setting 'colour'"),
        ("theme = [", "is not valid TOML"),
    ],
)
def test_an_invalid_setting_is_an_error_that_names_it(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(UsageError) as caught:
        load_settings(file)
    assert str(file) in str(caught.value)
    assert message in str(caught.value)


def test_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    with pytest.raises(UsageError, match=r"config cannot be read: Is a directory$"):
        load_settings(tmp_path / "config")
    (tmp_path / "bytes").write_bytes(b'theme = "\xff"')
    with pytest.raises(UsageError, match=r"bytes cannot be read: byte 10 is not UTF-8$"):
        load_settings(tmp_path / "bytes")
