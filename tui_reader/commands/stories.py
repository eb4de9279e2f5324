"""``news-tui stories``: print the list of stories, as a table or as JSON."""

from __future__ import annotations

from argparse import Namespace

from tui_reader.commands.indexing import open_for_reading, report_sample, update_selection
from tui_reader.commands.output.json_lines import print_json_lines
from tui_reader.commands.searching import report_unknown, searched_words
from tui_reader.config import Folders, folders
from tui_reader.errors import QueryError, UsageError
from tui_reader.model.query import Query, Sort, Window
from tui_reader.storage.index_reader import IndexReader
from tui_reader.subscriptions.selection import Selection, select_sources

_BATCH = 500  # stories read together; limits the memory used


def stories(arguments: Namespace) -> int:
    """Run ``news-tui stories``; return 1 if a source could not be read."""
    if arguments.bodies and not arguments.json:
        arguments.error("--bodies is for --json")
    words = searched_words(arguments)  # says what is wrong before anything is read
    here = folders()
    selection = select_sources(arguments.sources, here)
    good = update_selection(selection)
    with open_for_reading(selection, here) as reader:
        every = Query(folded=arguments.folded, words=words)
        query = ordered(chosen_query(reader, selection, here, arguments, every), arguments)
        numbers, cooling = reader.order(query, arguments.limit), reader.cooling()
        if not numbers:
            report_unknown(reader, query)
        if arguments.json:
            from tui_reader.formats.json_fields import as_fields

            for start in range(0, len(numbers), _BATCH):
                exported = reader.export(numbers[start : start + _BATCH], query, bodies=arguments.bodies)
                print_json_lines(as_fields(story, cooling, bodies=arguments.bodies) for story in exported)
        else:
            from tui_reader.commands.output.tables import story_table

            report_sample(selection)
            rows = reader.listed(query, numbers)
            for line in story_table([rows[number] for number in numbers if number in rows], query.sort, cooling):
                print(line)
    return 0 if good else 1


def chosen_query(reader: IndexReader, selection: Selection, here: Folders, arguments: Namespace, every: Query) -> Query:
    """Return the query ``every`` for the smart view, the topic, the sources and the folders in ``arguments``.

    Raises :class:`UsageError` for a name that fits none.
    """
    if arguments.view:
        from tui_reader.subscriptions.views import find_view, load_views

        view = find_view(load_views(here.views), arguments.view)
        every = view.apply(every)
        try:
            reader.matching(view.query)
        except QueryError as error:
            raise UsageError(f"the view ‘{view.name}’, ‘{view.query}’, cannot be listed: {error}") from error
    query = every._replace(topic=_topic(reader, arguments.topic))
    if arguments.source or arguments.folder:
        from tui_reader.commands.named_sources import chosen_locations
        from tui_reader.queries.listed_sources import listed_sources

        listed = listed_sources(selection, here, reader.source_titles())
        query = query._replace(sources=chosen_locations(listed, arguments.source, arguments.folder))
    return query


def ordered(query: Query, arguments: Namespace) -> Query:
    """Return ``query`` in the order and the time span of ``arguments``, if these name any."""
    sort = Sort(arguments.sort) if arguments.sort else query.sort
    return query._replace(sort=sort, window=Window(arguments.window) if arguments.window else query.window)


def _topic(reader: IndexReader, wanted: str) -> str:
    """Return the name of a topic given by its name, short name or identifier."""
    if not wanted:
        return ""
    from tui_reader.model.near_names import did_you_mean

    topics = [count.topic for count in reader.topics(Query()) if count.topic.name]
    key = wanted.strip().casefold()
    for names in ("name", "shortname", "identifier"):
        for topic in topics:
            if getattr(topic, names).casefold() == key:
                return topic.name
    near = did_you_mean(wanted, [topic.name for topic in topics], "‘news-tui topics’ lists the topics")
    raise UsageError(f"there is no topic ‘{wanted}’{near}")
