"""Adds accounts once they were seen to work, and stores their passwords."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from tui_reader.config import Folders
from tui_reader.errors import UsageError
from tui_reader.model.networks import is_private_host
from tui_reader.model.text import visible
from tui_reader.model.urls import domain_of, safe_url
from tui_reader.named_tuple import NamedTuple
from tui_reader.pipeline.account_feeds import cleaned, sources_of
from tui_reader.pipeline.forget_account import forget_account
from tui_reader.pipeline.passwords import forget_in_keyring, has_keyring, store_in_keyring
from tui_reader.sources.http.errors import RETRY_LATER
from tui_reader.sources.sync.client import RemoteFeed
from tui_reader.sources.sync.clients import new_client
from tui_reader.sources.sync.errors import SyncError
from tui_reader.storage.accounts import Accounts
from tui_reader.subscriptions.accounts import (
    MAX_NAME,
    SERVERS,
    Account,
    add_account,
    change_account,
    check_new,
    load_accounts,
    remove_account,
)
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import load_subscriptions


class Removed(NamedTuple):
    """What went with an account: how many sources were its, and how many marks its server was never told."""

    feeds: int
    unsent: int


class SignedIn(NamedTuple):
    """What a server says of an account: what it is, such as ``Miniflux 2.2.5``, and its feeds."""

    server: str
    feeds: tuple[RemoteFeed, ...]


def new_account(kind: str, address: str, user: str, name: str = "", command: Sequence[str] = ()) -> Account:
    """Return an account as a person describes it: ``kind`` is a key of :data:`SERVERS`, and has perhaps its address.

    Without a scheme, an address is one of https; without a name, the account
    is called as its server. Raises :class:`UsageError` for an unknown kind.
    """
    if kind.casefold() not in SERVERS:
        raise UsageError(f"‘{visible(kind)}’ is no kind of account: it is one of {', '.join(SERVERS)}")
    server = SERVERS[kind.casefold()]
    address = address.strip() or server.address
    if address and "://" not in address:
        address = f"https://{address}"
    usual = server.title if address == server.address else domain_of(address) if safe_url(address) else ""
    named = visible(name).strip() or usual[:MAX_NAME]
    return Account(named, server.kind, address, user.strip(), password_command=tuple(command))


def check_account(path: Path, account: Account) -> None:
    """Raise :class:`UsageError` if an account cannot be added to the file at ``path``."""
    accounts = load_accounts(path)
    check_new(account, accounts)
    for other in accounts:
        if other.identity == account.identity and account.user:
            raise UsageError(f"this account is there already: it is called ‘{other.name}’")


def is_unprotected(address: str) -> bool:
    """Return whether a password for ``address`` goes through the internet in the clear."""
    parts = urlsplit(address)
    return parts.scheme == "http" and not is_private_host(parts.hostname or "")


def sign_in(account: Account, password: str) -> SignedIn:
    """Ask the server of an account what it is and has. Raises :class:`SyncError`."""
    return asyncio.run(_sign_in(account, password))


async def _sign_in(account: Account, password: str) -> SignedIn:
    client = new_client(account.kind, account.address, account.user, password)
    try:
        server = await client.sign_in()
        return SignedIn(visible(server), await client.feeds())
    except SyncError as error:
        # A person asked; nothing is tried again by itself.
        raise SyncError(str(error).replace(RETRY_LATER, "try again later"), error.problem, error.retry_after) from error
    finally:
        await client.close()


def store_account(folders: Folders, account: Account, password: str, found: SignedIn) -> bool:
    """Add an account and its feeds; return whether its password went into the keyring and not into the file.

    Nothing of a password that a command prints is stored. Raises
    :class:`UsageError`, :class:`PasswordError`, :class:`StoreError` where the
    marks cannot be written, and :class:`OSError` where another file cannot.
    """
    path = folders.accounts
    check_account(path, account)
    in_keyring = not account.password_command and has_keyring()
    if in_keyring:
        store_in_keyring(account, password)
    elif not account.password_command:
        account = account._replace(password=password)
    try:
        add_account(path, account)
    except (UsageError, OSError):
        if in_keyring:
            forget_in_keyring(account)
        raise
    # The feeds are listed at once; their articles come with the next refresh.
    feeds = (cleaned(feed) for feed in found.feeds)
    add_subscriptions(folders.sources, sources_of(filter(None, feeds), account.name))
    with Accounts.opened(folders.marks) as store:
        store.put_state(store.state(account.name)._replace(server=found.server))
    return in_keyring


def store_password(folders: Folders, account: Account, password: str) -> bool:
    """Replace the password of an account; return whether it is in the keyring. Raises as :func:`store_account`."""
    in_keyring = has_keyring()
    if in_keyring:
        store_in_keyring(account, password)
    change_account(folders.accounts, account.name, password="" if in_keyring else password, password_command=())
    _forget_problem(folders, account)
    return in_keyring


def store_password_command(folders: Folders, account: Account, command: Sequence[str]) -> None:
    """Let a command print the password of an account from now on. Raises as :func:`store_account`."""
    change_account(folders.accounts, account.name, password="", password_command=tuple(command))
    forget_in_keyring(account)
    _forget_problem(folders, account)


def _forget_problem(folders: Folders, account: Account) -> None:
    """Let the next refresh ask the server again, which it does not while a password is known to be wrong."""
    if folders.marks.exists():
        with Accounts.opened(folders.marks) as store:
            state = store.state(account.name)
            store.put_state(state._replace(tried=0, problem="", problem_kind="", refused=""))


def end_account(folders: Folders, account: Account, *, with_feeds: bool) -> Removed:
    """Remove an account here, and change nothing on its server.

    Its feeds stay as the user's own, which are fetched like all others, unless
    they are to go too; all marks stay. Raises as :func:`store_account`, and
    :class:`StoreError` where the marks cannot be written.
    """
    # First what fails where the list of sources cannot be read: then the account stays.
    feeds = sum(source.account == account.name for source in load_subscriptions(folders.sources))
    remove_account(folders.accounts, account.name)
    unsent = forget_account(folders, account.name, keep=not with_feeds)
    forget_in_keyring(account)
    return Removed(feeds, unsent)
