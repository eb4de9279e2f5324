"""Holds the README and the pictures against the program, and writes what is generated in it.

``python -m tests.test_docs`` puts the tables of keys, commands and options and
the list of files into README.md as the program has them now.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest

from tui_reader.cli import HELP, main
from tui_reader.config import load_settings
from tui_reader.model.urls import MAX_URL_LENGTH
from tui_reader.sources.files.archive import MAX_ARCHIVE_BYTES, MAX_MEMBERS
from tui_reader.sources.files.front_matter import parse_article
from tui_reader.sources.files.layout import MAX_FILE_BYTES
from tui_reader.sources.files.plain_yaml import MAX_DEPTH
from tui_reader.storage.connection import BUSY_SECONDS
from tui_reader.ui.keymap import Keymap

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PACKAGE = ROOT / "tui_reader"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

_GLANCE = re.compile(r"^  (news-tui(?: \S+)*?) {2,}(\S.*)$")
_OPTION = re.compile(r"^  (-\S.*?)(?: \{([^}]*)\})?(?: {2,}|\n {10,})(\S.*)$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
_REFRESH = "run ‘python -m tests.test_docs’"


def readme() -> str:
    return README.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The code blocks of the README in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", readme(), re.MULTILINE | re.DOTALL)


# -- what is generated --------------------------------------------------------


def key_table() -> str:
    """Every command of the keymap: group, keys, what it does, its name in the settings."""
    keymap = Keymap()
    lines = ["| | keys | what it does | name |", "|---|---|---|---|"]
    group = ""
    for command in keymap.commands:
        heading = f"**{command.group}**" if command.group != group else ""
        group = command.group
        keys = " ".join(f"`{label}`" for label in keymap.labels(command.id).split())
        lines.append(f"| {heading} | {keys} | {command.help} | `{command.id}` |")
    return "\n".join(lines)


def usages() -> list[tuple[str, str]]:
    """The commands of ``news-tui --help`` with what they do: its first paragraph of commands."""
    found = [_GLANCE.match(line) for line in HELP.split("\n\n")[1].splitlines()]
    return [(match[1], match[2]) for match in found if match]


def command_table() -> str:
    lines = ["| command | what it does |", "|---|---|"]
    return "\n".join(lines + [f"| `{usage}` | {what[0].upper()}{what[1:]} |" for usage, what in usages()])


def subcommands() -> list[str]:
    words = [usage.split()[1] for usage, _ in usages() if " " in usage]
    return [word for word in words if word.isalpha() and word.islower()]


def help_of(command: str) -> str:
    """What ``news-tui COMMAND --help`` prints, not folded to the width of a terminal."""
    printed = io.StringIO()
    with mock.patch.dict(os.environ, {"COLUMNS": "400"}), contextlib.redirect_stdout(printed):
        try:
            main([command, "--help"])
        except SystemExit as end:
            assert end.code in {0, None}
    return printed.getvalue()


def option_table() -> str:
    lines = ["| command | option | what it does |", "|---|---|---|"]
    for command in subcommands():
        shown = f"`{command}`"
        for option, choices, what in _OPTION.findall(help_of(command)):
            if not option.startswith("-h"):
                chosen = " ".join(f"`{choice}`" for choice in choices.split(",") if choice)
                lines.append(f"| {shown} | `{option}` | {chosen}{': ' if chosen else ''}{what} |")
                shown = ""
    return "\n".join(lines)


def _summary(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    line = text.partition("\n")[0].rstrip(".")
    return re.sub(r":\w+:`(\w+)`", r"\1", line).replace("``", "")


def file_list() -> str:
    """Every module with the first line of its docstring, folders after files."""
    lines = ["tui_reader/"]

    def add(folder: Path, indent: str) -> None:
        modules = sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")
        lines.extend(f"{indent}{path.name:<20} {_summary(path)}" for path in modules)
        for inside in sorted(path.parent for path in folder.glob("*/__init__.py")):
            lines.append(f"{indent}{inside.name + '/':<20} {_summary(inside / '__init__.py')}")
            add(inside, indent + "  ")

    add(PACKAGE, "  ")
    return "\n".join(["```text", *lines, "```"])


GENERATED: dict[str, Callable[[], str]] = {
    "keys": key_table,
    "commands": command_table,
    "options": option_table,
    "files": file_list,
}


def _part(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=<!-- {name} -->\n)(.*?)(?=<!-- end of {name} -->)", re.DOTALL)


def refresh() -> None:
    """Write every generated part of the README anew."""
    text = readme()
    for name, generate in GENERATED.items():
        part = f"\n{generate()}\n\n"
        text = _part(name).sub(lambda _, part=part: part, text)  # type: ignore[misc]
    README.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", GENERATED)
def test_the_readme_says_what_the_program_says(name: str) -> None:
    found = _part(name).search(readme())
    assert found is not None, f"README.md has lost its mark <!-- {name} -->"
    assert found[0] == f"\n{GENERATED[name]()}\n\n", _REFRESH


# -- the first minute ---------------------------------------------------------


@pytest.mark.parametrize(
    ("mark", "what", "does"),
    [("run command", ".", ".venv/bin/news-tui"), ("test command", "--editable '.[dev]'", ".venv/bin/python -m tests")],
)
def test_each_command_installs_the_exact_versions_and_runs(mark: str, what: str, does: str) -> None:
    found = re.findall(rf"<!-- {mark} -->\n```\w*\n([^\n]+)\n```\n", readme())
    assert len(found) == 1
    exact = "PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt"
    assert found[0] == f"python3 -m venv .venv && {exact} .venv/bin/pip install {what} && {does}"


def test_the_picture_stands_at_the_top_and_every_picture_is_there() -> None:
    named = _IMAGE.findall(readme())
    assert named[0] == "screenshots/front-page.svg"
    assert readme().index(named[0]) < readme().index("run command")
    for name in named:
        assert (ROOT / name).is_file(), name


def test_every_link_inside_the_readme_leads_somewhere() -> None:
    text = readme()
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in headings, target
        elif "://" not in target:
            assert (ROOT / target).exists(), target


# -- what the README promises ---------------------------------------------------


def test_the_settings_shown_are_sound(tmp_path: Path) -> None:
    (example,) = blocks("toml")
    file = tmp_path / "config.toml"
    file.write_text(example, encoding="utf-8")
    settings = load_settings(file)
    assert settings.browser
    assert settings.theme in {"news-dark", "news-light"}
    keymap = Keymap(settings.keys)
    assert keymap.label("open_browser") == "o"


def test_the_article_shown_is_one() -> None:
    (example,) = blocks("markdown")
    parsed = parse_article(example.encode(), "2025-01-02-hello.md")
    assert parsed.article.title
    assert parsed.article.body
    assert parsed.article.notes == ()
    assert len(parsed.entries) == 1


def test_the_keys_of_a_story_for_programs_are_all_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert main(["stories", "--json", "--limit", "1"]) == 0
    story = json.loads(capsys.readouterr().out)
    assert main(["topics", "--json"]) == 0
    topic = json.loads(capsys.readouterr().out.splitlines()[0])
    text = readme()
    section = text[text.index("## For programs") :]
    section = section[: section.index("\n## ", 4)]
    told = {word for code in re.findall(r"`([^`\n]+)`", section) for word in re.findall(r"\w+", code)}
    keys = {*story, *story["provider"], *story["related"][0], *topic}
    assert keys <= told, keys - told


@pytest.mark.parametrize(
    "text",
    [
        f"{MAX_FILE_BYTES // 1024**2} MB",
        f"{MAX_ARCHIVE_BYTES // 1024**3} GB",
        f"{MAX_MEMBERS:,} members",
        f"{MAX_DEPTH} levels",
        f"{MAX_URL_LENGTH:,} characters",
        f"{BUSY_SECONDS:.0f} seconds",
    ],
)
def test_the_limits_told_are_those_in_force(text: str) -> None:
    assert text in readme()


# -- how it is built ------------------------------------------------------------


def test_the_layers_told_are_those_that_are_checked() -> None:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    names = [layer.replace("tui_reader.", "").replace(" | ", ", ") for layer in layers]
    assert " → ".join(name for name in names if name != "__main__") in readme()


def test_what_is_named_in_the_house_is_there() -> None:
    text = readme()
    section = text[text.index("## How it is built") :]
    section = section[: section.index("\n## ", 4)]
    named = {code for code in re.findall(r"`([\w./-]+)`", section) if "/" in code or code.endswith((".py", ".tcss"))}
    assert named
    for name in sorted(named):
        assert (ROOT / name).exists() or (PACKAGE / name).exists(), name


def test_every_dependency_has_its_reason() -> None:
    needed = {re.split(r"[^\w-]", line)[0].lower() for line in PROJECT["project"]["dependencies"]}
    text = readme()
    section = text[text.index("### What it needs") :]
    section = section[: section.index("\n#", 4)]
    rows = re.findall(r"^\| \[([\w-]+)\]\([^)]+\) \| (.+?) \|", section, re.MULTILINE)
    assert {name.lower() for name, _ in rows} == needed
    assert all(len(reason) > 20 for _, reason in rows)


# -- the pictures -----------------------------------------------------------------


def words_of(svg: Path) -> list[str]:
    """The text of a picture, line by line as it stands there; colours and shapes aside."""
    lines: dict[float, list[str]] = {}
    for element in ET.parse(svg).iter("{http://www.w3.org/2000/svg}text"):
        lines.setdefault(float(element.get("y", "0")), []).append("".join(element.itertext()))
    return ["".join(lines[y]).replace("\xa0", " ").rstrip() for y in sorted(lines)]


def test_the_pictures_show_the_program_as_it_is(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "screenshots" / "make.py", tmp_path],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    pictures = {path.name for path in tmp_path.iterdir()}
    assert pictures == {path.name for path in (ROOT / "screenshots").glob("*.svg")}
    for name in sorted(pictures):
        now, kept = words_of(tmp_path / name), words_of(ROOT / "screenshots" / name)
        assert kept == now, f"{name} is out of date: run ‘python screenshots/make.py’"


# -- nothing of one machine ----------------------------------------------------------


def texts() -> Iterator[Path]:
    """Every text of the project, wherever it is kept."""
    yield from (path for path in ROOT.iterdir() if path.suffix in {".md", ".toml"} or path.name == ".gitignore")
    for folder in ("tui_reader", "tests", "screenshots", ".ci"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def test_no_place_of_this_machine_is_named_anywhere() -> None:
    places = {str(ROOT), str(Path.home()), sys.prefix, "/" + "work", "/" + "root"} - {"/"}
    pattern = re.compile(r"(?<![\w.~/:-])(?:" + "|".join(map(re.escape, sorted(places))) + r")/")
    for path in texts():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found = pattern.search(text)
        assert found is None, f"{path.relative_to(ROOT)} names {found[0] if found else ''}"


if __name__ == "__main__":
    refresh()
