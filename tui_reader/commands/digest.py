"""``news-tui digest``: print what is new since some time, to read it or to send it by mail."""

from __future__ import annotations

import shlex
import sys
import time
from argparse import Namespace
from collections.abc import Sequence

from tui_reader.commands.digest_memory import DigestMemory
from tui_reader.commands.indexing import open_for_reading, report_sample, update_selection
from tui_reader.commands.output.json_lines import json_line
from tui_reader.commands.stories import chosen_query
from tui_reader.config import folders, load_settings
from tui_reader.errors import UsageError
from tui_reader.formats.digest import digest_blocks, digest_fields, digest_html, digest_markdown, headline
from tui_reader.formats.plain_text import lay_out
from tui_reader.model.dates import DAY
from tui_reader.model.expression_dates import age_seconds, date_span, date_value
from tui_reader.model.query import Query
from tui_reader.model.text import visible
from tui_reader.queries.digest import Digest, Since, make_digest
from tui_reader.storage.export import ExportReader
from tui_reader.subscriptions.selection import select_sources

LAST = "last"
_SENDING_SECONDS = 600
EMPTY = 3
"""The exit status of ``--quiet-if-empty`` where nothing is new."""


def digest(arguments: Namespace) -> int:
    """Run ``news-tui digest``; return 0 or :data:`EMPTY`.

    A source that cannot be read is told and keeps nothing from being sent: what
    is printed, or taken by the command of ``--send``, counts as told.
    """
    if arguments.form != "mail" and (arguments.to or arguments.sender):
        arguments.error("--to and --from are for --format mail")
    now = int(time.time())
    here = folders()
    letter = _letter_options(arguments) if arguments.form == "mail" else ("", "")
    command = _command(arguments.send)
    selection = select_sources(arguments.sources, here)
    report_sample(selection)
    update_selection(selection)
    with open_for_reading(selection, here) as reader:
        query = chosen_query(reader, selection, here, arguments, Query(words=arguments.search))
        title = selection.title(load_settings(here.settings).title, reader.summary().title)
        if chosen := ", ".join(filter(None, [arguments.view, query.topic, query.words])):
            title = f"{title}: {visible(chosen)}"
        memory = DigestMemory(here.digests, selection.database.stem, _remembered(query, arguments.view))
        # Before anything is read: what is indexed meanwhile is told twice rather than never.
        place = reader.place()
        found = make_digest(reader, query, _since(arguments.since, reader, memory, now), arguments.limit)
        if arguments.quiet_if_empty and not found.stories:
            return EMPTY
        document = _document(arguments.form, title, found, reader, letter)
    if command:
        _send(command, document, again=arguments.since == LAST)
    elif isinstance(document, str):
        print(document, end="", flush=True)
    else:
        sys.stdout.buffer.write(document)
        sys.stdout.flush()
    if arguments.since == LAST:
        memory.save(Since(now, place.generation, place.largest))
    return 0


def _remembered(query: Query, view: str) -> Query:
    """Return what the digest is remembered by: a view by its name, so that it goes on if its query is changed."""
    return Query(topic=query.topic, words=query.words, sources=query.sources, within=view.strip().casefold())


def _since(wanted: str, reader: ExportReader, memory: DigestMemory, now: int) -> Since:
    """Return from when on something is new; an age is counted back from the newest article, as windows are."""
    newest = reader.newest()
    end = now if newest is None else min(newest, now)
    if wanted == LAST:
        return memory.load() or Since(end - DAY)
    if (age := age_seconds(wanted)) is not None:
        return Since(end - age)
    if (date := date_value(wanted)) is not None:
        return Since(date_span(date).start)
    raise UsageError(f"--since takes ‘last’, an age such as 12h or 1d, or a date such as 2021-06-15, not ‘{wanted}’")


def _letter_options(arguments: Namespace) -> tuple[str, str]:
    """Return whom the mail is from and to."""
    from tui_reader.formats.mail import addresses, own_address

    sender = addresses(arguments.sender, "--from") if arguments.sender else f"news-tui <{own_address()}>"
    return sender, addresses(arguments.to, "--to") if arguments.to else own_address()


def _document(form: str, title: str, found: Digest, reader: ExportReader, letter: Sequence[str]) -> str | bytes:
    """Return a digest in the format ``form``; as bytes if it declares its encoding."""
    if form == "json":
        from tui_reader.formats.json_fields import as_fields

        numbers, cooling = [each.article for each in found.stories], reader.cooling()
        exported = {story.page: as_fields(story, cooling) for story in reader.export(numbers)}
        return json_line(digest_fields(title, found, exported)) + "\n"
    if form == "mail":
        from tui_reader.formats.mail import Letter, write_mail

        sender, to = letter
        plain = "\n".join(lay_out(digest_blocks(title, found), flowed=True)) + "\n"
        subject = f"{title}: {headline(found)}"
        return write_mail(Letter(sender, to, subject, plain, digest_html(title, found), title, time.time()))
    if form == "html":
        return digest_html(title, found).encode(errors="replace")
    if form == "markdown":
        return digest_markdown(title, found)
    return "\n".join(lay_out(digest_blocks(title, found))) + "\n"


def _command(text: str) -> Sequence[str]:
    """Return a command as its arguments; none for an empty text. Raises :class:`UsageError`."""
    try:
        return shlex.split(text)
    except ValueError as error:
        raise UsageError(f"--send: ‘{visible(text)}’ is no command: {error}") from error


def _send(command: Sequence[str], document: str | bytes, *, again: bool) -> None:
    """Give a digest to a command on its standard input. Raises :class:`UsageError` if that fails."""
    from tui_reader.pipeline.run_command import run_command

    given = document.encode(errors="replace") if isinstance(document, str) else document
    outcome = run_command(command, given, _SENDING_SECONDS)
    if outcome.problem:
        said = f" · {outcome.said}" if outcome.said else ""
        raise UsageError(f"{outcome.problem}{said}" + ("; the next digest tells this again" if again else ""))
