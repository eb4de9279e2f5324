"""What short commands import: a tenth of a second is mostly imports, so nothing creeps in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.collections import make_collection

_RUN = """
import sys
from tui_reader.cli import main
status = main(sys.argv[1:])
sys.stderr.write(" ".join(sys.modules))
sys.exit(status)
"""

_HEAVY = {
    "asyncio", "concurrent", "dataclasses", "filecmp", "html", "http", "httpx", "importlib.resources", "inspect",
    "lxml", "markdown_it", "multiprocessing", "pygments", "ssl", "subprocess", "tarfile", "textual",
    "tomlkit", "tomllib", "yaml", "zipfile",
}  # fmt: skip

_OF_OTHERS = {
    "commands.named_sources", "pipeline.clusterer", "pipeline.refresher", "pipeline.source_corrections",
    "queries.listed_sources", "queries.source_status", "sources.feeds.parser", "sources.http.caching",
    "sources.http.client", "stories.grouping", "stories.similarity", "ui.app",
}  # fmt: skip


def _loaded(*arguments: str, home: Path) -> set[str]:
    command = [sys.executable, "-c", _RUN, *arguments]
    done = subprocess.run(command, env={"HOME": str(home)}, capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


def test_stories_imports_only_what_it_needs(tmp_path: Path) -> None:
    source = str(make_collection(tmp_path / "site", 3))
    _loaded("index", source, home=tmp_path)
    loaded = _loaded("stories", source, "--limit", "20", home=tmp_path)
    assert sorted(loaded & _HEAVY) == []
    assert sorted(loaded & {f"tui_reader.{name}" for name in _OF_OTHERS}) == []


def test_the_version_is_printed_without_any_other_module(tmp_path: Path) -> None:
    loaded = _loaded("--version", home=tmp_path)
    assert {name for name in loaded if name.startswith("tui_reader")} == {"tui_reader", "tui_reader.cli"}
    assert not loaded & {"re", "pathlib", "argparse"}
