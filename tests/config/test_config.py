"""Reading ``config.toml``: valid values, and errors that name the file and the setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_reader.config import Folders, Settings, View, load_settings, load_view, read_settings, save_view
from tui_reader.config.registry import SETTINGS
from tui_reader.errors import UsageError
from tui_reader.model.weights import Weights


def test_weights_and_tiers(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[quality]\nimage = 0\nrelated = 10\n[tiers]\n"WWW.Example.org" = 52\n')
    assert load_settings(file).weights == Weights(image=0, related=10, tiers={"example.org": 52})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[quality]\nimages = 1", "config.toml:2: unknown setting ‘images’ in [quality]: did you mean ‘image’?"),
        ("[quality]\ntiers = 1", "unknown setting ‘tiers’ in [quality]"),
        ("[quality]\nimage = -1", "config.toml:2: image in [quality] must be a whole number from 0 to 1,000, not -1"),
        ("[quality]\nimage = true", "image in [quality] must be a whole number"),
        ("quality = 3", "config.toml:1: quality must be a table: begin it with a line [quality]"),
        ('[tiers]\n"example.org" = "high"', "example.org in [tiers] must be a whole number"),
        ("tiers = []", "tiers must be a table"),
        ("[hot]\nhalf_life = 0", "half_life in [hot] must be a whole number from 1"),
        ("[refresh]\nevery = true", "every in [refresh] must be a whole number from 1"),
        ("[keep]\ndays = true", "days in [keep] must be a whole number from 1"),
        ("[text]\nmeasure = 19", "measure in [text] must be a whole number from 20 to 400"),
        ('[tiers]\n"example.org" = true', "example.org in [tiers] must be a whole number"),
        ("new_coverage = 1", "new_coverage must be true or false"),
        ("title = true", "title must be a name in quotes"),
        ("\n# x\nbrwoser = 1", "config.toml:3: unknown setting ‘brwoser’: did you mean ‘browser’?"),
        ("[refrsh]\nevery = 1", "config.toml:1: unknown table [refrsh]: did you mean [refresh]?"),
        ("measure = 60", "unknown setting ‘measure’: it belongs below a line [text]"),
        ("[hot]\ntheme = 'x'", "config.toml:2: unknown setting ‘theme’ in [hot]: it belongs above the first table"),
        ("pictures = 'kity'", ', "off": did you mean ‘kitty’?'),
        ("[keys]\ndown = 3", "config.toml:2: down in [keys] must be keys in quotes"),
        ("[tiers]\nexample.org = 3", "config.toml:2: example in [tiers] must be a whole number from 0 to 1,000; put a"),
        ("[keep]\nweeks = 1", "unknown setting ‘weeks’ in [keep]: it takes days, articles"),
        ("colour = 1", "unknown setting ‘colour’: ‘news-tui config’ lists them all"),
        ("\n\ntheme = [", "config.toml:3: this is not valid TOML"),
    ],
)
def test_an_invalid_setting_is_an_error_that_names_it(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(UsageError) as caught:
        load_settings(file)
    assert str(file) in str(caught.value)
    assert message in str(caught.value)


def test_all_mistakes_are_told_and_the_rest_counts(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        'titel = "x"\ntheme = "nord"\n[text]\nmeasure = 1\n[list]\nlines = 2\n[keys]\nsort = 1\nopen = "o"\n'
    )
    found = read_settings(file)
    assert [mistake.line for mistake in found.mistakes] == [1, 4, 8]
    assert found.settings == Settings(theme="nord", lines=2, keys={"open": "o"})
    with pytest.raises(UsageError) as caught:
        load_settings(file)
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [f"{file}:{line}" for line in (1, 4, 8)]


def test_the_registry_has_each_setting_once_and_its_default() -> None:
    fields = [setting.field for setting in SETTINGS]
    weights = [f"weights.{field}" for field in Weights._fields]
    assert sorted(fields) == sorted([*(set(Settings._fields) - {"weights"}), *weights])
    for setting in SETTINGS:
        usual = setting.value(Settings())
        assert setting.kind.read(usual) is not None if setting.name else usual == {}


def test_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    with pytest.raises(UsageError, match=r"config cannot be read: Is a directory$"):
        load_settings(tmp_path / "config")
    (tmp_path / "bytes").write_bytes(b'theme = "\xff"')
    with pytest.raises(UsageError, match=r"bytes cannot be read: byte 10 is not UTF-8$"):
        load_settings(tmp_path / "bytes")


WHOLE = """
title = "Mine"
theme = "gruvbox"
browser = "pages --new  %s"
new_coverage = false
[keys]
open_browser = "o,b"
[sidebar]
read_feeds = "hide"
[refresh]
every = 5
[keep]
days = 7
articles = 100
[hot]
half_life = 2
[limits]
feed_mb = 3
archive_mb = 4
"""


def test_every_setting_is_read_in_its_unit(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    assert load_settings(file) == Settings()
    file.write_text(WHOLE)
    assert load_settings(file) == Settings(
        title="Mine",
        theme="gruvbox",
        browser=("pages", "--new", "%s"),
        new_coverage=False,
        keys={"open_browser": "o,b"},
        read_feeds="hide",
        refresh_every=300,
        keep_days=7,
        keep_articles=100,
        half_life=7200,
        feed_mb=3,
        archive_mb=4,
    )
    file.write_text('browser = ["two words", "-x"]')
    assert load_settings(file).browser == ("two words", "-x")


@pytest.mark.parametrize(
    ("table", "name", "most"),
    [
        ("refresh", "every", 10_080),
        ("keep", "days", 36_500),
        ("keep", "articles", 1_000_000),
        ("hot", "half_life", 8760),
        ("limits", "feed_mb", 1024),
        ("limits", "archive_mb", 65_536),
        ("quality", "image", 1000),
    ],
)
def test_the_largest_value_is_accepted_and_a_larger_one_is_not(
    tmp_path: Path, table: str, name: str, most: int
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[{table}]\n{name} = {most}\n")
    load_settings(file)
    file.write_text(f"[{table}]\n{name} = {most + 1}\n")
    with pytest.raises(UsageError, match=f"{name} in .{table}. must be a whole number"):
        load_settings(file)


def test_each_set_of_sources_has_an_index_of_its_own(tmp_path: Path) -> None:
    here = Folders(*(tmp_path / name for name in ("config", "data", "cache", "state")))
    sets = [["/a/news"], ["/b/news"], ["/a/news", "/b/news"], ["/b/news", "/a/news"]]
    paths = [here.database(locations, kept=False) for locations in sets]
    assert len({*paths, here.database(["/a/news"], kept=True)}) == 5
    assert all(path.name.startswith("opened-news-") for path in paths)
    assert here.database(["/a/news"], kept=True) == here.database(["/b/news"], kept=True)


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "view.json").mkdir()
    with pytest.raises(OSError, match="view"):
        save_view(tmp_path / "view.json", View())
    assert [path.name for path in tmp_path.iterdir()] == ["view.json"]
    save_view(tmp_path / "deep" / "view.json", View(theme="x"))
    assert load_view(tmp_path / "deep" / "view.json") == View(theme="x")
