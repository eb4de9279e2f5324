"""Collects the first words of an HTML text as one plain line."""

from __future__ import annotations

from collections.abc import Callable

from tui_reader.model.text import clean_text

EXCERPT_LENGTH = 300
"""Most characters of the line."""


class PlainLine:
    """The plain text of a document, as far as it is needed for the line."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0

    def add(self, text: str) -> None:
        """Append text. Once there is enough, it is ignored."""
        # White space collapses at the end only, so it does not count here.
        if self._length <= EXCERPT_LENGTH:
            self._parts.append(text[: 20 * EXCERPT_LENGTH])
            self._length += len(text.strip())

    def mark(self) -> int:
        """Return the place that has been reached, for :meth:`rewrite`."""
        return len(self._parts)

    def rewrite(self, mark: int, change: Callable[[str, str], str]) -> None:
        """Replace the text since ``mark``: ``change`` gets it and the character before it."""
        text = "".join(self._parts[mark:])
        if not text.strip():
            return
        before = next((part[-1] for part in reversed(self._parts[:mark]) if part), "")
        changed = change(text.strip(), before)
        self._parts[mark:] = [text[: len(text) - len(text.lstrip())], changed, text[len(text.rstrip()) :]]
        self._length += len(changed) - len(text.strip())

    def result(self) -> tuple[str, bool]:
        """Return the line, and whether it was shortened."""
        line = clean_text("".join(self._parts).strip())
        if len(line) <= EXCERPT_LENGTH:
            return line, False
        line = line[: EXCERPT_LENGTH - 1].rpartition(" ")[0] or line[: EXCERPT_LENGTH - 1]
        return line.rstrip(" ,;:–—-") + "…", True
