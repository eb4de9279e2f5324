"""Sign in to an account: a new one, or one whose password has changed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tui_reader.config import Folders
from tui_reader.model.counted import counted
from tui_reader.model.urls import domain_of
from tui_reader.named_tuple import NamedTuple
from tui_reader.subscriptions.accounts import SERVERS, Account, AccountKind
from tui_reader.ui.screens.modal import ModalWindow
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.widgets.line_input import LineInput
from tui_reader.ui.window_keys import bindings_of
from tui_reader.ui.words import sentence

if TYPE_CHECKING:
    from textual.worker import Worker

_OTHERS = frozenset({"close", "app.window_help"})  # actions whose keys may be characters, or need not hurry


class Stored(NamedTuple):
    """The name of an account that was stored, and a message about that."""

    name: str
    message: str


class AccountScreen(ModalWindow[Stored | None]):
    """Asks for what an account needs and signs in; the result is what was stored, or ``None``."""

    # The keys between fields come before the field: a password manager types faster
    # than keys that a field does not know find their way, and the password would
    # be seen in the field before its own.
    BINDINGS: ClassVar[list[BindingType]] = [
        replace(each, priority=True) if isinstance(each, Binding) and each.action not in _OTHERS else each
        for each in bindings_of("account")
    ]
    window = "account"

    def __init__(self, folders: Folders, kind: str = "", account: Account | None = None) -> None:
        """``kind`` is a key of :data:`SERVERS`; with an ``account``, only its password is asked for."""
        super().__init__()
        self._folders = folders
        self._kind = kind
        self._account = account
        self._warned = ""  # the address that somebody was warned about
        self._signing_in: Worker[None] | None = None
        self._frame = Frame(SERVERS[kind].title if account is None else f"Password of {account.name}")
        self._password = LineInput(password=True)
        self._note = Static(id="account-note", markup=False)
        self._fields: dict[str, LineInput] = {}
        if account is None:
            server = SERVERS[kind]
            api_key = "empty for an API key" if server.kind is AccountKind.MINIFLUX else ""
            self._fields = {
                "Address": LineInput(server.address, placeholder="https://rss.example.org", select_on_focus=False),
                "User": LineInput(placeholder=api_key),
            }
        self._fields["Password"] = self._password

    def compose(self) -> ComposeResult:
        """Lay out the fields and a note."""
        with self._frame:
            self.show_hints(self._frame, ("go_on", "sign in"), ("next_field", "next field"), ("close", "close"))
            for label, field in self._fields.items():
                with Horizontal(classes="account-field"):
                    yield Static(label, markup=False)
                    yield field
            yield self._note

    def on_mount(self) -> None:
        """Begin with the first field that is empty."""
        self.set_focus(self._empty_field())
        self.start(self._say_where(), group="note")

    def _empty_field(self) -> LineInput:
        return next((field for field in self._fields.values() if not field.value), self._password)

    async def _say_where(self) -> None:
        """Say where the password will be, and which one is meant."""
        from tui_reader.pipeline.passwords import has_keyring
        from tui_reader.ui.controllers.add_source import run_in_daemon_thread

        kept = "the keyring" if await run_in_daemon_thread(has_keyring) else "accounts.toml, which only you can read"
        which = "FreshRSS has an API password of its own, in its profile. " if self._kind == "freshrss" else ""
        self._say(f"{which}The password is kept in {kept}.")

    def _say(self, note: str, *, error: bool = False) -> None:
        self._note.update(Content.assemble((note, "$error" if error else "$muted")))

    def show_error(self, message: str) -> None:
        """Show why nothing was stored, and wait for another try."""
        self._signing_in = None
        self._say(sentence(message), error=True)

    # -- signing in --------------------------------------------------------------

    def action_go_on(self) -> None:
        """Go to the next field that is empty, or sign in."""
        if self._signing_in is not None:
            return
        focused = next((field for field in self._fields.values() if field.has_focus), self._password)
        if focused is not self._password:
            self.action_next_field(1)
        elif not self._password.value:
            self._say("Type the password", error=True)
        else:
            self._signing_in = self.start(self._sign_in(), group="sign in")

    async def _sign_in(self) -> None:
        from tui_reader.pipeline import account_setup
        from tui_reader.ui.controllers.add_source import run_in_daemon_thread

        password, before = self._password.value, self._account
        if before is None:
            address, user = self._fields["Address"].value, self._fields["User"].value
            account = account_setup.new_account(self._kind, address, user)
            await asyncio.to_thread(account_setup.check_account, self._folders.accounts, account)
        else:
            account = before
        if account_setup.is_unprotected(account.address) and self._warned != account.address:
            self._warned = account.address
            self.show_error(
                f"The password goes to {domain_of(account.address)} in the clear: use https:// if it can, "
                f"or {self.label('go_on')} again"
            )
            return
        self._say(f"Signing in to {domain_of(account.address)} …")
        found = await run_in_daemon_thread(partial(account_setup.sign_in, account, password))
        if before is None:
            await self.write(account_setup.store_account, self._folders, account, password, found)
            message = f"Added {account.name}: {found.server}, {counted(len(found.feeds), 'feed')}"
        else:
            await self.write(account_setup.store_password, self._folders, account, password)
            message = f"{account.name}: {found.server} takes the password"
        self.close(Stored(account.name, message))

    # -- moving ------------------------------------------------------------------

    def action_next_field(self, by: int) -> None:
        """Go to another field."""
        fields = list(self._fields.values())
        now = next((place for place, field in enumerate(fields) if field.has_focus), 0)
        # At once, and not with the next message: the next key may be here already.
        self.set_focus(fields[(now + by) % len(fields)])

    def action_close(self) -> None:
        """Stop signing in, or close."""
        self.when_written(self._go_back)

    def _go_back(self) -> None:
        if self._signing_in is None:
            self.close(None)
        else:
            self._signing_in.cancel()
            self.show_error("Cancelled")
