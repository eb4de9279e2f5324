"""Writes down which functions of the program each test calls, in its own process and in those it starts.

Python imports a module of this name at its start: ``PYTHONPATH`` names this
folder, ``NEWS_TUI_CALLS`` the file to write to. pytest loads it as a plugin, so
that it also writes how long a test takes (PYTEST_DONT_REWRITE).
"""

from __future__ import annotations

import os
import sys
import threading
from types import CodeType, FrameType
from typing import Any

_path = os.environ.get("NEWS_TUI_CALLS")
_seen: dict[int, CodeType] = {}  # by id: a code object takes long to hash
_file = os.open(_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600) if _path else -1


def _write(*parts: str) -> None:
    os.write(_file, ("\t".join(parts) + "\n").encode())  # at once: a process may be killed


def _called(frame: FrameType, event: str, argument: object) -> None:
    code = frame.f_code
    if id(code) not in _seen:
        _seen[id(code)] = code
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        if test and "/tui_reader/" in code.co_filename:
            _write(test, f"tui_reader/{code.co_filename.rpartition('/tui_reader/')[2]}", code.co_qualname)


def _pass_on(event: str, arguments: tuple[Any, ...]) -> None:
    """Give a process that is started with an environment of its own what it needs to write down its calls."""
    if event == "subprocess.Popen" and isinstance(arguments[3], dict):
        names = ("NEWS_TUI_CALLS", "PYTHONPATH", "PYTEST_CURRENT_TEST")
        arguments[3].update({name: os.environ[name] for name in names if name in os.environ})


def pytest_runtest_logstart() -> None:
    """Begin anew for each test."""
    _seen.clear()


def pytest_runtest_logreport(report: Any) -> None:
    """Keep the time that a test takes, if it passes."""
    if report.when == "call" and report.passed:
        _write(report.nodeid, f"{report.duration:.3f}")


if _path:
    sys.addaudithook(_pass_on)
    threading.settrace(_called)
    sys.settrace(_called)
