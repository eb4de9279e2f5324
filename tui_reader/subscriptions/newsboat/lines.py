"""Splits the lines of newsboat's files into words, as newsboat does."""

from __future__ import annotations

from collections.abc import Iterator

from tui_reader.errors import SourceError
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple

MAX_BYTES = 4 * 1024 * 1024
"""Largest file that is read."""

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_SPACE = " \t\r\n"


class Line(NamedTuple):
    """A line of a file: its number, from 1, its words, and the whole of it as it can be shown.

    ``runs_command`` says whether a part of it is in backticks: newsboat would
    put the output of that command there. ``file`` is the name of a file that
    the config includes, ``problem`` why it could not be read.
    """

    number: int
    words: tuple[str, ...]
    text: str
    runs_command: bool = False
    file: str = ""
    problem: str = ""


def lines_of(data: bytes, name: str, *, is_config: bool = False) -> Iterator[Line]:
    """Yield the lines with words in them, without comments; in ``config``, one can begin inside of a word.

    There, a backslash at the end continues a line, which has the number of its
    first one. Raises :class:`SourceError` for a file too large.
    """
    if len(data) > MAX_BYTES:
        raise SourceError(f"{visible(name)} is larger than {MAX_BYTES // 1024**2} MB: is it a file of newsboat?")
    parts: list[str] = []
    first = 1
    texts = data.decode("utf-8", errors="replace").split("\n")
    for number, text in enumerate(texts, 1):
        goes_on = is_config and text.rstrip("\r").endswith("\\")
        parts.append(text.rstrip("\r")[:-1] if goes_on else text)
        if goes_on and number < len(texts):
            continue
        whole = "".join(parts)
        words, runs_command = _words(whole, ends=f"{_SPACE}#" if is_config else _SPACE)
        if words:
            yield Line(first, tuple(words), visible(" ".join(whole.split())), runs_command)
        parts, first = [], number + 1


def _words(line: str, ends: str) -> tuple[list[str], bool]:
    """Return the words of a line, quoted ones without their quotes, and whether there are unescaped backticks.

    Words without quotes end before one of ``ends``.
    """
    words: list[str] = []
    runs_command = False
    at = 0
    while True:
        while at < len(line) and line[at] in _SPACE:
            at += 1
        if at >= len(line) or line[at] == "#":
            return words, runs_command
        is_quoted = line[at] == '"'
        at += is_quoted
        word: list[str] = []
        while at < len(line) and (line[at] != '"' if is_quoted else line[at] not in ends):
            if line[at] == "\\" and at + 1 < len(line) and (is_quoted or line[at + 1] in "#`"):
                at += 1
                word.append(_ESCAPES.get(line[at], line[at]))
            else:
                runs_command |= line[at] == "`"
                word.append(line[at])
            at += 1
        at += is_quoted
        words.append("".join(word))
