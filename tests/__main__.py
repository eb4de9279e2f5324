"""Runs every check of the project, one after the other, with the tools of this interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import time
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
    """Run every check, whatever the others say; return 1 if any failed."""
    tools = Path(sysconfig.get_path("scripts"))
    failed = []
    for name, (tool, *arguments) in CHECKS.items():
        print(f"\n== {name} ==", flush=True)
        start = time.monotonic()
        try:
            status = subprocess.run([tools / tool, *arguments], cwd=ROOT, check=False).returncode
        except FileNotFoundError:
            print(f"{tool} is not installed: pip install --editable '.[dev]'", flush=True)
            status = 1
        print(f"-- {name}: {'failed' if status else 'good'}, {time.monotonic() - start:.1f} s", flush=True)
        if status:
            failed.append(name)
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All is good.'}")
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
