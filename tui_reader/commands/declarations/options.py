"""Options that several commands have."""

from __future__ import annotations

import argparse

from tui_reader import __version__

_DIGITS = 9  # of the largest limit
_ALL = 10**_DIGITS


def add_reader_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the reader, which work without its name too."""
    parser.add_argument("--offline", action="store_true", help="make no requests over the network")
    parser.add_argument("--view", default="", metavar="NAME", help="open with this view of views.toml")
    parser.add_argument(
        "--version", action="version", version=f"news-tui {__version__}", help="print the version and exit"
    )


def add_asked(parser: argparse.ArgumentParser) -> None:
    """Declare the option by which the reader says that a person asked, as one at a terminal does."""
    parser.add_argument("--asked", action="store_true", help=argparse.SUPPRESS)


def add_sources(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Declare the positional arguments SOURCE."""
    about = "a folder, file, archive or address" if required else "a folder, file or archive (default: your sources)"
    parser.add_argument("sources", nargs="+" if required else "*", default=[], metavar="SOURCE", help=about)


def add_in(parser: argparse.ArgumentParser, about: str) -> None:
    """Declare the option for a SOURCE of commands whose arguments are a query; ``about`` says what is done in it."""
    parser.add_argument(
        "--in", dest="sources", action="append", default=[], metavar="SOURCE", help=f"{about}; repeatable"
    )


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Declare the options that choose by source and folder."""
    parser.add_argument(
        "--source",
        action="append",
        default=[],
        metavar="S",
        help="only stories with an article of this source, by title, address or a part of either; repeatable",
    )
    parser.add_argument(
        "--folder",
        action="append",
        default=[],
        metavar="F",
        help="only stories with an article of a source in this folder, such as News/World; repeatable",
    )


def add_query(parser: argparse.ArgumentParser) -> None:
    """Declare the option for a query."""
    parser.add_argument(
        "--search", default="", metavar="QUERY", help="only stories that this finds, as / does in the reader"
    )


def add_search(parser: argparse.ArgumentParser) -> None:
    """Declare the options that search."""
    add_query(parser)
    parser.add_argument(
        "--since", default="", metavar="WHEN", help="from a year, month, day (2021-06-15) or age (3d) on"
    )
    parser.add_argument("--until", default="", metavar="WHEN", help="up to the end of a year, month, day, or to an age")
    parser.add_argument(
        "--provider", action="append", default=[], metavar="P", help="only with an article of this provider; repeatable"
    )


def add_topic(parser: argparse.ArgumentParser) -> None:
    """Declare the option for one topic."""
    parser.add_argument("--topic", default="", metavar="T", help="only this topic; ‘news-tui topics’ lists them")


def add_view(parser: argparse.ArgumentParser) -> None:
    """Declare the option for a smart view."""
    parser.add_argument(
        "--view", default="", metavar="NAME", help="only what this smart view lists, in its order and time span"
    )


def add_order(parser: argparse.ArgumentParser) -> None:
    """Declare the options for the order and the time span."""
    from tui_reader.model.query import Sort, Window

    parser.add_argument(
        "--sort",
        choices=[sort.value for sort in Sort],
        default="",
        help="the order (default: heat)",
    )
    parser.add_argument(
        "--window",
        choices=[window.value for window in Window],
        default="",
        help="the time span, counted back from the newest article (default: all)",
    )


def add_private(parser: argparse.ArgumentParser, named: str) -> None:
    """Declare the option that allows addresses in one's own network."""
    parser.add_argument(
        "--private", action="store_true", help=f"also add addresses in your private network that {named}"
    )


def add_limit(parser: argparse.ArgumentParser, about: str, *, default: int) -> None:
    """Declare the option for how many."""
    parser.add_argument("--limit", type=at_least_zero, default=default, metavar="N", help=about)


def add_images(parser: argparse.ArgumentParser) -> None:
    """Declare the option that lets documents load pictures."""
    parser.add_argument("--images", action="store_true", help="let HTML show pictures from the network")


def add_json(parser: argparse.ArgumentParser, about: str) -> None:
    """Declare the option for JSON."""
    parser.add_argument("--json", action="store_true", help=about)


def at_least_zero(text: str) -> int:
    """Return the number that ``text`` is. Raises :class:`argparse.ArgumentTypeError`."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    # More than there will ever be, and SQLite takes no larger ones.
    digits = text.lstrip("0") or "0"
    return _ALL if len(digits) > _DIGITS else int(digits)
