"""The accounts in ``accounts.toml``, ready to be synchronised with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui_reader.config import Folders
from tui_reader.errors import UsageError
from tui_reader.pipeline.account_sync import SyncAccount
from tui_reader.storage.remote_marks import AccountGone
from tui_reader.subscriptions.accounts import Account, read_accounts

if TYPE_CHECKING:
    from tui_reader.sources.sync.client import SyncClient


def connected_accounts(folders: Folders) -> tuple[list[SyncAccount], list[str]]:
    """Return the accounts of a user, and what is wrong in their file, as sentences."""
    try:
        accounts, mistakes = read_accounts(folders.accounts)
    except UsageError as error:
        return [], [str(error)]
    return with_clients(folders, accounts), [mistake.at(folders.accounts) for mistake in mistakes]


def with_clients(folders: Folders, accounts: Sequence[Account]) -> list[SyncAccount]:
    """Return accounts with what makes their clients; their passwords are looked up when they are needed."""
    return [
        SyncAccount(account.name, partial(_password, folders, account), partial(_connect, account), account.identity)
        for account in accounts
    ]


def _connect(account: Account, password: str) -> SyncClient:
    from tui_reader.sources.sync.clients import new_client

    return new_client(account.kind, account.address, account.user, password)


def _password(folders: Folders, account: Account) -> str:
    """Return the password of an account as it is in the file now.

    Raises :class:`PasswordError`, and :class:`AccountGone` if the account was removed, or is another one, meanwhile.
    """
    from tui_reader.pipeline.passwords import password_of

    now = {each.name: each for each in read_accounts(folders.accounts)[0]}.get(account.name)
    if now is None or now.identity != account.identity:
        raise AccountGone(account.name)
    return password_of(now)
