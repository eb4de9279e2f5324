"""``news-tui export``: write the feeds as an OPML file."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from pathlib import Path

from tui_reader.commands.output.words import counted
from tui_reader.config import folders
from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.private_files import write_atomically
from tui_reader.sources.locations import named_path
from tui_reader.subscriptions.opml_writer import write_opml
from tui_reader.subscriptions.subscription import is_address, load_subscriptions

_STANDARD_OUTPUT = "-"


def export(arguments: Namespace) -> int:
    """Run ``news-tui export``; raises :class:`SourceError` if there are no feeds."""
    name = arguments.file
    subscriptions = load_subscriptions(folders().sources)
    feeds = [source for source in subscriptions if is_address(source.location)]
    if not feeds:
        raise SourceError("no feeds yet, so there is nothing to export: ‘news-tui add ADDRESS’ adds one")
    text = write_opml(feeds, title="news-tui", created=time.time(), passwords=arguments.with_passwords)
    if name == _STANDARD_OUTPUT:
        sys.stdout.flush()
        # The first line of the file declares UTF-8, whatever the terminal's encoding is.
        sys.stdout.buffer.write(text.encode())
    else:
        _write(named_path(name), text)
        print(f"wrote {counted(len(feeds), 'feed')} to {visible(name)}")
    passwords = 0 if arguments.with_passwords else sum(1 for feed in feeds if feed.auth)
    _report_omissions(len(subscriptions) - len(feeds), passwords)
    return 0


def _write(path: Path, text: str) -> None:
    path = path.resolve()  # replaces the target of a symbolic link, not the link
    if not path.parent.is_dir():
        raise SourceError(f"{path.parent}: there is no such folder to write into")
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")  # a pipe or a device must not be replaced by a file
    else:
        write_atomically(path, text)


def _report_omissions(others: int, passwords: int) -> None:
    """Print on stderr, apart from the OPML on stdout, what was left out."""
    if others:
        print(f"news-tui: left out {counted(others, 'source')} without a web address", file=sys.stderr)
    if passwords:
        left_out = counted(passwords, "password")
        print(f"news-tui: left out {left_out}: use ‘--with-passwords’ to include passwords", file=sys.stderr)
