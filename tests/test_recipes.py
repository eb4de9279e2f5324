"""The commands in docs/pipes.md work as they are written: each is read, and run with what it needs in its place."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.servers import Site, page
from tests.test_docs import page as text_of
from tui_reader.formats.piped import story_arguments, story_input
from tui_reader.model.links import Enclosure
from tui_reader.model.trending import Cooling
from tui_reader.model.user_commands import UserCommand, hooks_of, pipes_of, with_story
from tui_reader.pipeline.run_command import run_command
from tui_reader.storage.export import Coverage, ExportedStory

EXAMPLES = re.findall(r"^<!-- settings -->\n```toml\n(.*?)^```$", text_of("pipes.md"), re.MULTILINE | re.DOTALL)
PIPES = [pipe for example in EXAMPLES for pipe in pipes_of(tomllib.loads(example), "config.toml")]
HOOKS = [hook for example in EXAMPLES for hook in hooks_of(tomllib.loads(example), "config.toml")]

# What stands in for the programs: it writes down its arguments and what it reads.
STAND_IN = """#!/bin/sh
for each; do printf '%s\\n' "$each" >> {folder}/arguments; done
cat > {folder}/input
"""

STORY = ExportedStory(
    page=-2,
    title="-rf \"A\" 'title' $HOME `id`; &c.",
    excerpt="What it says.",
    published=1_600_000_000,
    web_url="https://example.org/a?b=1&c=%22",
    original_url=None,
    amp_url=None,
    kind="article",
    quality=1,
    heat=2,
    shown=True,
    provider="Reuters",
    domain="reuters.com",
    topics=("Science",),
    related=(Coverage("Other", "https://example.net/", "BBC", "bbc.co.uk", 1_600_000_000, 1),),
    read=False,
    saved=False,
    source=None,
    sources=(),
    author="",
    comments_url=None,
    media=(Enclosure("image", "https://example.org/i.png"),),
    body="# Heading\n\nThe *text*.",
)


def arguments_for(pipe: UserCommand) -> list[str]:
    return with_story(pipe, story_arguments(STORY))


def given(pipe: UserCommand) -> bytes:
    return story_input(pipe.input, STORY, Cooling(0))


@pytest.mark.parametrize("pipe", PIPES, ids=lambda pipe: pipe.name)
def test_each_command_runs(pipe: UserCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, *arguments = arguments_for(pipe)
    program = tmp_path / "bin" / name
    program.parent.mkdir()
    program.write_text(STAND_IN.format(folder=tmp_path))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    assert run_command([name, *arguments], given(pipe), 60) == ("", "")
    assert (tmp_path / "arguments").read_text().splitlines() == arguments
    read = (tmp_path / "input").read_text()
    if pipe.input == "json":
        assert json.loads(read)["title"] == STORY.title
        assert json.loads(read)["body"] == STORY.body
    elif pipe.input == "none":
        assert read == ""
    else:
        assert "text" in read


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("linkding", f'{{"url": "{STORY.web_url}"}}'),
        ("instapaper", f"url={quote(str(STORY.web_url), safe='')}"),
    ],
)
def test_what_curl_sends(name: str, sent: str, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pipe,) = (pipe for pipe in PIPES if pipe.name == name)
    key = tmp_path / "linkding"
    key.write_text("Authorization: Token 0123\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    host = site.put("/api/add", page(b""))
    *arguments, _ = (part.replace("/home/me/.config", str(tmp_path)) for part in arguments_for(pipe))
    arguments.append(host)
    assert run_command(arguments, b"", 60).problem == ""
    (request,) = site.requests
    assert request.body.decode() == sent
    if name == "linkding":
        assert request.headers["authorization"] == "Token 0123"


def test_the_recipes_are_there() -> None:
    names = {pipe.name for pipe in PIPES}
    assert {"wallabag", "linkding", "instapaper", "mail", "llm", "ollama", "aloud"} <= names
    assert [hook.notify for hook in HOOKS] == [True, False]
