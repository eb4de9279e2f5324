"""``NamedTuple`` as in ``typing``, but made faster: annotations are left to mypy.

``typing`` compiles the annotation of each field to see whether it can be a
type, which took a tenth of the time of a short command.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414, TID251 - for those that import it from here
else:
    _SET = frozenset({"__module__", "__qualname__", "__annotations__", "__dict__", "__weakref__"})

    class _Maker(type):
        """Makes the class of a block ``class Name(NamedTuple)``."""

        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if bases != (NamedTuple,):
                raise TypeError(f"{name} must have NamedTuple as its only base: typing.NamedTuple can have others")
            fields = namespace.get("__annotations__", {})
            defaults = [namespace[field] for field in fields if field in namespace]
            made = namedtuple(name, fields, defaults=defaults, module=namespace["__module__"])
            for key, value in namespace.items():
                if key not in _SET and key not in fields:
                    setattr(made, key, value)
            made.__qualname__ = namespace["__qualname__"]
            made.__annotations__ = fields
            return made

    NamedTuple = type.__new__(_Maker, "NamedTuple", (), {})
