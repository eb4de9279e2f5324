"""Passwords of accounts: in ``accounts.toml``, printed by a command, or in the keyring of the desktop."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from tui_reader.errors import SourceError, UsageError
from tui_reader.model.text import clean_line, visible
from tui_reader.pipeline.run_command import read_command
from tui_reader.subscriptions.accounts import Account

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

_COMMAND_SECONDS = 60.0  # it may ask for the passphrase of a key
_KEYRING_SECONDS = 60.0  # it may ask to be unlocked
_LONGEST_REASON = 200  # characters


class PasswordError(SourceError):
    """There is no password for an account, or it cannot be had now."""


def password_of(account: Account) -> str:
    """Return the password of an account, from the file, its command or the keyring.

    It may wait for a person, up to a minute. Raises :class:`PasswordError`.
    """
    if account.password:
        return account.password
    if account.password_command:
        return read_password(account.password_command)
    found = _ask_keyring(lambda keyring: keyring.get_password(*_entry(account))) if has_keyring() else None
    if not found:
        raise PasswordError(f"there is no password: ‘news-tui account password {account.name}’ stores one")
    return str(found)


def split_command(typed: str) -> tuple[str, ...]:
    """Return the words of a ``--password-command``, which no shell will see; none if it is empty.

    Raises :class:`UsageError` if a quote is not closed.
    """
    try:
        words = tuple(shlex.split(typed))
    except ValueError as error:
        raise UsageError(f"--password-command: ‘{visible(typed)}’ is no command: {error}") from error
    if typed and not (words and words[0]):
        raise UsageError("--password-command is empty: give it a command that prints the password")
    return words


def read_password(command: tuple[str, ...]) -> str:
    """Return the first line that a command prints. Raises :class:`PasswordError`."""
    outcome, printed = read_command(command, _COMMAND_SECONDS)
    if outcome.problem:
        said = f": {outcome.said}" if outcome.said else ""
        raise PasswordError(f"password_command: {outcome.problem}{said}")
    try:
        line = printed.partition(b"\n")[0].decode().removesuffix("\r")
    except UnicodeDecodeError as error:
        raise PasswordError("password_command printed no UTF-8 text: change the password or the command") from error
    if not line:
        raise PasswordError("password_command printed no password: it has to be the first line of its output")
    return line


def has_keyring() -> bool:
    """Return whether passwords can be kept in a keyring: the extra ``keyring`` is there, and it has found one."""
    return _backend() is not None


def store_in_keyring(account: Account, password: str) -> None:
    """Keep the password of an account in the keyring. Raises :class:`PasswordError`."""
    _ask_keyring(lambda keyring: keyring.set_password(*_entry(account), password))


def forget_in_keyring(account: Account) -> None:
    """Remove the password of an account from the keyring, if it is there. Raises :class:`PasswordError`."""
    if has_keyring():
        _ask_keyring(lambda keyring: _forget(keyring, *_entry(account)))


def _forget(keyring: KeyringBackend, service: str, user: str) -> None:
    if keyring.get_password(service, user) is not None:
        keyring.delete_password(service, user)


def _entry(account: Account) -> tuple[str, str]:
    """Return the service and the user that a password is kept under: for another address, there is none."""
    return f"news-tui {account.address}", account.user or account.name


def _backend() -> KeyringBackend | None:
    try:
        import keyring
    except ImportError:
        return None
    backend = _within(_KEYRING_SECONDS, keyring.get_keyring)
    # The backends that stand for none at all have no priority.
    return backend if backend.priority > 0 else None


def _ask_keyring(question: Callable[[KeyringBackend], T]) -> T:
    keyring = _backend()
    if keyring is None:
        raise PasswordError("there is no keyring: install the extra ‘keyring’, or keep the password elsewhere")
    return _within(_KEYRING_SECONDS, lambda: question(keyring))


def _within(seconds: float, call: Callable[[], T]) -> T:
    """Return what ``call`` returns. Raises :class:`PasswordError` if it fails, or takes longer than ``seconds``."""
    result: list[T] = []
    failure: list[Exception] = []

    def run() -> None:
        try:
            result.append(call())
        except Exception as error:  # noqa: BLE001 - each backend raises errors of its own, from D-Bus and others
            failure.append(error)

    # A thread that is not waited for: a keyring may ask somebody who is not there.
    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(seconds)
    if result:
        return result[0]
    if failure:
        reason = clean_line(str(failure[0]) or type(failure[0]).__name__)[:_LONGEST_REASON]
        raise PasswordError(f"the keyring does not give the password: {reason}") from failure[0]
    raise PasswordError("the keyring does not answer: unlock it, and try again")
