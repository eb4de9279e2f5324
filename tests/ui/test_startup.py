"""What the reader imports before its first picture: all of it is listed here, so that nothing creeps in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.making import make_collection

_UNTIL_THE_FIRST_PICTURE = """
import sys
from tui_reader.ui.front_page import FrontPage  # by itself: what of it the start needs is the same

def leave(page):
    open(sys.argv[2], "w").write(" ".join(sys.modules))
    page.app.exit()

FrontPage._go_on = leave
from tui_reader.config import folders, load_settings
from tui_reader.edition import choose_edition
from tui_reader.ui.launch import run_reader

here = folders()
run_reader(choose_edition([sys.argv[1]], here), here, load_settings(here.settings))
"""

OWN = """
    config edition errors subscriptions subscriptions.kept
    index index.connection index.marks index.read index.schema index.search index.alike index.grounds index.common_words
    model model.dates model.fingerprint model.hot model.links model.progress model.query model.story model.text
    model.topic
    model.urls model.weights model.wishes
    sources sources.locations stories stories.heat
    ui ui.app ui.bars ui.cells ui.commands ui.correcting ui.frame ui.front_page ui.indexing ui.inks ui.launch ui.library
    ui.line_list ui.marking ui.outside ui.panes ui.scroll_bar ui.session ui.story_items ui.story_list ui.story_pane
    ui.story_view ui.themes ui.topic_list ui.trail ui.words reading reading.browser
"""

LATER = {"yaml", "tomlkit", "multiprocessing", "tarfile", "zipfile", "rich.markdown", "rich.syntax",
         "markdown_it", "pygments.lexers", "httpx", "webbrowser", "html.parser"}  # fmt: skip


def test_the_first_picture_needs_no_more_than_this(home: Path, tmp_path: Path) -> None:
    source = make_collection(tmp_path / "site", 3)
    environ = {"HOME": str(home), "TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver"}
    subprocess.run([sys.executable, "-m", "tui_reader", "index", str(source)], env=environ, check=True)
    command = [sys.executable, "-c", _UNTIL_THE_FIRST_PICTURE, str(source), str(tmp_path / "loaded")]
    subprocess.run(command, env=environ, check=True, capture_output=True, timeout=60)
    loaded = set((tmp_path / "loaded").read_text().split())
    own = {name.removeprefix("tui_reader.") for name in loaded if name.startswith("tui_reader.")}
    assert own == set(OWN.split())
    assert sorted(loaded & LATER) == []
