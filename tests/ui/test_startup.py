"""What the reader imports before its first picture: all of it is listed here, so that nothing creeps in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.collections import make_collection
from tests.ui.reader import bring
from tui_reader.config import folders
from tui_reader.subscriptions.selection import select_sources

_UNTIL_THE_FIRST_PICTURE = """
import gc, sys
from tui_reader.ui.screens.front_page import FrontPage  # by itself: what of it the start needs is the same

def leave(page):
    open(sys.argv[2], "w").write(" ".join(sys.modules))
    open(sys.argv[3], "w").write(f"{len(gc.get_objects())} {gc.get_freeze_count()}")
    page.app.exit()

FrontPage._go_on = leave
from tui_reader.config import folders, load_settings
from tui_reader.subscriptions.selection import select_sources
from tui_reader.ui.launch import run_reader

here = folders()
run_reader(select_sources([sys.argv[1]], here), here, load_settings(here.settings))
"""

OWN = """
    config config.mistakes config.settings config.settings_file config.toml_text
    errors named_tuple private_files
    model model.dates model.fingerprint model.heat_parts model.links model.progress model.query model.source_tree
    model.story model.text model.topic model.trending model.urls model.weights
    sources sources.files sources.locations
    sources.files.layout
    storage storage.article_sets storage.attached_marks storage.connection storage.errors storage.generations
    storage.index_reader
    storage.list_reader storage.mark_addresses storage.marks storage.mutes storage.open_files
    storage.read_articles storage.schema storage.similar storage.source_articles storage.statements
    storage.stop_words storage.story_evidence storage.story_leads storage.story_reader storage.story_search
    storage.tellers storage.topics storage.traces storage.transactions storage.undo storage.unread storage.versions
    stories stories.heat
    subscriptions subscriptions.selection subscriptions.subscription
    ui ui.action_queue ui.app ui.contrast ui.controllers ui.end_signals ui.faults ui.key_names ui.keymap ui.launch
    ui.library
    ui.paint_hold ui.painting ui.screens ui.session ui.textual_private ui.themes ui.visitor ui.widgets
    ui.words ui.worker_process
    ui.controllers.browsing ui.controllers.corrections ui.controllers.foot ui.controllers.full_text ui.controllers.links
    ui.controllers.marks
    ui.controllers.moving ui.controllers.notices
    ui.choice ui.left ui.opening ui.controllers.resuming
    ui.controllers.smart_views
    ui.controllers.page ui.controllers.places ui.controllers.reading ui.controllers.remembered_view
    ui.controllers.found ui.controllers.search
    ui.controllers.opinions ui.controllers.source_tree ui.controllers.story_links ui.controllers.updates
    ui.screens.dialogs ui.screens.front_page ui.screens.picture_page ui.screens.settings_page
    ui.widgets.bars ui.widgets.body_text ui.widgets.cells ui.widgets.coverage ui.widgets.history ui.widgets.line_list
    ui.widgets.lit_story
    ui.widgets.palette ui.widgets.panes ui.widgets.pictured_story ui.widgets.reading_place
    ui.widgets.scroll_bar ui.widgets.sidebar ui.widgets.story_facts
    ui.widgets.story_list ui.widgets.story_pane ui.widgets.story_text ui.widgets.story_view ui.widgets.strips
"""

LATER = {"yaml", "tomlkit", "multiprocessing", "tarfile", "zipfile", "rich.markdown", "rich.syntax",
         "markdown_it", "pygments.lexers", "httpx", "PIL", "textual_image", "webbrowser", "html.parser"}  # fmt: skip


def test_the_first_picture_needs_no_more_than_this(home: Path, tmp_path: Path) -> None:
    source = make_collection(tmp_path / "site", 3)
    environ = {"HOME": str(home), "TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver"}
    bring(select_sources([str(source)], folders()))
    command = [
        sys.executable,
        "-c",
        _UNTIL_THE_FIRST_PICTURE,
        str(source),
        *(str(tmp_path / name) for name in ("loaded", "objects")),
    ]
    subprocess.run(command, env=environ, check=True, capture_output=True, timeout=60)
    loaded = set((tmp_path / "loaded").read_text().split())
    own = {name.removeprefix("tui_reader.") for name in loaded if name.startswith("tui_reader.")}
    assert own == set(OWN.split())
    assert sorted(loaded & LATER) == []
    # The garbage collector looks at what the screen is made of, and no longer at what has been imported.
    looked_at, imported = map(int, (tmp_path / "objects").read_text().split())
    assert looked_at < imported
