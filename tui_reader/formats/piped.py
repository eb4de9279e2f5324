"""Makes of a story what a command of the user gets: on its standard input, and in its arguments."""

from __future__ import annotations

from tui_reader.formats.documents import Contents, document_parts
from tui_reader.model.trending import Cooling
from tui_reader.model.user_commands import Input, StoryArguments
from tui_reader.storage.export import ExportedStory


def story_input(kind: Input, story: ExportedStory, cooling: Cooling) -> bytes:
    """Return ``story`` as a command has it on its standard input; nothing for a command that has none."""
    if kind is Input.NONE:
        return b""
    if kind is Input.URL:
        return f"{story.url or ''}\n".encode()
    parts = document_parts(kind.value, Contents(story.title, [story], cooling, single=True))
    return "".join(parts).encode(errors="replace")


def story_arguments(story: ExportedStory) -> StoryArguments:
    """Return what of ``story`` can stand in the arguments of a command."""
    return StoryArguments(story.url, story.title, story.provider or story.domain)
