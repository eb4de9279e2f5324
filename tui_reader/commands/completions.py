"""``news-tui completions``: print the completions for a shell, or the names that they complete."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing


def completions(arguments: Namespace) -> int:
    """Run ``news-tui completions``; return 0."""
    if arguments.names:
        for name in _names(arguments.names):
            print(name)
    elif arguments.shell:
        from tui_reader.commands.output.completion_script import completion_script

        sys.stdout.write(completion_script(arguments.shell))
    else:
        arguments.error("name your shell: bash, zsh or fish")
    return 0


def _names(kind: str) -> Sequence[str]:
    """Return the names of views, or others as the index has them now. Raises :class:`NewsError`."""
    from tui_reader.config import folders

    here = folders()
    if kind == "views":
        from tui_reader.subscriptions.views import load_views

        return [view.name for view in load_views(here.views)]
    if kind == "accounts":
        from tui_reader.subscriptions.accounts import read_accounts

        return [account.name for account in read_accounts(here.accounts)[0]]
    from tui_reader.queries.listed_sources import listed_sources
    from tui_reader.storage.connection import attach_marks_if_sound, open_index
    from tui_reader.storage.index_reader import IndexReader
    from tui_reader.storage.search_names import SearchNames
    from tui_reader.subscriptions.selection import select_sources

    selection = select_sources((), here)
    if not selection.database.exists():
        return []
    with closing(open_index(selection.database)) as connection:
        attach_marks_if_sound(connection, here.marks, thorough=True)
        listed = listed_sources(selection, here, IndexReader(connection).source_titles())
        return SearchNames(connection).names(listed)[kind.removesuffix("s")]
