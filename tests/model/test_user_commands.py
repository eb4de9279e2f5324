"""The tables [pipe] and [hooks]: what is read of them, and what is said of mistakes."""

from __future__ import annotations

import tomllib

import pytest

from tui_reader.errors import UsageError
from tui_reader.model.user_commands import Input, StoryArguments, UserCommand, hooks_of, keys_of, pipes_of, with_story

STORY = StoryArguments("https://example.org/a?b=%20", "-rf {url} `x` $y", "Reuters")


def pipes(text: str) -> tuple[UserCommand, ...]:
    return pipes_of(tomllib.loads(f"[pipe]\n{text}"), "config.toml")


def test_a_line_is_split_once_as_a_shell_would_quote_it() -> None:
    (one, two) = pipes("""one = "add --tags 'to read' {url}"\ntwo = ["add", "a b", "{title}"]""")
    assert one == UserCommand("one", ("add", "--tags", "to read", "{url}"))
    assert two.arguments == ("add", "a b", "{title}")


def test_a_table_says_more() -> None:
    (each,) = pipes("""one = {command = "llm", input = "markdown", terminal = true, key = "x", timeout = 300}""")
    assert each == UserCommand("one", ("llm",), Input.MARKDOWN, 300, terminal=True, key="x")


def test_what_a_story_has_becomes_arguments_and_never_options() -> None:
    (each,) = pipes("""one = '''add {url} {title} --by={provider} {"json":"{url}"} ''' """)
    assert with_story(each, STORY) == [
        "add",
        "https://example.org/a?b=%20",
        "–rf {url} `x` $y",
        "--by=Reuters",
        "{json:https://example.org/a?b=%20}",
    ]


@pytest.mark.parametrize(("title", "given"), [("@/etc/passwd", "＠/etc/passwd"), ("<a", "＜a"), ("a @b <c", "a @b <c")])
def test_no_title_names_a_file_of_which_a_command_takes_the_content(title: str, given: str) -> None:
    (each,) = pipes("one = 'curl --data {title} --form title={title}'")
    arguments = with_story(each, STORY._replace(title=title))
    assert arguments == ["curl", "--data", given, "--form", f"title={given}"]


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "-x", "https://example.org/ b", "file:///etc/passwd"])
def test_an_address_that_is_not_safe_is_no_argument(url: str | None) -> None:
    story = STORY._replace(url=url)
    with pytest.raises(UsageError, match="no web address"):
        with_story(pipes('one = "add {url}"')[0], story)
    assert with_story(pipes('one = "add {title}"')[0], story)[0] == "add"


def test_keys_are_letters_of_the_names_that_the_list_does_not_need() -> None:
    found = pipes('wallabag = "a"\nlinkding = "b"\nlog = "c"\nq = "d"\nown = {command = "e", key = "i"}')
    assert keys_of(found) == ["w", "n", "o", "1", "i"]
    many = pipes("\n".join(f'jk{number} = "a"' for number in range(50)))
    keys = [key for key in keys_of(many) if key]
    assert len(keys) == len(set(keys)) == 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pipe = 3", "takes lines like"),
        ("[pipe]\none = 3", "one in [pipe] must be a command"),
        ("[pipe]\none = ''", "needs a command"),
        ("[pipe]\none = []", "needs a command"),
        ("[pipe]\none = [1]", "must be a text in quotes, or a list"),
        ("[pipe]\none = 'add \"x'", "cannot be split"),
        ("[pipe]\none = 'add {link}'", "there is no {link}: use {url}, {title}, {provider}"),
        ("[pipe]\none = '{url} x'", "the command itself cannot come from a story"),
        ("[pipe]\none = {comand = 'x'}", "has no field 'comand': use command, input"),
        ("[pipe]\none = {command = 'x', input = 'xml'}", "input must be one of json, markdown, text, url, none"),
        ("[pipe]\none = {command = 'x', terminal = 1}", "terminal must be true or false"),
        ("[pipe]\none = {command = 'x', timeout = true}", "timeout must be a whole number"),
        ("[pipe]\none = {command = 'x', timeout = 0}", "timeout must be a whole number from 1 to 3,600"),
        ("[pipe]\none = {command = 'x', key = 'ab'}", "key must be a single character"),
        ("[pipe]\none = {command = 'x', key = 'j'}", "choose another one"),
        ("[pipe]\na = {command = 'x', key = 'y'}\nb = {command = 'x', key = 'y'}", "is given to a and to b"),
        ('[pipe]\none = "a\\u0000b"', "must be a text in quotes"),
        ("[hooks]\none = 'x'", "must be a table, such as"),
        ("[hooks]\none = {command = 'x'}", "needs a query"),
        ("[hooks]\none = {query = 'x'}", "needs a command"),
        ("[hooks]\none = {query = 'x', command = 'y', most = 1000}", "most must be a whole number from 1 to 100"),
        ("[hooks]\none = {query = 'x', command = 'y', terminal = true}", "has no field 'terminal'"),
    ],
)
def test_mistakes_are_named(text: str, words: str) -> None:
    raw = tomllib.loads(text)
    with pytest.raises(UsageError) as caught:
        pipes_of(raw, "config.toml")
        hooks_of(raw, "config.toml")
    assert words in str(caught.value)
    assert str(caught.value).startswith("config.toml: ")
