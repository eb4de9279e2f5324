"""Every fault leaves a module that Python can read, and is named by what it changes."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.mutation.__main__ import ROOT, TESTS, explained
from tests.mutation.mutants import find_mutants, modules

SOURCE = '''
def kept(found, most=10):
    """Docstrings stay."""
    if found is None or not found:
        return None
    for each in found:
        if each < most:
            continue
        try:
            check(each, most)
        except ValueError:
            raise
    return query("SELECT a FROM b WHERE c = 1 AND d >= 2", found[0] + 1)
'''


def test_faults_are_named_by_function_and_text(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SOURCE)
    found = [mutant.name for mutant in find_mutants(tmp_path, "a.py")]
    assert len(found) == len(set(found))
    for change in (
        "`found is None` → `found is not None`",
        "`not found` → `bool(found)`",
        "`each < most` → `each <= most`",
        "`continue` → `break`",
        "`check(each, most)` → `pass`",
        "`each, most` → `most, each`",
        "`ValueError` → `()`",
        "`raise` → `pass`",
        "`10` → `11`",
        "`found[0] + 1` → `found[0] - 1`",
        '`"SELECT a FROM b WHERE c = 1 AND d >= 2"` → `"SELECT a FROM b WHERE c = 1 OR d >= 2"`',
    ):
        assert f"a.py kept: {change}" in found


def test_the_explained_survivors_still_exist() -> None:
    """One whose code has changed is explained no longer."""
    files = {name.split()[0] for name in explained()}
    assert explained() <= {mutant.name for file in files for mutant in find_mutants(ROOT, file)}


def test_every_fault_can_be_compiled() -> None:
    for package in TESTS:
        for file in modules(ROOT, package):
            source = (ROOT / file).read_bytes()
            for mutant in find_mutants(ROOT, file)[::200]:
                assert mutant.apply(source) != source
                ast.parse(mutant.apply(source))
