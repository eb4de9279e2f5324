"""The texts around the list: the view in the header, the keys in the footer, why a list is empty."""

from __future__ import annotations

from collections.abc import Sequence

from tui_reader.model.progress import Progress
from tui_reader.model.query import Filter, HiddenFromSearch, Query, Sort, Window
from tui_reader.ui.keymap import Keymap

_WINDOWS = {Window.ALL: "all time", Window.MONTH: "a month", Window.WEEK: "a week", Window.DAY: "a day"}
_SORTS = {
    Sort.HEAT: "by heat",
    Sort.NEWEST: "newest first",
    Sort.QUALITY: "by quality",
    Sort.PROVIDER: "by provider",
    Sort.TRENDING: "hot now",
}
# Which keys matter where, the most important first: the last ones are left
# out where there is little room.
_HINTS = {
    "list": (
        "open", "help", "next_related", "open_browser", "search", "down", "toggle_saved", "topics", "sort", "window",
    ),
    "empty": ("help", "search", "topics", "window", "sources", "add_source", "packs"),
    "story": ("next_related", "open", "help", "open_browser", "full_text", "back", "down", "copy_link", "close"),
    "found": ("next_hit", "next_related", "open", "help", "open_browser", "full_text", "back", "down", "close"),
    "topics": ("open", "help", "down", "close"),
}  # fmt: skip
_BAR = 8  # cells of the progress bar


def sample_words(keymap: Keymap) -> str:
    """Say that this is the sample, and which keys begin something of one's own."""
    return f"Sample edition · {keymap.label('packs')} starter packs · {keymap.label('add_source')} add a feed"


def no_marks_words(keymap: Keymap, reason: str) -> str:
    """Say that there are no marks, which key offers the copies, and why."""
    return f"Without your marks: nothing can be saved · {keymap.label('restore')} restores a copy · {reason}"


def view_facts(query: Query, total: int, source: str = "") -> list[str]:
    """Describe what the list shows, the most important last; ``source`` names a folder, source or smart view."""
    facts = ["last read first"] if query.filter is Filter.READ else [_WINDOWS[query.window], _SORTS[query.sort]]
    if query.folded and not query.provider and (query.within or not source):
        facts.append("with folded")
    if query.provider:
        facts.append(f"only {query.provider}")
    elif query.filter is Filter.READ:
        facts.append("history")
    elif source:
        facts.append(source)
    elif query.topic:
        facts.append(query.topic)
    elif query.filter is not Filter.ALL:
        facts.append(query.filter.value)
    if query.words.strip():
        facts.append(f"“{query.words.strip()}”")
    one, many = ("article", "articles") if query.folded else ("story", "stories")
    facts.append(f"{total:,} {one if total == 1 else many}")
    return facts


def sort_words(sort: Sort) -> str:
    """Return an order in words."""
    return _SORTS[sort]


def window_words(window: Window) -> str:
    """Return a window in words."""
    return _WINDOWS[window]


def key_hints(keymap: Keymap, context: str) -> list[tuple[str, str]]:
    """Return the keys that matter in a pane (or in the search), each with its word."""
    if context == "search":
        return _search_hints(keymap)
    hints = []
    for name in _HINTS[context]:
        key, word = keymap.label(name), keymap[name].hint
        if name == "down":
            key, word = f"{key}/{keymap.label('up')}", "scroll" if context in {"story", "found"} else "move"
        elif name == "next_related":
            key = f"{key}/{keymap.label('previous_related')}"
        elif name == "next_hit":
            key = f"{key}/{keymap.label('previous_hit')}"
        elif name == "open":
            word = {"story": "open", "found": "open"}.get(context, word)
        hints.append((key, word))
    return hints


def _search_hints(keymap: Keymap) -> list[tuple[str, str]]:
    words = {"results": "results", "close": "end search", "help": "keys"}
    results, *others = ((keymap.window_label("search_box", name), word) for name, word in words.items())
    return [results, (keymap.label("save_view"), keymap["save_view"].hint), *others]


def empty_words(keymap: Keymap, query: Query, *, indexing: bool) -> str:
    """Say why the list is empty, and which key helps."""
    if query.words.strip():
        return "\n".join(["No story matches.", *_keys_do(keymap, ("close", "ends the search"))])
    if query.within:
        return "No story is in this view now."
    if query.filter is Filter.SAVED:
        words = f"No saved stories yet: {keymap.label('toggle_saved')} saves one."
    elif query.filter is Filter.READ:
        words = "Nothing read yet: what you open stands here."
    elif indexing:
        words = "Reading the articles …"
    elif query.filter is Filter.UNREAD:
        words = "You're all caught up."
    elif query.window is not Window.ALL:
        words = f"No stories in this window: {keymap.label('window')} chooses another."
    elif query.provider:
        words = "\n".join([f"No articles by {query.provider}.", *_keys_do(keymap, ("close", "goes back"))])
    elif query.topic:
        words = "No stories on this topic."
    elif query.sources:
        words = f"No articles of this source yet: {keymap.label('sources')} shows how it is."
    else:
        helps = (
            ("sources", "shows how your sources are"),
            ("problems", "what could not be read"),
            ("filters", "the filters that hide some"),
            ("add_source", "adds a source"),
        )
        words = "\n".join(["No articles.", *_keys_do(keymap, *helps)])
    return words


def _keys_do(keymap: Keymap, *commands: tuple[str, str]) -> list[str]:
    """Return a sentence with the keys of some commands and what each does; none if they have no keys."""
    parts = [f"{keymap.label(name)} {does}" for name, does in commands if keymap.label(name)]
    return [f"{', '.join(parts)}."] if parts else []


def hidden_words(keymap: Keymap, query: Query, hidden: HiddenFromSearch, place: str) -> str:
    """Say which part of the view hides how many that a search would find, and which key lifts it; empty if none does.

    ``place`` is the topic, source or provider that is listed.
    """
    most = hidden.most()
    if not most:
        return ""
    where = [
        f"in {place}" if place else "",
        f"among the {query.filter.value}" if query.filter is not Filter.ALL else "",
        f"in the last {query.window.value}" if query.window is not Window.ALL else "",
    ]
    parts = {
        "window": "in all time",
        "place": f"outside {place}" if place else "",
        "filter": "read" if query.filter is Filter.UNREAD else f"not {query.filter.value}",
        "folded": "folded",
        "all": "in all",
    }
    several = [getattr(hidden, name) for name in ("window", "place", "filter")]
    counts = [
        f"{number:,} {parts[name]}"
        for name, number in hidden._asdict().items()
        if number and (name != "all" or number > max(several)) and (name != "folded" or most == "folded")
    ]
    open_key = keymap.label("open")
    return f"Nothing {' '.join(filter(None, where))}".rstrip() + (
        f".\n{' · '.join(counts)}.\n" + (f"{open_key} shows the {getattr(hidden, most):,}." if open_key else "")
    )


def new_words(keymap: Keymap, number: int) -> str:
    """Say how many stories arrived while somebody was reading, and which key shows them."""
    return f"{number:,} new {'story' if number == 1 else 'stories'} · {keymap.label('show_new')} shows"


def failure_words(keymap: Keymap, failures: Sequence[str]) -> str:
    """Say which source failed; of several how many, and which key lists them."""
    if len(failures) == 1:
        return failures[0]
    key = keymap.label("sources")
    return f"{len(failures):,} sources failed{f' · {key} lists them' if key else ''}"


def progress_words(progress: Progress, seconds: float) -> str:
    """Say how far the refresh is: sources that have answered, or files with their rate."""
    if progress.clustering:
        return "clustering stories …"
    if progress.searching:
        return "indexing the texts …"
    if progress.texts_total:
        done, total = progress.texts_done, progress.texts_total
        return f"{_bar(done, total)} {done:,} of {total:,} pages"
    if progress.sources_total:
        new = f" · {progress.new:,} new" if progress.new else ""
        done, total = progress.sources_done, progress.sources_total
        return f"{_bar(done, total)} {done:,} of {total:,} sources{new}"
    if not progress.total:
        return "reading the sources …"
    rate = progress.changed / seconds if seconds > 0 else 0
    return f"{_bar(progress.done, progress.total)} {progress.done:,} of {progress.total:,} · {rate:,.0f}/s"


def _bar(done: int, total: int) -> str:
    filled = round(_BAR * done / total)
    return "━" * filled + "╌" * (_BAR - filled)


def sentence(text: str) -> str:
    """Return a message with a capital, unless it begins with something that is typed as it stands, such as ``in:``."""
    return text[:1].upper() + text[1:] if text.partition(" ")[0].isalpha() else text


def stories_words(number: int) -> str:
    """Return a number of stories in words."""
    return "1 story" if number == 1 else f"{number:,} stories"
