"""What is installed and packaged: versions, metadata, shell completions, contents of the archives."""

from __future__ import annotations

import argparse
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hatch_build import COMPLETIONS, MAN_PAGE
from tests.support.command import Home
from tests.support.command import command as installed
from tui_reader.commands import COMMANDS
from tui_reader.commands.output.completion_script import completion_script
from tui_reader.commands.output.man_page import man_page
from tui_reader.commands.parser import build_parser
from tui_reader.config.registry import SETTINGS
from tui_reader.ui.keymap import COMMANDS as KEYS

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = ("3.11.0", "3.11.7", "3.12.1", "3.13.0", "3.14.0")


# -- versions -------------------------------------------------------------------


def environment_of(python: str) -> dict[str, str]:
    """The values of markers on one version of Python."""
    environment = {str(name): str(value) for name, value in default_environment().items()}
    return environment | {"python_full_version": python, "python_version": python.rpartition(".")[0]}


def named_requirements(python: str) -> list[Requirement]:
    """Every requirement in ``pyproject.toml`` on one version of Python: runtime, development and build."""
    project = PROJECT["project"]
    groups = (project["dependencies"], project["optional-dependencies"]["dev"], PROJECT["build-system"]["requires"])
    found = [Requirement(line) for line in itertools.chain(*groups)]
    return [each for each in found if each.marker is None or each.marker.evaluate(environment_of(python))]


def pins(python: str) -> dict[str, str]:
    """The version that ``constraints.txt`` sets for each distribution on one version of Python."""
    environment = environment_of(python)
    found: dict[str, str] = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        pin = Requirement(line)
        if pin.marker is None or pin.marker.evaluate(environment):
            (only,) = pin.specifier
            assert only.operator == "==", line
            assert canonicalize_name(pin.name) not in found, line
            found[canonicalize_name(pin.name)] = only.version
    return found


@pytest.mark.parametrize("python", PYTHONS)
def test_every_requirement_has_an_exact_version_in_its_range(python: str) -> None:
    pinned = pins(python)
    for requirement in named_requirements(python):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} has no version in constraints.txt"
        assert requirement.specifier.contains(version), f"{requirement.name} {version} is outside {requirement}"


def test_everything_installed_for_development_is_pinned() -> None:
    """Follow the requirements of the installed distributions down to the last one."""
    python = ".".join(map(str, sys.version_info[:3]))
    pinned = pins(python)
    waiting, seen = named_requirements(python), set[tuple[str, frozenset[str]]]()
    while waiting:
        requirement = waiting.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        assert name in pinned, f"{name} is not in constraints.txt: run the command in its head"
        for line in metadata.requires(name) or ():
            further = Requirement(line)
            if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in extras or {""}):
                waiting.append(further)


def test_development_requirements_include_the_build_requirements() -> None:
    development = {str(Requirement(line)) for line in PROJECT["project"]["optional-dependencies"]["dev"]}
    for line in PROJECT["build-system"]["requires"]:
        assert str(Requirement(line)) in development


# -- shell completions -------------------------------------------------------------


@pytest.mark.parametrize("shell", COMPLETIONS)
def test_completions_name_every_command(shell: str) -> None:
    script = completion_script(shell)
    for command, summary in COMMANDS.items():
        assert re.search(rf"\b{command}\b", script)
        assert shell == "bash" or summary.removesuffix(".") in script  # whole, in one line


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["st"], ["stories"]),
        (["stories", "--so"], ["--source", "--sort"]),
        (["stories", "--fold"], ["--folder", "--folded"]),
        (["stories", "--sort", "h"], ["heat", "hot"]),
        (["here", "--off"], ["--offline"]),
        (["index", "./ar"], ["./articles"]),
        (["mark", "un"], ["unread", "unsaved", "untag"]),
        (["export", "--format", "e"], ["epub"]),
        (["config", "keep.d"], ["keep.days"]),
    ],
)
def test_bash_completes(words: list[str], completed: list[str], tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    assert completed_by_bash(words, tmp_path) == completed


def completed_by_bash(words: list[str], folder: Path, **environment: str) -> list[str]:
    """Return what bash offers in ``folder`` for the last of these words."""
    script = completion_script("bash")
    script += '\nCOMP_WORDS=(news-tui "$@"); COMP_CWORD=$#; _shtab_news_tui; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "-c", script, "bash", *words],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_bash_completes_your_own_names(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    program = tmp_path / "news-tui"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(installed())} "$@"\n')
    program.chmod(0o755)
    settings = home.folder / ".config" / "news-tui"
    settings.mkdir(parents=True)
    (settings / "views.toml").write_text(
        '[[view]]\nname = "My $(touch x) view"\nquery = "x"\n[[view]]\nname = "Mine"\nquery = "y"\n'
    )
    home.lines("mark", "tag", "later", "https://xkcd.com/2347/")
    environment = home.environment | {"PATH": f"{tmp_path}:{home.environment['PATH']}"}
    views = ["My\\ \\$\\(touch\\ x\\)\\ view", "Mine"]
    assert completed_by_bash(["stories", "--view", "M"], home.folder, **environment) == views
    assert completed_by_bash(["read", "--view", "'My $"], home.folder, **environment) == ["My $(touch x) view"]
    assert completed_by_bash(["filter", "--tag", "la"], home.folder, **environment) == ["later"]
    assert "Security" in completed_by_bash(["stories", "--topic", ""], home.folder, **environment)
    assert home.lines("completions", "fish")
    assert home.run("completions").returncode == 2


def test_bash_completes_a_source_as_the_first_word() -> None:
    assert "complete -o bashdefault -o default -F" in completion_script("bash")


def test_settings_are_completed() -> None:
    assert all("refresh.every" in completion_script(shell) for shell in COMPLETIONS)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_are_valid_in_their_shell(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    file = tmp_path / shell
    file.write_text(completion_script(shell))
    done = subprocess.run([shell, "-n", file], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# -- the man page -------------------------------------------------------------------


def test_the_man_page_has_every_command_option_setting_and_key() -> None:
    page = man_page().replace("\\-", "-")
    assert all(f".SS {name}" in page for name in COMMANDS)
    for command in COMMANDS:
        (actions,) = (each for each in build_parser()._actions if isinstance(each, argparse._SubParsersAction))
        for action in actions.choices[command]._actions:
            if action.help != argparse.SUPPRESS:
                assert all(option in page for option in action.option_strings)
    assert all(f".B {setting.label}\n" in page for setting in SETTINGS)
    assert all(each.help in page.replace("\\&", "") for each in KEYS)
    assert "sources.remove" in page


def test_the_man_page_is_made_with_the_standard_library_alone() -> None:
    code = (
        "import sys; sys.path[:0] = [sys.argv[1]]; from tui_reader.commands.output.man_page import man_page as m; m()"
    )
    subprocess.run([sys.executable, "-I", "-S", "-c", code, ROOT], check=True)


def test_the_man_page_is_formatted_without_a_warning() -> None:
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-Kutf8", "-ww"], input=man_page(), capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    text = re.sub("\x1b\\[[0-9;]*m", "", done.stdout)
    assert "news-tui refresh" in " ".join(text.split())


# -- the archives ------------------------------------------------------------------


def build(target: str, folder: Path) -> Path:
    """Build a wheel or an sdist with the installed build requirements, so without a network."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", folder],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return zipfile.ZipFile(build("wheel", tmp_path_factory.mktemp("wheel")))


@pytest.fixture(scope="module")
def description(wheel: zipfile.ZipFile) -> Message:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return Parser().parsestr(wheel.read(name).decode())


def test_the_wheel_has_completions_and_types(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    assert "tui_reader/py.typed" in names
    for place in (*COMPLETIONS.values(), MAN_PAGE):
        assert [name for name in names if name.endswith(f".data/data/{place}")]
    assert not [name for name in names if name.startswith(("tests/", "docs/"))]


def test_the_package_page_has_absolute_links(description: Message) -> None:
    text = str(description.get_payload())
    repository = "news-tui/news-tui"
    assert f"](https://raw.githubusercontent.com/{repository}/main/screenshots/front-page.svg)" in text
    assert f"](https://github.com/{repository}/blob/main/CONTRIBUTING.md)" in text
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        assert target.startswith(("https://", "#")), target


def test_the_metadata_has_addresses_and_the_tested_pythons(description: Message) -> None:
    addresses = [str(line).partition(", ")[2] for line in description.get_all("Project-URL", [])]
    assert len(addresses) == 4
    assert all(address.startswith("https://github.com/news-tui/news-tui") for address in addresses)
    classifiers = description.get_all("Classifier", [])
    assert {"3.11", "3.12", "3.13"} <= {str(line).rpartition(" :: ")[2] for line in classifiers}


def test_source_archive_has_everything_the_checks_need(tmp_path: Path) -> None:
    with tarfile.open(build("sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    folders = (ROOT / name for name in ("tui_reader", "tests", "docs", "screenshots", ".ci"))
    needed = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    needed += [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE")]
    needed += [ROOT / name for name in ("constraints.txt", "hatch_build.py", "pyproject.toml")]
    missing = {str(path.relative_to(ROOT)) for path in needed if "__pycache__" not in path.parts} - names
    assert not missing
