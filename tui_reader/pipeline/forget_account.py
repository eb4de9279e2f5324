"""Ends the synchronisation with an account; its server is asked nothing."""

from __future__ import annotations

from tui_reader.config import Folders
from tui_reader.pipeline.retention import remove_sources
from tui_reader.storage.accounts import Accounts
from tui_reader.subscriptions.edit import set_accounts
from tui_reader.subscriptions.subscription import load_subscriptions


def forget_account(folders: Folders, account: str, *, keep: bool = True) -> int:
    """Forget an account; return how many deeds are lost that its server was not told. All marks stay.

    Its feeds are fetched by themselves from now on, or with ``keep`` false
    removed as :func:`remove_sources` does; those that another account has too
    go to that one. Raises :class:`UsageError`, :class:`StoreError` and :class:`OSError`.
    """
    with Accounts.opened(folders.marks) as accounts:
        lost = accounts.forget(account)  # first: a run that goes on notices it, and ends
        release_sources(folders, accounts, account, keep=keep)
    return lost


def release_sources(folders: Folders, accounts: Accounts, account: str, *, keep: bool = True) -> None:
    """Make the sources of an account those of the user, or of another account. Raises as :func:`forget_account`."""
    mine = [each.location for each in load_subscriptions(folders.sources) if each.account == account]
    others = {location: accounts.other_with(account, location) for location in mine}
    set_accounts(folders.sources, {place: other for place, other in others.items() if keep or other})
    if not keep:
        remove_sources(folders, [location for location, other in others.items() if not other])
