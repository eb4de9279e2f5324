"""Numbers the items of HTML lists."""

from __future__ import annotations

from collections.abc import Mapping

_LARGEST = 999_999_999  # a longer number is no list item in Markdown
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_KINDS = frozenset({"a", "A", "i", "I"})


class HtmlList:
    """An open list. ``items`` counts those that have begun."""

    def __init__(self, tag: str, attributes: Mapping[str, str], *, delimiter: str = ".", length: int = 0) -> None:
        self.is_ordered = tag == "ol"
        self.delimiter = delimiter
        self.items = 0
        reversed_ = "reversed" in attributes
        self._step = -1 if reversed_ else 1
        start = _whole(attributes.get("start"))
        self._number = start if start is not None else length if reversed_ else 1
        kind = attributes.get("type", "")
        self._kind = kind if kind in _KINDS else ""

    def marker(self, value: str | None) -> tuple[str, int]:
        """Return what is in front of the next item, and how far its other lines are indented.

        Letters and negative numbers become the start of the text of a bullet:
        Markdown has no such items.
        """
        self.items += 1
        if not self.is_ordered:
            return "- ", 2
        given = _whole(value)
        number = self._number if given is None else given
        self._number = number + self._step
        if self._kind and number > 0 and (letters := _letters(number, self._kind)):
            return f"- {letters}. ", 2
        if not 0 <= number <= _LARGEST:
            return f"- {number}. ", 2
        marker = f"{number}{self.delimiter} "
        return marker, len(marker)


def _whole(text: str | None) -> int | None:
    text = (text or "").strip()
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 11 else None


def _letters(number: int, kind: str) -> str:
    """Return a number in letters or as a Roman numeral, empty where it is too large."""
    text = ""
    if kind in "iI":
        if number >= 4000:
            return ""
        for value, letters in _ROMAN:
            text += letters * (number // value)
            number %= value
    else:
        while number:
            number, rest = divmod(number - 1, 26)
            text = chr(ord("a") + rest) + text
    return text.upper() if kind.isupper() else text
