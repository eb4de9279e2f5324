"""``news-tui account``: list, add, synchronise and remove accounts on servers."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Sequence

from tui_reader.commands.account_add import add_account, ask_password, where_stored
from tui_reader.commands.output.json_lines import print_json_lines
from tui_reader.config import Folders, folders
from tui_reader.errors import UsageError
from tui_reader.model.counted import counted
from tui_reader.model.dates import iso_date
from tui_reader.model.text import visible
from tui_reader.pipeline.account_setup import end_account, sign_in, store_password, store_password_command
from tui_reader.pipeline.passwords import read_password, split_command
from tui_reader.queries.account_status import AccountStatus, account_status, describe_account
from tui_reader.subscriptions.accounts import Account, find_account, load_accounts


def account(arguments: Namespace) -> int:
    """Run ``news-tui account``; return 1 if an account cannot be used."""
    here = folders()
    action, words = arguments.action, arguments.words
    if action == "list":
        if words:
            arguments.error("list takes no names")
        return _list(here, as_json=arguments.json)
    if action == "add":
        return add_account(here, arguments)
    if action == "sync" and arguments.fresh:
        return _send(here)
    if action == "sync":
        return _sync(here, words, as_json=arguments.json, asked=arguments.asked)
    if len(words) != 1:
        arguments.error(f"{action} takes the name of one account")
    found = find_account(load_accounts(here.accounts), words[0])
    if action == "password":
        return _password(here, found, split_command(arguments.password_command))
    return _remove(here, found, with_feeds=arguments.with_feeds)


def _list(here: Folders, *, as_json: bool) -> int:
    found, mistakes = account_status(here)
    if as_json:
        print_json_lines(map(_fields, found))
    else:
        now = int(time.time())
        for each in found:
            print(_line(each, now))
    for mistake in mistakes:
        print(f"news-tui: {visible(mistake)}", file=sys.stderr)
    if not found and not mistakes and not as_json:
        print("no accounts yet: ‘news-tui account add’ adds one", file=sys.stderr)
    return 1 if mistakes else 0


def _fields(facts: AccountStatus) -> dict[str, object]:
    when = facts.synchronised
    return {
        "name": facts.account.name,
        "kind": facts.account.kind.value,
        "address": facts.address,
        "user": facts.account.user,
        "server": facts.server,
        "feeds": facts.feeds,
        "synchronised": iso_date(when) if when else None,
        "waiting": facts.waiting,
        "error": facts.problem,
    }


def _line(facts: AccountStatus, now: int) -> str:
    """Return an account as one line: what it is, its state, and its error."""
    parts = [facts.account.name, facts.where(), facts.what()]
    return visible(" · ".join([*parts, describe_account(facts, now), *filter(None, [facts.problem])]))


def _sync(here: Folders, names: Sequence[str], *, as_json: bool, asked: bool) -> int:
    """Synchronise with the accounts of these names, or with all."""
    from tui_reader.commands.refresh import synchronise

    accounts = load_accounts(here.accounts)
    if not accounts:
        raise UsageError("there is no account yet: ‘news-tui account add’ adds one")
    chosen = [find_account(accounts, name) for name in names] if names else accounts
    return synchronise(here, list(dict.fromkeys(chosen)), as_json=as_json, asked=asked)


def _send(here: Folders) -> int:
    """Send what was marked a short while ago, for the reader."""
    from tui_reader.commands.output.json_lines import ProgressLines
    from tui_reader.model.progress import Progress
    from tui_reader.pipeline.send_marks import send_marks

    lines = ProgressLines()
    with lines.with_failure():
        failures = tuple(send_marks(here))
    lines.print(Progress(failures=failures, finished=True))
    return 1 if failures else 0


def _password(here: Folders, account: Account, command: tuple[str, ...]) -> int:
    """Replace a password, if the server takes the new one."""
    password = read_password(command) if command else ask_password(account)
    found = sign_in(account, password)
    if command:
        store_password_command(here, account, command)
    in_keyring = not command and store_password(here, account, password)
    print(f"{account.name}: {found.server} takes the password")
    print(where_stored(account._replace(password_command=command), in_keyring=in_keyring))
    return 0


def _remove(here: Folders, account: Account, *, with_feeds: bool) -> int:
    ended = end_account(here, account, with_feeds=with_feeds)
    print(f"removed {account.name}; nothing was changed on its server")
    if ended.feeds:
        feeds = counted(ended.feeds, "feed")
        print(f"{feeds} went with it" if with_feeds else f"{feeds} stay as your own, and are fetched from now on")
    if ended.unsent:
        print(f"{counted(ended.unsent, 'mark')} had not been sent to it; here, all marks stay")
    return 0
