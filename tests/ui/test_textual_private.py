"""The private parts of Textual are those of the version they were checked against."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

from tui_reader.ui import textual_private

UI = Path(textual_private.__file__).parent
_PRIVATE = re.compile(r"textual\._|textual\.\w+\._|\bStylesCache\b|\._vertical_scrollbar\b|\._start_widget\b")


def test_the_version_is_the_one_that_was_checked() -> None:
    installed = version("textual")
    assert installed.startswith(f"{textual_private.CHECKED_VERSION}."), (
        f"Textual {installed}: check each part of ui/textual_private.py against it, then set CHECKED_VERSION"
    )


def test_private_parts_are_used_in_one_file() -> None:
    users = [path.name for path in UI.rglob("*.py") if _PRIVATE.search(path.read_text(encoding="utf-8"))]
    assert users == ["textual_private.py"]
