"""The man page, made of the parser, the settings and the commands of the reader."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from tui_reader import __version__
from tui_reader.commands import COMMANDS
from tui_reader.commands.parser import build_parser
from tui_reader.config.registry import SETTINGS
from tui_reader.ui.key_names import key_label, split_keys
from tui_reader.ui.keymap import COMMANDS as KEYS
from tui_reader.ui.window_keys import EVERYWHERE, SHARED, WINDOWS

_FILES = (
    ("~/.config/news-tui/config.toml", "the settings"),
    ("~/.config/news-tui/sources.toml", "your sources"),
    ("~/.config/news-tui/topics.toml", "your topics"),
    ("~/.config/news-tui/views.toml", "your views"),
    ("~/.local/share/news-tui/", "marks and fetched articles, which cannot be rebuilt"),
    ("~/.cache/news-tui/", "the index and pictures, which can"),
)
_VARIABLES = (
    ("BROWSER", "the command that opens a page, if the settings name none"),
    ("VISUAL, EDITOR", "the editor of ‘news-tui config --edit’"),
    ("NO_COLOR", "no colours and no pictures"),
    ("NEWS_TUI_LENIENT", "with any value, a wrong setting counts as not set"),
    ("XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_CACHE_HOME, XDG_STATE_HOME", "where the files are"),
)


def man_page() -> str:
    """Return the page in the language of ``man(7)``."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f'.TH NEWS\\-TUI 1 "" "news\\-tui {_escaped(__version__)}" "User Commands"'
    yield from (".SH NAME", "news\\-tui \\- read the news in a terminal")
    yield from (".SH SYNOPSIS", ".B news\\-tui", "[\\fICOMMAND\\fR] [\\fISOURCE\\fR ...] [\\-\\-offline]")
    yield from (".SH DESCRIPTION", "Read SOURCEs: folders, files, archives; or those you added, or else a sample.")
    yield "The reader lists its keys with ?, and has a page for each subject in its documentation."
    yield ".SH COMMANDS"
    (commands,) = (each for each in build_parser()._actions if isinstance(each, argparse._SubParsersAction))
    for name in COMMANDS:
        yield from _command(name, commands.choices[name])
    yield ".SH KEYS"
    for command in KEYS:
        keys = " ".join(map(key_label, split_keys(command.keys)))
        yield from _item(f"{keys or '(palette)'}  {command.id}", command.help)
    yield ".SH KEYS OF WINDOWS"
    for window, own in WINDOWS.items():
        for each in own:
            if window == SHARED or each.id not in EVERYWHERE:
                keys = " ".join(map(key_label, split_keys(each.keys)))
                yield from _item(f"{keys}  {window}.{each.id}", each.help)
    yield ".SH SETTINGS"
    for setting in SETTINGS:
        yield from _item(setting.label, f"{setting.meaning} ({setting.kind.allowed})")
    for heading, pairs in (("ENVIRONMENT", _VARIABLES), ("FILES", _FILES)):
        yield f".SH {heading}"
        for name, about in pairs:
            yield from _item(name, about)


def _command(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    usage = " ".join(parser.format_usage().split()).removeprefix("usage: news-tui ")
    yield f".SS {_escaped(name)}"
    yield f"\\fBnews\\-tui\\fR {_escaped(usage)}"
    for paragraph in (parser.description or "").split("\n\n"):
        yield from (".PP", _escaped(" ".join(paragraph.split())))
    for action in parser._actions:  # argparse has no public list of them
        if action.help in {None, argparse.SUPPRESS} or action.dest == "help":
            continue
        value = f" {action.metavar or '|'.join(map(str, action.choices or ()))}" if action.nargs != 0 else ""
        label = f"{', '.join(action.option_strings)}{value}" if action.option_strings else str(action.metavar)
        yield from _item(label, (action.help or "").replace("%%", "%"))


def _item(label: str, about: str) -> Iterator[str]:
    yield from (".TP", f".B {_escaped(label)}", _escaped(about))


def _escaped(text: str) -> str:
    """Return a text as roff has it: no backslash, hyphen or leading dot means anything."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text
