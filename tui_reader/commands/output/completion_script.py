"""The completions for bash, zsh and fish, made of the parser and the registry of settings."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from tui_reader.commands import COMMANDS
from tui_reader.commands.parser import build_parser
from tui_reader.config.registry import SETTINGS

_PATHS = frozenset({"SOURCE", "FILE"})  # what arguments are called that can be a path
_OPTIONS = {"--view": "views", "--source": "sources", "--folder": "folders", "--topic": "topics", "--tag": "tags"}
_OWN = {"ACCOUNT": "accounts"}  # what arguments are called that are names of one's own
_OWN_SOURCES = frozenset({"remove", "refresh"})  # commands whose SOURCE is one of the person's own

# $1 is the word so far, perhaps with a quote before it, or backslashes in it.
_BASH = """\
_news_tui_names() {
  local name typed="${2//\\\\/}" run="${COMP_WORDS[0]/#\\~/$HOME}"
  typed=${typed#[\\"\\']}
  while IFS= read -r name; do
    [[ $name == "$typed"* ]] || continue
    [[ $2 == [\\"\\']* ]] && printf '%s\\n' "$name" || printf '%q\\n' "$name"
  done < <("$run" completions --names "$1" 2>/dev/null)
}"""
_ZSH = """\
_news_tui_names() {
  local -a names
  names=(${(f)"$(_call_program names ${words[1]:-news-tui} completions --names $1 2>/dev/null)"})
  (( $#names )) && compadd -a names
}"""


def completion_script(shell: str) -> str:
    """Return the script that a shell reads."""
    import shtab

    parser = build_parser()
    _complete(parser, "")
    script: str = shtab.complete(parser, shell)
    # The first word can be a source instead of a command: let bash fall back to paths.
    return script.replace("complete -o bashdefault ", "complete -o bashdefault -o default ")


def _complete(parser: argparse.ArgumentParser, command: str) -> None:
    """Say of each argument that is no choice how it is completed, as shtab wants it."""
    for action in parser._actions:  # argparse has no public list of them; shtab reads it too
        names = next((_OPTIONS[option] for option in action.option_strings if option in _OPTIONS), "")
        names = names or _OWN.get(str(action.metavar), "")
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                sub.description = COMMANDS[name]  # shells show one line
                _complete(sub, name)
        elif action.metavar == "SETTING":
            action.choices = [setting.label for setting in SETTINGS]
        elif names or (command in _OWN_SOURCES and action.metavar == "SOURCE"):
            action.complete = _named(names or "sources")  # type: ignore[attr-defined]
        elif action.metavar in _PATHS:
            from shtab import FILE

            action.complete = FILE  # type: ignore[attr-defined]


def _named(kind: str) -> Mapping[str, object]:
    """Return what completes a name of this kind in each shell: the names that the command itself prints."""
    function = f"_news_tui_{kind}"
    one = f'{function}() {{\n  _news_tui_names {kind} "$1"\n}}'
    return {
        "bash": function,
        "zsh": function,
        "fish": f"(news-tui completions --names {kind} 2>/dev/null)",
        "preamble": {"bash": f"{_BASH}\n{one}", "zsh": f"{_ZSH}\n{function}() {{\n  _news_tui_names {kind}\n}}"},
    }
