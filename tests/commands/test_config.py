"""``news-tui config``: each setting with its value and where it comes from, and the mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import Home
from tui_reader.config.registry import SETTINGS


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def write(home: Home, text: str) -> Path:
    file = home.folder / ".config" / "news-tui" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_every_setting_is_listed_with_value_default_and_origin(home: Home) -> None:
    write(
        home, '# mine\nbrowser = "lynx"\n[text]\nmeasure = 60\n[keys]\nopen_browser = "o,b"\n"sources.remove" = "D"\n'
    )
    lines = home.lines("config")
    assert {line.split()[0] for line in lines} >= {setting.label for setting in SETTINGS if setting.name}
    rows = {line.split()[0]: line.split()[1:] for line in lines}
    assert rows["browser"] == ['"lynx"', '""', "config.toml:2"]
    assert rows["text.measure"] == ["60", "80", "config.toml:4"]
    assert rows["keys.open_browser"] == ['"o,b"', "config.toml:6"]
    assert rows["keys.sources.remove"] == ['"D"', "config.toml:7"]
    assert rows["refresh.every"] == ["30", "30", "default"]
    assert len({line.index(rows[line.split()[0]][-1]) for line in lines}) == 1  # aligned


def test_what_overrides_the_file_is_named(home: Home) -> None:
    write(home, 'theme = "nord"\npictures = "kitty"\n')
    state = home.folder / ".local" / "state" / "news-tui"
    state.mkdir(parents=True)
    state.joinpath("view.json").write_text(
        '{"sort": "heat", "window": "all", "folded": false, "theme": "gruvbox", "lines": 2}'
    )
    done = home.run("config", "--json", variables={"BROWSER": "w3m", "NO_COLOR": "1"})
    rows = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    found = {name: (rows[name]["value"], rows[name]["from"]) for name in ("theme", "browser", "pictures", "list.lines")}
    assert found == {
        "theme": ("gruvbox", "chosen in the reader (C)"),
        "browser": ("w3m", "$BROWSER"),
        "pictures": ("off", "$NO_COLOR"),
        "list.lines": (2, "chosen in the reader (d)"),
    }
    assert set(rows["theme"]) == {"name", "value", "default", "from", "allowed", "about", "problem"}


def test_all_mistakes_are_told_at_once_with_their_lines(home: Home) -> None:
    file = write(
        home,
        'theme = "nrod"\nbrwoser = "x"\n[keys]\nopen_brwser = "o"\ndown = "j"\nup = "j"\n'
        '[keys.sources]\nremov = "D"\n[keys.sorces]\nadd = "x"\n[refresh]\nevery = 0\n',
    )
    done = home.run("config")
    assert done.returncode == 1
    assert sorted(line.removeprefix(f"news-tui: {file}:") for line in done.stderr.splitlines()) == [
        "10: there is no window ‘sorces’: did you mean ‘sources’?",
        "12: every in [refresh] must be a whole number from 1 to 10,080, not 0",
        "1: there is no theme ‘nrod’: did you mean ‘nord’?",
        "2: unknown setting ‘brwoser’: did you mean ‘browser’?",
        "4: there is no command ‘open_brwser’: did you mean ‘open_browser’?",
        "6: the key 'j' is given to down and to up",
        "8: the window ‘sources’ has no command ‘remov’: did you mean ‘remove’?",
    ]
    # The rest is listed all the same, and what is wrong is marked.
    rows = {line.split()[0]: line.split("  ")[-1].strip() for line in done.stdout.splitlines()}
    assert rows["refresh.every"] == "default; config.toml:12 is wrong"
    assert rows["theme"] == "default; config.toml:1 is wrong"
    assert rows["keys.down"] == "config.toml:5"
    assert {name: where for name, where in rows.items() if name not in {setting.label for setting in SETTINGS}} == {
        "keys.down": "config.toml:5",
        "brwoser": "config.toml:2 is wrong",
        "keys.open_brwser": "config.toml:4 is wrong",
        "keys.up": "config.toml:6 is wrong",
        "keys.sources.remov": "config.toml:8 is wrong",
        "keys.sorces.add": "config.toml:10 is wrong",
    }
    meaning = home.run("config", "keys.up").stdout.splitlines()
    assert meaning[1] == "  the key 'j' is given to down and to up"
    doctor = home.run("doctor")
    assert doctor.returncode == 1
    assert doctor.stdout.count("config.toml") >= 7
    stories = home.run("stories")
    assert stories.returncode == 1
    assert [line.split(": ")[1].rpartition(":")[2] for line in stories.stderr.splitlines()] == ["2", "12"]


def test_a_setting_in_braces_is_from_the_line_of_its_table_and_odd_values_are_shown(home: Home) -> None:
    write(home, 'refresh = {every = 30}\ntheme = 1979-05-27\ntitle = [[1]]\ntext = {measure = "wide"}\n')
    done = home.run("config", "--json")
    rows = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["refresh.every"]["from"] == "config.toml:1"
    assert rows["text.measure"]["from"] == "default; config.toml:4 is wrong"
    assert rows["theme"]["problem"] == "theme must be a name in quotes"
    write(home, "moon = 1979-05-27\nstars = [[1]]\n[sky]\nblue = true\n")
    lines = home.run("config").stdout.splitlines()[-3:]
    assert [line.split()[:2] for line in lines] == [["moon", '"1979-05-27"'], ["stars", '"[…]"'], ["sky", '"{…}"']]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[keys]\ndown = "j,ctrl-n"\n', "2: there is no key ‘ctrl-n’: did you mean ‘ctrl+n’?"),
        ('[hooks]\na = {query = "hea:>3", notify = true}\n', "2: a in [hooks]: there is no field ‘hea:’: did you mean"),
        ('[hooks]\na = "x"\n', '2: a in [hooks] must be a table, such as  {query = "'),
        ("title = News\n", "1: this is not valid TOML: Invalid value (at line 1, column 9): text stands in quotes"),
    ],
)
def test_a_mistake_says_what_is_meant(home: Home, text: str, said: str) -> None:
    file = write(home, text)
    done = home.run("config")
    assert done.returncode == 1
    assert done.stderr.startswith(f"news-tui: {file}:{said}")


def test_settings_are_named_with_their_table_alone_or_by_the_table(home: Home) -> None:
    assert [line.split()[0] for line in home.lines("config", "every")[::2]] == ["refresh.every"]
    assert [line.split()[0] for line in home.lines("config", "keep")[::2]] == ["keep.days", "keep.articles"]
    assert "a whole number from 1 to 36,500" in home.lines("config", "keep.days")[1]
    done = home.run("config", "refresh.evry")
    assert done.stderr == "news-tui: there is no setting ‘refresh.evry’: did you mean ‘refresh.every’?\n"


def test_the_file_is_edited_with_all_settings_as_comments_and_checked(home: Home, tmp_path: Path) -> None:
    path = home.lines("config", "--path")[0]
    editor = tmp_path / "my editor"
    editor.write_text('#!/bin/sh\ncat "$2"; echo \'[text]\' > "$2"; echo \'measur = 60\' >> "$2"\n')
    editor.chmod(0o755)
    done = home.run("config", "--edit", variables={"EDITOR": f"'{editor}' -w"})
    assert "# every = 30  # minutes: between two refreshes" in done.stdout
    assert done.returncode == 1
    assert done.stderr == f"news-tui: {path}:2: unknown setting ‘measur’ in [text]: did you mean ‘measure’?\n"
    assert "no program 'missing-editor'" in home.run("config", "--edit", variables={"VISUAL": "missing-editor"}).stderr
