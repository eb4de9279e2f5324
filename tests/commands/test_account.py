"""``news-tui account``: added once the server takes the password, listed with their state, and removed."""

from __future__ import annotations

import io
import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.core import load_keyring

from tests.support import keyrings
from tests.support.command import Home
from tests.support.sync_server import FEEDS, PASSWORD, WRONG, SignInClient, sign_in_server
from tests.ui.terminal import terminal
from tui_reader.commands import handler
from tui_reader.commands.parser import parse
from tui_reader.config import Folders, folders
from tui_reader.errors import NewsError, UsageError
from tui_reader.pipeline.passwords import password_of
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.storage.accounts import Accounts, AccountState
from tui_reader.subscriptions.accounts import Account, AccountKind, load_accounts
from tui_reader.subscriptions.subscription import load_subscriptions

ADD = ("add", "freshrss", "rss.example.org", "--user", "alice")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """The folders of a person in an empty home."""
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return folders()


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str, str, str]]]:
    """What the server was asked; there is no keyring."""
    keyring.set_keyring(load_keyring("keyring.backends.fail.Keyring"))
    yield sign_in_server(monkeypatch)
    keyring.set_keyring(load_keyring("keyring.backends.fail.Keyring"))


def run(monkeypatch: pytest.MonkeyPatch, *words: str, given: str = "") -> int:
    """Run ``news-tui account`` with text on the standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    return handler("account")(parse(["account", *words]))


def test_an_account_is_added_with_its_feeds_once_the_server_takes_the_password(
    here: Folders, monkeypatch: pytest.MonkeyPatch, asked: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, *ADD, given=f"{PASSWORD}\n") == 0
    assert asked == [("google-reader", "https://rss.example.org", "alice", PASSWORD)]
    assert load_accounts(here.accounts) == (
        Account("rss.example.org", AccountKind.GOOGLE_READER, "https://rss.example.org", "alice", PASSWORD),
    )
    assert stat.S_IMODE(here.accounts.stat().st_mode) == 0o600
    found = load_subscriptions(here.sources)
    assert [(each.location, each.title, each.folder, each.account) for each in found] == [
        (feed.address, feed.title, feed.folder, "rss.example.org") for feed in FEEDS
    ]
    out, err = capsys.readouterr()
    assert out == (
        "added rss.example.org: FreshRSS 1.24, 2 feeds\n"
        "its password is in accounts.toml, which only you can read\n"
        "‘news-tui refresh’ fetches its articles, as the reader does\n"
    )
    assert err == ""


def test_with_a_wrong_password_nothing_is_stored(here: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NewsError, match=WRONG):
        run(monkeypatch, *ADD, given="wrong\n")
    assert not here.accounts.exists()
    assert not here.sources.exists()


def test_it_is_not_said_that_a_server_will_be_asked_again_if_nothing_is_stored(
    here: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: SignInClient) -> str:
        raise SyncError("the server cannot be reached; it will be tried again later", SyncProblem.DOWN)

    monkeypatch.setattr(SignInClient, "sign_in", fail)
    with pytest.raises(NewsError, match="the server cannot be reached; try again later"):
        run(monkeypatch, *ADD, given=f"{PASSWORD}\n")
    assert not here.accounts.exists()


def test_a_command_prints_the_password_which_is_stored_nowhere(
    here: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = f"printf '{PASSWORD}\\nlogin: alice'"
    assert run(monkeypatch, *ADD, "--name", "Home", "--password-command", command) == 0
    (account,) = load_accounts(here.accounts)
    assert account.password_command == ("printf", f"{PASSWORD}\\nlogin: alice")
    assert password_of(account) == PASSWORD
    assert account.password == ""
    assert "is printed by printf" in capsys.readouterr().out
    with pytest.raises(NewsError, match="false failed with status 1"):
        run(monkeypatch, *ADD, "--name", "Other", "--user", "bob", "--password-command", "false")


def test_where_there_is_a_keyring_it_keeps_the_password(
    here: Folders, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(keyrings.FILE, str(tmp_path / "keyring"))
    keyring.set_keyring(load_keyring(keyrings.NAME))
    run(monkeypatch, *ADD, "--name", "Home", given=PASSWORD)
    assert PASSWORD not in here.accounts.read_text()
    assert "in the keyring" in capsys.readouterr().out
    (account,) = load_accounts(here.accounts)
    assert password_of(account) == PASSWORD
    run(monkeypatch, "password", "home", "--password-command", f"echo '{PASSWORD}'")
    assert json.loads((tmp_path / "keyring").read_text()) == {}
    run(monkeypatch, "password", "home", given=PASSWORD)
    assert load_accounts(here.accounts) == (account,)
    run(monkeypatch, "remove", "Home")
    assert json.loads((tmp_path / "keyring").read_text()) == {}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("add",), "name one: freshrss"),
        (("add", "frehsrss"), "no kind of account"),
        (("add", "freshrss"), "name the address"),
        (("add", "freshrss", "rss.example.org"), "name the user with --user"),
        (("add", "freshrss", "ftp://x", "--user", "a"), "address must be like"),
        (("add", "freshrss", "https://[", "--user", "a"), "address must be like"),
        (("add", "freshrss", "https://a:b@x.example", "--user", "a"), "leave user name and password out"),
        (("add", "theoldreader", "--user", "a"), "there is no password"),
        (("add", "theoldreader", "--user", "a", "--password-command", "'"), "‘'’ is no command: No closing quotation"),
        (("add", "theoldreader", "--user", "a", "--password-command", " "), "--password-command is empty"),
        (("password", "Home"), "news-tui account add"),
        (("remove", "Home"), "news-tui account add"),
    ],
)
def test_what_is_missing_or_wrong_is_told_where_nobody_can_be_asked(
    here: Folders, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(UsageError, match=reason):
        run(monkeypatch, *words)
    assert not here.accounts.exists()


@pytest.mark.parametrize(
    "words",
    [("add", "a", "b", "c"), ("list", "a"), ("remove",), ("remove", "a", "b"), ("ad",)],
)
def test_wrong_usage(here: Folders, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, *words)
    assert ended.value.code == 2


def test_the_same_account_is_not_added_twice(here: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, *ADD, given=PASSWORD)
    with pytest.raises(UsageError, match="it is called ‘rss"):
        run(monkeypatch, *ADD, "--name", "Other", given=PASSWORD)
    with pytest.raises(UsageError, match="is an account called"):
        run(monkeypatch, "add", "miniflux", "rss.example.org", given=PASSWORD)


def test_a_password_in_the_clear_is_warned_of(
    here: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "add", "miniflux", "http://rss.example.org", given=PASSWORD)
    assert "goes to rss.example.org in the clear" in capsys.readouterr().err
    run(monkeypatch, "add", "miniflux", "http://127.0.0.1:8080", given=PASSWORD)
    assert capsys.readouterr().err == ""


def test_the_list_has_the_state_and_what_is_not_sent(
    here: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 0
    assert "news-tui account add" in capsys.readouterr().err
    run(monkeypatch, *ADD, "--name", "Home", given=PASSWORD)
    capsys.readouterr()
    run(monkeypatch, "list")
    assert capsys.readouterr().out == (
        "Home · alice on https://rss.example.org · FreshRSS 1.24 · 2 feeds · not synchronised yet\n"
    )
    with Accounts.opened(here.marks) as store:
        store.put_state(AccountState("Home", server="FreshRSS 1.24", succeeded=1_000_000_000, problem="it is down"))
    run(monkeypatch, "--json")
    assert json.loads(capsys.readouterr().out) == {
        "name": "Home",
        "kind": "google-reader",
        "address": "https://rss.example.org",
        "user": "alice",
        "server": "FreshRSS 1.24",
        "feeds": 2,
        "synchronised": "2001-09-09T01:46:40Z",
        "waiting": 0,
        "error": "it is down",
    }
    here.accounts.write_text(here.accounts.read_text() + "colour = 1\n")
    assert run(monkeypatch) == 1
    assert "accounts.toml:7: account ‘Home’: unknown line ‘colour’" in capsys.readouterr().err


def test_a_removed_account_leaves_its_feeds_or_takes_them_along(
    here: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, *ADD, "--name", "Home", given=PASSWORD)
    capsys.readouterr()
    sources = here.sources.read_text()
    here.sources.write_text(f"{sources}\nno list")
    with pytest.raises(UsageError):
        run(monkeypatch, "remove", "Home")
    assert len(load_accounts(here.accounts)) == 1
    here.sources.write_text(sources)
    assert run(monkeypatch, "remove", "Home") == 0
    assert load_accounts(here.accounts) == ()
    assert [each.account for each in load_subscriptions(here.sources)] == ["", ""]
    assert "2 feeds stay as your own" in capsys.readouterr().out
    run(monkeypatch, *ADD, "--name", "Home", given=PASSWORD)
    run(monkeypatch, "remove", "home", "--with-feeds")
    assert load_subscriptions(here.sources) == []
    assert "2 feeds went with it" in capsys.readouterr().out


def test_only_what_its_server_can_subscribe_to_is_added_to_an_account(
    here: Folders, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run(monkeypatch, "add", "fever", "https://rss.example.org", "--user", "alice", "--name", "Old", given=PASSWORD)
    run(monkeypatch, *ADD, "--name", "Home", given=PASSWORD)
    before = here.sources.read_text()
    for account, reason in (("old", "Old speaks Fever, which cannot subscribe"), ("hme", "did you mean ‘Home’")):
        with pytest.raises(UsageError, match=reason):
            handler("add")(parse(["add", "https://example.org/feed.xml", "--account", account]))
    assert handler("add")(parse(["add", str(tmp_path), "--account", "home"])) == 1  # a folder
    assert here.sources.read_text() == before


def test_names_of_accounts_are_completed(
    here: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, *ADD, "--name", "At home", given=PASSWORD)
    capsys.readouterr()
    handler("completions")(parse(["completions", "--names", "accounts"]))
    assert capsys.readouterr().out == "At home\n"


def test_on_a_terminal_it_asks_for_what_is_missing_and_shows_no_password(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with terminal("account", "add", columns=80, lines=24, environ=home.environment) as screen:
        screen.until_seen("Kinds: freshrss")
        screen.press("miniflux\r")
        screen.until_seen("Address: ")
        screen.press("http://127.0.0.1:9\r")
        screen.until_seen("User (⏎ for an API key): ")
        screen.press("\r")
        screen.until_seen("API key of 127.0.0.1: ")
        screen.press("hunter2\r")
        assert screen.until_ended() == 1
        assert not screen.sees("hunter2")
        assert not (home.folder / ".config" / "news-tui").exists()
