"""A line on the terminal that says how far indexing has come."""

from __future__ import annotations

import os
import sys
import time

from tui_reader.commands.terminal import columns, is_utf8
from tui_reader.model.progress import Progress

_REDRAW = 0.05  # seconds between two drawings; faster than this only flickers
_BAR_AT_MOST = 40  # cells


class Bar:
    """Draws one line on stderr, over and over, and takes it away again."""

    def __init__(self, patience: float) -> None:
        self._start = time.monotonic()
        self._next = self._start + patience
        self._drawn = 0

    @classmethod
    def on_terminal(cls, patience: float = 0.0) -> Bar | None:
        """Return a bar that shows after ``patience`` seconds, or ``None`` where stderr is no terminal."""
        return cls(patience) if sys.stderr.isatty() else None

    def show(self, progress: Progress) -> None:
        """Draw ``progress``, unless that was done a moment ago."""
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
        """Take the line away, if there is one."""
        if self._drawn:
            # Straight to the terminal: this also runs while a signal is handled.
            os.write(sys.stderr.fileno(), f"\r{' ' * self._drawn}\r".encode())
            self._drawn = 0


def progress_line(progress: Progress, seconds: float, width: int, *, fine: bool) -> str:
    """Return ``progress`` as one line of at most ``width`` cells.

    ``fine`` allows line-drawing characters, else it is all ASCII.
    """
    done, total = progress.done, progress.total
    if progress.clustering:
        return "putting stories together"[: max(width, 0)]
    if progress.sources_total:
        done, total = progress.sources_done, progress.sources_total
        counts, rate = f"{done:,} of {total:,} sources", f"{progress.new:,} new"
    else:
        counts = f"{done:,} of {total:,} files"
        rate = f"{progress.changed / seconds:,.0f} a second" if progress.changed and seconds > 0 else ""
    room = min(_BAR_AT_MOST, width - len(counts) - len(rate) - 4)
    if room < 8:
        short = f"{counts}  {rate}".rstrip()
        return short if len(short) <= width else counts[: max(width, 0)]
    full = room if total == 0 else room * done // total
    bar = ("━" if fine else "#") * full + ("─" if fine else "-") * (room - full)
    return f"{counts}  {bar}  {rate}".rstrip()
