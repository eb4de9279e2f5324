"""Run every check of the project, one after the other, with the tools of this interpreter.

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

ROOT = Path(__file__).parent.parent
CHECKS = {
    "ruff check": ("ruff", "check", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "mypy": ("mypy",),
    "import-linter": ("lint-imports",),
    "pytest": ("pytest", "-n", "2"),
}


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
    failed = []
    for name, (tool, *arguments) in CHECKS.items():
        print(f"\n== {name} ==", flush=True)
        start = time.monotonic()
        try:
            status = subprocess.run([tools / tool, *arguments], cwd=ROOT, check=False).returncode
        except FileNotFoundError:
            print(f"{tool} is not installed: pip install -c constraints.txt --editable '.[dev]'", flush=True)
            status = 1
        print(f"-- {name}: {'failed' if status else 'passed'}, {time.monotonic() - start:.1f} s", flush=True)
        if status:
            failed.append(name)
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All checks passed.'}")
    return 1 if failed else 0


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
