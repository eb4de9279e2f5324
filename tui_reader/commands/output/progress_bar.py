"""A progress line on the terminal while sources are fetched and indexed."""

from __future__ import annotations

import os
import sys
import time

from tui_reader.commands.output.terminal import columns, is_utf8
from tui_reader.model.progress import Progress

_REDRAW = 0.05  # seconds between two redraws; more often would flicker
_MAX_BAR = 40  # cells


class ProgressBar:
    """Draw one line on stderr again and again, and erase it at the end."""

    def __init__(self, delay: float) -> None:
        self._start = time.monotonic()
        self._next = self._start + delay
        self._drawn = 0

    @classmethod
    def on_terminal(cls, delay: float = 0.0) -> ProgressBar | None:
        """Return a bar that appears after ``delay`` seconds, or ``None`` if stderr is not a terminal."""
        return cls(delay) if sys.stderr.isatty() else None

    def show(self, progress: Progress) -> None:
        """Draw ``progress``, unless the line was drawn a moment ago."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _REDRAW
        width = (columns(sys.stderr) or 80) - 1
        line = progress_line(progress, now - self._start, width, fine=is_utf8(sys.stderr))
        sys.stderr.write("\r" + line.ljust(self._drawn))
        sys.stderr.flush()
        self._drawn = len(line)

    def erase(self) -> None:
        """Erase the line, if one was drawn."""
        if self._drawn:
            # Unbuffered, because this also runs in a signal handler.
            os.write(sys.stderr.fileno(), f"\r{' ' * self._drawn}\r".encode())
            self._drawn = 0


def progress_line(progress: Progress, seconds: float, width: int, *, fine: bool) -> str:
    """Return ``progress`` as one line of at most ``width`` cells.

    ``fine`` uses line-drawing characters instead of ASCII for the bar.
    """
    done, total = progress.done, progress.total
    if progress.clustering:
        return "grouping stories"[: max(width, 0)]
    if progress.searching:
        return "indexing the texts"[: max(width, 0)]
    if progress.texts_total:
        done, total = progress.texts_done, progress.texts_total
        counts, rate = f"{done:,} of {total:,} pages", f"{progress.texts_found:,} texts"
    elif progress.sources_total:
        done, total = progress.sources_done, progress.sources_total
        counts, rate = f"{done:,} of {total:,} sources", f"{progress.new:,} new"
    else:
        counts = f"{done:,} of {total:,} files"
        rate = f"{progress.changed / seconds:,.0f} a second" if progress.changed and seconds > 0 else ""
    room = min(_MAX_BAR, width - len(counts) - len(rate) - 4)
    if room < 8:
        short = f"{counts}  {rate}".rstrip()
        return short if len(short) <= width else counts[: max(width, 0)]
    full = room if total == 0 else room * done // total
    bar = ("━" if fine else "#") * full + ("─" if fine else "-") * (room - full)
    return f"{counts}  {bar}  {rate}".rstrip()
