"""Print one JSON object per line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from tui_reader.commands.output.terminal import is_utf8
from tui_reader.errors import NewsError
from tui_reader.model.progress import Progress

_FAILURE_CHARACTERS = 1000  # of a failure in a progress line; each can take twelve bytes
_LINE_BYTES = 48 * 1024  # of the failures in a progress line: other programs often read lines of up to 64 KiB


def print_json_lines(objects: Iterable[Mapping[str, object]]) -> None:
    """Print each object on a line of its own."""
    for each in objects:
        print(json_line(each))


def json_line(fields: Mapping[str, object]) -> str:
    """Return an object as it is printed: in ASCII if the output is not UTF-8."""
    return json.dumps(fields, ensure_ascii=not is_utf8(sys.stdout))


class ProgressLines:
    """Prints the progress of one run, a JSON object a line; each failure stands in one line only.

    Every line is shorter than 64 KiB: long failures are cut, and many are spread over several lines.
    """

    def __init__(self) -> None:
        self._printed: set[str] = set()

    def print(self, progress: Progress) -> None:
        """Print ``progress`` at once; exit if the reader of the output has gone."""
        failures = [failure for failure in progress.failures if failure not in self._printed]
        self._printed.update(failures)
        *before, last = _parts(failures)
        try:
            for part in before:
                _print_line(progress._replace(failures=part, finished=False))
            _print_line(progress._replace(failures=last))
        except BrokenPipeError:
            # A regular exit would wait for the files that are being parsed.
            os._exit(0)

    @contextmanager
    def with_failure(self) -> Iterator[None]:
        """Print an error that ends the run as progress with a failure, then raise it again."""
        try:
            yield
        except NewsError as error:
            self.print(Progress(failures=(str(error),)))
            raise


def _parts(failures: Iterable[str]) -> list[tuple[str, ...]]:
    """Return ``failures`` in parts that each fit into a line; one empty part if there are none."""
    parts: list[list[str]] = [[]]
    room = _LINE_BYTES
    for failure in failures:
        short = failure if len(failure) <= _FAILURE_CHARACTERS else f"{failure[: _FAILURE_CHARACTERS - 1]}…"
        length = len(json.dumps(short)) + 2  # the comma and the space after it
        if length > room and parts[-1]:
            parts.append([])
            room = _LINE_BYTES
        parts[-1].append(short)
        room -= length
    return [tuple(part) for part in parts]


def _print_line(progress: Progress) -> None:
    print(json.dumps(progress.as_json()), flush=True)
