"""What is stored of the accounts in ``accounts.toml``: how the last run went, and what waits to be sent."""

from __future__ import annotations

from tui_reader.config import Folders, Mistake
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.accounts import Accounts, AccountState
from tui_reader.subscriptions.accounts import Account, read_accounts


class KnownAccount(NamedTuple):
    """An account, its state, and how many marks its server was not told yet."""

    account: Account
    state: AccountState
    waiting: int


def known_accounts(folders: Folders) -> tuple[list[KnownAccount], tuple[Mistake, ...]]:
    """Return the accounts that are right in the file, in its order, and each mistake in it.

    Raises :class:`UsageError` if the file cannot be read, and
    :class:`StoreError` if the marks cannot.
    """
    accounts, mistakes = read_accounts(folders.accounts)
    if not accounts or not folders.marks.exists():  # opening the marks would create them
        return [KnownAccount(each, AccountState(each.name), 0) for each in accounts], mistakes
    with Accounts.opened(folders.marks) as store:
        waiting = store.waiting()
        return [KnownAccount(each, store.state(each.name), waiting.get(each.name, 0)) for each in accounts], mistakes
