"""Accounts in accounts.toml: read with the line of each mistake, and changed without touching what is around them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tui_reader.errors import UsageError
from tui_reader.subscriptions.accounts import (
    MAX_ACCOUNTS,
    MAX_NAME,
    Account,
    AccountKind,
    add_account,
    change_account,
    find_account,
    load_accounts,
    passwords_readable,
    read_accounts,
    remove_account,
)

WRITTEN = """\
# Where I read.

# At home, behind the door.
[[account]]
name = "Home"           # the old laptop
kind = "freshrss"
address = "https://rss.example.org"
user = "alice"
password_command = ["pass", "show", "rss"]

[[account]]
name = "Abroad"
kind = "theoldreader"
user = "alice"
# The end.
"""
HOME = Account(
    "Home",
    AccountKind.GOOGLE_READER,
    "https://rss.example.org",
    "alice",
    password_command=("pass", "show", "rss"),
)
ABROAD = Account("Abroad", AccountKind.GOOGLE_READER, "https://theoldreader.com", "alice")
WORK = Account("Work", AccountKind.MINIFLUX, "http://127.0.0.1:8080", password="secret")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.toml"
    path.write_text(WRITTEN)
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_kinds_are_protocols_and_servers_by_name(file: Path) -> None:
    assert load_accounts(file) == (HOME, ABROAD)
    assert load_accounts(file.with_name("none.toml")) == ()


def test_an_account_is_the_same_however_its_name_and_address_are_spelled() -> None:
    same = HOME._replace(name="Other", address="http://RSS.example.org/", password="x", password_command=())
    assert same.identity == HOME.identity
    for change in ({"user": "bob"}, {"address": "https://example.org"}, {"kind": AccountKind.FEVER}):
        assert HOME._replace(**change).identity != HOME.identity


def test_an_account_is_found_in_any_case_and_a_near_name_is_offered(file: Path) -> None:
    accounts = load_accounts(file)
    assert find_account(accounts, " home") == HOME
    with pytest.raises(UsageError, match="did you mean ‘Abroad’"):
        find_account(accounts, "abrod")
    with pytest.raises(UsageError, match="there is Home, Abroad"):
        find_account(accounts, "x")
    with pytest.raises(UsageError, match="news-tui account add"):
        find_account((), "x")


def test_accounts_are_added_changed_and_removed_with_the_comments_around_them(file: Path) -> None:
    add_account(file, WORK)
    assert load_accounts(file) == (HOME, ABROAD, WORK)
    assert change_account(file, "abroad", password="new").password == "new"
    assert change_account(file, "Work", password="", password_command=("pw",)).password_command == ("pw",)
    assert load_accounts(file)[1:] == (
        ABROAD._replace(password="new"),
        WORK._replace(password="", password_command=("pw",)),
    )
    assert remove_account(file, "home") == HOME
    text = file.read_text()
    assert "# Where I read." in text
    assert "# At home" in text
    assert "# The end." in text
    assert "# the old laptop" not in text
    with pytest.raises(UsageError, match="no account ‘home’"):
        remove_account(file, "home")


def test_what_cannot_be_added_changes_nothing(file: Path) -> None:
    for account, reason in (
        (WORK._replace(name="HOME"), "already"),
        (WORK._replace(name=" "), "needs a name"),
        (WORK._replace(name="x" * (MAX_NAME + 1)), "at most 40 characters"),
        (WORK._replace(address="ftp://example.org"), "must be like"),
        (WORK._replace(address="https://u:p@example.org"), "leave user name and password out"),
    ):
        with pytest.raises(UsageError, match=reason):
            add_account(file, account)
    with pytest.raises(UsageError, match="must be like"):
        change_account(file, "Home", address="x")
    assert file.read_text() == WRITTEN
    for number in range(MAX_ACCOUNTS - 2):
        add_account(file, WORK._replace(name=f"Work {number}"))
    with pytest.raises(UsageError, match="remove one first"):
        add_account(file, WORK)


def test_only_the_owner_can_read_the_file_once_it_was_written(file: Path) -> None:
    file.chmod(0o644)
    assert not passwords_readable(file, load_accounts(file))  # there is none in it
    file.write_text(WRITTEN + 'password = "open"\n')
    assert passwords_readable(file, load_accounts(file))
    change_account(file, "Home", user="bob")
    assert mode(file) == 0o600
    assert not passwords_readable(file, load_accounts(file))


def test_no_password_is_shown() -> None:
    assert "secret" not in repr(WORK)
    assert "secret" not in f"{WORK}{[WORK]!r}"


def test_every_mistake_is_told_with_its_line_and_the_others_work(file: Path) -> None:
    file.write_text(
        """\
colour = 1
[[account]]
name = "One"
kind = "frehsrss"
adress = "https://x.example"
[[account]]
name = "Two"
kind = "freshrss"
[[account]]
kind = "miniflux"
[[account]]
name = "Home"
kind = "inoreader"
password = "a"
password_command = "pass show"
[[account]]
name = "Good"
kind = "bazqux"
[[account]]
name = "good"
kind = "bazqux"
[[account]]
name = "Last"
kind = "fever"
address = "https://me:secret@x.example"
user = 3
"""
    )
    accounts, mistakes = read_accounts(file)
    assert [account.name for account in accounts] == ["Good"]
    assert [(mistake.line, mistake.message) for mistake in mistakes] == [
        (1, "unknown setting ‘colour’: put each account under a [[account]] line"),
        (4, "account ‘One’: unknown kind ‘frehsrss’: did you mean ‘freshrss’?"),
        (5, "account ‘One’: unknown line ‘adress’: did you mean ‘address’?"),
        (6, 'account ‘Two’: it needs a line like  address = "https://rss.example.org"'),
        (9, 'every [[account]] needs a line like  name = "Home"'),
        (11, "account ‘Home’: it has both a password and a password_command: keep one of them"),
        (15, 'account ‘Home’: password_command must be a list like  ["pass", "show", "news"]'),
        (20, "two accounts are called ‘good’: give one of them another name"),
        (25, "account ‘Last’: leave user name and password out of the address"),
        (26, "account ‘Last’: user must be a text in quotes"),
    ]
    with pytest.raises(UsageError, match=r"accounts\.toml:1: unknown setting"):
        load_accounts(file)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("account = 3\n", "line of its own"),
        ("account = [3]\n", "needs a line like"),
        ('[[account]]\nname = "A"\nkind = []\n', "kind must be a text"),
        ('[[account]]\nname = "A"\n', "kinds are freshrss"),
        ("[[account]]\nname = \n", "not valid TOML"),
        ('[[account]]\nname = "A"\nkind = "bazqux"\n' * 21, "keep at most 20"),
    ],
)
def test_a_file_that_is_no_list_of_accounts_is_an_error(file: Path, text: str, reason: str) -> None:
    file.write_text(text)
    with pytest.raises(UsageError, match=reason):
        load_accounts(file)
