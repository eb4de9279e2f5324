"""Metadata in a file of their own, ``rain.meta`` beside ``rain.rst``, as Nikola has them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from tui_reader.sources.files.beginning import beginning
from tui_reader.sources.files.front_matter import begins_with_fence
from tui_reader.sources.files.layout import ending_of
from tui_reader.sources.files.stamp import FileStamp

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}(?:\.\. [A-Za-z][\w-]{0,40}:(?!:)|(?:---|\+\+\+)[ \t]*\r?\n)")


METADATA_BYTES = 64 * 1024
"""Most bytes of metadata that are read of a file."""


def with_metadata(root: str, path: str, data: bytes) -> bytes:
    """Return the contents of the article at ``path`` below the metadata beside it, as :func:`joined` does."""
    if begins_with_fence(data):
        return data
    beside = os.path.join(root, metadata_path(path))
    try:
        return joined(data, beginning(beside, METADATA_BYTES, follow=False))  # a link could lead out
    except OSError:
        return data  # mostly because there is no such file


def joined(data: bytes, metadata: bytes) -> bytes:
    """Return the contents of an article below ``metadata``, unless these are none, or it has front matter.

    As in Nikola, they count more than lines of metadata in the article itself.
    """
    if begins_with_fence(data) or not _START.match(metadata):
        return data
    return metadata.rstrip() + b"\n\n" + data


def joint_stamp(stamp: FileStamp, metadata: Mapping[str, FileStamp]) -> FileStamp:
    """Return the stamp of an article, which changes with its metadata too; ``metadata`` are such files by path."""
    beside = metadata.get(metadata_path(stamp.path))
    if beside is None:
        return stamp
    return FileStamp(stamp.path, stamp.size + beside.size, max(stamp.changed, beside.changed))


def metadata_path(path: str) -> str:
    """Return the path of the file that can have the metadata of the article at ``path``."""
    return f"{path[: len(path) - len(ending_of(path))]}.meta"
