"""Copy links and stories: with fake programs of every desktop, in a real tmux, over ssh, and where nothing works."""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ui.browser import Browser
from tests.ui.pages import BRIDGE, ENGINEERS, FERRY, address
from tests.ui.reader import reading, write_settings
from tests.ui.terminal import command, installed, terminal
from tui_reader.ui import browser as browsers
from tui_reader.ui import clipboard

LINK = "https://example.org/the-bridge-itself"


class Desktop:
    """The programs of a desktop that keep what they are given; nothing else is on the PATH."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        folder.mkdir()
        monkeypatch.setenv("PATH", str(folder))

    def install(self, name: str, then: str = "exit 0") -> None:
        """Install a program that writes its arguments and its input down, and does what ``then`` says."""
        script = self._folder / name
        cat = shutil.which("cat", path=os.defpath)
        self.write(name, f'{cat} > "{script}.input"\necho "$*" > "{script}.arguments"\n{then}')

    def write(self, name: str, commands: str) -> None:
        """Install a program that runs these commands."""
        script = self._folder / name
        script.write_text(f"#!/bin/sh\n{commands}\n")
        script.chmod(0o755)

    def given(self, name: str) -> tuple[str, bytes] | None:
        """Return the arguments and the input that a program was given last."""
        arguments = self._folder / f"{name}.arguments"
        given = (self._folder / f"{name}.input").read_bytes() if arguments.exists() else b""
        return (arguments.read_text().strip(), given) if arguments.exists() else None


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """A desktop without programs."""
    return Desktop(tmp_path / "programs", monkeypatch)


def is_running(pid: Path) -> bool:
    """Whether the process whose number a file has is there."""
    return Path("/proc", pid.read_text().strip()).exists()


class Clipboard:
    """Copies a link as the reader does, and has what the terminal was sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def copy(self, text: str = LINK) -> str:
        """Copy ``text`` and return the message."""
        outcome = await clipboard.copy(text, os.environ, self.sent.append)
        return outcome.about(text)


@pytest.mark.parametrize(
    ("variable", "value", "name", "arguments", "encoding"),
    [
        ("WAYLAND_DISPLAY", "wayland-0", "wl-copy", "", "utf-8"),
        ("DISPLAY", ":0", "xclip", "-selection clipboard -in", "utf-8"),
        ("DISPLAY", ":0", "xsel", "--clipboard --input", "utf-8"),
        ("WSL_DISTRO_NAME", "Debian", "clip.exe", "", "utf-16-le"),
    ],
)
async def test_the_program_of_the_desktop_gets_the_text(
    desktop: Desktop,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    name: str,
    arguments: str,
    encoding: str,
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv(variable, value)
    desktop.install(name)
    found = Clipboard()
    assert await found.copy() == f"Copied {LINK}"
    assert desktop.given(name) == (arguments, LINK.encode(encoding))
    assert found.sent == [], "nothing is left to the terminal"


async def test_on_macos_pbcopy_takes_the_text_as_utf_8(
    tmp_path: Path, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    desktop.install("pbcopy", f'echo "$LC_CTYPE" > {tmp_path}/ctype')
    assert await Clipboard().copy("https://例え.jp/路") == "Copied https://例え.jp/路"
    assert desktop.given("pbcopy") == ("", "https://例え.jp/路".encode())
    assert (tmp_path / "ctype").read_text() == "UTF-8\n"


@pytest.mark.parametrize("then", ["exit 1", "kill -9 $$", "exec /no/such/program"])
async def test_a_program_that_fails_makes_way_for_the_next_and_for_the_terminal(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("DISPLAY", ":7")
    desktop.install("xclip", then)
    found = Clipboard()
    assert await found.copy() == f"Sent to the terminal's clipboard: {LINK}"
    assert desktop.given("xclip") is not None
    assert found.sent == [LINK]
    desktop.install("xsel")
    assert await found.copy() == f"Copied {LINK}"


@pytest.mark.parametrize("text", ["short", "long" * 100_000])
async def test_a_program_that_hangs_in_a_child_keeps_nobody_waiting(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(clipboard, "_SECONDS", 0.3)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    desktop.write("wl-copy", f"{shutil.which('sleep', path=os.defpath)} 10\nexit 0")
    async with asyncio.timeout(5):
        assert not (await clipboard.copy(text, os.environ | {"TERM": "dumb"}, print)).worked


async def test_a_program_that_hangs_is_ended(desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(clipboard, "_SECONDS", 0.3)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    sleep = shutil.which("sleep", path=os.defpath)
    desktop.install("wl-copy", f"echo $$ > {tmp_path}/pid; exec {sleep} 600")
    assert await Clipboard().copy() == f"Sent to the terminal's clipboard: {LINK}"
    if (tmp_path / "pid").exists():  # a slow machine has not even begun to run it
        assert not is_running(tmp_path / "pid")


async def test_over_ssh_the_clipboard_of_the_other_machine_is_left_alone(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DISPLAY", ":0")
    for name in ("wl-copy", "xclip"):
        desktop.install(name)
    assert await Clipboard().copy() == f"Sent to the terminal's clipboard: {LINK}"
    assert desktop.given("wl-copy") is desktop.given("xclip") is None
    # ssh -X: windows, and so their clipboard, are where the person sits.
    monkeypatch.setenv("DISPLAY", "localhost:10.0")
    assert await Clipboard().copy() == f"Copied {LINK}"
    assert desktop.given("xclip") is not None


async def test_where_nothing_works_it_is_said(town: Path, desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("TERM", "linux")
    async with reading(town, size=(120, 30)) as reader:
        await reader.press("y")
        assert "Not copied: this terminal has no clipboard, and no program for it was found" in reader.footer
        monkeypatch.setenv("DISPLAY", ":7")
        desktop.install("xclip", "exit 1")
        await reader.press("y")
        assert "Not copied: this terminal has no clipboard, and xclip failed" in reader.footer
        assert reader.app.clipboard == ""
        desktop.install("xsel")
        await reader.press("y")
        assert f"Copied {LINK}" in reader.footer


def test_in_tmux_its_buffer_and_the_terminal_around_it_get_the_link(
    town: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    if (found := shutil.which("tmux")) is None:
        pytest.skip("tmux is not installed")
    sockets = tmp_path / "tmux"
    sockets.mkdir(mode=0o700)
    environ["TMUX_TMPDIR"] = str(sockets)
    tmux = [found, "-f", "/dev/null"]
    sent = base64.b64encode(LINK.encode())
    program = [*tmux, "new-session", *command(), str(town)]
    try:
        with terminal(columns=80, lines=24, environ=environ, program=program) as screen:
            screen.until_seen(BRIDGE, "36 stories")
            screen.press("y")
            screen.until_seen("Copied to tmux, sent to the terminal:")
            screen.until(lambda: sent in screen.written, "the link in the terminal's clipboard")
            buffer = subprocess.run([*tmux, "show-buffer"], env=environ, capture_output=True, check=True)
            assert buffer.stdout.decode() == LINK
            screen.press("q")
            assert screen.until_ended() == 0
    finally:
        subprocess.run([*tmux, "kill-server"], env=environ, capture_output=True, check=False)


async def test_big_y_offers_the_story_in_several_forms(town: Path) -> None:
    async with reading(town, size=(100, 30)) as reader:
        await reader.press("Y")
        assert reader.sees("Title and link")
        lines = reader.lines()
        top, bottom = (next(at for at, line in enumerate(lines) if mark in line) for mark in ("╭─ Copy", "⏎ choose"))
        assert bottom - top == 4  # three choices, and nothing empty below them
        await reader.press("enter")
        assert reader.app.clipboard == f"{BRIDGE}\n{LINK}"
        assert f"Sent to the terminal's clipboard: title and link: {BRIDGE}" in reader.footer
        await reader.press("Y", "j", "enter")
        assert reader.app.clipboard == f"[{BRIDGE}]({LINK})"
        await reader.press("Y", "j", "j")
        assert reader.sees("and 4 other articles")
        await reader.press("enter")
        text = reader.app.clipboard
        assert text.startswith(f"## [{BRIDGE}]({LINK})\n\nHarbour Post · 9 Jun 2024, 09:00\n\n> What is to be said")
        assert f"\n- [{ENGINEERS}](" in text
        assert f"\n- [{FERRY}]({address(FERRY)}) · Sea Gazette · 8 Jun 2024, 09:00\n" in text
        await reader.press("Y", "escape")
        assert reader.app.clipboard == text


# -- the browser --------------------------------------------------------------------


async def test_over_ssh_o_offers_the_link_and_opens_nothing(
    town: Path, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
    monkeypatch.setenv("DISPLAY", ":0")
    desktop.install("xdg-open")
    async with reading(town) as reader:
        await reader.press("o")
        assert reader.sees(LINK)
        assert reader.sees("over ssh")
        assert reader.style_of(LINK, reader.app.screen.query_one(".window")).link == LINK
        assert not reader.is_read(BRIDGE), "it was not opened"
        assert desktop.given("xdg-open") is None
        assert reader.app.clipboard == ""
        await reader.press("y")
        assert reader.sees("Sent to the terminal's clipboard: the link")
        assert reader.app.clipboard == LINK
        await reader.press("escape")
        assert reader.focus_is_on(reader.stories)


async def test_over_ssh_a_browser_that_was_chosen_is_used(
    town: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
    async with reading(town) as reader:
        await reader.press("o")
        await reader.until(browser.calls, "the browser")
        await reader.until_seen(f"Opened {LINK}")  # once the browser has ended


async def test_a_browser_that_fails_is_told_and_nothing_is_marked(town: Path, desktop: Desktop) -> None:
    write_settings('browser = "xdg-open"')
    async with reading(town, size=(110, 30)) as reader:
        await reader.press("s")
        for then, said in (
            ("exit 3", "xdg-open failed: it found no browser"),
            ("exit 7", "xdg-open failed with status 7"),
            ("kill -9 $$", "xdg-open was ended by signal 9"),
        ):
            desktop.install("xdg-open", then)
            await reader.press("o")
            assert f"{said}: {LINK}" in reader.footer
            assert not reader.is_read(BRIDGE)
        # What was done before can be undone as ever: the mark that was taken back is no step.
        await reader.press("z")
        assert "Undone: saved" in reader.footer
        # A story that was read stays read.
        await reader.press("m", "o")
        assert "xdg-open was ended" in reader.footer
        assert reader.is_read(BRIDGE)


async def test_a_browser_that_goes_on_was_started(
    town: Path, desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsers, "_HANDED_OVER", 0.1)
    closed, sleep = tmp_path / "closed", shutil.which("sleep", path=os.defpath)
    desktop.install("mine", f"until test -e {closed}; do {sleep} 0.02; done")
    write_settings('browser = "mine"')
    async with reading(town) as reader:
        await reader.press("o")
        assert f"Started mine with {LINK}" in reader.footer
        assert reader.is_read(BRIDGE)
        closed.touch()


def test_a_browser_of_the_terminal_that_fails_is_told_and_gives_the_terminal_back(
    town: Path, browser: Browser, environ: dict[str, str]
) -> None:
    command = browser.command.with_name("w3m")
    command.touch(0o755)
    with installed(str(town), columns=80, lines=24, environ=environ | {"BROWSER": "w3m"}) as screen:
        screen.until_seen(BRIDGE, "36 stories")
        for script, said in (("exit 1", "failed with status 1"), ("#!/no/such/shell", "cannot be started")):
            command.write_text(f"{script}\n" if script.startswith("#!") else f"#!/bin/sh\n{script}\n")
            screen.press("o")
            screen.until_seen(f"w3m {said}", "1 of 36")
        screen.press("q")
        assert screen.until_ended() == 0
