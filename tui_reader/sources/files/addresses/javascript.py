"""Reads what is plain in configurations in JavaScript and TypeScript; nothing of them is run."""

from __future__ import annotations

import re
from collections.abc import Iterator


class JavaScript:
    """The plain values of a configuration in JavaScript or TypeScript: what stands there in quotes after a name."""

    def __init__(self, text: str) -> None:
        self._text = _COMMENT.sub(lambda match: match[0] if match[0][0] in "\"'`" else " ", text)

    def block(self, *names: str) -> JavaScript:
        """Return what is between the braces after the first of ``names`` that has some; nothing if none has."""
        return next((part for name in names for part in self.blocks(name)), _Part(""))

    def blocks(self, name: str) -> Iterator[JavaScript]:
        """Yield what is between the braces after ``name``, each time that it has some; not again what is in these."""
        pattern = re.compile(rf"""\b{re.escape(name)}["']?\s{{0,20}}:\s{{0,20}}(?:\[\s{{0,20}})?\{{""")
        at = 0
        while match := pattern.search(self._text, at):
            at = _closing(self._text, match.end())
            yield _Part(self._text[match.end() : at])

    def text(self, *names: str) -> str:
        """Return the first value of ``names``: in quotes, or the name of one that is given elsewhere; else nothing."""
        for name in names:
            # What has a colon is in the configuration, and what has an equals sign in the code beside it.
            match = next((found for sign in ":=" if (found := self._given(name, sign))), None)
            if match is None:
                continue
            quoted = _quoted(match)
            if quoted is not None:
                return quoted
            given = re.search(rf"\b(?:const|let|var)\s+{re.escape(match[4])}{_given('[:=]')}", self._text)
            if given:
                return _quoted(given) or ""
        return ""

    def _given(self, name: str, sign: str) -> re.Match[str] | None:
        return re.search(rf"(?<![\w.$]){re.escape(name)}{_given(sign)}", self._text)

    def flag(self, name: str) -> bool | None:
        """Return a value that is ``true`` or ``false``, ``None`` for anything else."""
        match = re.search(rf"(?<![\w.$]){re.escape(name)}[\"']?\s{{0,20}}:\s{{0,20}}(true|false)\b", self._text)
        return None if match is None else match[1] == "true"

    def all(self, pattern: re.Pattern[str]) -> list[str]:
        """Return all that a pattern finds."""
        return [str(found) for found in pattern.findall(self._text)]


class _Part(JavaScript):
    """A part of a file, without comments already."""

    def __init__(self, text: str) -> None:
        self._text = text


# Quotes that are not closed end with the line or the file, so that nothing is looked at twice.
_QUOTED = r"\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?"
# Comments, and what is quoted: a comment does not begin in an address.
_COMMENT = re.compile(rf"{_QUOTED}|`(?:[^`\\]|\\.)*+`?|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?", re.DOTALL)


def _given(sign: str) -> str:
    """Return a pattern for the value of a name, in quotes or another name."""
    return (
        rf"""["']?\s{{0,20}}{sign}\s{{0,20}}"""
        r"""(?:"([^"\n]{0,500})"|'([^'\n]{0,500})'|`([^`$\n]{0,500})`|([A-Za-z_$][\w$]{0,60}))"""
    )


def _quoted(match: re.Match[str]) -> str | None:
    return next((part.strip() for part in match.groups()[:3] if part is not None), None)


def _closing(text: str, at: int) -> int:
    """Return where the brace is closed that was opened just before ``at``."""
    depth = 1
    for match in _BRACE.finditer(text, at):
        sign = match[0]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                return match.start()
    return len(text)


_BRACE = re.compile(rf"[{{}}]|{_QUOTED}", re.DOTALL)
