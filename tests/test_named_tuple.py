"""Named tuples behave like those of ``typing``."""

from __future__ import annotations

import pickle
import types
import typing
from typing import TYPE_CHECKING

import pytest

from tui_reader.named_tuple import NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction  # annotations are not evaluated


class Place(NamedTuple):
    """A place on a page."""

    line: int
    column: int = 1
    note: Fraction | None = None

    @property
    def words(self) -> str:
        """The place in words."""
        return f"line {self.line}, column {self.column}"

    @classmethod
    def first(cls) -> Place:
        """The first place."""
        return cls(1)


class Like(typing.NamedTuple):
    """What a class of typing has."""

    line: int
    column: int = 1
    note: str | None = None


def test_fields_defaults_and_methods() -> None:
    place = Place(3)
    assert (place.line, place.column, place.note) == (3, 1, None)
    assert place.words == "line 3, column 1"
    assert Place.first() == Place(line=1)
    assert place._replace(column=7).column == 7
    assert Place.__doc__ == "A place on a page."
    assert repr(place) == "Place(line=3, column=1, note=None)"
    assert pickle.loads(pickle.dumps(place)) == place
    with pytest.raises(TypeError):
        Place()  # type: ignore[call-arg]


def test_is_made_like_those_of_typing() -> None:
    assert Place.__mro__[1:] == Like.__mro__[1:]
    assert (Place._fields, Place._field_defaults) == (Like._fields, Like._field_defaults)
    assert (Place.__module__, Place.__qualname__) == (Like.__module__, "Place")
    assert not hasattr(Place(1), "__dict__")


def test_a_second_base_is_refused() -> None:
    with pytest.raises(TypeError, match="only base"):
        types.new_class("Both", (NamedTuple, Like))
