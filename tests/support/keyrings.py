"""A keyring in a file, for tests: ``PYTHON_KEYRING_BACKEND`` names it for commands in processes of their own."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

NAME = f"{__name__}.FileKeyring"
"""What ``PYTHON_KEYRING_BACKEND`` has to be."""
FILE = "TEST_KEYRING"
"""The environment variable with the path of the file."""


class FileKeyring(KeyringBackend):
    """Keeps passwords as they are."""

    priority = 1

    @property
    def _path(self) -> Path:
        return Path(os.environ[FILE])

    def _load(self) -> dict[str, str]:
        return json.loads(self._path.read_text()) if self._path.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._load().get(f"{service}\n{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._path.write_text(json.dumps(self._load() | {f"{service}\n{username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        kept = self._load()
        if kept.pop(f"{service}\n{username}", None) is None:
            raise PasswordDeleteError("there is none")
        self._path.write_text(json.dumps(kept))
