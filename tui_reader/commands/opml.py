"""``news-tui import`` and ``export``: lists of feeds as other readers write and read them."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tui_reader.commands.options import Options
from tui_reader.config import folders, write_atomically
from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.sources.http.redaction import redact_url

_IMPORT = """\
Keep the feeds that other readers' lists (OPML) hold. Their folders come along.
‘-’ reads the list from standard input. Nothing in a list is ever run."""
_EXPORT = """\
Write the kept feeds as a list (OPML 2.0) that other readers take. Without FILE,
or with ‘-’, it is printed. What is not an address on the web is left out."""
_STANDARD = "-"


def import_feeds(arguments: Sequence[str]) -> int:
    """Run ``news-tui import``; return 1 where a list holds no feed that can be taken.

    Raises :class:`SourceError` for a list that cannot be read; those named
    before it are kept by then.
    """
    options = Options("import", "FILE…", _IMPORT)
    options.add_argument("sources", nargs="+", metavar="FILE", help="a list of feeds, or its address, or ‘-’")
    return max([_take(name) for name in options.read(arguments).sources])


def _take(name: str) -> int:
    from tui_reader.subscriptions.edit import add_subscriptions
    from tui_reader.subscriptions.opml_reader import read_opml

    opml = read_opml(_read(name), _called(name))
    added = add_subscriptions(folders().sources, opml.subscriptions)
    present = len(opml.subscriptions) - len(added)
    parts = [f"added {_feeds(len(added))}", f"{present:,} kept already" if present else ""]
    parts += [f"{opml.repeated:,} listed more than once" if opml.repeated else ""]
    parts += [f"{len(opml.refused):,} refused" if opml.refused else ""]
    print(f"{_called(name)}: {', '.join(part for part in parts if part)}")
    for refused in opml.refused:
        print(f"refused {refused.name}: {refused.reason}")
    return 0 if opml.subscriptions else 1


def _read(name: str) -> bytes:
    from tui_reader.subscriptions.opml_reader import MAX_BYTES
    from tui_reader.subscriptions.subscription import is_address

    # One byte more than is taken, so that a longer list is told from one that just fits.
    if name == _STANDARD:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if is_address(name):
        import asyncio

        return asyncio.run(_fetched(name, MAX_BYTES))
    with Path(name).expanduser().open("rb") as file:
        return file.read(MAX_BYTES + 1)


async def _fetched(address: str, limit: int) -> bytes:
    from tui_reader.sources.http.client import Fetcher

    async with Fetcher() as fetcher:
        return (await fetcher.get(address, limit=limit, trusted=(address,))).body


def _called(name: str) -> str:
    from tui_reader.subscriptions.subscription import is_address

    if name == _STANDARD:
        return "standard input"
    return visible(redact_url(name) if is_address(name) else name)


def export_feeds(arguments: Sequence[str]) -> int:
    """Run ``news-tui export``; raises :class:`SourceError` where no feed is kept."""
    from tui_reader.subscriptions.opml_writer import write_opml
    from tui_reader.subscriptions.subscription import is_address, load_subscriptions

    options = Options("export", "[FILE] [--with-passwords]", _EXPORT)
    options.add_argument("sources", nargs="*", metavar="FILE", help="the file to write; without, the list is printed")
    options.add_argument("--with-passwords", action="store_true", help="write names and passwords into the addresses")
    chosen = options.read(arguments)
    if len(chosen.sources) > 1:
        options.error("name one FILE at most")
    name = chosen.sources[0] if chosen.sources else _STANDARD

    kept = load_subscriptions(folders().sources)
    feeds = [source for source in kept if is_address(source.location)]
    if not feeds:
        raise SourceError("no feed is kept, so there is nothing to export: ‘news-tui add ADDRESS’ keeps one")
    text = write_opml(feeds, title="news-tui", created=time.time(), passwords=chosen.with_passwords)
    if name == _STANDARD:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())  # UTF-8, as its first line says, whatever the terminal has
    else:
        _write(Path(name).expanduser(), text)
        print(f"wrote {_feeds(len(feeds))} to {visible(name)}")
    _tell_left_out(len(kept) - len(feeds), 0 if chosen.with_passwords else sum(1 for feed in feeds if feed.auth))
    return 0


def _write(path: Path, text: str) -> None:
    path = path.resolve()  # a link stays a link
    if not path.parent.is_dir():
        raise SourceError(f"{path.parent}: there is no such folder to write into")
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")  # a pipe or a device, which nothing may take the place of
    else:
        write_atomically(path, text)


def _tell_left_out(others: int, passwords: int) -> None:
    """Say on standard error, so that a list that is printed stays whole, what is not in it."""
    if others:
        what = "1 source that is no" if others == 1 else f"{others:,} sources that are no"
        print(f"news-tui: left out {what} address on the web", file=sys.stderr)
    if passwords:
        what = "1 password" if passwords == 1 else f"{passwords:,} passwords"
        print(f"news-tui: left out {what}: ‘--with-passwords’ writes them as well", file=sys.stderr)


def _feeds(number: int) -> str:
    return "1 feed" if number == 1 else f"{number:,} feeds"
