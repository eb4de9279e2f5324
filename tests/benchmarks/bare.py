"""The baseline: the smallest Textual app with three panes and ten rows."""

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import OptionList, Static


class Bare(App[None]):
    """Three panes side by side, with constant content."""

    CSS = "#topics { width: 27; } #rows { width: 5fr; } #story { width: 6fr; }"

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("Topics", id="topics")
            yield OptionList(*(f"Row number {n}" for n in range(10)), id="rows", markup=False)
            yield Static("Story", id="story")

    def on_mount(self) -> None:
        self.query_one("#rows").focus()


if __name__ == "__main__":
    Bare().run()
