"""A server of accounts without a network: what signing in to it needs, and nothing more."""

from __future__ import annotations

import pytest

from tui_reader.pipeline import account_setup
from tui_reader.sources.sync.client import RemoteFeed
from tui_reader.sources.sync.errors import SyncError, SyncProblem

PASSWORD = "correct horse"
FEEDS = (
    RemoteFeed("1", "https://example.org/alpha.xml", "Alpha", folder=("Work",)),
    RemoteFeed("2", "https://example.org/beta.xml", "Beta"),
)
WRONG = "the server refuses the user name or the password; check them"


class SignInClient:
    """A client of a server that takes :data:`PASSWORD` from anybody; ``asked`` notes where it went."""

    asked: list[tuple[str, str, str, str]]

    def __init__(self, *account: str) -> None:
        self._password = account[-1]
        self.asked.append((account[0], account[1], account[2], account[3]))

    async def sign_in(self) -> str:
        if self._password != PASSWORD:
            raise SyncError(WRONG, SyncProblem.PASSWORD)
        return "FreshRSS 1.24"

    async def feeds(self) -> tuple[RemoteFeed, ...]:
        return FEEDS

    async def close(self) -> None:
        pass


def sign_in_server(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str, str]]:
    """Let accounts be on such a server; return what it was asked: kind, address, user and password."""
    SignInClient.asked = []
    monkeypatch.setattr(account_setup, "new_client", SignInClient)
    return SignInClient.asked
