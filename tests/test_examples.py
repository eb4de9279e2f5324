"""Every shell example in README.md and docs/ runs, as it is written, in an empty home."""

from __future__ import annotations

import re
import shlex
import shutil
import stat
import subprocess
import sys

import pytest

from tests.support import forking
from tests.support.collections import make_collection
from tests.support.command import Home, command
from tests.test_docs import DOCS, README

BLOCKS = [
    pytest.param(block, id=f"{path.name}-{number}")
    for path in (README, *sorted(DOCS.glob("*.md")))
    for number, block in enumerate(re.findall(r"^```sh\n(.*?)^```$", path.read_text("utf-8"), re.MULTILINE | re.DOTALL))
]

NOT_RUN = {
    "news-tui account add": "signs in to a server; tests/commands/test_account.py adds accounts",
    "news-tui add lwn.net": "asks a site on the network",
    "news-tui add https://example.org/": "asks a site on the network",
    "news-tui add github:": "asks GitHub",
    "news-tui download": "fetches pages from the network",
    "news-tui serve": "serves until it is ended: tests/web/ starts it",
    "NEWS_TUI_PASSWORD=": "serves until it is ended",
    "ssh ": "there is no other machine",
    "python3 -m venv": "installs packages; the tests of the docs compare it with pyproject.toml",
    ".venv/bin/python -m": "the tests, the campaign and the benchmarks themselves",
}
"""The beginnings of the lines that do not run here, and why."""

STATUS = {
    "news-tui similar https://example.org/an-article": (1, "is not in the index"),
    "news-tui mark note 'Ask Ann about it' https://example.org/": (1, "https://example.org/article"),
    "news-tui mark read --search 'topic:Sport": (1, "there is no topic"),
    "news-tui account sync": (1, "Home: "),
    "news-tui doctor --restore fetched 3": (1, "copy"),
}
"""What the lines with these beginnings end with, where it is not success, and a part of what they say."""

SOURCES = ("The Paper", "LWN: The Daily Cloud")
"""The sources that there are for a line about a source or a folder; all others have the sample."""

ACCOUNT = """\
[[account]]
name = "Home"
kind = "miniflux"
address = "http://127.0.0.1:1"
password = "secret"
"""
"""The account that there is for a line about one; nothing answers at its address."""

PROGRAMS = {
    "jq": """#!{python}
import json, re, sys
field = re.findall(r"\\.(\\w+)", sys.argv[-1])[-1]
for line in sys.stdin:
    print(json.loads(line).get(field))
""",
    "less": "#!/bin/sh\ncat\n",
    "sendmail": "#!/bin/sh\ncat > sent\n",
    "newsboat": """#!/bin/sh
echo '<opml version="2.0"><body><outline text="A" type="rss" xmlUrl="https://example.org/a.xml"/></body></opml>'
""",
}
"""What stands in for other programs."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the files that the examples name, and the stand-ins on the ``PATH``."""
    home = Home(tmp_path_factory.mktemp("examples") / "home", SHELL="/bin/sh")
    programs = home.folder / "programs"
    programs.mkdir()
    for name, text in {**PROGRAMS, "news-tui": forking.program(command())}.items():
        file = programs / name
        file.write_text(text.replace("{python}", sys.executable))
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
    home.environment["PATH"] = f"{programs}:{home.environment['PATH']}"
    things = make_collection(home.folder / "sites" / "things", 3)
    shutil.make_archive(str(home.folder / "a"), "zip", things)
    shutil.make_archive(str(home.folder / "b"), "xztar", things)
    (home.folder / ".newsboat").mkdir()
    (home.folder / ".newsboat" / "urls").write_text("https://example.org/newsboat.xml News\n")
    feeds = '<opml version="2.0"><body><outline text="B" type="rss" xmlUrl="https://example.org/b.xml"/></body></opml>'
    (home.folder / "feeds.opml").write_text(feeds)
    for title in SOURCES:
        shutil.copytree(things, home.folder / title.partition(":")[0])
    home.run("mark", "saved", "https://xkcd.com/2347/")
    home.run("refresh")  # makes the copies
    return home


@pytest.mark.parametrize("block", BLOCKS)
def test_the_example_runs(home: Home, block: str) -> None:
    forget_sources(home)
    for line in map(str.strip, block.splitlines()):
        if not line or line.startswith(("#", *NOT_RUN)):
            continue
        if "account" in line:
            accounts = home.folder / ".config" / "news-tui" / "accounts.toml"
            accounts.parent.mkdir(parents=True, exist_ok=True)
            accounts.write_text(ACCOUNT)
        if re.search("--source|folder:", line):
            for title in SOURCES:
                home.run("add", home.folder / title.partition(":")[0], "--title", title, "--folder", "News/World")
        runs(home, line)
        if re.search("--source|folder:", line):
            forget_sources(home)


def forget_sources(home: Home) -> None:
    """Go back to the sample."""
    shutil.rmtree(home.folder / ".config" / "news-tui", ignore_errors=True)


def runs(home: Home, line: str) -> None:
    """Run a line, and check what comes of it."""
    words = shlex.split(line, comments=True)
    if words[0] == "news-tui" and opens_reader(words[1:]):
        words.insert(1, "stories")  # there is no terminal here: the list has the same stories
        done = run(home, shlex.join(words).replace("'~/", "~/'"), words)
    else:
        done = run(home, line, words)
    status, said = next((end for begin, end in STATUS.items() if line.startswith(begin)), (0, ""))
    assert done.returncode == status, f"{line}: {done.stderr}"
    assert said in done.stderr + done.stdout, line
    assert not re.search("Traceback|usage:", done.stderr), line


def opens_reader(words: list[str]) -> bool:
    return not words or "/" in words[0] or "." in words[0]


def run(home: Home, line: str, words: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a line: what needs no shell by itself, which is faster."""
    if words[0] == "news-tui" and not re.search(r"[|<>&~*$]", line.partition("  #")[0]):
        return home.run(*words[1:], cwd=home.folder)
    return subprocess.run(
        ["sh", "-c", line],
        env=home.environment,
        cwd=home.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_every_reason_not_to_run_is_needed() -> None:
    lines = [line.strip() for block in BLOCKS for line in str(block.values[0]).splitlines()]
    for begin in (*NOT_RUN, *STATUS):
        assert any(line.startswith(begin) for line in lines), begin
