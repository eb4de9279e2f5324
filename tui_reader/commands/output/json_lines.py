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


def print_json_lines(objects: Iterable[Mapping[str, object]]) -> None:
    """Print each object on a line of its own; in ASCII if the output is not UTF-8."""
    ascii_only = not is_utf8(sys.stdout)
    for each in objects:
        print(json.dumps(each, ensure_ascii=ascii_only))


def print_progress(progress: Progress) -> None:
    """Print ``progress`` as one line at once; exit if the reader of the output has gone."""
    try:
        print(json.dumps(progress.as_json()), flush=True)
    except BrokenPipeError:
        # A regular exit would wait for the files that are being parsed.
        os._exit(0)


@contextmanager
def failure_as_progress(wanted: bool) -> Iterator[None]:
    """If ``wanted``, print an error that ends the run as progress with a failure, then raise it again."""
    try:
        yield
    except NewsError as error:
        if wanted:
            print_progress(Progress(failures=(str(error),)))
        raise
