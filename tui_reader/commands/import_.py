"""``news-tui import``: add the feeds of OPML files."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from tui_reader.commands.output.words import counted, shown_location
from tui_reader.config import folders
from tui_reader.model.text import visible
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.opml_reader import MAX_BYTES, read_opml
from tui_reader.subscriptions.subscription import is_address

_STANDARD_INPUT = "-"


def import_(arguments: Namespace) -> int:
    """Run ``news-tui import``; return 1 if a file contains no feed that can be added.

    Raises :class:`SourceError` for a file that cannot be read. Feeds of the files
    before it have been added by then.
    """
    return max([_import_file(name) for name in arguments.files])


def _import_file(name: str) -> int:
    opml = read_opml(_read(name), _shown(name))
    added = add_subscriptions(folders().sources, opml.subscriptions)
    present = len(opml.subscriptions) - len(added)
    parts = [f"added {counted(len(added), 'feed')}"]
    parts += [f"{present:,} already added"] if present else []
    parts += [f"{opml.repeated:,} listed more than once"] if opml.repeated else []
    parts += [f"{len(opml.skipped):,} refused"] if opml.skipped else []
    print(f"{_shown(name)}: {', '.join(parts)}")
    for refused in opml.skipped:
        print(f"refused {refused.name}: {refused.reason}")
    return 0 if opml.subscriptions else 1


def _read(name: str) -> bytes:
    """Return at most one byte more than the limit, which tells :func:`read_opml` that a file is too large."""
    if name == _STANDARD_INPUT:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if is_address(name):
        import asyncio

        return asyncio.run(_fetch(name, MAX_BYTES))
    with Path(name).expanduser().open("rb") as file:
        return file.read(MAX_BYTES + 1)


async def _fetch(address: str, limit: int) -> bytes:
    from tui_reader.sources.http.client import Fetcher

    async with Fetcher() as fetcher:
        return (await fetcher.get(address, limit=limit, trusted=(address,))).body


def _shown(name: str) -> str:
    if name == _STANDARD_INPUT:
        return "standard input"
    return shown_location(name) if is_address(name) else visible(name)
