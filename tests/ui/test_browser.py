"""Find a browser and start it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_reader.errors import NewsError
from tui_reader.ui.browser import NoBrowser, find_browser, needs_terminal, open_page, with_address

URL = "https://example.org/a?b=c"


def commands(folder: Path, *names: str) -> dict[str, str]:
    """Create commands and return an environment whose PATH has only them."""
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder)}


def test_settings_take_precedence(tmp_path: Path) -> None:
    environ = commands(tmp_path, "mine", "theirs", "xdg-open") | {"BROWSER": "theirs", "DISPLAY": ":0"}
    assert find_browser(["mine", "--tab"], environ) == ["mine", "--tab"]
    assert find_browser([], environ) == ["theirs"]


def test_a_missing_browser_in_the_settings_is_named(tmp_path: Path) -> None:
    environ = commands(tmp_path, "theirs") | {"BROWSER": "theirs"}
    with pytest.raises(NoBrowser, match="'mine'"):
        find_browser(["mine"], environ)


@pytest.mark.parametrize(
    ("browser", "found"),
    [
        ("one", ["one"]),
        ("missing:one:two", ["one"]),
        (":two", ["two"]),
        ("two --new %s:one", ["two", "--new", "%s"]),
        ("'one' 'a b'", ["one", "a b"]),
        ("'unclosed:two", ["two"]),
    ],
)
def test_browser_variable_may_list_several_commands(tmp_path: Path, browser: str, found: list[str]) -> None:
    assert find_browser([], commands(tmp_path, "one", "two") | {"BROWSER": browser}) == found


def test_a_missing_browser_in_the_environment_is_named(tmp_path: Path) -> None:
    environ = commands(tmp_path, "xdg-open") | {"BROWSER": "missing:gone", "DISPLAY": ":0"}
    with pytest.raises(NoBrowser, match="missing:gone"):
        find_browser([], environ)


@pytest.mark.parametrize("screen", ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"])
@pytest.mark.parametrize(
    ("present", "found"),
    [(["xdg-open", "firefox"], ["xdg-open"]), (["gio"], ["gio", "open"]), (["firefox"], ["firefox"])],
)
def test_desktop_openers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, screen: str, present: list[str], found: list[str]
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert find_browser([], commands(tmp_path, *present) | {screen: "0"}) == found


def test_no_browser_without_a_desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for environ in (commands(tmp_path, "xdg-open", "firefox"), commands(tmp_path / "empty") | {"DISPLAY": ":0"}):
        with pytest.raises(NoBrowser, match="BROWSER"):
            find_browser([], environ)


def test_macos_uses_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert find_browser([], {"PATH": ""}) == ["open"]


@pytest.mark.parametrize(("command", "needed"), [("lynx", True), ("/usr/bin/w3m", True), ("firefox", False)])
def test_text_browsers_need_the_terminal(command: str, needed: bool) -> None:
    assert needs_terminal([command, "--opt"]) is needed


@pytest.mark.parametrize(
    ("command", "whole"),
    [
        (["b"], ["b", URL]),
        (["b", "-x"], ["b", "-x", URL]),
        (["b", "%s", "-x"], ["b", URL, "-x"]),
        (["b", "--url=%s"], ["b", f"--url={URL}"]),
        (["b", "--url=%s", "-x", "<%s|%s>"], ["b", f"--url={URL}", "-x", f"<{URL}|{URL}>"]),
        (["b", "--zoom=50%%"], ["b", "--zoom=50%", URL]),
        (["b", "%%s"], ["b", "%s", URL]),
        (["b", "%%%s", "%d"], ["b", f"%{URL}", "%d"]),
        (["%s"], ["%s", URL]),
    ],
)
def test_the_url_is_one_argument(command: list[str], whole: list[str]) -> None:
    assert with_address(command, URL) == whole


@pytest.mark.parametrize(
    "url",
    ["", "-x", "--new-window", "javascript:alert(1)", "file:///etc/passwd", f" {URL}", f"{URL} -x", f"{URL}\n",
     f"{URL}\x1b", "https://-x/", "HTTPS://", "about:blank", f"view-source:{URL}", "https://example.org/\u202e"],
)  # fmt: skip
def test_unsafe_urls_are_refused(url: str) -> None:
    for command in (["b"], ["b", "%s"]):
        with pytest.raises(NewsError):
            with_address(command, url)
        with pytest.raises(NewsError):
            open_page(command, url)


def test_a_command_that_cannot_be_started(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/no/such/interpreter\n")
    broken.chmod(0o755)
    with pytest.raises(NewsError, match="broken cannot be started"):
        open_page([str(broken)], URL)


@pytest.mark.parametrize("url", ["https://example.org/%s?a=%%", "https://example.org/$(x);&'*"])
def test_what_a_url_contains_is_not_replaced_again(url: str) -> None:
    assert with_address(["b", "--url=%s"], url) == ["b", f"--url={url}"]


def test_safe_urls_are_passed_unchanged() -> None:
    for url in (URL, "http://example.org", "https://例え.jp/路", "HTTPS://EXAMPLE.ORG/?a=%20&b=(c)*!'#d"):
        assert with_address(["b"], url) == ["b", url]
