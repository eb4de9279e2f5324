"""``news-tui sources``: list the sources that open by default."""

from __future__ import annotations

import sys
import time
from argparse import Namespace

from tui_reader.commands.indexing import report_no_sources
from tui_reader.commands.output.json_lines import print_json_lines
from tui_reader.config import folders
from tui_reader.model.counted import counted
from tui_reader.model.dates import iso_date
from tui_reader.model.text import visible
from tui_reader.queries.source_status import SourceStatus, describe_influence, fetched_problem, source_status
from tui_reader.sources.locations import is_remote


def sources(arguments: Namespace) -> int:
    """Run ``news-tui sources``; return 1 if what was fetched of them cannot be read."""
    here = folders()
    found = source_status(here, int(time.time()))
    problem = fetched_problem(here)
    if problem:
        print(f"news-tui: {visible(problem)}", file=sys.stderr)
    if arguments.json:
        print_json_lines(map(_fields, found))
        return 1 if problem else 0
    for source in found:
        print(_line(source))
    if not found:
        report_no_sources()
    return 1 if problem else 0


def _fields(source: SourceStatus) -> dict[str, object]:
    remote = is_remote(source.location)
    fields: dict[str, object] = {"location": source.location, "there": remote or not source.is_broken}
    fields |= {"title": source.title, "kind": source.kind, "health": source.health.value}
    fields |= {"folder": list(source.folder), "topics": list(source.topics)}
    fields |= {"weight": source.weight.value, "apart": source.apart}
    fields |= {"account": source.account}
    fields |= {"fullText": source.full_text, "selector": source.selector}
    if remote:
        times = {
            "asked": source.last_fetched,
            "next": source.next_fetch,
            "failing_since": source.failing_since,
        }
        fields |= {name: iso_date(when) if when else None for name, when in times.items()}
        fields |= {"error": source.error, "articles": source.articles, "perWeek": source.per_week}
    return fields


def _line(source: SourceStatus) -> str:
    """Return a source as one line: title and location, numbers, last fetch, and its error."""
    if not is_remote(source.location):
        name = f"{source.custom_title} ({source.address})" if source.custom_title else source.address
        influence = describe_influence(source)
        name += f" · {influence}" if influence else ""
        return f"{name}  (gone)" if source.is_broken else name
    # Without a title of its own, a source has its address as title.
    parts = [source.address if source.title in source.address else f"{source.title} ({source.address})"]
    if source.account:
        parts.append(f"from {source.account}")
    if source.articles is not None:
        parts.append(f"{counted(source.articles, 'article')}, {source.per_week:g} a week")
    if source.last_fetched is not None:
        parts.append(f"fetched {_minute(source.last_fetched)}")
    elif source.health == "new":
        parts.append("never fetched")
    if source.health == "paused":
        parts.append("paused")
    if influence := describe_influence(source):
        parts.append(influence)
    if source.failing_since is not None:
        parts.append(f"failing since {_minute(source.failing_since)}: {source.error}")
    return " · ".join(parts)


def _minute(seconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
