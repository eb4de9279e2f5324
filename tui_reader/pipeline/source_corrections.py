"""Lists the stories of sources that define their own as the user corrected them."""

from __future__ import annotations

from tui_reader.storage.source_stories import SourceStories
from tui_reader.stories.corrections import Corrections
from tui_reader.stories.source_stories import correct_stories


def correct_source_stories(store: SourceStories, corrections: Corrections) -> int:
    """Apply all corrections to the stories of sources; return how many articles are listed otherwise now.

    Only corrected articles and those that list them are looked at. What is no longer corrected is as its
    source says again. The result depends on sources and corrections alone, not
    on what was corrected before.
    """
    stories = store.concerned(corrections.pages())
    entries = store.entries(entry for story in stories.values() for entry in story.related)
    corrected = correct_stories(stories.values(), entries, corrections)
    with store.writing():
        return store.correct(stories, corrected)
