"""The arguments of ``news-tui completions``."""

from __future__ import annotations

import argparse

SHELLS = ("bash", "zsh", "fish")
"""The shells that there are completions for."""

NAMES = ("views", "sources", "folders", "topics", "tags", "accounts")
"""What names are completed by running this command."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = """\
Print the completions for a shell: of commands, options and their values, of
settings, and of your views, sources, folders, topics, tags and accounts. Where to
put them:

  bash  ~/.local/share/bash-completion/completions/news-tui
  zsh   _news-tui in a folder of $fpath
  fish  ~/.config/fish/completions/news-tui.fish"""
    parser.add_argument("shell", nargs="?", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    parser.add_argument("--names", choices=NAMES, help=argparse.SUPPRESS)  # for the completions
    parser.set_defaults(error=parser.error)
