"""Lists the stories of sources that define their own as the user corrected them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from tui_reader.model.fingerprint import fingerprint
from tui_reader.storage.source_stories import SourceStories
from tui_reader.stories.corrections import Corrections
from tui_reader.stories.source_stories import correct_stories

Pair: TypeAlias = tuple[int, int]
"""Two page ids."""


def correct_source_stories(store: SourceStories, apart: Sequence[Pair], together: Sequence[Pair]) -> int:
    """Apply all corrections to the stories of sources; return how many articles are listed otherwise now.

    ``apart`` and ``together`` are the pairs of pages that the user split or
    merged. Only corrected articles and those that list them are looked at. What is no longer corrected is as its
    source says again. The result depends on sources and corrections alone, not
    on what was corrected before.
    """
    now = fingerprint(repr((sorted(apart), sorted(together))).encode()) >> 1
    if store.is_current(now):
        return 0
    corrections = Corrections(apart, together)
    stories = store.concerned(corrections.pages())
    entries = store.entries(entry for story in stories.values() for entry in story.related)
    corrected = correct_stories(stories.values(), entries, corrections)
    with store.writing():
        store.set_current(now)
        return store.correct(stories, corrected)
