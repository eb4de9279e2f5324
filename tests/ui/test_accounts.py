"""The window with the accounts: add one, see its state, give it another password, remove it."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import keyring
import pytest
from keyring.core import load_keyring

from tests.support.google_reader_server import PASSWORD as SERVER_PASSWORD
from tests.support.google_reader_server import USER, Dialect, GoogleReaderServer
from tests.support.servers import PATIENCE, Handler, Site
from tests.support.sync_server import FEEDS, PASSWORD, sign_in_server
from tests.ui.reader import Reader, reading
from tui_reader.config import folders
from tui_reader.pipeline.account_setup import SignedIn, new_account, store_account
from tui_reader.storage.accounts import Accounts, AccountState
from tui_reader.subscriptions.accounts import Account, AccountKind, add_account, load_accounts
from tui_reader.subscriptions.subscription import load_subscriptions
from tui_reader.ui.screens.account import AccountScreen
from tui_reader.ui.screens.accounts import AccountList, AccountsScreen

NOW = int(time.time())
DOWN = "the server cannot be reached; it will be tried again later"


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str, str]]:
    """What the server was asked; there is no keyring."""
    keyring.set_keyring(load_keyring("keyring.backends.fail.Keyring"))
    return sign_in_server(monkeypatch)


def have_account() -> None:
    """Have an account that worked three days ago and does not now, with one more mark than its server."""
    account = new_account("freshrss", "rss.example.org", "alice", "Home")
    store_account(folders(), account, PASSWORD, SignedIn("FreshRSS 1.24", FEEDS))
    with Accounts.opened(folders().marks) as store:
        state = AccountState("Home", server="FreshRSS 1.24", succeeded=NOW - 300_000, tried=NOW, problem=DOWN)
        store.put_state(state._replace(problem_kind="DOWN"))
        sql = "INSERT INTO deed (account, id, kind, done, at) VALUES ('Home', '1', 'read', 1, 0)"
        store._db.execute(sql)


@asynccontextmanager
async def open_accounts(size: tuple[int, int] = (80, 24)) -> AsyncIterator[Reader]:
    """Open the accounts from the list of sources."""
    async with reading(size=size, offline=True) as reader:
        await reader.press("L", "c")
        await reader.until(lambda: isinstance(reader.app.screen, AccountsScreen), "the accounts")
        await reader.rest()
        yield reader


async def fill_in(reader: Reader, password: str) -> None:
    """Choose the first kind, and fill in the form."""
    await reader.press("a", "enter")
    await reader.until(lambda: isinstance(reader.app.screen, AccountScreen), "the form")
    await reader.paste("rss.example.org")
    await reader.press("enter")
    await reader.paste("alice")
    await reader.press("enter")
    await reader.paste(password)
    assert not reader.sees(password)
    assert reader.sees("•" * len(password))
    await reader.press("enter")


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_an_account_is_added_and_its_feeds_are_listed(size: tuple[int, int], asked: list[object]) -> None:
    async with open_accounts(size) as reader:
        assert reader.sees("No accounts yet: press a to add one.")
        await fill_in(reader, "wrong")
        await reader.until_seen("The server refuses the user name or the password")
        assert not folders().accounts.exists()
        await reader.press("ctrl+u")
        await reader.paste(PASSWORD)
        await reader.press("enter")
        await reader.until_seen("Added rss.example.org: FreshRSS 1.24, 2 feeds")
        assert reader.sees("2 feeds · not synchronised yet")
        assert asked[-1] == ("google-reader", "https://rss.example.org", "alice", PASSWORD)
        (account,) = load_accounts(folders().accounts)
        assert account.password == PASSWORD
        await reader.press("escape")
        await reader.until_seen("Alpha")
        assert reader.sees("2 sources")


async def test_an_account_without_feeds_here_brings_the_first_ones(site: Site) -> None:
    server = GoogleReaderServer(site, Dialect.FRESHRSS)
    server.add(server.add_feed("https://a.example/feed", "Paper A"), 60, came=NOW - 60)
    address = site.url(server.dialect.prefix)
    contents, is_read = server._answer(server._contents), threading.Event()

    def late(handler: Handler) -> None:
        assert is_read.wait(PATIENCE)
        contents(handler)

    site.put(f"{server.dialect.prefix}/reader/api/0/stream/items/contents", contents, late)
    add_account(
        folders().accounts, Account("Home", AccountKind.GOOGLE_READER, address, user=USER, password=SERVER_PASSWORD)
    )
    async with reading(indexed=False) as reader:
        await reader.until_seen("Entry 59")
        await reader.until(lambda: not reader.sees("Sample edition"), "the end of the sample")
        assert [each.title for each in load_subscriptions(folders().sources)] == ["Paper A"]
        is_read.set()
        await reader.until_indexed()
        assert len(server.calls("/contents")) == 2, "the run that brought the first ones went on"


async def test_a_password_in_the_clear_is_asked_for_twice(asked: list[object]) -> None:
    async with open_accounts() as reader:
        await reader.press("a", "j", "enter")
        await reader.paste("http://rss.example.org")
        await reader.press("tab", "tab")
        await reader.press("enter")
        assert reader.sees("Type the password")
        await reader.paste(PASSWORD)
        await reader.press("enter")
        await reader.until_seen("goes to rss.example.org in the clear")
        assert asked == []
        await reader.press("enter")
        await reader.until_seen("Added rss.example.org")


async def test_the_state_of_an_account_is_shown_with_what_is_wrong(asked: list[object]) -> None:
    have_account()
    async with open_accounts() as reader:
        assert reader.sees("2 feeds · synchronised 3 d ago · 1 mark to be sent")
        assert reader.sees("the server cannot be reached")
        await reader.press("escape")
        await reader.until_seen("feed of Home")
        assert reader.sees("the server cannot be reached")
        assert reader.sees("c lists the accounts")


async def test_all_that_is_wrong_with_an_account_is_shown_however_long() -> None:
    have_account()
    words = "the server refuses the user name or the password; check them. It has a password of its own for programs"
    with Accounts.opened(folders().marks) as store:
        store.put_state(AccountState("Home", tried=NOW, problem=words, problem_kind="PASSWORD"))
    async with open_accounts((60, 20)) as reader:
        shown = " ".join(reader.part(reader.app.screen.query_one(AccountList))).replace("▌", "")
        assert words in " ".join(shown.split())


async def test_another_password_is_stored_if_the_server_takes_it() -> None:
    have_account()
    async with open_accounts((120, 40)) as reader:
        await reader.press("p")
        await reader.until_seen("Password of Home")
        await reader.paste(PASSWORD)
        await reader.press("enter")
        await reader.until_seen("Home: FreshRSS 1.24 takes the password")
        (accounts,) = reader.app.screen.query(AccountList)
        assert "cannot be reached" not in "".join(reader.part(accounts))


async def test_an_account_is_removed_by_a_second_key_and_its_feeds_stay() -> None:
    have_account()
    async with open_accounts() as reader:
        await reader.press("d")
        assert reader.sees("Press d again to remove Home. Its feeds stay as your own;")
        assert "will not be sent" in reader.text()
        await reader.press("d")
        await reader.until_seen("Removed Home; 2 feeds stay as your own")
        assert load_accounts(folders().accounts) == ()
        assert [source.account for source in load_subscriptions(folders().sources)] == ["", ""]
        await reader.press("escape", "escape")
        await reader.until(lambda: len(reader.selection.locations) == 2, "the feeds")


async def test_a_mistake_in_the_file_is_told_with_its_line() -> None:
    folders().accounts.parent.mkdir(parents=True)
    folders().accounts.write_text('[[account]]\nname = "Home"\nkind = "frehsrss"\n')
    async with open_accounts() as reader:
        assert reader.sees("accounts.toml:3: account ‘Home’: unknown kind ‘frehsrss’")
