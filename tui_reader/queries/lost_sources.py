"""Tells a list of sources that was lost from one that was never begun."""

from __future__ import annotations

from tui_reader.config import Folders
from tui_reader.storage.copies import kept_files

NO_SOURCES = ("no sources yet", "‘news-tui add SOURCE’ adds a source")


def lost_sources(folders: Folders) -> str:
    """Say that ``sources.toml`` is gone or empty although a copy of it is there; return ``""`` otherwise."""
    path = folders.sources
    if not any(kept.copies() for kept in kept_files(folders) if kept.path == path):
        return ""
    if not path.exists():
        return f"{path} is gone: ‘news-tui doctor’ lists the copies of it that can be restored"
    return f"{path} lists no sources: ‘news-tui add SOURCE’ adds one, ‘news-tui doctor’ lists the copies of it"
