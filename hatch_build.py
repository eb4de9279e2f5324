"""Write shell completions and the man page into the wheel, generated from the argument parser and the registries."""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPLETIONS = {
    "bash": "share/bash-completion/completions/news-tui",
    "zsh": "share/zsh/site-functions/_news-tui",
    "fish": "share/fish/vendor_completions.d/news-tui.fish",
}
"""Where each shell looks for the completions of a command, below the prefix of an installation."""

MAN_PAGE = "share/man/man1/news-tui.1"
"""Where ``man`` looks for the page of a command, below the prefix of an installation."""


class CompletionsHook(BuildHookInterface[Any]):
    """Add the completions and the man page to a wheel; an editable installation has none."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the scripts and name them in ``build_data``."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            script = importlib.import_module("tui_reader.commands.output.completion_script").completion_script
            scripts = {shell: script(shell) for shell in COMPLETIONS}
            page = importlib.import_module("tui_reader.commands.output.man_page").man_page()
        finally:
            sys.path.remove(self.root)
        self._folder = tempfile.TemporaryDirectory(prefix="news-tui-completions-")
        texts = {COMPLETIONS[shell]: script for shell, script in scripts.items()} | {MAN_PAGE: page}
        for number, (place, text) in enumerate(texts.items()):
            file = Path(self._folder.name, str(number))
            file.write_text(text, encoding="utf-8")
            build_data["shared_data"][str(file)] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the scripts once the wheel is written."""
        if version != "editable":
            self._folder.cleanup()
