"""Opens the screens that a command of the front page asks for, and takes what they give back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual.screen import Screen

from tui_reader.errors import NewsError
from tui_reader.model.story import StoryRow
from tui_reader.subscriptions.subscription import load_subscriptions
from tui_reader.ui.controllers.links import ListedLink
from tui_reader.ui.controllers.page import Action, OnRow, Page
from tui_reader.ui.controllers.updates import Updates
from tui_reader.ui.session import Session

if TYPE_CHECKING:
    from tui_reader.model.tags import Annotation
    from tui_reader.model.user_commands import UserCommand
    from tui_reader.storage.tags import TagCount
    from tui_reader.subscriptions.starter_packs import Pack
    from tui_reader.ui.controllers.filters import Draft, Filters
    from tui_reader.ui.controllers.pipes import Pipes
    from tui_reader.ui.screens.sources import SourcesResult
    from tui_reader.ui.widgets.sidebar import ViewRow


class Dialogs:
    """One method for each screen that opens above the front page.

    They return once the screen is there, so the next key goes to it. The
    modules of the screens are imported here, when they are needed.
    """

    def __init__(
        self,
        screen: Screen[None],
        page: Page,
        session: Session,
        updates: Updates,
        *,
        swap: Callable[[], None],
        run: Callable[..., None],
        show_source: Callable[[str], None],
    ) -> None:
        """``swap`` is called when other sources are kept than before, ``show_source`` with the one to list.

        ``run`` queues an action that was chosen.
        """
        self._screen = screen
        self._page = page
        self._session = session
        self._updates = updates
        self._swap = swap
        self._run = run
        self._show_source = show_source
        updates.look_for_sources = self._look_for_sources

    def commands(self, on_row: OnRow) -> dict[str, Action]:
        """Return the commands that open a screen; ``on_row`` runs an action on the row of a key."""
        return {
            "why": partial(on_row, self.explain),
            "export": partial(on_row, self.export),
            "pipe": partial(on_row, self.pipe),
            "sources": self.sources,
            "add_source": self.add_source,
            "accounts": self.accounts,
            "packs": self.starter_packs,
            "problems": self.problems,
            "help": self.help,
            "palette": self.palette,
        }

    async def export(self, row: StoryRow) -> None:
        """Ask in which form to write the story or the whole list into which file, and write it in the background."""
        from tui_reader.ui.controllers.export import ExportController

        export = ExportController(
            self._page,
            self._updates.selection,
            self._session.folders.log,
            choose=self.choose,
            ask_path=self._ask_path,
            run=self._run,
            choice=self._updates.browsing.choice,
        )
        await export.ask(row)

    async def _ask_path(self, path: str, picked: Callable[[str], None]) -> None:
        from tui_reader.ui.screens.export_path import ExportPathScreen

        await self._screen.app.push_screen(ExportPathScreen(path), lambda path: picked(path) if path else None)

    async def explain(self, row: StoryRow) -> None:
        """Show why a story has its heat and its coverage."""
        from tui_reader.queries.explain import explain
        from tui_reader.ui.screens.explain import ExplainScreen

        story = await self._page.story(row.article)
        if story is not None:
            library, weights = self._page.library, self._page.settings.weights
            cooling = await library.ask(library.reader.cooling)
            found = await library.ask(explain, library.story_evidence, story, cooling, weights)
            await self._screen.app.push_screen(ExplainScreen(found))

    def link(self, url: str, reason: str, anyway: Callable[[], object] | None = None) -> None:
        """Show a link in full, with the reason why it was not opened; ``anyway`` opens it."""
        from tui_reader.ui.screens.links import show_link

        show_link(self._screen.app, url, reason, anyway)

    async def links(self, links: Sequence[ListedLink], picked: Callable[[str, ListedLink], None]) -> None:
        """List links; ``picked`` is called with what to do (``go``, ``open`` or ``copy``) and the link."""
        from tui_reader.ui.screens.links import LinksScreen

        if not links:
            self._page.say("This article has no links")
            return
        await self._screen.app.push_screen(LinksScreen(links), lambda choice: picked(*choice) if choice else None)

    async def choose(self, title: str, choices: Sequence[tuple[str, str]], picked: Callable[[int], None]) -> None:
        """Offer choices, each a label and a remark; ``picked`` is called with the index of the one chosen."""
        from tui_reader.ui.screens.choices import Choice, ChoiceScreen

        screen = ChoiceScreen(title, [Choice(*choice) for choice in choices])
        await self._screen.app.push_screen(screen, lambda index: None if index is None else picked(index))

    async def annotation(
        self, title: str, before: Annotation, known: Sequence[TagCount], done: Callable[[Annotation], None]
    ) -> None:
        """Ask for the tags and the note of an article; ``known`` are the tags that there are."""
        from tui_reader.ui.screens.annotation import AnnotationScreen

        screen = AnnotationScreen(title, before, known)
        await self._screen.app.push_screen(screen, lambda after: None if after is None else done(after))

    async def filter(self, draft: Draft, filters: Filters) -> None:
        """Ask for a filter, with a preview of what it finds."""
        from tui_reader.ui.screens.filter import FilterScreen

        await self._screen.app.push_screen(FilterScreen(draft, filters), filters.made)

    async def filters(self, filters: Filters) -> None:
        """List the filters."""
        from tui_reader.ui.screens.filters import FiltersScreen

        await self._screen.app.push_screen(FiltersScreen(filters))

    async def pipe(self, row: StoryRow) -> None:
        """Offer the commands of the user for a story, and run the one that is chosen."""
        await self._pipes.offer(row)

    @cached_property
    def _pipes(self) -> Pipes:
        from tui_reader.ui.controllers.pipes import Pipes

        return Pipes(self._page, self._choose_pipe, self._run, self._screen.app.suspend)

    async def _choose_pipe(self, title: str, pipes: Sequence[UserCommand], picked: Callable[[int], None]) -> None:
        """Offer the commands of the user; ``picked`` is called with the index of the one chosen."""
        from tui_reader.ui.screens.pipes import PipesScreen

        await self._screen.app.push_screen(
            PipesScreen(title, pipes, self._session.folders.settings),
            lambda index: None if index is None else picked(index),
        )

    async def problems(self) -> None:
        """Show what could not be read."""
        from tui_reader.ui.screens.problems import ProblemsScreen

        library = self._page.library
        await self._screen.app.push_screen(ProblemsScreen(await library.ask(library.reader.problems)))

    async def themes(self, picked: Callable[[str], None]) -> None:
        """Offer all themes, our own first; ``picked`` is called with the name of the one chosen."""
        from tui_reader.ui.screens.theme_picker import ThemePicker

        app = self._screen.app
        names = sorted(app.available_themes, key=lambda name: (not name.startswith("news-"), name))
        kinds = ["dark" if app.available_themes[name].dark else "light" for name in names]
        screen = ThemePicker(names, app.theme, kinds)
        await app.push_screen(screen, lambda name: None if name is None else picked(name))

    async def ask(
        self, title: str, save: Callable[[str], object], done: Callable[[str], None], *, note: str = ""
    ) -> None:
        """Ask for one line; ``save`` is called with it in a thread, and what it raises shown; then ``done``."""
        from tui_reader.ui.screens.question import QuestionScreen

        screen = QuestionScreen(title, save, note=note)
        await self._screen.app.push_screen(screen, lambda answer: done(answer) if answer else None)

    async def views(self, now: Callable[[], Sequence[ViewRow]], picked: Callable[[str], None]) -> None:
        """List the smart views to change them; ``picked`` is called with the name of the one to list, if any."""
        from tui_reader.ui.screens.views import ViewsScreen

        path = self._session.folders.views
        await self._screen.app.push_screen(ViewsScreen(path, now()), lambda name: picked(name or ""))

    async def help(self) -> None:
        """Show all keys."""
        from tui_reader.ui.screens.help import HelpScreen

        await self._screen.app.push_screen(HelpScreen(self._page.keymap))

    async def palette(self) -> None:
        """Show the command palette."""
        from tui_reader.ui.screens.palette import ReaderPalette

        await self._screen.app.push_screen(ReaderPalette())

    async def sources(self) -> None:
        """Show the sources."""
        from tui_reader.ui.screens.sources import SourcesScreen

        await self._screen.app.push_screen(
            SourcesScreen(self._session.folders, offline=self._session.offline), self._leave_sources
        )

    def _leave_sources(self, result: SourcesResult | None) -> None:
        """Take up what was changed in the list of sources, and go to the source that was chosen."""
        if result is None:
            return
        if result.changed:
            self._swap()  # this groups the stories again as well
        elif result.regroup:
            self._updates.regroup()
        if result.chosen:
            self._show_source(result.chosen)

    async def add_source(self) -> None:
        """Ask for a source to keep."""
        from tui_reader.ui.screens.add_source import AddSourceScreen

        await self._screen.app.push_screen(AddSourceScreen(self._session.folders), self._kept)

    async def accounts(self) -> None:
        """Show the accounts on servers."""
        from tui_reader.ui.screens.accounts import AccountsScreen

        await self._screen.app.push_screen(
            AccountsScreen(self._session.folders, offline=self._session.offline), self._kept
        )

    async def _look_for_sources(self) -> None:
        """Show the first sources that accounts have brought in place of the sample."""
        if await asyncio.to_thread(load_subscriptions, self._session.folders.sources):
            self._swap()

    def _kept(self, changed: bool | None) -> None:
        if changed:
            self._swap()

    async def starter_packs(self) -> None:
        """Offer the starter packs."""
        from tui_reader.ui.screens.starter_packs import StarterPacksScreen

        folders = self._session.folders
        first = self._updates.selection.is_sample
        await self._screen.app.push_screen(StarterPacksScreen(folders, first=first), self._keep_topics)

    def _keep_topics(self, packs: Sequence[Pack] | None) -> None:
        if packs is not None:
            self._page.ask("packs", self._save_topics, packs)

    async def _save_topics(self, packs: Sequence[Pack]) -> None:
        """Keep the topics of the starter packs that were chosen; their feeds are kept already."""
        from tui_reader.subscriptions.topics import add_topics

        path = self._session.folders.topics
        try:
            await asyncio.to_thread(add_topics, path, [topic for pack in packs for topic in pack.topics])
        except NewsError as error:
            self._page.say(str(error), error=True)  # the feeds are added all the same
        except OSError as error:
            self._page.say(f"{path} cannot be written: {error.strerror}", error=True)
        self._swap()
