"""A fake browser that records its arguments."""

from __future__ import annotations

from pathlib import Path

_SCRIPT = """\
#!/bin/sh
for argument; do printf '%s\\0' "$argument"; done > '{opened}'/.$$
mv '{opened}'/.$$ '{opened}'/$$
"""


class Browser:
    """A command at ``command`` that writes a file to ``opened`` for every call."""

    def __init__(self, command: Path, opened: Path) -> None:
        self.command = command
        self._opened = opened
        command.parent.mkdir(parents=True, exist_ok=True)
        opened.mkdir()
        command.write_text(_SCRIPT.format(opened=opened))
        command.chmod(0o755)

    def calls(self) -> list[list[str]]:
        """Return the arguments of every call, in order."""
        files = [path for path in self._opened.iterdir() if not path.name.startswith(".")]
        return [path.read_text().split("\0")[:-1] for path in sorted(files, key=lambda path: path.stat().st_mtime_ns)]
