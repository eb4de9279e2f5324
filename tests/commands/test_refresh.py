"""``news-tui refresh``: from cron and by hand, against servers on the loopback."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import pytest

from tests.support.collections import make_collection
from tests.support.command import Home
from tests.support.feeds import Item, item, rss
from tests.support.servers import Site, page
from tui_reader.commands.output.json_lines import ProgressLines
from tui_reader.model.progress import Progress


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def titles(home: Home) -> list[str]:
    return [story["title"] for story in home.objects("stories", "--sort", "newest", "--folded")]


def test_refresh_prints_a_summary(home: Home, site: Site) -> None:
    home.lines("add", site.page("/feed", rss(item(1), item(2))))
    (line,) = home.lines("refresh")
    assert re.fullmatch(r"1 source fetched · 2 new articles · \d+\.\d s", line)
    assert len(titles(home)) == 2
    assert home.lines("refresh")[0].startswith("1 source fetched · 0 new articles")
    assert home.lines("refresh", "--due")[0].startswith("no source was due · ")


def test_failing_source_is_one_line_with_status_1(home: Home, site: Site) -> None:
    bad = site.put("/bad", *[page(rss(item(1), title="Bad"))] * 2, page(status=404))
    home.lines("add", bad, site.page("/good", rss(item(2))))
    home.lines("refresh")
    done = home.run("refresh")
    assert done.returncode == 1
    assert done.stderr == f"news-tui: Bad: {bad}: there is nothing at this address (404); check it in a browser\n"
    assert done.stdout.startswith("2 sources fetched · 0 new articles")
    assert len(titles(home)) == 2


def test_offline_makes_no_requests(home: Home, site: Site) -> None:
    home.lines("add", site.page("/feed", rss(item(1))))
    home.lines("refresh")
    site.requests.clear()
    assert home.lines("refresh", "--offline", "--force")[0].startswith("no source was due")
    assert len(titles(home)) == 1
    assert site.requests == []


def test_sources_by_address_and_title(home: Home, site: Site) -> None:
    feed = site.page("/one", rss(item(1), title="One"))
    home.lines("add", feed, site.page("/two", rss(item(2), title="Two")))
    site.requests.clear()
    home.lines("refresh", "Two")
    home.lines("refresh", feed)
    assert site.paths() == ["/two", "/one"]
    done = home.run("refresh", "Three")
    assert (done.returncode, done.stderr) == (
        1,
        "news-tui: Three is not one of your sources: ‘news-tui sources’ lists them\n",
    )


def test_force_ignores_rate_limits(home: Home, site: Site) -> None:
    home.lines("add", site.page("/feed", rss(item(1)), headers={"Cache-Control": "max-age=3600"}))
    home.lines("refresh")
    assert home.lines("refresh")[0].startswith("no source was due")
    assert home.lines("refresh", "--force")[0].startswith("1 source fetched")


def test_progress_as_json(home: Home, site: Site) -> None:
    home.lines("add", *(site.page(f"/{number}", rss(item(number))) for number in range(3)))
    steps = home.objects("refresh")
    last = steps[-1]
    assert (last["finished"], last["asked"], last["asking"], last["new"], last["failures"]) == (True, 3, 3, 3, [])
    assert [step["finished"] for step in steps[:-1]] == [False] * (len(steps) - 1)
    assert [step["asked"] for step in steps] == sorted(step["asked"] for step in steps)


def test_sources_on_disk_are_indexed_too(home: Home, site: Site, tmp_path: Path) -> None:
    home.lines("add", make_collection(tmp_path / "made"), site.page("/feed", rss(item(1))))
    assert home.lines("refresh")[0].startswith("1 source fetched · 1 new article · ")
    assert len(titles(home)) == 13


def test_no_requests_without_sources(home: Home) -> None:
    assert home.lines("refresh")[0].startswith("no source was due")


def test_size_limits_from_the_settings(home: Home, site: Site) -> None:
    config = home.folder / ".config" / "news-tui"
    config.mkdir(parents=True)
    (config / "config.toml").write_text("[limits]\nfeed_mb = 1\narchive_mb = 2\n")
    feed = site.put("/feed", page(rss(item(1))), page(b"<rss>" + b" " * 1_100_000))
    home.lines("add", feed, site.page("/site.tar.gz", bytes(2_200_000)))
    done = home.run("refresh")
    assert done.stderr.count("\n") == 2
    assert "it is larger than 1 MB and was not read" in done.stderr
    assert "it is larger than 2 MB and was not read" in done.stderr


def test_two_refreshes_at_once_ask_one_after_the_other(home: Home, site: Site) -> None:
    home.lines("add", site.page("/feed", rss(item(1))))
    site.crowd("/feed", too_many=2, body=rss(item(1)))
    site.requests.clear()
    with home.start("refresh") as first, home.start("refresh") as second:
        for process in (first, second):
            process.communicate()
    assert (len(site.requests), site.most_concurrent) == (2, 1)


def test_refused_connection(home: Home, site: Site) -> None:
    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        port = each.getsockname()[1]
    config = home.folder / ".config" / "news-tui"
    config.mkdir(parents=True)
    (config / "sources.toml").write_text(f'[[source]]\nlocation = "http://127.0.0.1:{port}/feed"\n')
    done = home.run("refresh")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "the server does not answer" in done.stderr


def keep_failing(home: Home, count: int) -> None:
    """Keep sources at a port where nobody answers."""
    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        port = each.getsockname()[1]
    config = home.folder / ".config" / "news-tui"
    config.mkdir(parents=True)
    text = "".join(f'[[source]]\nlocation = "http://127.0.0.1:{port}/{number}"\n' for number in range(count))
    (config / "sources.toml").write_text(text)


def test_each_failure_stands_in_one_line_of_progress(home: Home) -> None:
    keep_failing(home, 60)
    done = home.run("refresh", "--json")
    assert done.returncode == 1
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    failures = [failure for line in lines for failure in line["failures"]]
    assert len(failures) == len(set(failures)) == 60
    assert max(len(line["failures"]) for line in lines) < 60
    assert [line["finished"] for line in lines] == [False] * (len(lines) - 1) + [True]


def test_a_line_of_progress_is_short_however_long_and_many_the_failures(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ProgressLines()
    many = tuple(f"{number} " + "😀" * 5_000 for number in range(200))
    lines.print(Progress(failures=many[:100]))
    lines.print(Progress(done=1, failures=many))
    lines.print(Progress(done=2, failures=many, finished=True))
    printed = capsys.readouterr().out.splitlines()
    assert all(len(line) < 65_536 for line in printed)
    steps = [json.loads(line) for line in printed]
    failures = [failure for step in steps for failure in step["failures"]]
    assert [int(failure.split()[0]) for failure in failures] == list(range(200))
    assert all(len(failure) == 1000 and failure.endswith("…") for failure in failures)
    assert [step["finished"] for step in steps] == [False] * (len(steps) - 1) + [True]
    assert steps[-1] == Progress(done=2, finished=True).as_json() | {"failures": []}


def test_notes_on_a_feed_are_told_until_it_is_well(home: Home, site: Site) -> None:
    bad = item(1, link="javascript:alert(1)")
    feed = site.put("/feed", *[page(rss(bad, item(2), item(2, guid="other"), Item("")))] * 2, page(rss(item(1))))
    home.lines("add", feed)
    home.lines("refresh", "--force")
    assert home.run("index", "-v").stderr.splitlines() == [
        f"{feed}: Headline 1 of the day: link is not an http or https address: javascript:alert(1)",
        f"{feed}: entries left out because they are listed twice: 1",
        f"{feed}: entries left out because they have no title, text or address: 1",
    ]
    assert "3 problems" in home.lines("index")[0]
    home.lines("refresh", "--force")
    done = home.run("index", "-v")
    assert (done.stderr, "no problems" in done.stdout) == ("", True)
