"""The arguments of every command. Imports nothing heavy: shell completions are built from it too."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from tui_reader import __version__
from tui_reader.commands import COMMANDS, DEFAULT
from tui_reader.model.query import Sort, Window
from tui_reader.model.text import visible

_LITERAL = "\0"
"""Marks the arguments after ``--`` while argparse reads them; no real argument can contain it."""
DOWNLOADS = 100
"""Most pages that are fetched if nothing else is said."""

_DIGITS = 9  # of the largest limit
_ALL = 10**_DIGITS


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Prints the list of commands without a line of its own for their metavar, so that the help fits on a screen."""

    def _format_action(self, action: argparse.Action) -> str:
        text = super()._format_action(action)
        return text.partition("\n")[2] if isinstance(action, argparse._SubParsersAction) else text


class Parser(argparse.ArgumentParser):
    """An argument parser that reports errors in one line, with exit status 2."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (passed on as they are)
        super().__init__(formatter_class=_HelpFormatter, allow_abbrev=False, **options)

    def parse_words(self, words: Sequence[str]) -> argparse.Namespace:
        """Parse options and positional arguments in any order; after ``--`` everything is positional."""
        # argparse itself loses ``--`` where options and positional arguments are mixed.
        end = words.index("--") if "--" in words else len(words)
        literal = [_LITERAL + word for word in words[end + 1 :]]
        parsed = self.parse_intermixed_args([*words[:end], *literal])
        for name, value in vars(parsed).items():
            if isinstance(value, str):
                setattr(parsed, name, value.removeprefix(_LITERAL))
            elif isinstance(value, list):
                setattr(parsed, name, [word.removeprefix(_LITERAL) for word in value])
        return parsed

    def error(self, message: str) -> NoReturn:
        """Print in one line what is wrong and where to find help, and exit with status 2."""
        self.exit(2, f"news-tui: {visible(message.replace(_LITERAL, ''))}: see ‘{self.prog} --help’\n")


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Parse the command line; the result has the name of the command as ``command``.

    The first word names the command; if it does not, the words are arguments of
    the reader. Exits after ``--help``, ``--version`` and errors.
    """
    first = words[0] if words else ""
    if first in {"-h", "--help", "--version"}:
        build_parser().parse_args([first])
    command, arguments = (first, words[1:]) if first in COMMANDS else (DEFAULT, words)
    # Only the parser of this command: each of the others would take half a millisecond.
    parser = Parser(prog=f"news-tui {command}")
    _DECLARATIONS[command](parser)
    parsed = parser.parse_words(arguments)
    parsed.command = command
    return parsed


def build_parser() -> Parser:
    """Return the parser of the whole command line, for its help and for shell completions."""
    parser = Parser(
        prog="news-tui",
        usage="news-tui [COMMAND] [SOURCE ...] [--offline]",
        description="Read SOURCEs: folders, files, archives; or those you added, or else a sample.",
    )
    _add_reader_options(parser)
    commands = parser.add_subparsers(
        prog="news-tui", title="commands (‘news-tui COMMAND --help’ describes one)", metavar="COMMAND"
    )
    for name, summary in COMMANDS.items():
        _DECLARATIONS[name](commands.add_parser(name, help=summary))
    return parser


def _read(parser: Parser) -> None:
    parser.description = """\
Open the reader. ‘news-tui SOURCE’ does the same without the word ‘read’, unless
SOURCE is named like a command: a folder called ‘index’ is ‘./index’.

‘news-tui --help’ lists the other commands."""
    _add_sources(parser)
    _add_reader_options(parser)


def _add_reader_options(parser: Parser) -> None:
    parser.add_argument("--offline", action="store_true", help="make no requests over the network")
    parser.add_argument(
        "--version", action="version", version=f"news-tui {__version__}", help="print the version and exit"
    )


def _stories(parser: Parser) -> None:
    parser.description = """\
Print the list of stories that the reader shows: heat, title, provider, date and
number of related articles of each."""
    _add_sources(parser)
    parser.add_argument("--topic", default="", metavar="T", help="only this topic; ‘news-tui topics’ lists them")
    _add_filters(parser)
    parser.add_argument(
        "--sort", choices=[sort.value for sort in Sort], default="heat", help="the order (default: heat)"
    )
    parser.add_argument(
        "--window",
        choices=[window.value for window in Window],
        default="all",
        help="the time span, counted back from the newest article (default: all)",
    )
    parser.add_argument("--folded", action="store_true", help="also print articles folded under a hotter story")
    _add_limit(parser, "the maximum number of stories", default=-1)
    _add_json(parser, "print one JSON object per line, with the keys of the front matter")


def _topics(parser: Parser) -> None:
    parser.description = """\
Print the topics as a tree, in the publisher's order, with the number of stories
and of unread stories in each. With --test, print which topics match a title, and
by which keywords: the topics of the sources and those in topics.toml."""
    _add_sources(parser)
    parser.add_argument("--test", metavar="TITLE", help="print which topics match this title, and why")
    _add_json(parser, "print one JSON object per line, with the keys of the topic files")


def _similar(parser: Parser) -> None:
    parser.description = """\
Rank the articles most similar to the one at URL by title and excerpt, with a
score from 0 to 1. With ‘-’, read URLs from standard input, one per line. The exit
status is 1 if a URL is not in the index."""
    parser.add_argument("url", metavar="URL", help="the address of an article, or ‘-’")
    _add_sources(parser)
    _add_limit(parser, "the maximum number of articles (default: 5)", default=5)
    _add_json(
        parser, "print one JSON object per URL: the url, and a list ‘similar’ of objects with webUrl, title and score"
    )


def _index(parser: Parser) -> None:
    parser.description = """\
Update the index: only new and changed files are read, and nothing is fetched
over the network. An interrupted run continues where it stopped.

Exit status: 0, or 1 if a source cannot be read at all."""
    _add_sources(parser)
    parser.add_argument("-v", "--verbose", action="store_true", help="list every problem as FILE:LINE: reason")
    parser.add_argument(
        "--rebuild", action="store_true", help="build a new index, which replaces the old one at the end"
    )
    _add_json(parser, "print the progress only, one JSON object per line")


def _refresh(parser: Parser) -> None:
    parser.description = """\
Fetch new articles from your sources on the network, then update the index with
all your sources. A source is not fetched again earlier than it allows. Suits
cron: ‘news-tui refresh’.

Exit status: 0, or 1 if a source could not be fetched."""
    parser.add_argument(
        "sources", nargs="*", metavar="SOURCE", help="one of your sources, by address or title; all if none is given"
    )
    parser.add_argument("--force", action="store_true", help="ignore rate limits")
    parser.add_argument(
        "--due", action="store_true", help="skip sources fetched within the interval that refresh.every sets"
    )
    parser.add_argument("--offline", action="store_true", help="make no requests: only read what is on disk")
    _add_json(parser, "print the progress only, one JSON object per line")


def _download(parser: Parser) -> None:
    parser.description = """\
Fetch the pages of unread stories and keep the full texts of their articles, which
are shown and searched from then on: before a journey, say. The hottest come
first, and those that have their text are left out. Ctrl+C keeps what is there.

Exit status: 0, or 1 if a page gave no text."""
    _add_sources(parser)
    parser.add_argument("--topic", default="", metavar="T", help="only this topic; ‘news-tui topics’ lists them")
    _add_filters(parser)
    parser.add_argument("--saved", action="store_true", help="only what you saved, read or not")
    _add_limit(parser, f"the maximum number of pages (default: {DOWNLOADS})", default=DOWNLOADS)
    parser.add_argument("--page", type=int, default=0, metavar="ID", help=argparse.SUPPRESS)  # for the reader
    _add_json(parser, "print one JSON object per page: title, url, text as Markdown, problem")


def _add(parser: Parser) -> None:
    parser.description = """\
Add sources, which open together when none is named: folders, files and archives
of articles, or addresses of feeds, of pages with feeds, of sites with an API, of
archives, or github:OWNER/REPO[@REF]. If a page has several feeds, you are asked
which to add. The exit status is 1 if one of the sources cannot be added; the
others are."""
    _add_sources(parser, required=True)
    parser.add_argument("--title", default="", help="the title to show for it")
    parser.add_argument("--folder", default="", help="the folder to put it in; / separates nested folders")
    parser.add_argument("--all", action="store_true", help="add every feed of a page")
    _add_private(parser, "a page names")


def _remove(parser: Parser) -> None:
    parser.description = """\
Remove sources, named by title, path or address. What you read and saved in them
stays marked."""
    _add_sources(parser, required=True)


def _sources(parser: Parser) -> None:
    parser.description = """\
List your sources: articles, articles a week, the last fetch, and what is wrong
with those that fail."""
    _add_json(parser, "print one JSON object per line: location, whether it exists, and its status")


def _import(parser: Parser) -> None:
    parser.description = """\
Add the feeds of OPML files, which other readers export, with their folders. With
‘-’, read from standard input. Commands in a file are never run."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="an OPML file, its address, or ‘-’")
    _add_private(parser, "a list names")


def _export(parser: Parser) -> None:
    parser.description = """\
Write your feeds as an OPML 2.0 file, which other readers import. Only sources
with a web address are included."""
    parser.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="the file to write; standard output if none is given"
    )
    parser.add_argument("--with-passwords", action="store_true", help="include user names and passwords in addresses")


def _mute(parser: Parser) -> None:
    parser.description = """\
Hide stories with a WORD in the title, from a provider (name or domain), or in a
topic. Nothing is deleted, and --remove shows them again. Without arguments, list
what is muted and how many stories each entry hides."""
    parser.add_argument("words", nargs="*", metavar="WORD", help="a word, or a phrase in quotes")
    parser.add_argument("--provider", action="append", default=[], metavar="NAME", help="a provider's name or domain")
    parser.add_argument("--topic", action="append", default=[], metavar="NAME", help="a topic's name")
    parser.add_argument("--list", action="store_true", help="list what is muted afterwards")
    parser.add_argument("--remove", action="store_true", help="unmute what is named")
    parser.set_defaults(error=parser.error)


def _doctor(parser: Parser) -> None:
    parser.description = """\
Check the files of news-tui, each in one line, and list the copies of those that
cannot be rebuilt. The exit status is 1 if something has to be done. A FILE is
marks, fetched or sources; what is replaced is set aside, never deleted."""
    parser.add_argument("--restore", default="", metavar="FILE", help="put a copy in the place of FILE")
    parser.add_argument(
        "copy",
        nargs="?",
        type=_at_least_zero,
        metavar="COPY",
        help="number of the copy for --restore (default: the newest that is sound)",
    )
    parser.add_argument(
        "--set-aside", default="", metavar="FILE", help="rename FILE and its copies, so that an empty one is begun"
    )
    parser.add_argument(
        "--put-back", action="store_true", help="store articles in fetched.db again that only the index has"
    )
    parser.set_defaults(error=parser.error)


def _add_sources(parser: Parser, *, required: bool = False) -> None:
    about = "a folder, file, archive or address" if required else "a folder, file or archive (default: your sources)"
    parser.add_argument("sources", nargs="+" if required else "*", metavar="SOURCE", help=about)


def _add_filters(parser: Parser) -> None:
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


def _add_private(parser: Parser, named: str) -> None:
    parser.add_argument(
        "--private", action="store_true", help=f"also add addresses in your private network that {named}"
    )


def _add_limit(parser: Parser, about: str, *, default: int) -> None:
    parser.add_argument("--limit", type=_at_least_zero, default=default, metavar="N", help=about)


def _add_json(parser: Parser, about: str) -> None:
    parser.add_argument("--json", action="store_true", help=about)


def _at_least_zero(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    # More than there will ever be, and SQLite takes no larger ones.
    digits = text.lstrip("0") or "0"
    return _ALL if len(digits) > _DIGITS else int(digits)


_DECLARATIONS: dict[str, Callable[[Parser], None]] = {
    "read": _read,
    "stories": _stories,
    "topics": _topics,
    "similar": _similar,
    "index": _index,
    "refresh": _refresh,
    "download": _download,
    "add": _add,
    "remove": _remove,
    "sources": _sources,
    "import": _import,
    "export": _export,
    "mute": _mute,
    "doctor": _doctor,
}
