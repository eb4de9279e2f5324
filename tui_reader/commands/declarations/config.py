"""The arguments of ``news-tui config``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.commands.declarations.options import add_json

if TYPE_CHECKING:
    from argparse import ArgumentParser


def declare(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Print each setting with its value, its default, and where the value comes from: a
line of config.toml, the environment, what was chosen in the reader, or the
default. What is wrong in config.toml is marked. Of [keys] and [tiers], only what
is set.

Exit status: 0, or 1 if there is a mistake in config.toml; all are printed."""
    parser.add_argument(
        "names",
        nargs="*",
        default=[],
        metavar="SETTING",
        help="only these, with what they mean: refresh.every, keys, …",
    )
    parser.add_argument("--path", action="store_true", help="print the path of config.toml")
    parser.add_argument("--edit", action="store_true", help="open config.toml in your editor ($VISUAL, $EDITOR)")
    add_json(parser, "print one JSON object per setting: name, value, default, from, allowed, about, problem")
    parser.set_defaults(error=parser.error)
