"""``news-tui undo``: undo the last change of the marks, whether it was made in the reader or by a command."""

from __future__ import annotations

import sys
from argparse import Namespace

from tui_reader.commands.indexing import open_for_marking, update_selection
from tui_reader.config import folders
from tui_reader.model.counted import counted
from tui_reader.model.text import visible
from tui_reader.storage.undo import Step
from tui_reader.subscriptions.edit import restore_weights
from tui_reader.subscriptions.selection import select_sources

_OF_ARTICLES = ("read", "saved", "tag", "note")
_OF_STORIES = ("correction", "weight", "filter")  # after which the stories may be others


def undo(arguments: Namespace) -> int:
    """Run ``news-tui undo``; return 1 if there is nothing to undo, or a source could not be read for the stories."""
    here = folders()
    selection = select_sources((), here)
    with open_for_marking(selection, here) as (reader, marks):
        while (step := marks.last_step()) is not None and not arguments.dry_run:
            restore_weights(here.sources, step.before.get("weight", ()))  # first: if it fails, the step stays
            if marks.undo(step, reader.filtered.of_valid):
                break  # else another reader was faster
    if step is None:
        print("news-tui: there is nothing to undo", file=sys.stderr)
        return 1
    print(f"{'would be ' if arguments.dry_run else ''}undone: {_described(step)}")
    if arguments.dry_run or not any(map(step.changes, _OF_STORIES)):
        return 0
    return 0 if update_selection(selection) else 1


def _described(step: Step) -> str:
    """Return what a step did in words, and to which story or how many articles."""
    pages = {change[0] for kind in _OF_ARTICLES for change in step.before.get(kind, ())}
    about = visible(step.title) or (counted(len(pages), "article") if pages else "")
    return f"{step.words} · {about}" if about else step.words
