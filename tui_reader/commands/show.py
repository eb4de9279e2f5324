"""``news-tui show``: print an article with its text and its coverage."""

from __future__ import annotations

import sys
from argparse import Namespace

from tui_reader.commands.indexing import open_for_reading, report_sample, update_selection
from tui_reader.commands.named_articles import named_article
from tui_reader.commands.output.documents import exported_stories, print_document
from tui_reader.config import folders
from tui_reader.formats.documents import Contents
from tui_reader.model.query import Query
from tui_reader.model.text import visible
from tui_reader.subscriptions.selection import select_sources


def show(arguments: Namespace) -> int:
    """Run ``news-tui show``; return 1 if a source could not be read or the article is not in the index."""
    here = folders()
    selection = select_sources(arguments.sources, here)
    report_sample(selection)
    good = update_selection(selection)
    with open_for_reading(selection, here) as reader:
        number = named_article(reader, arguments.article)
        stories = [] if number is None else list(exported_stories(reader, [number], Query()))
        if not stories:
            name = visible(arguments.article)
            print(f"news-tui: {name} is not in the index: ‘news-tui stories --json’ lists addresses", file=sys.stderr)
            return 1
        contents = Contents(stories[0].title, stories, reader.cooling(), single=True, images=arguments.images)
        print_document(arguments.form, contents)
    return 0 if good else 1
