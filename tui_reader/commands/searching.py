"""Makes a query of the options --search, --since, --until and --provider, and says why one finds nothing."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_reader.errors import UsageError
from tui_reader.model.query import Query

if TYPE_CHECKING:
    from tui_reader.model.expression import Expression
    from tui_reader.storage.index_reader import IndexReader

_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]+", re.IGNORECASE | re.ASCII)


def searched_words(arguments: Namespace) -> str:
    """Return the query that these options mean together, empty for none. Raises :class:`UsageError`."""
    if not (arguments.search or arguments.since or arguments.until or arguments.provider):
        return ""
    from tui_reader.model.expression import all_of, to_text
    from tui_reader.model.expression_parser import parse

    parts: list[Expression] = []
    if (searched := parse(arguments.search)) is not None:
        parts.append(searched)
    if arguments.since:
        parts.append(_moment("--since", arguments.since, (">=", "<=")))
    if arguments.until:
        parts.append(_moment("--until", arguments.until, ("<=", ">=")))
    if arguments.provider:
        parts.append(_providers(arguments.provider))
    return to_text(all_of(parts)) if parts else ""


def _moment(option: str, when: str, operators: tuple[str, str]) -> Expression:
    """Return the condition for a date or an age, with the operator of either."""
    from tui_reader.model.expression import Field
    from tui_reader.model.expression_dates import age_seconds, date_value

    if date := date_value(when):
        return Field("date", operators[0], date)
    if age_seconds(when) is not None:
        return Field("age", operators[1], when)
    raise UsageError(f"{option} takes a year, month, day or age, such as 2021-06-15 or 3d, not ‘{when}’")


def _providers(names: Sequence[str]) -> Expression:
    from tui_reader.model.expression import Text, any_of
    from tui_reader.model.words import WORD

    for name in names:
        if not WORD.search(name):
            raise UsageError(f"--provider: ‘{name}’ is not the name of a provider")
    # What may be a domain is no phrase: it finds the hosts below it too.
    return any_of([Text(name, "provider", phrase=not _HOST.fullmatch(name)) for name in map(str.strip, names)])


def report_unknown(reader: IndexReader, query: Query) -> None:
    """Print on stderr why a search finds nothing: names that nothing has, with those that may be meant, or words."""
    from tui_reader.queries.nothing_found import why_nothing

    for words in why_nothing(reader, query) if query.searches else ():
        print(f"news-tui: {words}", file=sys.stderr)
