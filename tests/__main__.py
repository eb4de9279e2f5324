"""Run every check of the project, with the tools of this interpreter.

``python -m tests --newest`` installs the newest version of every dependency
that ``pyproject.toml`` allows into a temporary environment and runs the checks there.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parent.parent
# A process of tests more than processors: they wait for terminals and timers a fifth of their time.
CHECKS = {
    "ruff check": ("ruff", "check", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "mypy": ("mypy",),
    "import-linter": ("lint-imports",),
    "pytest": ("pytest", "-n", str(min(os.cpu_count() or 1, 4) + 1), "--dist", "worksteal"),
}
BESIDE = "mypy"
"""The check that runs beside the others: it takes half a minute of one processor."""


def main() -> int:
    """Run the checks and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests", description="Run every check of the project.")
    parser.add_argument(
        "--newest", action="store_true", help="use the newest dependencies instead of the installed ones"
    )
    if parser.parse_args().newest:
        return run_with_newest()
    return run_checks(Path(sysconfig.get_path("scripts")))


def run_checks(tools: Path) -> int:
    """Run every check with the tools in a folder, even after one fails; return 1 if any failed."""
    with tempfile.TemporaryFile() as printed:
        beside = Check(BESIDE, tools, printed)
        failed = [name for name in CHECKS if name != BESIDE and not Check(name, tools).passed()]
        print(f"\n== {BESIDE}, beside the others ==", flush=True)
        passed = beside.passed(printed)
    failed += [] if passed else [BESIDE]
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All checks passed.'}")
    return 1 if failed else 0


class Check:
    """A check that was started."""

    def __init__(self, name: str, tools: Path, output: IO[bytes] | None = None) -> None:
        """Start the check; what it prints goes to ``output``, or is shown below its name."""
        self._name = name
        self._start = time.monotonic()
        self._process: subprocess.Popen[bytes] | None = None
        if output is None:
            print(f"\n== {name} ==", flush=True)
        tool, *arguments = CHECKS[name]
        try:
            self._process = subprocess.Popen([tools / tool, *arguments], cwd=ROOT, stdout=output, stderr=output)
        except FileNotFoundError:
            print(f"{tool} is not installed: pip install -c constraints.txt --editable '.[dev]'", flush=True)

    def passed(self, printed: IO[bytes] | None = None) -> bool:
        """Wait for the end, show what was ``printed`` elsewhere, say how it went, and return whether it passed."""
        passed = self._process is not None and self._process.wait() == 0
        if printed is not None:
            printed.seek(0)
            sys.stdout.buffer.write(printed.read())
        # How long a check took that ended beside others, nobody has looked.
        seconds = f", {time.monotonic() - self._start:.1f} s" if printed is None else ""
        print(f"-- {self._name}: {'passed' if passed else 'failed'}{seconds}", flush=True)
        return passed


def run_with_newest() -> int:
    """Run the checks in a temporary environment without constraints; return 1 if any failed."""
    constraints = {"PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"}
    environment = {name: value for name, value in os.environ.items() if name not in constraints}
    with tempfile.TemporaryDirectory(prefix="news-tui-newest-") as folder:
        venv.create(folder, with_pip=True)
        tools = Path(folder, "bin")
        pip = (str(tools / "python"), "-m", "pip")
        subprocess.run((*pip, "install", "--editable", ".[dev]"), cwd=ROOT, env=environment, check=True)
        subprocess.run((*pip, "list"), cwd=ROOT, env=environment, check=True)
        return run_checks(tools)


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
