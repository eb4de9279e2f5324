"""Finds the places of a module where a small fault can be put in, as replacements of its text."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "//"),
}
_OTHER_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_IN_ANY_ORDER = {"suppress", "min", "max"}  # calls whose arguments are a set
_SQL = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE|WHERE|ORDER BY|ON CONFLICT)\b")
_SQL_FAULTS = (
    (r" AND ", " OR "),
    (r" DESC\b", " ASC"),
    (r"(?<![<>])<=", "<"),
    (r">=", ">"),
    (r"<>", "="),
    (r" < ", " <= "),
    (r" > ", " >= "),
    (r"\bIS NOT NULL", "IS NULL"),
    (r"\bNOT EXISTS", "EXISTS"),
    (r"\bDISTINCT ", ""),
    (r"\bOR IGNORE", "OR REPLACE"),
    (r"\bLEFT JOIN", "JOIN"),
    (r"\bmax\(", "min("),
    (r" = 1\b", " = 0"),
    (r" = 0\b", " = 1"),
)


class Mutant(NamedTuple):
    """A fault in the function ``scope``: the text from ``start`` to ``end`` (in bytes) of ``file`` becomes ``text``.

    ``name`` says where it is and what changes, without the line: it stays the
    same while the rest of the file changes.
    """

    file: str
    scope: str
    name: str
    line: int
    start: int
    end: int
    text: str

    def apply(self, source: bytes) -> bytes:
        """Return the source of the module with the fault."""
        return source[: self.start] + self.text.encode() + source[self.end :]


def find_mutants(root: Path, file: str) -> list[Mutant]:
    """Return every fault for ``file``, a path below ``root``, in the order of the text."""
    source = (root / file).read_bytes()
    found = []
    seen: Counter[str] = Counter()
    for scope, line, start, end, text in sorted(_Finder(source).found, key=lambda each: each[2:]):
        before = " ".join(source[start:end].decode().split())
        name = f"{file} {scope}: `{_short(before)}` → `{_short(' '.join(text.split()))}`"
        seen[name] += 1
        number = f" ({seen[name]})" if seen[name] > 1 else ""
        found.append(Mutant(file, scope, name + number, line, start, end, text))
    return found


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:40]}…{text[-39:]}"


class _Finder(ast.NodeVisitor):
    """Collects faults as scope, line, start, end and new text."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._lines = [0, *(match.end() for match in re.finditer(b"\n", source))]
        self._scope: list[str] = []
        self.found: list[tuple[str, int, int, int, str]] = []
        self.visit(ast.parse(source))

    # -- the text of a node ------------------------------------------------------

    def _start(self, node: ast.expr | ast.stmt) -> int:
        return self._lines[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.expr | ast.stmt) -> int:
        return self._lines[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def _text(self, node: ast.expr | ast.stmt) -> str:
        return self._source[self._start(node) : self._end(node)].decode()

    def _add(self, line: int, start: int, end: int, text: str) -> None:
        self.found.append((".".join(self._scope) or "module", line, start, end, text))

    def _replace(self, node: ast.expr | ast.stmt, text: str) -> None:
        self._add(node.lineno, self._start(node), self._end(node), text)

    def _between(self, left: ast.expr, right: ast.expr, before: str, after: str) -> None:
        """Replace an operator: the text between its operands, so that its name shows what is compared."""
        start, end = self._end(left), self._start(right)
        gap = self._source[start:end].decode()
        changed = re.sub(rf"(?<!\w){re.escape(before)}(?!\w)", after, gap, count=1)
        if changed != gap:
            text = self._source[self._start(left) : start].decode() + changed + self._text(right)
            self._add(right.lineno, self._start(left), self._end(right), text)

    # -- where to look -------------------------------------------------------------

    def _visit_scope(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self._scope.append(node.name)
        if not isinstance(node, ast.ClassDef):
            for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
                self.visit(default)
        for statement in node.body:
            self.visit(statement)
        self._scope.pop()

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _visit_scope

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_If(self, node: ast.If) -> None:
        if not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            self._visit_test(node)

    def _visit_test(self, node: ast.If | ast.While | ast.IfExp) -> None:
        if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant | ast.NamedExpr):
            self._replace(node.test, f"not ({self._text(node.test)})")
        self.generic_visit(node)

    visit_While = visit_IfExp = _visit_test

    # -- faults --------------------------------------------------------------------

    def visit_Compare(self, node: ast.Compare) -> None:
        for left, operator, right in zip((node.left, *node.comparators), node.ops, node.comparators, strict=False):
            self._between(left, right, *_COMPARISONS[type(operator)])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        words = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._between(left, right, *words)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self._replace(node, f"bool({self._text(node.operand)})")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        is_text = any(isinstance(side, ast.JoinedStr) or _is_string(side) for side in (node.left, node.right))
        if type(node.op) in _ARITHMETIC and not is_text:
            self._between(node.left, node.right, *_ARITHMETIC[type(node.op)])
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self._replace(node, str(not node.value))
        elif isinstance(node.value, int):
            self._replace(node, str(node.value + 1 if node.value < 20 else node.value * 2))
        elif isinstance(node.value, str):
            self._visit_sql(node)

    def _visit_sql(self, node: ast.expr) -> None:
        text = self._text(node)
        if _SQL.search(text):
            for pattern, after in _SQL_FAULTS:
                for match in re.finditer(pattern, text):
                    self._replace(node, text[: match.start()] + after + text[match.end() :])

    visit_JoinedStr = _visit_sql

    def visit_Expr(self, node: ast.Expr) -> None:
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(call, ast.Call):
            self._replace(node, "pass")
        if not _is_string(node.value):  # a docstring
            self.generic_visit(node)

    def _visit_statement(self, node: ast.AugAssign | ast.Raise) -> None:
        self._replace(node, "pass")
        self.generic_visit(node)

    visit_AugAssign = visit_Raise = _visit_statement

    def visit_Assign(self, node: ast.Assign) -> None:
        if self._scope[-1:] != ["__init__"] and isinstance(node.targets[0], ast.Attribute | ast.Subscript):
            self._replace(node, "pass")
        self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        self._replace(node, "break")

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not isinstance(node.value, ast.Constant):
            self._replace(node, "return None")
        self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self._replace(node.type, "()")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in _OTHER_CALLS:
            self._replace(node.func, _OTHER_CALLS[node.func.id])
        first, second = node.args[:2] if len(node.args) > 1 else (None, None)
        is_set = isinstance(node.func, ast.Name) and node.func.id in _IN_ANY_ORDER
        if (
            not is_set
            and first
            and second
            and not isinstance(first, ast.Starred)
            and not isinstance(second, ast.Starred)
        ):
            between = self._source[self._end(first) : self._start(second)].decode()
            text = f"{self._text(second)}{between}{self._text(first)}"
            self._add(first.lineno, self._start(first), self._end(second), text)
        self.generic_visit(node)


def _is_string(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def modules(root: Path, package: str) -> Iterator[str]:
    """Yield the modules of a package of the program that have code to put faults into, as paths below ``root``."""
    for path in sorted((root / "tui_reader" / package).glob("*.py")):
        if path.name != "schema.py":  # definitions of tables, and the indexes that only make them fast
            yield path.relative_to(root).as_posix()
