"""The lines of keys in TOML files."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from tests.support.growth import assert_linear
from tui_reader.config.toml_lines import key_lines, line_of

DOCUMENT = """# [not.a.table]
title = "a # b"

[keys]
"odd \\"name\\"" = "]"   # [x]
'literal = name' = '''
[not.a.table]
down = "j"
'''
list = [
  "[", # down = 1
  \"\"\"
]\"\"\",
  {inside = 1},
]
dotted . name = 2

[ a . "b.c" ]
x = 1
[[view]]
name = "one"
[[view]]
name = 'two'
[view.sub]
y = {z = "}"}
last = 2021-01-01
"""


def test_lines_in_a_document_with_everything() -> None:
    tomllib.loads(DOCUMENT)
    lines = key_lines(DOCUMENT)
    numbered = DOCUMENT.splitlines()
    for path, start in {
        ("title",): "title",
        ("keys",): "[keys]",
        ("keys", 'odd "name"'): '"odd',
        ("keys", "literal = name"): "'literal",
        ("keys", "list"): "list",
        ("keys", "dotted", "name"): "dotted",
        ("a", "b.c", "x"): "x = 1",
        ("view", 0, "name"): 'name = "one"',
        ("view", 1, "name"): "name = 'two'",
        ("view", 1, "sub", "y"): "y = ",
        ("view", 1, "sub", "last"): "last",
    }.items():
        assert numbered[lines[path] - 1].startswith(start), path
    assert ("keys", "down") not in lines
    assert ("not",) not in lines
    assert line_of(lines, ("keys", "list", "inside")) == lines["keys", "list"]
    assert line_of(lines, ("nowhere",)) == 0


_VALUES = st.recursive(
    st.text(max_size=8) | st.integers(-9, 9) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=5), _VALUES, max_size=5))
def test_every_key_of_any_document_is_found_in_its_order(content: dict[str, Any]) -> None:
    text = tomlkit.dumps(content)
    lines = key_lines(text)
    assert all((name,) in lines for name in tomllib.loads(text))
    assert list(lines.values()) == sorted(lines.values())


@pytest.mark.parametrize("piece", ['a = "\\n"\n', "[x]\n", '"""', "[[", "#", "''", "a.", '"', "a = [\n", "\r"])
def test_lines_are_found_in_linear_time(piece: str) -> None:
    assert_linear(key_lines, piece, 20_000 // len(piece))
