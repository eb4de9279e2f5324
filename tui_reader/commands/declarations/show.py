"""The arguments of ``news-tui show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_images, add_sources

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Print an article with its text and its coverage: as plain text, to read it in a
pager, or in another format. Of a folded article, the story that it is part of is
named. The exit status is 1 if there is no such article in the index."""
    parser.add_argument("article", metavar="URL", help="the address of an article, or its id in ‘stories --json’")
    add_sources(parser)
    forms = parser.add_mutually_exclusive_group()
    for form, name in (
        ("text", "plain text (the default)"),
        ("markdown", "Markdown"),
        ("html", "HTML"),
        ("json", "JSON"),
    ):
        forms.add_argument(
            f"--{form}", dest="form", action="store_const", const=form, default="text", help=f"print {name}"
        )
    add_images(parser)
