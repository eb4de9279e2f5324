"""Passwords come from the file, from a command or from the keyring, and are never shown."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.core import load_keyring

from tests.support.keyrings import FILE, NAME
from tui_reader.pipeline import passwords
from tui_reader.pipeline.passwords import (
    PasswordError,
    forget_in_keyring,
    has_keyring,
    password_of,
    read_password,
    store_in_keyring,
)
from tui_reader.subscriptions.accounts import Account, AccountKind

HOME = Account("Home", AccountKind.GOOGLE_READER, "https://rss.example.org", "alice")

NONE = "keyring.backends.fail.Keyring"


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    keyring.set_keyring(load_keyring(NONE))
    yield
    keyring.set_keyring(load_keyring(NONE))


@pytest.fixture
def file_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> KeyringBackend:
    monkeypatch.setenv(FILE, str(tmp_path / "keyring"))
    backend = load_keyring(NAME)
    keyring.set_keyring(backend)
    return backend


def test_the_file_has_it() -> None:
    assert password_of(HOME._replace(password="one two")) == "one two"


def test_a_command_prints_it_in_its_first_line() -> None:
    assert password_of(HOME._replace(password_command=("printf", " a$(id) ü\\r\\nlogin: alice\\n"))) == " a$(id) ü"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (("true",), "printed no password"),
        (("printf", "\\377\n"), "no UTF-8"),
        (("/nowhere/pass",), "there is no command ‘/nowhere/pass’"),
        (("sh", "-c", "echo locked >&2; exit 2"), "sh failed with status 2: locked"),
        (("sh", "-c", "echo hunter2; exit 2"), "sh failed with status 2"),
    ],
)
def test_a_command_that_prints_none_says_why_and_shows_no_secret(command: tuple[str, ...], reason: str) -> None:
    with pytest.raises(PasswordError, match=reason) as raised:
        read_password(command)
    assert "hunter2" not in str(raised.value)


def test_a_command_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_COMMAND_SECONDS", 0.1)
    with pytest.raises(PasswordError, match=r"sleep took too long and was ended$"):
        read_password(("sleep", "600"))


def test_without_a_keyring_there_is_no_password() -> None:
    assert not has_keyring()
    with pytest.raises(PasswordError, match="news-tui account password Home"):
        password_of(HOME)
    with pytest.raises(PasswordError, match="there is no keyring"):
        store_in_keyring(HOME, "secret")
    forget_in_keyring(HOME)


def test_without_the_extra_there_is_none_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert not has_keyring()


def test_the_keyring_keeps_it_for_this_address_and_no_other(file_keyring: KeyringBackend) -> None:
    store_in_keyring(HOME, "secret")
    assert has_keyring()
    assert password_of(HOME) == "secret"
    with pytest.raises(PasswordError):
        password_of(HOME._replace(address="https://elsewhere.example"))
    forget_in_keyring(HOME)
    forget_in_keyring(HOME)
    with pytest.raises(PasswordError):
        password_of(HOME)


def test_a_keyring_that_fails_or_does_not_answer_is_told(
    file_keyring: KeyringBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: str) -> str:
        raise RuntimeError("the collection is locked\nby somebody")

    monkeypatch.setattr(file_keyring, "get_password", fail)
    with pytest.raises(PasswordError, match="does not give the password: the collection is locked by somebody"):
        password_of(HOME)


def test_a_keyring_that_does_not_answer_is_not_waited_for(
    file_keyring: KeyringBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()
    monkeypatch.setattr(passwords, "_KEYRING_SECONDS", 0.05)
    monkeypatch.setattr(file_keyring, "get_password", lambda *_: answered.wait(60))
    with pytest.raises(PasswordError, match="does not answer"):
        password_of(HOME)
    answered.set()
