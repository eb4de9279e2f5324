"""A line to type in that leaves Enter to its window, where it is a command like any other."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class LineInput(Input, inherit_bindings=False):
    """An input without a key of its own for the end."""

    BINDINGS: ClassVar[list[BindingType]] = [
        each for each in Input.BINDINGS if not (isinstance(each, Binding) and each.key == "enter")
    ]
