"""Smart views in views.toml: read, checked one by one, and changed without touching what a person wrote around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tui_reader.errors import UsageError
from tui_reader.model.query import Query, Sort, Window
from tui_reader.subscriptions import toml_blocks
from tui_reader.subscriptions.toml_file import locked
from tui_reader.subscriptions.views import (
    MAX_VIEWS,
    SmartView,
    add_view,
    change_view,
    find_view,
    load_views,
    move_view,
    remove_view,
)

WRITTEN = """\
# My views, the first ones first.

# What I work on.
[[view]]
name = "Kernel"       # not the popcorn
query = "title:kernel OR linux"
sort = "newest"

# For the train.
[[view]]
name = "Long reads"
query = '''
quality:>=60
  "open source"'''
window = "week"

[[view]]
query = "is:saved"
name = "Later"
# The end.
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "views.toml"
    path.parent.mkdir()
    path.write_text(WRITTEN)
    return path


def names(path: Path) -> list[str]:
    return [view.name for view in load_views(path)]


def test_views_come_in_the_order_of_the_file_with_what_is_fixed_for_them(file: Path) -> None:
    kernel, long_reads, later = load_views(file)
    assert kernel == SmartView("Kernel", "title:kernel OR linux", sort=Sort.NEWEST)
    assert long_reads.window is Window.WEEK
    assert later == SmartView("Later", "is:saved")
    listed = kernel.apply(Query(Sort.QUALITY, Window.DAY, folded=True))
    assert listed == Query(Sort.NEWEST, Window.DAY, folded=True, within="title:kernel OR linux")


def test_no_file_has_no_views(tmp_path: Path) -> None:
    assert load_views(tmp_path / "views.toml") == ()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('name = "Wrong"\nquery = "titel:kernel"', "24: view ‘Wrong’: .*did you mean ‘title:’"),
        ('name = "Wrong"\nquery = "(kernel"', "24: view ‘Wrong’.*parenthesis"),
        ('name = "Wrong"\nquery = ""', "24: view ‘Wrong’.*empty"),
        ('name = "Wrong"\nquery = 7', "24: view ‘Wrong’ needs a line like"),
        ('name = "Wrong"', "22: view ‘Wrong’ needs a line like"),
        ('name = "Wrong"\nquery = "x"\nsort = "newst"', "25: .*sort must be one of 'heat'.*did you mean ‘newest’"),
        ('name = "Wrong"\nquery = "x"\nwindow = ["week"]', "25: view ‘Wrong’: window must be one of"),
        ('name = "Wrong"\nqery = "x"', "24: view ‘Wrong’ has an unknown line ‘qery’: did you mean ‘query’"),
        ('name = "Wrong"\nquery = "x"\ncolour = "red"', "25: .*unknown line ‘colour’: use name, query"),
        ('query = "x"\nname = "kernel"', "24: two views are called ‘kernel’"),
        ('query = "x"', "22: every .*needs a line like"),
        ('query = "x"\nname = " "', "24: every .*needs a line like"),
    ],
)
def test_a_wrong_view_is_told_with_file_and_line_and_the_others_work(file: Path, lines: str, told: str) -> None:
    file.write_text(f"{WRITTEN}\n[[view]]\n{lines}\n")
    *others, wrong = load_views(file)
    assert [view.problem for view in others] == ["", "", ""]
    with pytest.raises(UsageError, match=f"^views.toml:{told}"):
        raise UsageError(wrong.problem)


@pytest.mark.parametrize(
    "text", ['view = "kernel"', "view = [", '[view]\nname = "x"', 'views = "x"', "[[view]]\n" * 101]
)
def test_a_file_that_has_no_views_at_all_is_refused_and_left_alone(file: Path, text: str) -> None:
    file.write_text(text)
    for change in (
        lambda: load_views(file),
        lambda: add_view(file, SmartView("New", "x")),
        lambda: change_view(file, "x", name="y"),
        lambda: remove_view(file, "x"),
        lambda: move_view(file, "x", 1),
    ):
        with pytest.raises(UsageError, match=r"views\.toml"):
            change()
    assert file.read_text() == text


def test_a_view_is_found_in_any_case_and_a_near_name_is_offered(file: Path) -> None:
    views = load_views(file)
    assert find_view(views, " KERNEL ").name == "Kernel"
    with pytest.raises(UsageError, match="no view ‘kernl’: did you mean ‘Kernel’"):
        find_view(views, "kernl")
    with pytest.raises(UsageError, match="none yet"):
        find_view((), "kernel")
    file.write_text('[[view]]\nname = "A"\nquery = "(("')
    with pytest.raises(UsageError, match=r"views\.toml:3: view ‘A’"):
        find_view(load_views(file), "A")


def test_a_view_is_added_at_the_end(file: Path) -> None:
    add_view(file, SmartView("New", 'title:"a b"', window=Window.DAY))
    assert names(file) == ["Kernel", "Long reads", "Later", "New"]
    assert file.read_text() == WRITTEN + '\n[[view]]\nname = "New"\nquery = "title:\\"a b\\""\nwindow = "day"\n'
    assert load_views(file)[-1] == SmartView("New", 'title:"a b"', window=Window.DAY)


def test_the_first_view_makes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "views.toml"
    add_view(path, SmartView("New", "x"))
    assert names(path) == ["New"]


@pytest.mark.parametrize(
    ("name", "query", "told"),
    [
        ("kernel", "x", "already"),
        (" ", "x", "needs a name"),
        ("x" * 61, "x", "at most 60"),
        ("New", "(", "parenthesis"),
        ("New", " ", "empty"),
    ],
)
def test_what_is_not_valid_is_not_added(file: Path, name: str, query: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        add_view(file, SmartView(name, query))
    with pytest.raises(UsageError, match=told):
        change_view(file, "Later", name=name, query=query)
    assert file.read_text() == WRITTEN


def test_there_is_room_for_so_many(file: Path) -> None:
    file.write_text("".join(f'[[view]]\nname = "{number}"\nquery = "x"\n' for number in range(MAX_VIEWS)))
    with pytest.raises(UsageError, match="100 views already"):
        add_view(file, SmartView("New", "x"))


def test_a_change_keeps_the_comments(file: Path) -> None:
    change_view(file, "Kernel", name="Linux", sort=None, query="linux")
    assert file.read_text() == WRITTEN.replace('name = "Kernel"  ', 'name = "Linux"  ').replace(
        'query = "title:kernel OR linux"\nsort = "newest"\n', 'query = "linux"\n'
    )


def test_a_view_moves_with_the_comment_above_it(file: Path) -> None:
    assert move_view(file, "Long reads", -1)
    assert names(file) == ["Long reads", "Kernel", "Later"]
    text = file.read_text()
    assert text.startswith("# My views, the first ones first.\n\n# For the train.\n[[view]]\n")
    assert "# What I work on.\n[[view]]\n" in text
    assert sorted(text.splitlines()) == sorted(WRITTEN.splitlines())
    assert move_view(file, "Long reads", 1)
    assert file.read_text() == WRITTEN
    assert not move_view(file, "Kernel", -1)
    assert not move_view(file, "Later", 1)
    assert move_view(file, "Later", -1)
    assert names(file) == ["Kernel", "Later", "Long reads"]
    assert "# The end." in file.read_text()


def test_a_removed_view_leaves_the_comments_around_it(file: Path) -> None:
    remove_view(file, "Kernel")
    assert names(file) == ["Long reads", "Later"]
    text = file.read_text()
    for comment in ("# My views", "# What I work on.", "# For the train.\n[[view]]", "# The end."):
        assert comment in text
    remove_view(file, "Later")
    remove_view(file, "Long reads")
    assert names(file) == []
    assert "# The end." in file.read_text()


def test_of_two_views_with_one_name_neither_is_changed(file: Path) -> None:
    # The second one is the wrong one, and the first one is not to be deleted in its place.
    file.write_text(text := WRITTEN.replace('"Later"', '"Kernel"'))
    for change in (
        lambda: remove_view(file, "Kernel"),
        lambda: move_view(file, "Kernel", 1),
        lambda: change_view(file, "Kernel", name="Linux"),
    ):
        with pytest.raises(UsageError, match="2 views are called ‘Kernel’: give the others another name"):
            change()
    assert file.read_text() == text


@pytest.mark.parametrize(
    "change", [lambda file: remove_view(file, "Kernel"), lambda file: move_view(file, "Kernel", 1)]
)
@pytest.mark.parametrize("meanwhile", ["", "one more"])
def test_a_view_is_not_changed_by_a_place_that_it_had(
    file: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object], meanwhile: str
) -> None:
    # Another process writes the file after it was read, and before it is locked.
    text = f'[[view]]\nname = "{meanwhile}"\nquery = "a"\n\n{WRITTEN}' if meanwhile else ""

    @contextmanager
    def late(path: Path) -> Iterator[Path]:
        file.write_text(text)
        with locked(path) as target:
            yield target

    monkeypatch.setattr(toml_blocks, "locked", late)
    with pytest.raises(UsageError, match="was changed meanwhile: nothing was done"):
        change(file)
    assert file.read_text() == text


def test_a_table_in_a_text_is_none(file: Path) -> None:
    # What looks like a table is a part of the query, so the text cannot be cut there.
    odd = '[[view]]\nname = "A"\nquery = """\none\n[[view]]\ntwo"""\n\n[[view]]\nname = "B"\nquery = "b"\n'
    file.write_text(odd)
    assert names(file) == ["A", "B"]
    assert move_view(file, "B", -1)
    assert names(file) == ["B", "A"]
    assert load_views(file)[1].query == "one\n[[view]]\ntwo"
    remove_view(file, "B")
    assert names(file) == ["A"]


def test_a_view_written_in_one_line_becomes_a_table(file: Path) -> None:
    file.write_text('view = [{ name = "A", query = "a" }, { name = "B", query = "b" }]\n')
    assert move_view(file, "A", 1)
    assert names(file) == ["B", "A"]
    change_view(file, "A", query="c")
    remove_view(file, "B")
    assert load_views(file) == (SmartView("A", "c"),)


def test_an_entry_that_is_no_table_is_refused_when_the_file_is_changed(file: Path) -> None:
    text = 'view = [1, { name = "A", query = "a" }]\n'
    file.write_text(text)
    for change in (
        lambda: change_view(file, "A", query="c"),
        lambda: move_view(file, "A", -1),
        lambda: remove_view(file, "A"),
        lambda: add_view(file, SmartView("B", "b")),
    ):
        with pytest.raises(UsageError, match=r"put each view under a \[\[view\]\] line of its own"):
            change()
        assert file.read_text() == text
