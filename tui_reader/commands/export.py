"""``news-tui export``: write stories as a document, or the feeds as an OPML file."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Sequence

from tui_reader.config import folders
from tui_reader.errors import SourceError, UsageError
from tui_reader.model.counted import counted
from tui_reader.model.text import visible
from tui_reader.sources.locations import is_there, named_path
from tui_reader.subscriptions.opml_writer import write_opml
from tui_reader.subscriptions.subscription import Subscription, is_address, load_subscriptions

_STANDARD_OUTPUT = "-"
_LISTS = (".opml", ".xml")  # how files with feeds are called


def export(arguments: Namespace) -> int:
    """Run ``news-tui export``; return 1 if a source could not be read or the person kept a file that is there.

    Raises :class:`SourceError` if there is nothing to export, and :class:`UsageError`.
    """
    query = " ".join(arguments.query)
    named = bool(arguments.form or arguments.output or arguments.pages)
    if named and not query.isascii() and visible(query) != query:
        raise UsageError(f"‘{visible(query)}’ has characters that nobody can see: type the query anew")
    if named and (form := _form(arguments)) != "opml":
        from tui_reader.commands.export_stories import export_stories

        return export_stories(arguments, form, query)
    if named:
        return _export_feeds(arguments, arguments.output or _STANDARD_OUTPUT, query)
    # Without a format, the argument is the file, as it was before stories could be exported.
    name = arguments.query[0] if arguments.query else _STANDARD_OUTPUT
    if len(arguments.query) > 1 or not _is_list(name):
        raise UsageError(
            f"‘{visible(query)}’ is no OPML file: add ‘--format markdown’ "
            "to export what a query finds, or write your feeds with ‘--output FILE.opml’"
        )
    return _export_feeds(arguments, name, "")


def _form(arguments: Namespace) -> str:
    """Return the format that was asked for, or that the name of the file stands for."""
    if arguments.form:
        return str(arguments.form)
    from tui_reader.formats.documents import SUFFIXES, format_of

    form = format_of(arguments.output)
    if form is None:
        known = ", ".join(SUFFIXES)
        raise UsageError(f"‘{visible(arguments.output)}’ does not say its format: add ‘--format’ with one of {known}")
    return form


def _is_list(name: str) -> bool:
    """Whether somebody means a file for their feeds, rather than the words of a query."""
    return name == _STANDARD_OUTPUT or name.lower().endswith(_LISTS) or "/" in name or is_there(name)


def _export_feeds(arguments: Namespace, name: str, query: str) -> int:
    """Write the feeds, or those with an article that ``query`` finds."""
    subscriptions = load_subscriptions(folders().sources)
    feeds = [source for source in subscriptions if is_address(source.location)]
    if not feeds:
        why = "none of your sources has a web address" if subscriptions else "no feeds yet"
        raise SourceError(f"{why}, so there is nothing to export: ‘news-tui add ADDRESS’ adds a feed")
    others = len(subscriptions) - len(feeds)
    if query or arguments.view or arguments.source or arguments.folder or arguments.topic:
        from tui_reader.commands.export_stories import feeds_of

        feeds, others = feeds_of(arguments, query, feeds), 0
    return _write(arguments, name, feeds, others)


def _write(arguments: Namespace, name: str, feeds: Sequence[Subscription], others: int) -> int:
    from tui_reader.commands.output.documents import may_replace, write_file

    text = write_opml(feeds, title="news-tui", created=time.time(), passwords=arguments.with_passwords)
    if name == _STANDARD_OUTPUT:
        sys.stdout.flush()
        # The first line of the file declares UTF-8, whatever the terminal's encoding is.
        sys.stdout.buffer.write(text.encode())
    else:
        path = named_path(name)
        # A single word may be meant as a query, also where a file is called so.
        is_meant = not arguments.output and (name.lower().endswith(_LISTS) or "/" in name)
        if not is_meant and not may_replace(path, force=arguments.force):
            return 1
        write_file(path, lambda file: file.write(text.encode()))
        print(f"wrote {counted(len(feeds), 'feed')} to {visible(name)}")
    passwords = 0 if arguments.with_passwords else sum(1 for feed in feeds if feed.auth)
    _report_omissions(others, passwords)
    return 0


def _report_omissions(others: int, passwords: int) -> None:
    """Print on stderr, apart from the OPML on stdout, what was left out."""
    if others:
        print(f"news-tui: left out {counted(others, 'source')} without a web address", file=sys.stderr)
    if passwords:
        left_out = counted(passwords, "password")
        print(f"news-tui: left out {left_out}: use ‘--with-passwords’ to include passwords", file=sys.stderr)
