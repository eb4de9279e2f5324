"""Imports httpx without its command line, which it loads wherever it finds click: 0.1 s and 8 MB for nothing."""

from __future__ import annotations

import sys
from types import ModuleType

_MISSING = ModuleType("missing")
_click = sys.modules.get("click", _MISSING)
# The documented way to make an import fail.
sys.modules["click"] = None  # type: ignore[assignment]
try:
    import httpx
finally:
    if _click is _MISSING:
        del sys.modules["click"]
    else:
        sys.modules["click"] = _click

__all__ = ["httpx"]
