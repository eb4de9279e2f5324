"""Reading ``topics.toml``, and adding to it without losing comments."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tui_reader.errors import UsageError
from tui_reader.model.topic import Topic
from tui_reader.subscriptions.topics import add_topics, load_topics

RUST = Topic("Rust", "Languages", keywords=("rust", "cargo"), excluded=("game",))
LANGUAGES = Topic("Languages")
HAND_WRITTEN = """\
# mine
[[topic]]
name = "Languages"  # the parent

# the second
[[topic]]
name = "Rust"
parent = "Languages"
keywords = ["rust", "cargo"]
not = ["game"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "topics.toml"


def written(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_missing_file_has_no_topics(file: Path) -> None:
    assert load_topics(file) == ()


def test_a_hand_written_file_is_read(file: Path) -> None:
    assert load_topics(written(file, HAND_WRITTEN)) == (LANGUAGES, RUST)


def test_names_are_trimmed_and_made_visible(file: Path) -> None:
    text = '[[topic]]\nname = " A\\u001b[31m "\nkeywords = [" a b "]\n'
    (topic,) = load_topics(written(file, text))
    assert "\x1b" not in topic.name
    assert (topic.name[0], topic.name[-1], topic.keywords) == ("A", "m", ("a b",))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("topic = 3", "[[topic]]"),
        ("topic = [3]", "name ="),
        ("topics = []", "'topics'"),
        ("[[topic]]", "name ="),
        ("[[topic]]\nname = 3", "name ="),
        ('[[topic]]\nname = " "', "name ="),
        ('[[topic]]\nname = "A"\nkeyword = ["a"]', "'keyword': use name, parent, keywords, not"),
        ('[[topic]]\nname = "A"\nparent = ["B"]', "parent must be"),
        ('[[topic]]\nname = "A"\nparent = "a"', "its own parent"),
        ('[[topic]]\nname = "A"\nkeywords = "a"', "keywords must be a list"),
        ('[[topic]]\nname = "A"\nnot = [1]', "not must be a list"),
        ('[[topic]]\nname = "A"\nkeywords = ["a", " - "]', "without a letter"),
        ('[[topic]]\nname = "A"\n[[topic]]\nname = "a"', "two topics are called 'a'"),
        ("[[topic", "not valid TOML"),
    ],
)
def test_a_mistake_is_an_error_that_names_the_file(file: Path, text: str, word: str) -> None:
    with pytest.raises(UsageError) as raised:
        load_topics(written(file, text))
    assert word in str(raised.value)
    assert str(file) in str(raised.value)


def test_every_mistake_is_named_with_its_line(file: Path) -> None:
    text = '[[topic]]\nname = "A"\nkeyword = ["a"]\nparent = 3\n\n[[topic]]\nkeywords = []\n\n[[topic]]\nname = "a"\n'
    with pytest.raises(UsageError) as raised:
        load_topics(written(file, text))
    assert str(raised.value).splitlines() == [
        f"{file}:3: topic 'A' has an unknown line 'keyword': use name, parent, keywords, not",
        f"{file}:4: topic 'A': parent must be the name of a topic in quotes",
        f'{file}:6: every [[topic]] needs a line like  name = "Rust"',
        f"{file}:10: two topics are called 'a': merge them into one",
    ]


def test_added_topics_are_read_back(file: Path) -> None:
    assert add_topics(file, [LANGUAGES, RUST]) == (LANGUAGES, RUST)
    assert load_topics(file) == (LANGUAGES, RUST)


def test_only_new_topics_are_added_and_the_rest_is_preserved(file: Path) -> None:
    written(file, HAND_WRITTEN)
    new = Topic("Go", "Languages", keywords=('"go"',))
    assert add_topics(file, [Topic("RUST", keywords=("other",)), new, Topic("go")]) == (new,)
    assert file.read_text(encoding="utf-8").startswith(HAND_WRITTEN)
    assert load_topics(file) == (LANGUAGES, RUST, new)


def test_a_file_without_new_topics_is_not_written(file: Path) -> None:
    before = written(file, HAND_WRITTEN).stat().st_mtime_ns
    assert add_topics(file, [RUST]) == ()
    assert file.stat().st_mtime_ns == before


def test_an_inline_array_is_rewritten_as_tables(file: Path) -> None:
    add_topics(written(file, 'topic = [{ name = "A" }]\n'), [Topic("B")])
    assert load_topics(file) == (Topic("A"), Topic("B"))


def test_an_invalid_file_is_not_changed(file: Path) -> None:
    written(file, "topic = 3")
    with pytest.raises(UsageError):
        add_topics(file, [RUST])
    assert file.read_text(encoding="utf-8") == "topic = 3"


def test_concurrent_edits_lose_nothing(file: Path) -> None:
    threads = [
        threading.Thread(target=add_topics, args=(file, [Topic(f"{name} {number}") for number in range(5)]))
        for name in "AB"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(load_topics(file)) == 10
