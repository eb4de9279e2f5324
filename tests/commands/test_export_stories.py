"""``news-tui export QUERY``: what a query finds, as a document in each format, on the terminal and in files."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest

from tests.support.command import Home
from tests.ui.pages import BRIDGE, DREDGING, ENGINEERS, FARES, FERRY, HOTTEST_FIRST, address, write_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("written") / "town"
    write_town(site)
    return site


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, town: Path) -> Home:
    """The home of a person who reads the town's front page."""
    home = Home(tmp_path_factory.mktemp("home"))
    home.lines("add", town)
    return home


def exported(home: Home, *arguments: str) -> str:
    done = home.run("export", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_markdown_has_the_texts_and_the_coverage(home: Home) -> None:
    text = exported(home, "ferry", "--format", "markdown")
    assert text.startswith(f"# ferry\n\n## [{FERRY}]({address(FERRY)})\n")
    assert text.index(f"- [{BRIDGE}](https://example.org/the-bridge-itself)") < text.index(f"## [{FARES}](")
    assert f"- [{ENGINEERS}](" in exported(home, "bridge", "--format", "markdown")


def test_one_story_is_a_document_by_itself(home: Home) -> None:
    text = exported(home, "dredging", "--format", "markdown", "--limit", "1")
    assert text.startswith("# [")
    text = exported(home, "harbour", "--sort", "quality", "--format", "text", "--topic", "Harbour", "--limit", "9")
    assert text.startswith("harbour\n\n\n1. ")
    assert DREDGING in text and "The dredger lifts mud for the 20th time." in text
    assert max(map(len, text.splitlines())) <= 72


def test_html_and_json_have_every_story(home: Home) -> None:
    page = exported(home, "--format", "html")
    assert all(f">{title}</a></h2>" in page for title in HOTTEST_FIRST)
    assert page.count("<article>") == 36
    stories = [json.loads(line) for line in exported(home, "--format", "json").splitlines()]
    assert [story["title"] for story in stories[:6]] == list(HOTTEST_FIRST)
    assert "20th" in next(story["body"] for story in stories if story["title"] == DREDGING)


def test_a_book_goes_into_a_file_or_a_pipe_but_not_to_a_terminal(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "town.epub"
    assert exported(home, "--output", str(file)) == f"wrote 36 stories to {file}\n"
    piped = tmp_path / "piped.epub"
    assert home.shell(f"$NEWS export --format epub | cat > {piped}").returncode == 0
    assert file.read_bytes() == piped.read_bytes()
    assert len(zipfile.ZipFile(io.BytesIO(file.read_bytes())).namelist()) == 36 + 5
    status, shown = home.on_terminal("export", "--format", "epub")
    assert status == 1
    assert "no text for a terminal: add ‘--output FILE’" in shown
    assert "PK" not in shown


def test_a_file_that_is_there_is_replaced_only_if_that_is_wanted(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "out.md"
    file.write_text("mine")
    done = home.run("export", "bridge", "--output", file)
    assert (done.returncode, file.read_text()) == (1, "mine")
    assert f"{file} exists already: add ‘--force’ to replace it" in done.stderr
    assert home.on_terminal("export", "bridge", "--output", file, typed="n\n")[0] == 1
    assert file.read_text() == "mine"
    assert home.on_terminal("export", "bridge", "--output", file, typed="y\n")[0] == 0
    assert BRIDGE in file.read_text()
    file.write_text("mine")
    exported(home, "bridge", "--output", str(file), "--force")
    assert BRIDGE in file.read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["out.md"]


def test_a_file_is_written_completely_or_not_at_all(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    (folder / "out.md").write_text("mine")
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        done = home.run("export", "bridge", "--output", folder / "out.md", "--force")
    finally:
        folder.chmod(stat.S_IRWXU)
    if os.getuid():  # the superuser may write everywhere
        assert done.returncode == 1
        assert f"{folder / 'out.md'}: Permission denied" in done.stderr
        assert (folder / "out.md").read_text() == "mine"
    done = home.run("export", "bridge", "--output", tmp_path / "not" / "here.md")
    assert "there is no such folder to write into" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["heat:>100"], "‘heat:>100’ is no OPML file: add ‘--format markdown’ to export what a query finds"),
        (["two", "words.opml"], "‘two words.opml’ is no OPML file"),
        (["bridge", "--output", "out.doc"], "‘out.doc’ does not say its format: add ‘--format’ with one of markdown,"),
        (["nothinglikethis", "--format", "text"], "nothing was found, so nothing was written"),
        (["bridge", "--format", "opml"], "none of your sources has a web address"),
    ],
)
def test_what_cannot_be_exported_is_told(home: Home, arguments: list[str], message: str) -> None:
    done = home.run("export", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr
    assert not (home.folder / "out.doc").exists()


def test_other_sources_can_be_exported(home: Home, tmp_path: Path, town: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.md").write_text("---\ntitle: Alone\n---\nIts text.\n")
    assert exported(home, "--in", str(other), "--format", "markdown") == "# Alone\n\nIts text.\n"
