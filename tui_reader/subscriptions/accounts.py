"""Accounts on servers that reading is synchronised with, read from and written to ``accounts.toml``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from tui_reader.config import Mistake, parse_toml, read_text, with_lines
from tui_reader.errors import UsageError
from tui_reader.model.near_names import did_you_mean
from tui_reader.model.text import visible
from tui_reader.model.urls import safe_url
from tui_reader.named_tuple import NamedTuple
from tui_reader.private_files import is_for_others

if TYPE_CHECKING:
    from tomlkit.items import Table

    from tui_reader.config.toml_lines import KeyPath

MAX_ACCOUNTS = 20
"""Accounts in the file: each is asked with every refresh."""
MAX_NAME = 40
"""Characters of a name."""

_ARRAY = "account"  # the accounts are [[account]] tables
_KEYS = ("name", "kind", "address", "user", "password", "password_command")
_LONGEST = 60  # characters of what is quoted


class AccountKind(StrEnum):
    """The protocol that a server speaks."""

    GOOGLE_READER = "google-reader"
    MINIFLUX = "miniflux"
    FEVER = "fever"


class Server(NamedTuple):
    """A server by its name: what it speaks, its address if there is only one, and where its password comes from."""

    kind: AccountKind
    title: str
    address: str = ""


SERVERS = {
    "freshrss": Server(AccountKind.GOOGLE_READER, "FreshRSS"),
    "miniflux": Server(AccountKind.MINIFLUX, "Miniflux"),
    "theoldreader": Server(AccountKind.GOOGLE_READER, "The Old Reader", "https://theoldreader.com"),
    "bazqux": Server(AccountKind.GOOGLE_READER, "BazQux Reader", "https://bazqux.com"),
    "inoreader": Server(AccountKind.GOOGLE_READER, "Inoreader", "https://www.inoreader.com"),
    "tt-rss": Server(AccountKind.FEVER, "Tiny Tiny RSS"),
    "coldsweat": Server(AccountKind.FEVER, "Coldsweat"),
    "google-reader": Server(AccountKind.GOOGLE_READER, "Google Reader API"),
    "fever": Server(AccountKind.FEVER, "Fever"),
}
"""What can be given as the kind of an account: a server, or the protocol of one that is not here."""


class Account(NamedTuple):
    """An account on a server.

    - ``name``: what the user calls it; no two have the same, in any case.
    - ``address``: of the server, without user name and password.
    - ``user``: empty where the password alone is enough, such as an API key.
    - ``password``: as it is in the file; hidden in ``repr``. It is empty where
      ``password_command`` prints it, or where it is in the keyring.
    """

    name: str
    kind: AccountKind
    address: str
    user: str = ""
    password: str = ""
    password_command: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """Who this is on which server, whatever the account is called here and however its address is spelled."""
        place = self.address.partition("://")[2].rstrip("/").casefold()
        return f"{self.kind.value} {self.user} {place}"

    def __repr__(self) -> str:
        fields = self._asdict() | {"password": self.password and "…"}
        return f"Account({', '.join(f'{name}={value!r}' for name, value in fields.items())})"


class AccountChanges(TypedDict, total=False):
    """The fields that :func:`change_account` accepts; see :class:`Account`."""

    address: str
    user: str
    password: str
    password_command: tuple[str, ...]


def load_accounts(path: Path) -> tuple[Account, ...]:
    """Return the accounts in the file at ``path``, in order; none where there is no file.

    Raises :class:`UsageError` that names every mistake, each in a line.
    """
    accounts, mistakes = read_accounts(path)
    if mistakes:
        raise UsageError("\n".join(mistake.at(path) for mistake in mistakes))
    return accounts


def read_accounts(path: Path) -> tuple[tuple[Account, ...], tuple[Mistake, ...]]:
    """Return the accounts in the file at ``path`` that are right, and every mistake with its line.

    Raises :class:`UsageError` if it cannot be read as TOML.
    """
    text = read_text(path)
    raw = parse_toml(text, path)
    if not raw:
        return (), ()
    wrong: list[tuple[KeyPath, str]] = [
        ((name,), f"unknown setting {_quoted(name)}: put each account under a [[account]] line")
        for name in raw
        if name != _ARRAY
    ]
    items = raw.get(_ARRAY, [])
    if not isinstance(items, list):
        wrong.append(((_ARRAY,), "put each account under a [[account]] line of its own"))
        items = []
    if len(items) > MAX_ACCOUNTS:
        wrong.append(((_ARRAY, MAX_ACCOUNTS), f"there are {len(items):,} accounts: keep at most {MAX_ACCOUNTS}"))
    accounts: dict[str, Account] = {}
    for number, item in enumerate(items[:MAX_ACCOUNTS]):
        account, mistakes = _account(item)
        if account is not None and account.name.casefold() in accounts:
            mistakes = [("name", f"two accounts are called {_quoted(account.name)}: give one of them another name")]
        elif account is not None:
            accounts[account.name.casefold()] = account
        wrong += [((_ARRAY, number, *([key] if key else [])), words) for key, words in mistakes]
    return tuple(accounts.values()), with_lines(text, wrong)


def find_account(accounts: Iterable[Account], name: str) -> Account:
    """Return the account called ``name``, in any case. Raises :class:`UsageError` if there is none."""
    names = []
    for account in accounts:
        if account.name.casefold() == name.strip().casefold():
            return account
        names.append(account.name)
    if not names:
        raise UsageError(f"there is no account {_quoted(name)}: ‘news-tui account add’ adds one")
    listed = f"there is {', '.join(names)}"
    raise UsageError(f"there is no account {_quoted(name)}{did_you_mean(name, names, listed)}")


def passwords_readable(path: Path, accounts: Iterable[Account]) -> bool:
    """Return whether other users of this machine can read passwords in the file at ``path``. Raises :class:`OSError`.

    The file is written with mode 0600, but users also create it by hand.
    """
    return any(account.password for account in accounts) and is_for_others(path.stat().st_mode)


# -- changing the file -------------------------------------------------------------------


def check_new(account: Account, accounts: Sequence[Account]) -> None:
    """Raise :class:`UsageError` if an account cannot be added to ``accounts``."""
    if len(accounts) >= MAX_ACCOUNTS:
        raise UsageError(f"there are {MAX_ACCOUNTS} accounts already: remove one first")
    for problem in (_address_problem(account.address), _name_problem(account.name)):
        if problem:
            raise UsageError(problem)
    if any(other.name.casefold() == account.name.casefold() for other in accounts):
        raise UsageError(f"there is an account called ‘{account.name}’ already: choose another name")


def add_account(path: Path, account: Account) -> None:
    """Add an account after the others, in a file that only its owner can read.

    Raises :class:`UsageError` if the account or the file is not valid, and
    :class:`OSError` where the file cannot be written.
    """
    from tui_reader.subscriptions.toml_file import append_table, edit_tables

    with edit_tables(path, _ARRAY, private=True) as tables:
        check_new(account, load_accounts(path))
        append_table(tables, {key: _written(value) for key in _KEYS if (value := getattr(account, key))})


def change_account(path: Path, name: str, /, **changes: Unpack[AccountChanges]) -> Account:
    """Change fields of the account called ``name`` and return the result. Raises as :func:`add_account`."""
    from tui_reader.subscriptions.toml_file import edit_tables

    with edit_tables(path, _ARRAY, private=True) as tables:
        accounts = load_accounts(path)
        account = find_account(accounts, name)
        changed = account._replace(**changes)
        if problem := _address_problem(changed.address):
            raise UsageError(problem)
        _update_table(tables[accounts.index(account)], changes)
    return changed


def remove_account(path: Path, name: str) -> Account:
    """Remove the account called ``name`` and return it; comments around it stay. Raises as :func:`add_account`."""
    from tui_reader.subscriptions.toml_blocks import remove_table

    accounts = load_accounts(path)
    account = find_account(accounts, name)
    remove_table(path, _ARRAY, accounts.index(account))
    return account


def _update_table(table: Table, changes: AccountChanges) -> None:
    for key, value in changes.items():
        if value:
            table[key] = _written(value)
        else:
            table.pop(key, None)


def _written(value: object) -> object:
    return list(value) if isinstance(value, tuple) else str(value)


# -- reading -----------------------------------------------------------------------------


def _account(item: object) -> tuple[Account | None, list[tuple[str, str]]]:
    """Return an account, ``None`` if it is wrong, and what is wrong with it, each with the key that it is about."""
    name = item.get("name") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(name, str) or not visible(name).strip():
        return None, [("name", 'every [[account]] needs a line like  name = "Home"')]
    name = visible(name).strip()
    place = f"account {_quoted(name)}"
    problems = [(key, words) for key in item if (words := _key_problem(key, item))]
    problems += [("", words) for words in _missing(item)]
    if problems:
        return None, [(key, f"{place}: {words}") for key, words in problems]
    server = SERVERS[item["kind"].casefold()]
    address = item.get("address") or server.address
    command = tuple(item.get("password_command", ()))
    return Account(name, server.kind, address, item.get("user", ""), item.get("password", ""), command), []


def _key_problem(key: str, item: dict[str, Any]) -> str:
    """Return what is wrong with one line of an account; empty if it is right."""
    value = item[key]
    if key not in _KEYS:
        return f"unknown line {_quoted(key)}{did_you_mean(key, _KEYS, 'use ' + ', '.join(_KEYS))}"
    if key == "password_command":
        return "" if _is_command(value) else 'password_command must be a list like  ["pass", "show", "news"]'
    if not isinstance(value, str):
        return f"{key} must be a text in quotes"
    problem = {"name": _name_problem, "kind": _kind_problem, "address": _address_problem}.get(key)
    return problem(value) if problem else ""


def _missing(item: dict[str, Any]) -> list[str]:
    """Return what an account lacks, or has too much of."""
    wrong = []
    if "kind" not in item:
        wrong.append(f'it needs a line like  kind = "freshrss"; kinds are {", ".join(SERVERS)}')
    kind = item.get("kind")
    server = SERVERS.get(kind.casefold()) if isinstance(kind, str) else None
    if "address" not in item and server is not None and not server.address:
        wrong.append('it needs a line like  address = "https://rss.example.org"')
    if "password" in item and "password_command" in item:
        wrong.append("it has both a password and a password_command: keep one of them")
    return wrong


def _is_command(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(word, str) and "\0" not in word for word in value)
        and bool(value[0])
    )


def _name_problem(name: str) -> str:
    if not visible(name).strip():
        return "an account needs a name"
    return f"the name of an account has at most {MAX_NAME} characters" if len(name) > MAX_NAME else ""


def _address_problem(address: str) -> str:
    if safe_url(address) is None:
        return "address must be like  https://rss.example.org"
    authority = address.partition("//")[2].partition("/")[0]
    return "leave user name and password out of the address" if "@" in authority else ""


def _kind_problem(kind: str) -> str:
    if kind.casefold() in SERVERS:
        return ""
    return f"unknown kind {_quoted(kind)}{did_you_mean(kind, SERVERS, 'it is one of ' + ', '.join(SERVERS))}"


def _quoted(text: str) -> str:
    return f"‘{visible(text[:_LONGEST])}’"
