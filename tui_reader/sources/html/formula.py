"""Writes formulas in MathML or TeX, powers and indices as one line of text."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MAX_LENGTH = 2000  # characters of a formula
_DISPLAY = re.compile(r"\{\s*\\(?:displaystyle|textstyle)\b\s*(.*)\}", re.DOTALL)
_SPACES = re.compile(r"\s+")
# Function application, invisible times, separator and plus.
_INVISIBLE = dict.fromkeys(range(0x2061, 0x2065))
_ORDINALS = frozenset({"st", "nd", "rd", "th", "er", "ère", "re", "e", "ème", "de", "te", "o", "a", "º", "ª"})
_MARKS = {"TM": "™", "SM": "℠", "R": "®", "®": "®", "™": "™", "©": "©", "*": "*", "†": "†", "‡": "‡"}
_NOTE = re.compile(r"[0-9]{1,3}(?:\s?[,–-]\s?[0-9]{1,3})*|[a-z*†‡§]")
_ONE_WORD = re.compile(r"[+−–√-]?\w+|[*′″†‡°]+")
_LOWERED = re.compile(r"[0-9+−–=-]{1,10}")
_BRACKETED = re.compile(r"\[[0-9]{1,3}\]")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUPERSCRIPTS = str.maketrans("0123456789", _RAISED)
_SUBSCRIPTS = str.maketrans("0123456789+−–=-", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₋")
_AFTER_SENTENCE = frozenset(".,;:!?”’»\"'…")
_SKIPPED = frozenset({"annotation-xml", "mphantom", "maligngroup", "malignmark", "none", "mprescripts"})
_TABLE_JOINTS = {"mtable": "; ", "mtr": ", ", "mlabeledtr": ", "}


def tex_line(text: str) -> str:
    """Return TeX as one line, without the group around it that only sets its size."""
    text = _SPACES.sub(" ", text[:_MAX_LENGTH]).strip()
    match = _DISPLAY.fullmatch(text)
    return match[1].strip() if match else text


def is_note(words: str, before: str) -> bool:
    """Return whether a raised number refers to a note: it stands alone or after a sentence, not on a number."""
    return bool(_NOTE.fullmatch(words)) and (not before or before.isspace() or before in _AFTER_SENTENCE)


def linked_note(words: str, before: str) -> str:
    """Return the words of a link to another place of the page; a number right after a word refers to a note."""
    glued = bool(before) and (before.isalnum() or before in _AFTER_SENTENCE or before == ")")
    return _note(words) if glued and (_NOTE.fullmatch(words) or _BRACKETED.fullmatch(words)) else words


def _note(words: str) -> str:
    """Return the sign of a note: raised, as brackets are for links."""
    number = words.strip("[]")
    return number.translate(_SUPERSCRIPTS) if number[0].isdigit() else f"[{words}]"


def script(words: str, before: str, sign: str) -> str:
    """Return the plain text of a power (``sign`` is ``^``) or an index (``_``) after the character ``before``."""
    if sign == "^":
        if words in _MARKS:
            return _MARKS[words]
        if before.isdigit() and words.lower().strip(".") in _ORDINALS:
            return words
        if is_note(words, before) or _BRACKETED.fullmatch(words):
            return _note(words)
    if not before or before.isspace() or words.startswith(("[", "(http")) or words[0] in _RAISED:
        return words  # small print, or a note that has its brackets
    if sign == "_" and _LOWERED.fullmatch(words):
        return words.translate(_SUBSCRIPTS)
    return sign + _grouped(words)


def _grouped(words: str) -> str:
    return words if _ONE_WORD.fullmatch(words) else f"({words})"


class Formula:
    """The text of a ``<math>`` element: its alternative text, its TeX, or else its elements on one line."""

    def __init__(self, attributes: Mapping[str, str]) -> None:
        self._alternative = tex_line(attributes.get("alttext", ""))
        self._tex = ""
        self._open: list[tuple[str, list[str]]] = [("math", [])]

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle a start tag inside of the formula."""
        if tag == "annotation" and "tex" not in attributes.get("encoding", "").lower():
            tag = "annotation-xml"
        self._open.append((tag, []))

    def data(self, text: str) -> None:
        """Handle text."""
        tag, parts = self._open[-1]
        text = text[:_MAX_LENGTH]
        text = _SPACES.sub(" ", text) if tag == "mtext" else text.strip().translate(_INVISIBLE)
        if text:
            parts.append(text)

    def end(self, tag: str) -> None:
        """Handle an end tag."""
        if len(self._open) == 1:
            return
        tag, parts = self._open.pop()
        if tag == "annotation":
            self._tex = self._tex or tex_line(" ".join(parts))
        elif tag not in _SKIPPED:
            self._open[-1][1].append(_element(tag, parts)[:_MAX_LENGTH])

    def text(self) -> str:
        """Return the formula as one line."""
        while len(self._open) > 1:
            self.end("")
        return (self._alternative or self._tex or _SPACES.sub(" ", "".join(self._open[0][1])).strip())[:_MAX_LENGTH]


class TexScript:
    """A ``<script>`` with TeX for MathJax."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Ignore a tag."""

    def end(self, tag: str) -> None:
        """Ignore a tag."""

    def data(self, text: str) -> None:
        """Handle text."""
        self._parts.append(text)

    def text(self) -> str:
        """Return the formula."""
        return tex_line("".join(self._parts))


def _element(tag: str, parts: list[str]) -> str:
    """Return a MathML element, given its children."""
    line = "".join(parts)
    if tag in _TABLE_JOINTS:
        line = _TABLE_JOINTS[tag].join(filter(None, parts))
        line = f"[{line}]" if tag == "mtable" else line
    elif tag == "mspace":
        line = " "
    elif tag == "mfenced":
        line = f"({', '.join(parts)})"
    elif tag == "msqrt":
        line = "√" + _grouped(line)
    elif len(parts) == 2 and tag in {"msup", "mover", "msub", "munder", "mfrac", "mroot"}:
        line = _pair(tag, *parts)
    elif len(parts) == 3 and tag in {"msubsup", "munderover"}:
        line = f"{_base(parts[0])}_{_grouped(parts[1])}^{_grouped(parts[2])}"
    return line


def _pair(tag: str, first: str, second: str) -> str:
    if tag == "mfrac":
        return f"{_grouped(first)}/{_grouped(second)}"
    if tag == "mroot":
        return f"{second}√{_grouped(first)}"
    if tag in {"mover", "munder"} and len(second) == 1 and not second.isalnum():
        return first + second  # an accent, such as a bar or an arrow
    if second in {"′", "″", "‴", "'"}:
        return first + second
    return f"{_base(first)}{'^' if tag in {'msup', 'mover'} else '_'}{_grouped(second)}"


def _base(text: str) -> str:
    return text if text.endswith(")") else _grouped(text) if len(text) > 1 and text[:1].isalnum() else text
