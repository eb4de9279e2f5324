"""The steps that bring the marks and the feed store of older versions up to date, one function a version."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import TypeAlias

Migrations: TypeAlias = Mapping[int, Callable[[sqlite3.Connection], None]]
"""What brings a file to each version from the one before it.

The steps run in order, in one transaction with the new version number, and
before the statements of the schema: a step that needs a new table creates it.
A step is never changed once it was released.
"""

MARKS_MIGRATIONS: Migrations = {}

FETCHED_MIGRATIONS: Migrations = {}
