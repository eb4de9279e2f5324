"""Sends what was marked a short while ago to the servers of all accounts, and asks them for nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from tui_reader.config import Folders
from tui_reader.pipeline.account_sync import SYNC_LOCK, AccountSync
from tui_reader.pipeline.connected_accounts import connected_accounts
from tui_reader.storage.locks import exclusive_lock


def send_marks(folders: Folders) -> list[str]:
    """Send the fresh marks of all accounts that are well; return what went wrong, as sentences.

    Waits while another process synchronises, which may send them as well; feeds
    can be fetched meanwhile. Raises :class:`StoreError`.
    """
    accounts, _ = connected_accounts(folders)
    with exclusive_lock(folders.data / SYNC_LOCK):
        now = int(time.time())
        return asyncio.run(_send([AccountSync(account, folders, now=now, age=now) for account in accounts]))


async def _send(accounts: Sequence[AccountSync]) -> list[str]:
    found = await asyncio.gather(*(account.send() for account in accounts))
    return [failure for failures in found for failure in failures]
