"""Reads the configuration of site generators as data: YAML, TOML and JSON, and what is plain in Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from tui_reader.errors import ArticleError

if TYPE_CHECKING:
    import ast

Data: TypeAlias = Mapping[str, object]

MAX_BYTES = 256 * 1024
"""A larger file is no configuration, in bytes."""

_LONGEST = 2000  # characters of an address or a template, and of a text that is made of others
_MAX_DEPTH = 50  # of JSON and Python in each other


def text_of(data: bytes) -> str:
    """Return a configuration as text. Raises :class:`ArticleError` if it is too large."""
    if len(data) > MAX_BYTES:
        raise ArticleError(f"larger than {MAX_BYTES // 1024} KB: it is not read as the configuration of a site")
    text = data.decode(errors="replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n") if "\r" in text else text


def read_data(name: str, data: bytes) -> Data:
    """Return what a YAML, TOML or JSON file has. Raises :class:`ArticleError`, with the line, if it is not valid."""
    text = text_of(data)
    if name.endswith(".toml"):
        from tui_reader.sources.files.plain_toml import parse_toml

        return parse_toml(text)
    value: object
    if name.endswith(".json"):
        value = _json(text)
    else:
        from tui_reader.sources.files.addresses.config_yaml import config_yaml

        value = config_yaml(text)
    return value if isinstance(value, Mapping) else {}


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ArticleError(f"not valid JSON: {error.msg}", error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise ArticleError("not valid JSON: nested too deeply, or with too large a number") from error


def python_values(data: bytes) -> dict[str, object]:
    """Return the plain values that a Python file gives to names, and those made of other names with ``+``.

    Nothing of it is run. Raises :class:`ArticleError` if it is not valid Python.
    """
    import ast

    text = text_of(data)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise ArticleError(f"not valid Python: {error.msg}", error.lineno or 0) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ArticleError("not valid Python") from error
    found: dict[str, object] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets, value = [statement.target], statement.value
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name):
                try:
                    found[target.id] = _value(value, found, 0)
                except (ValueError, TypeError):
                    found.pop(target.id, None)  # only a run would tell
    return found


def _value(node: ast.expr, names: Mapping[str, object], depth: int) -> object:
    import ast

    if depth > _MAX_DEPTH:
        raise ValueError("nested too deep")
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    if isinstance(node, (ast.Tuple, ast.List)):
        return [_value(item, names, depth + 1) for item in node.elts]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {str(key.value): _value(item, names, depth + 1) for key, item in pairs if isinstance(key, ast.Constant)}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _value(node.left, names, depth + 1), _value(node.right, names, depth + 1)
        if isinstance(left, str) and isinstance(right, str) and len(left) + len(right) <= _LONGEST:
            return left + right
    raise ValueError("only a run would tell")


def lowered(data: Data, depth: int = 0) -> dict[str, object]:
    """Return data with all names in lower case, as Hugo reads it."""
    return {
        str(name).lower(): lowered(item, depth + 1) if isinstance(item, Mapping) and depth < _MAX_DEPTH else item
        for name, item in data.items()
    }


def string(data: object, *names: str) -> str:
    """Return the text in ``data`` under ``names``, one in the other; empty if there is none, or too long a one."""
    value = data
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value.strip() if isinstance(value, str) and len(value) <= _LONGEST else ""


def mapping(data: object, *names: str) -> Data:
    """Return the values that are found in ``data`` under ``names``, one in the other; none if there are none."""
    value = data
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def is_true(value: object) -> bool:
    """Return whether a value means yes: YAML's are texts here."""
    return value is True or (isinstance(value, str) and value.lower() in {"true", "yes", "on"})


def is_false(value: object) -> bool:
    """Return whether a value means no."""
    return value is False or (isinstance(value, str) and value.lower() in {"false", "no", "off"})
