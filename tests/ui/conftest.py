"""A home of its own for every test of the screen, and a browser that writes down what it was given."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet

from tests.support.forking import Forked
from tests.ui.browser import Browser
from tests.ui.pages import write_town


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's empty home, with no browser and no desktop."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, folder in {
        "CONFIG": ".config",
        "DATA": ".local/share",
        "CACHE": ".cache",
        "STATE": ".local/state",
    }.items():
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    for name in (
        "BROWSER",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "WSL_DISTRO_NAME",
        "TMUX",
        "STY",
        "SSH_CONNECTION",
        "SSH_TTY",
        "SSH_CLIENT",
        "NO_COLOR",
        "FORCE_COLOR",
        "COLUMNS",
        "LINES",
        "PYTHONDONTWRITEBYTECODE",  # with these, no process would be forked
        "PYTHONUNBUFFERED",
    ):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(autouse=True)
def forked_indexer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork the indexer of a reader in this process; where it runs in a terminal, it starts its own as ever."""

    def start(command: list[str], **options: Any) -> Forked:
        words = command[command.index("tui_reader") + 1 :]
        return Forked(words, command, **options)

    stand_in = SimpleNamespace(Popen=start, PIPE=subprocess.PIPE, DEVNULL=subprocess.DEVNULL)
    monkeypatch.setattr("tui_reader.ui.worker_process.subprocess", stand_in)


@pytest.fixture(autouse=True)
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the extra for pictures uninstalled: those of the tests' stories are at addresses of nobody."""
    monkeypatch.setattr("tui_reader.ui.picture_terminal.find_spec", lambda name: None)


@pytest.fixture(autouse=True)
def unwatchful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the reader not look for what others wrote: on a slow machine it would in the middle of a test."""
    monkeypatch.setattr("tui_reader.ui.controllers.updates._WATCH_SECONDS", 10_000.0)


@pytest.fixture
def watchful(unwatchful: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the reader look for what others wrote many times a second."""
    monkeypatch.setattr("tui_reader.ui.controllers.updates._WATCH_SECONDS", 0.05)


@pytest.fixture(scope="session")
def written_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a town's front page, to copy from."""
    site = tmp_path_factory.mktemp("written") / "town"
    write_town(site)
    return site


@pytest.fixture
def town(tmp_path_factory: pytest.TempPathFactory, written_town: Path) -> Path:
    """The site of a town's front page: always at the same place, so that one index of it serves all tests."""
    place = tmp_path_factory.getbasetemp() / "towns"
    shutil.rmtree(place, ignore_errors=True)
    return shutil.copytree(written_town, place / "town")


@pytest.fixture(autouse=True, scope="session")
def shared_styles() -> Iterator[None]:
    """Let all readers with the same theme share the rules of their style sheets, which take long to parse."""
    rules: dict[frozenset[tuple[str, str]], dict[Any, Any]] = {}
    make, change = Stylesheet.__init__, Stylesheet.set_variables

    def share(sheet: Stylesheet) -> None:
        kept: Any = rules.setdefault(frozenset(sheet._variables.items()), {})
        sheet._parse_cache = kept

    def make_shared(sheet: Stylesheet, *, variables: dict[str, str] | None = None) -> None:
        make(sheet, variables=variables)
        share(sheet)

    def change_shared(sheet: Stylesheet, variables: dict[str, str]) -> None:
        unshared: Any = {}
        sheet._parse_cache = unshared  # which it clears
        change(sheet, variables)
        share(sheet)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "__init__", make_shared)
        patch.setattr(Stylesheet, "set_variables", change_shared)
        yield


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A browser on the PATH, called ``pages``, and set as ``$BROWSER``."""
    browser = Browser(tmp_path / "bin" / "pages", tmp_path / "opened")
    monkeypatch.setenv("PATH", f"{browser.command.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("BROWSER", browser.command.name)
    return browser


@pytest.fixture
def environ(home: Path) -> dict[str, str]:
    """The environment of a person at a plain terminal."""
    return {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "NEWS_TUI_TEST": str(home)}
