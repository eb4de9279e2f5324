"""Test what is installed and packaged: dependency ranges, pinned versions."""

from __future__ import annotations

import itertools
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = ("3.11.0", "3.11.7", "3.12.1", "3.13.0", "3.14.0")


def named_requirements() -> list[Requirement]:
    """Every requirement in ``pyproject.toml``: runtime, development and build."""
    project = PROJECT["project"]
    groups = (project["dependencies"], project["optional-dependencies"]["dev"], PROJECT["build-system"]["requires"])
    return [Requirement(line) for line in itertools.chain(*groups)]


def pins(python: str) -> dict[str, str]:
    """The version that ``constraints.txt`` sets for each distribution on one version of Python."""
    environment = {str(name): str(value) for name, value in default_environment().items()}
    environment |= {"python_full_version": python, "python_version": python.rpartition(".")[0]}
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
    for requirement in named_requirements():
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} has no version in constraints.txt"
        assert requirement.specifier.contains(version), f"{requirement.name} {version} is outside {requirement}"


def test_everything_installed_for_development_is_pinned() -> None:
    """Follow the requirements of the installed distributions down to the last one."""
    pinned = pins(".".join(map(str, sys.version_info[:3])))
    waiting, seen = named_requirements(), set[tuple[str, frozenset[str]]]()
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


def test_the_tests_have_the_build_requirements() -> None:
    development = {str(Requirement(line)) for line in PROJECT["project"]["optional-dependencies"]["dev"]}
    for line in PROJECT["build-system"]["requires"]:
        assert str(Requirement(line)) in development
