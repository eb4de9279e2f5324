"""``news-tui digest``: what is new since some time, as text, as mail, and remembered from one time to the next."""

from __future__ import annotations

import json
import os
import re
import shutil
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support import forking
from tests.support.collections import STORM
from tests.support.command import Home, command
from tests.ui.pages import write_page
from tui_reader.config import SAMPLE


class Town:
    """A person's home with a folder of articles that grows."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)
        self.news = folder / "news"

    def publish(self, title: str, when: str, by: str = "Harbour Post") -> None:
        write_page(
            self.news,
            title,
            when=when,
            excerpt=f"{title}, in short.",
            provider={"name": by, "domain": f"{by.replace(' ', '').lower()}.example"},
        )

    def digest(self, *arguments: str) -> str:
        done = self.home.run("digest", str(self.news), *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """A storm that was told on one day, with more on the next, and a new story."""
    town = Town(tmp_path / "home")
    town.publish(STORM[0], "2024-06-01T09:00:00Z")
    town.publish(STORM[1], "2024-06-01T10:00:00Z", "Sea Gazette")
    town.publish("A comet is seen over the hills", "2024-06-02T20:00:00Z", "Night Sky")
    town.publish(STORM[2], "2024-06-02T12:00:00Z", "Town Hall")
    return town


def test_text_tells_new_stories_and_what_is_new_in_known_ones(town: Town) -> None:
    assert town.digest("--since", "2024-06-02") == (
        "Front page\n"
        "1 new story and news in 1 known story since 2 Jun 2024.\n"
        "\n"
        "New stories: 1\n"
        "\n"
        "1. A comet is seen over the hills\n"
        "Night Sky, 2 Jun 2024, 20:00\n"
        "https://example.org/a-comet-is-seen-over-the-hills\n"
        "\n"
        "A comet is seen over the hills, in short.\n"
        "\n"
        "News in known stories: 1\n"
        "\n"
        "2. A storm closes the port of Rotterdam\n"
        "Harbour Post, Sea Gazette and Town Hall, 1 Jun 2024, 09:00\n"
        "https://example.org/a-storm-closes-the-port-of-rotterdam\n"
        "\n"
        "A storm closes the port of Rotterdam, in short.\n"
        "\n"
        "1 new article:\n"
        "\n"
        "- Rotterdam: storm closes the port\n"
        "Town Hall, 2 Jun 2024, 12:00\n"
        "https://example.org/rotterdam-storm-closes-the-port\n"
    )


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("12h", "1 new story and news in 1 known story since 2 Jun 2024, 08:00."),
        ("1d", "1 new story and news in 1 known story since 1 Jun 2024, 20:00."),
        ("2w", "2 new stories since 19 May 2024, 20:00."),
        ("2024-06-02T15:00", "1 new story since 2 Jun 2024, 15:00."),
        ("2030-01-01", "Nothing new since 1 Jan 2030."),
    ],
)
def test_since_is_a_span_before_the_newest_article_or_a_date(town: Town, since: str, said: str) -> None:
    assert town.digest("--since", since).splitlines()[1] == said


def test_since_something_else_is_told(town: Town) -> None:
    done = town.home.run("digest", str(town.news), "--since", "yesterday")
    assert done.returncode == 1
    assert (
        "--since takes ‘last’, an age such as 12h or 1d, or a date such as 2021-06-15, not ‘yesterday’" in done.stderr
    )


def test_since_last_remembers_what_was_told(town: Town) -> None:
    assert "1 new story and news in 1 known story" in town.digest("--since", "last")
    assert "Nothing new since" in town.digest("--since", "last")
    # What arrives late is new too, however old its date is.
    town.publish(STORM[3], "2024-06-01T11:00:00Z", "Late Mail")
    town.publish("Ferry fares fall for pensioners", "2024-06-03T08:00:00Z")
    told = town.digest("--since", "last")
    assert "1 new story and news in 1 known story" in told
    assert STORM[3] in told and "Ferry fares" in told and "comet" not in told
    assert "Nothing new since" in town.digest("--since", "last")
    # Another digest has a memory of its own, and one that names its time needs none.
    assert "comet" in town.digest("--since", "last", "--search", "comet")
    assert "comet" in town.digest("--since", "2024-06-02")


def test_an_index_that_is_built_anew_tells_nothing_twice(town: Town) -> None:
    town.digest("--since", "last")
    town.home.lines("index", "--rebuild", town.news)
    assert "Nothing new since" in town.digest("--since", "last")


def test_what_could_not_be_printed_is_told_again(town: Town) -> None:
    done = town.home.shell(f"$NEWS digest {town.news} --since last > /dev/full")
    assert done.returncode == 1
    assert "1 new story" in town.digest("--since", "last")


def test_what_could_not_be_sent_is_told_again(town: Town) -> None:
    news, folder = str(town.news), town.home.folder
    (folder / "fails").write_text("#!/bin/sh\ncat > /dev/null\necho no route to the relay >&2\nexit 75\n")
    (folder / "takes").write_text('#!/bin/sh\ncat > "$1"\n')
    for program in ("fails", "takes"):
        (folder / program).chmod(0o755)
    done = town.home.run("digest", news, "--since", "last", "--format", "mail", "--send", f"{folder}/fails -t")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "news-tui: fails failed with status 75 · no route to the relay; the next digest tells this again\n"
    )
    done = town.home.run("digest", news, "--since", "last", "--format", "mail", "--send", f"{folder}/takes 'the mail'")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    message = message_from_string((folder / "the mail").read_text(), policy=policy.default)
    assert "1 new story" in message["Subject"]
    assert "Nothing new since" in town.digest("--since", "last")
    assert "no command" in town.home.run("digest", news, "--send", "'").stderr


def test_a_memory_that_is_damaged_is_told(town: Town) -> None:
    town.digest("--since", "last")
    (file,) = (town.home.folder / ".local/state/news-tui/digests").iterdir()
    file.write_text("{")
    done = town.home.run("digest", str(town.news), "--since", "last")
    assert done.returncode == 0
    assert f"{file} cannot be read, so this is the last day" in done.stderr
    assert "1 new story" in done.stdout


def test_a_source_that_cannot_be_read_keeps_nothing_from_being_sent(town: Town) -> None:
    gone = town.home.folder / "gone"
    write_page(gone, "Soon gone")
    town.home.lines("add", town.news, gone)
    shutil.rmtree(gone)
    done = town.home.run("digest", "--since", "last")
    assert done.returncode == 0
    assert "1 new story" in done.stdout
    assert str(gone) in done.stderr


def test_if_nothing_is_new_cron_can_send_nothing(town: Town) -> None:
    done = town.home.run("digest", str(town.news), "--since", "2030-01-01", "--quiet-if-empty", "--format", "mail")
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")


def test_limit_and_search_choose_and_the_rest_is_counted(town: Town) -> None:
    told = town.digest("--since", "2w", "--limit", "1")
    assert "1 new story since 19 May 2024, 20:00. 1 more story is left out." in told
    told = town.digest("--since", "2w", "--search", "comet")
    assert told.startswith("Front page: comet\n1 new story since")
    assert "Rotterdam" not in told


def test_markdown_html_and_json(town: Town) -> None:
    text = town.digest("--since", "2024-06-02", "--format", "markdown")
    assert text.startswith(
        "# Front page\n\n1 new story and news in 1 known story since 2 Jun 2024.\n\n## New stories\n\n### [A comet"
    )
    page = town.digest("--since", "2024-06-02", "--format", "html")
    assert page.startswith("<!DOCTYPE html>") and '<ol start="2">' in page
    fields = json.loads(town.digest("--since", "2024-06-02", "--format", "json"))
    assert [story["title"] for story in fields["new"]] == ["A comet is seen over the hills"]
    (known,) = fields["known"]
    assert [article["title"] for article in known["arrived"]] == [STORM[2]]
    assert fields["since"] == "2024-06-02T00:00:00Z"


def test_mail_is_a_complete_message_in_plain_text_first(town: Town) -> None:
    text = town.digest("--since", "2024-06-02", "--format", "mail", "--to", "ann@a.example", "--from", "bob@b.example")
    message = message_from_string(text, policy=policy.default)
    assert (message["To"], message["From"]) == ("ann@a.example", "bob@b.example")
    assert message["Subject"] == "Front page: 1 new story, news in 1 known story"
    plain, page = message.iter_parts()
    assert isinstance(plain, EmailMessage) and isinstance(page, EmailMessage)
    assert plain.get_content().replace(" \n", "\n") == town.digest("--since", "2024-06-02")
    assert "<h1>Front page</h1>" in page.get_content()
    assert all(len(line) < 80 for line in plain.get_content().splitlines())


def test_the_mail_of_the_sample_is_plain_text_that_anybody_can_read(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    done = home.run("digest", "--since", "2024-03-01", "--format", "mail")
    assert done.returncode == 0
    message = message_from_string(done.stdout, policy=policy.default)
    plain, _ = message.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert plain["Content-Transfer-Encoding"] == "8bit"
    lines = plain.get_content().splitlines()
    assert all(len(line) <= 80 or line.startswith("https://") for line in lines)
    assert any("A backdoor in xz" in line for line in lines)
    assert not any("─" in line or "|" in line or line.startswith(">") for line in lines)


# -- the examples of the docs ------------------------------------------------------------

PAGE = (Path(__file__).parents[2] / "docs" / "pass-it-on.md").read_text(encoding="utf-8")


def examples(mark: str) -> list[str]:
    blocks = re.findall(rf"<!-- {mark} examples? -->\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert blocks
    return [line for block in blocks for line in block.splitlines()]


@pytest.fixture(scope="module")
def reader_of_the_sample(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which ``news-tui`` and a ``sendmail`` that keeps what it gets are on the PATH."""
    folder = tmp_path_factory.mktemp("sample")
    programs = folder / "bin"
    programs.mkdir()
    (programs / "news-tui").write_text(forking.program(command()))
    (programs / "sendmail").write_text(f'#!/bin/sh\necho "$@" > {folder}/arguments\ncat > {folder}/sent\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    home = Home(folder / "home", PATH=f"{programs}:{os.environ['PATH']}")
    home.lines("add", SAMPLE)
    return home


@pytest.mark.parametrize("line", [line for mark in ("export", "show", "digest") for line in examples(mark)])
def test_the_examples_of_the_docs_run(reader_of_the_sample: Home, line: str) -> None:
    if "jq " in line and shutil.which("jq") is None:
        line = line.partition("|")[0]
    done = reader_of_the_sample.shell(line)
    assert done.returncode == 0, done.stderr
    assert done.stdout or ">" in line


def test_the_lines_for_cron_send_a_mail_once(reader_of_the_sample: Home) -> None:
    home = reader_of_the_sample
    (by_hand,) = examples("mail")
    lines = [by_hand, *(line.split(maxsplit=5)[5] for line in examples("cron"))]
    sent = home.folder.parent / "sent"
    assert sum("sendmail -t" in line for line in lines) == 2
    for line in lines:
        shutil.rmtree(home.folder / ".local" / "state", ignore_errors=True)
        done = home.shell(f"sh -c '{line}'")
        assert done.returncode == 0, done.stderr
        if "sendmail -t" in line:
            assert (home.folder.parent / "arguments").read_text() == "-t\n"
            message = message_from_string(sent.read_text(), policy=policy.default)
            assert message["To"] and "new" in message["Subject"]
            sent.unlink()
            assert home.shell(f"sh -c '{line}'").returncode != 0
            assert not sent.exists()
