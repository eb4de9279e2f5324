"""A command of the user gets the story and is told of in one line, whatever it does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tui_reader.pipeline.run_command import MOST_OUTPUT, run_command

STORY = b'{"title": "One"}\n' * 20_000  # more than a pipe holds


def python(script: str) -> list[str]:
    return [sys.executable, "-S", "-c", script]


@pytest.mark.parametrize(
    ("arguments", "problem", "said"),
    [
        (["cat"], "", '{"title": "One"}'),
        (["true"], "", ""),
        (["sh", "-c", "exec cat >/dev/null; exit 0"], "", ""),
        (["sh", "-c", "exit 3"], "sh failed with status 3", ""),
        (
            ["sh", "-c", "printf '\\033[31mno\\007 luck\\nmore\\n' >&2; exit 1"],
            "sh failed with status 1",
            "␛[31mno␇ luck",
        ),
        (["sh", "-c", "echo out; echo wrong >&2"], "", "wrong"),
        (["sh", "-c", "kill -TERM $$"], "sh was ended by signal 15", ""),
        (["/nowhere/command"], "there is no command ‘/nowhere/command’: is it installed, and on your PATH?", ""),
        (["/"], "/ cannot be started: Permission denied", ""),
        (["printf", "\\377\\376 x"], "", "\ufffd\ufffd x"),
    ],
)
def test_what_became_of_it(arguments: list[str], problem: str, said: str) -> None:
    outcome = run_command(arguments, STORY, 60)
    assert outcome == (problem, said)


def test_the_story_arrives_complete_and_as_it_is(tmp_path: Path) -> None:
    got = tmp_path / "got"
    assert run_command(["dd", f"of={got}", "status=none"], STORY, 60).problem == ""
    assert got.read_bytes() == STORY


def test_arguments_are_no_shell(tmp_path: Path) -> None:
    outcome = run_command(["printf", "%s", f"$(touch {tmp_path / 'x'}); `id` > {tmp_path / 'y'}"], b"", 60)
    assert outcome.problem == ""
    assert outcome.said.startswith("$(touch ")
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_never_ends_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    # The child holds the pipes too, and would write the file if it went on.
    script = f"(sleep 2; touch {tmp_path / 'late'}) & sleep 600"
    outcome = run_command(["sh", "-c", script], STORY, 0.3)
    assert outcome.problem == "sh took too long and was ended: timeout in config.toml gives it more seconds"
    assert list(tmp_path.iterdir()) == []


def test_endless_output_is_ended() -> None:
    outcome = run_command(["yes"], STORY, 600)
    assert outcome == (f"yes wrote more than {MOST_OUTPUT >> 20} MB and was ended", "y")


def test_what_goes_on_in_the_background_is_not_waited_for() -> None:
    outcome = run_command(["sh", "-c", "echo started; sleep 30 & exit 0"], b"", 20)
    assert outcome == ("", "started")
