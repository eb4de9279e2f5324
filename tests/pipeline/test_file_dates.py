"""The dates of files without one: from git, and from the disk for notes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.support.index import indexed
from tui_reader.model.dates import iso_date
from tui_reader.pipeline.file_dates import FileDates


def git(folder: Path, *arguments: str, day: int = 1) -> None:
    """Run git in ``folder`` on a day of January 2024."""
    date = f"2024-01-{day:02}T10:00:00+00:00"
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env=os.environ | {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date},
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    (folder / "sub").mkdir(parents=True)
    git(folder, "init", "-q")
    for day, name in enumerate(["old.md", "sub/ä b.md", "changed.md"], 1):
        (folder / name).write_text(f"# {name}\n\nText {day}.\n")
        git(folder, "add", ".")
        git(folder, "commit", "-q", "-m", "x", day=day)
    git(folder, "mv", "old.md", "sub/moved.md")
    (folder / "changed.md").write_text("# changed\n")
    git(folder, "commit", "-q", "-a", "-m", "x", day=20)
    return folder


def days(folder: Path, *paths: str) -> list[str | None]:
    dates = FileDates(str(folder))
    return [(iso_date(dates.of(path)) or "")[8:10] for path in paths]


def test_a_file_is_of_the_day_it_was_added_by_whatever_name(repository: Path) -> None:
    assert days(repository, "sub/moved.md", "sub/ä b.md", "changed.md", "none.md") == ["01", "02", "03", ""]
    assert days(repository / "sub", "moved.md", "ä b.md") == ["01", "02"]
    git(repository, "pack-refs", "--all")
    git(repository, "gc", "-q")
    assert days(repository, "sub/moved.md") == ["01"]


def test_a_shallow_clone_does_not_date_what_was_there_before(repository: Path) -> None:
    clone = repository.parent / "clone"
    git(repository.parent, "clone", "-q", "--depth", "2", f"file://{repository}", str(clone))
    assert days(clone, "changed.md", "sub/moved.md") == ["", "20"]


def test_nothing_of_the_configuration_of_a_repository_runs(repository: Path) -> None:
    ran = repository.parent / "ran"
    script = repository.parent / "evil"
    script.write_text(f"#!/bin/sh\ntouch {ran}\n")
    script.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "diff.external", "gpg.program", "core.sshCommand", "core.hooksPath"):
        git(repository, "config", name, str(script))
    git(repository, "config", "log.showSignature", "true")
    git(repository, "config", "extensions.partialClone", "evil")
    assert days(repository, "sub/moved.md") == ["01"]
    assert not ran.exists()


def test_a_damaged_repository_gives_no_dates(repository: Path) -> None:
    (repository / ".git" / "HEAD").write_text("ref: refs/../../x\n")
    assert days(repository, "changed.md") == [""]
    (repository / ".git" / "HEAD").write_bytes(b"\xff" * 50)
    assert days(repository, "changed.md") == [""]


def test_notes_have_the_date_of_git_or_else_that_of_the_file(repository: Path) -> None:
    late = repository / "late.md"
    late.write_text("# late\n")
    os.utime(late, (1_700_000_000, 1_700_000_000))
    undated = repository / "undated.md"
    undated.write_text("---\ntitle: undated\n---\n")
    index = repository.parent / "i.db"
    indexed(index, repository)
    with sqlite3.connect(index) as db:
        dates = dict(db.execute("SELECT title, published FROM article"))
    assert (iso_date(dates["old.md"]) or "").startswith("2024-01-01")
    assert dates["late"] == 1_700_000_000
    assert dates["undated"] is None
