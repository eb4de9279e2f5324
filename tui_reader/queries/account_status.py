"""Reports the status of each account: when it was synchronised, what is wrong, and what its server was not told yet."""

from __future__ import annotations

from collections import Counter

from tui_reader.config import Folders
from tui_reader.model.counted import counted
from tui_reader.named_tuple import NamedTuple
from tui_reader.queries.account_states import known_accounts
from tui_reader.queries.source_status import shown_address, time_ago
from tui_reader.subscriptions.accounts import Account
from tui_reader.subscriptions.subscription import load_subscriptions


class AccountStatus(NamedTuple):
    """The status of an account.

    - ``address``: of its server, safe to show.
    - ``server``: what the server is, such as ``Miniflux 2.2.5``; empty until it was asked.
    - ``feeds``: how many of the sources are the account's.
    - ``synchronised``: when that last succeeded, in seconds since 1970, or ``None``.
    - ``problem``: why it failed since, as a sentence.
    - ``waiting``: how many marks the server was not told yet.
    """

    account: Account
    address: str
    server: str = ""
    feeds: int = 0
    synchronised: int | None = None
    problem: str = ""
    waiting: int = 0

    def what(self) -> str:
        """Return what the server is, as far as that is known."""
        return self.server or self.account.kind.value

    def where(self) -> str:
        """Return who the user is on which server."""
        return f"{self.account.user} on {self.address}" if self.account.user else self.address


def account_status(folders: Folders) -> tuple[list[AccountStatus], tuple[str, ...]]:
    """Return the status of every account, in the order of the file, and each mistake in it with its line.

    Raises :class:`UsageError` if a file of the user cannot be read, and
    :class:`StoreError` if the marks cannot.
    """
    known, mistakes = known_accounts(folders)
    feeds = Counter(source.account for source in load_subscriptions(folders.sources))
    found = [
        AccountStatus(
            account,
            shown_address(account.address),
            state.server,
            feeds[account.name],
            state.succeeded or None,
            state.problem,
            waiting,
        )
        for account, state, waiting in known
    ]
    return found, tuple(mistake.at(folders.accounts.name) for mistake in mistakes)


def describe_account(facts: AccountStatus, now: int) -> str:
    """Return the status of an account in a few words; ``now`` is in seconds since 1970."""
    parts = [counted(facts.feeds, "feed")] if facts.feeds else []
    if facts.synchronised is None:
        parts.append("not synchronised yet")
    else:
        parts.append(f"synchronised {time_ago(facts.synchronised, now)}")
    if facts.waiting:
        parts.append(f"{counted(facts.waiting, 'mark')} to be sent")
    return " · ".join(parts)
