"""The accounts in a window: their state; add one, give it another password, remove it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Static

from tui_reader.config import Folders
from tui_reader.model.counted import counted
from tui_reader.model.text import visible
from tui_reader.queries.account_status import AccountStatus, account_status, describe_account
from tui_reader.subscriptions.accounts import SERVERS, Account
from tui_reader.ui.screens.account import AccountScreen, Stored
from tui_reader.ui.screens.choices import Choice, ChoiceScreen
from tui_reader.ui.screens.modal import FittedList, ListScreen
from tui_reader.ui.widgets.cells import clip, pad, width_of, wrap
from tui_reader.ui.widgets.frame import Frame
from tui_reader.ui.widgets.line_list import LineList
from tui_reader.ui.window_keys import bindings_of
from tui_reader.ui.words import sentence

_HINTS = (("add", "add"), ("sync", "sync"), ("password", "password"), ("remove", "remove"), ("close", "close"))
_PROBLEM_LINES = 5
_POLL_SECONDS = 5.0  # between two looks at what a refresh has stored


class AccountList(FittedList):
    """The accounts, each with its server, or what is wrong with it, below."""

    beside = 3

    def __init__(self) -> None:
        super().__init__()
        self.item_height = 2
        self.accounts: Sequence[AccountStatus] = ()
        self.now = 0

    def count(self) -> int:
        """Return the number of accounts."""
        return len(self.accounts)

    def height_for(self, width: int) -> int:
        """Return the lines of the account that needs most: its name with its state, and what stands below."""
        return 1 + max((len(_below(facts, width)) for facts in self.accounts), default=1)

    def current(self) -> AccountStatus | None:
        """Return the account under the cursor."""
        return self.accounts[self.cursor] if self.cursor < len(self.accounts) else None

    def show(self, accounts: Sequence[AccountStatus], now: int) -> None:
        """Show ``accounts`` as they are at ``now``, in seconds since 1970."""
        self.accounts, self.now = accounts, now
        self.cursor = max(0, min(self.cursor, len(accounts) - 1))
        self.show_others()
        self.keep_in_view()

    def draw(self, index: int, width: int, selected: bool) -> list[Strip]:
        """Draw one account."""
        facts, palette, bar = self.accounts[index], self.palette, self.bar(selected)
        state = clip(describe_account(facts, self.now), width - 12)
        room = width - width_of(state) - 4
        style = palette.accent if facts.problem else palette.muted
        lines = [
            self.strip(
                [bar, (pad(clip(facts.account.name, room), room), palette.bright), (f" {state} ", palette.muted)],
                width,
                selected,
            ),
            *(self.strip([bar, (line, style)], width, selected) for line in _below(facts, width)),
        ]
        return lines + [self.strip([bar], width, selected)] * (self.item_height - len(lines))


def _below(facts: AccountStatus, width: int) -> list[str]:
    """Return the lines below the name: all that is wrong, or else the server."""
    if facts.problem:
        return wrap(visible(facts.problem), width - 2, _PROBLEM_LINES)
    return [clip(visible(f"{facts.what()} · {facts.where()}"), width - 2)]


class AccountsScreen(ListScreen[bool]):
    """Lists the accounts and changes them; the result is whether there are other sources now."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("accounts")
    window = "accounts"

    items: AccountList

    def __init__(self, folders: Folders, *, offline: bool) -> None:
        """``offline`` asks a server for something only when a key says so."""
        super().__init__(AccountList())
        self._folders = folders
        self._offline = offline
        self._changed = False
        self._synchronising = False
        self._remove_next = ""  # the account that a second key removes
        self._note = Static(id="accounts-note", markup=False)

    def compose(self) -> ComposeResult:
        """Show the accounts."""
        with Frame("Accounts") as frame:
            self.show_hints(frame, *_HINTS)
            yield self.items
            yield self._note

    def on_mount(self) -> None:
        """Read the state of the accounts, now and every few seconds."""
        self._reload()
        self.set_interval(_POLL_SECONDS, self._reload)

    def _reload(self, message: str = "") -> None:
        self.start(self._read(message), group="read")

    async def _read(self, message: str = "") -> None:
        found, mistakes = await asyncio.to_thread(account_status, self._folders)
        self.items.show(found, int(time.time()))
        if message:
            self.say(message)
        elif mistakes:
            self.say(visible(mistakes[0]), error=True)
        elif not found:
            key = self.label("add")
            self.say("No accounts yet" + (f": press {key} to add one." if key else "."))

    def say(self, message: str, *, error: bool = False) -> None:
        """Show a message below the list."""
        self._note.display = bool(message)
        self._note.update(Content.assemble((message, "$error" if error else "$muted")))

    def show_error(self, message: str) -> None:
        """Show why a file could not be read or written."""
        self.say(sentence(message), error=True)

    # -- changing the accounts -----------------------------------------------------

    def action_add(self) -> None:
        """Ask on which server the account is, and then for the account."""
        kinds = list(SERVERS)
        choices = [Choice(SERVERS[kind].title, SERVERS[kind].address.removeprefix("https://")) for kind in kinds]
        screen = ChoiceScreen("Account on", choices)
        self.app.push_screen(screen, lambda index: None if index is None else self._ask(kinds[index]))

    def _ask(self, kind: str) -> None:
        self.app.push_screen(AccountScreen(self._folders, kind), self._stored)

    def _stored(self, stored: Stored | None) -> None:
        """Show an account that was added or has another password, and synchronise it."""
        if stored is None:
            return
        self._changed = True
        if self._offline or self._synchronising:
            self._reload(stored.message)
        else:
            self._synchronise(stored.name, f"{stored.message} · synchronising …")

    def action_sync(self) -> None:
        """Synchronise the account under the cursor."""
        facts = self.items.current()
        if facts is not None and not self._synchronising:
            self._synchronise(facts.account.name, f"Synchronising {facts.account.name} …")

    def _synchronise(self, name: str, message: str) -> None:
        self._synchronising = self._changed = True
        self.start(self._sync(name, message), group="sync")

    async def _sync(self, name: str, message: str) -> None:
        from tui_reader.ui.worker_process import last_of, start_sync

        try:
            await self._read(message)
            last = await last_of(start_sync(name, log=self._folders.log))
        finally:
            self._synchronising = False
        if name not in (facts.account.name for facts in self.items.accounts):
            return  # it was removed meanwhile
        if last.failures:
            await self._read()
            self.say(visible(last.failures[-1]), error=True)
        elif not last.finished:
            self.say(f"That stopped early; see {self._folders.log}", error=True)
        elif not last.sources_total:
            await self._read(f"{name} asks to wait")
        else:
            await self._read(f"{name}: {counted(last.new, 'new article')}")

    def action_password(self) -> None:
        """Ask for another password of the account."""
        facts = self.items.current()
        if facts is not None:
            self.app.push_screen(AccountScreen(self._folders, account=facts.account), self._stored)

    def action_remove(self) -> None:
        """Remove the account if the key is pressed twice."""
        facts = self.items.current()
        if facts is None:
            return
        name = facts.account.name
        if self._remove_next != name:
            self._remove_next = name
            lost = f"; {counted(facts.waiting, 'mark')} will not be sent" if facts.waiting else ""
            self.say(f"Press {self.label('remove')} again to remove {name}. Its feeds stay as your own{lost}.")
            return
        self._remove_next = ""
        self.start(self._remove(facts.account), group="edit")

    async def _remove(self, account: Account) -> None:
        from tui_reader.pipeline.account_setup import end_account

        ended = await self.write(end_account, self._folders, account, with_feeds=False)
        self._changed = True
        await self._read(f"Removed {account.name}; {counted(ended.feeds, 'feed')} stay as your own")

    # -- moving ------------------------------------------------------------------

    def on_line_list_moved(self) -> None:
        """Forget what a second key would have done."""
        self._remove_next = ""

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        """Do nothing more for an account that was clicked again."""
        event.stop()

    def action_close(self) -> None:
        """Close the window."""
        self.when_written(lambda: self.close(self._changed))
