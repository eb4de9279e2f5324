"""Adds an account: asks for what is missing, signs in, and stores it only if that works."""

from __future__ import annotations

import shlex
import sys
from argparse import Namespace

from tui_reader.config import Folders
from tui_reader.errors import UsageError
from tui_reader.model.counted import counted
from tui_reader.model.text import visible
from tui_reader.model.urls import domain_of
from tui_reader.pipeline.account_setup import check_account, is_unprotected, new_account, sign_in, store_account
from tui_reader.pipeline.passwords import read_password, split_command
from tui_reader.subscriptions.accounts import SERVERS, Account, AccountKind


def add_account(here: Folders, arguments: Namespace) -> int:
    """Run ``news-tui account add`` and return 0. Raises :class:`NewsError` if the account cannot be used."""
    command = split_command(arguments.password_command)
    words: list[str] = arguments.words
    if len(words) > 2:
        arguments.error("add takes a kind and an address")
    kind, address = [*words, "", ""][:2]
    is_asking = on_terminal()
    if not kind and is_asking:
        print(f"Kinds: {', '.join(SERVERS)}")
    kind = kind or _ask("Kind", "name one: " + ", ".join(SERVERS))
    account = new_account(kind, address, arguments.user, arguments.name, command)
    if not account.address:
        address = _ask("Address", "name the address of the server")
        account = new_account(kind, address, arguments.user, arguments.name, command)
    if not account.user and (is_asking or account.kind is not AccountKind.MINIFLUX):
        about = "User (⏎ for an API key)" if account.kind is AccountKind.MINIFLUX else "User"
        account = account._replace(user=_ask(about, "name the user with --user"))
    check_account(here.accounts, account)
    if is_unprotected(account.address):
        host = domain_of(account.address)
        print(f"news-tui: the password goes to {host} in the clear: use https:// if it can", file=sys.stderr)
    password = read_password(account.password_command) if command else ask_password(account)
    found = sign_in(account, password)
    in_keyring = store_account(here, account, password, found)
    print(f"added {account.name}: {found.server}, {counted(len(found.feeds), 'feed')}")
    print(where_stored(account, in_keyring=in_keyring))
    print("‘news-tui refresh’ fetches its articles, as the reader does")
    return 0


def on_terminal() -> bool:
    """Return whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(what: str, otherwise: str) -> str:
    """Return an answer. Raises :class:`UsageError` with ``otherwise`` where nobody can be asked."""
    if not on_terminal():
        raise UsageError(otherwise)
    try:
        return visible(input(f"{what}: ").strip())
    except EOFError as error:
        raise UsageError("there was no answer") from error


def ask_password(account: Account) -> str:
    """Return the password, which is typed unseen, or is the first line of the standard input.

    Raises :class:`UsageError` if there is none.
    """
    if on_terminal():
        from getpass import getpass

        what = "API key" if account.kind is AccountKind.MINIFLUX and not account.user else "Password"
        try:
            password = getpass(f"{what} of {account.name}: ")
        except EOFError as error:
            raise UsageError("there was no answer") from error
    else:
        password = sys.stdin.readline().removesuffix("\n").removesuffix("\r")
    if not password:
        raise UsageError("there is no password: give it on the standard input, or name a --password-command")
    return password


def where_stored(account: Account, *, in_keyring: bool) -> str:
    """Return where the password of an account is, as a sentence."""
    if account.password_command:
        return f"its password is printed by {shlex.join(account.password_command)}, and stored nowhere"
    return f"its password is in {'the keyring' if in_keyring else 'accounts.toml, which only you can read'}"
