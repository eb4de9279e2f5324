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
    mine = [each.location for each in load_subscriptions(folders.sources) if each.account == account]
    with Accounts.opened(folders.marks) as accounts:
        others = {location: accounts.other_with(account, location) for location in mine}
        set_accounts(folders.sources, {place: other for place, other in others.items() if keep or other})
        if not keep:
            remove_sources(folders, [location for location, other in others.items() if not other])
        return accounts.forget(account)
